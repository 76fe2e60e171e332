// Random and damaged programs through the whole compiler, and what must hold of every one of them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect } from 'vitest'
import { compileExperiment, renderDiagnostics, renderJson } from '../../compiler/index.js'
import { arbitrarilyMutated, arbitraryProgram } from '../grammar/arbitrary.js'
import { memoryHost } from './memory-host.js'
import { sampleData } from './sample-data.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const samples = [
  'experiments/sau.sau',
  'experiments/baseline.sau',
  'examples/quickstart.sau',
  'test/compiler/samples/good/both-branches.sau',
  'test/compiler/samples/good/time-dependent-weights.sau',
  'test/compiler/samples/good/choices.sau',
].map((name) => readFileSync(`${root}/${name}`, 'utf8'))

/** Programs by the grammar, and samples with random damage, in equal shares. */
export const randomProgram = fc.oneof(arbitraryProgram, arbitrarilyMutated(fc.constantFrom(...samples)))

/** Longer than any of these files may take, by far. */
const limit = 5000

/**
 * Compiles a text; fails where the compiler throws, takes too long, contradicts itself, or marks a place
 * outside the file.
 */
export function holdsForProgram(text: string): void {
  const library = readFileSync(`${root}/test/compiler/samples/good/library/views.sau`, 'utf8')
  const host = memoryHost({
    files: { '/lab/file.sau': text, '/lab/library/views.sau': library },
    data: sampleData,
  })
  const start = performance.now()
  const result = compileExperiment(host, { file: '/lab/file.sau', cwd: '/lab' })
  expect(performance.now() - start).toBeLessThan(limit)
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
  expect(result.plan === undefined, 'a Plan is there exactly where no error is').toBe(errors.length > 0)
  for (const { title, labels, fix } of result.diagnostics) {
    expect(title).not.toMatch(/undefined|NaN|\[object/)
    expect(labels.length).toBeGreaterThan(0)
    for (const place of fix ? [...labels, fix] : labels) {
      const source = result.sources.get(place.file)
      expect(source, place.file).toBeDefined()
      expect(Number.isInteger(place.span.start) && Number.isInteger(place.span.end)).toBe(true)
      expect(place.span.start).toBeGreaterThanOrEqual(0)
      expect(place.span.end).toBeGreaterThanOrEqual(place.span.start)
      expect(place.span.end).toBeLessThanOrEqual(source?.length ?? 0)
    }
  }
  expect(renderDiagnostics(result.diagnostics, result)).not.toContain('undefined')
  expect(renderJson(result.diagnostics, result.sources)).toHaveLength(result.diagnostics.length)
}
