// The sweep files that the manual shows and the program ships are right.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { renderDiagnostics } from '../../compiler/index.js'
import {
  compileInstances,
  instancesOf,
  readSweep,
  searchEdges,
  sweepSchema,
} from '../../compiler/sweep/index.js'
import { memoryHost } from '../compiler/memory-host.js'

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/sweeps.md'), 'utf8')
const experiment = readFileSync(join(root, 'examples/quickstart-varied.sau'), 'utf8')

/** The number of instances of a sweep without a word of complaint, with its edges compiled too. */
function countOf(text: string): number {
  const host = memoryHost({
    files: { '/s.yaml': text, '/exp.sau': experiment, '/quickstart-varied.sau': experiment },
  })
  const { sweep, expansion, diagnostics, sources } = readSweep(host, { file: '/s.yaml', cwd: '/' })
  expect(renderDiagnostics(diagnostics, { sources })).toBe('')
  if (!sweep || !expansion) return 0
  const instances = instancesOf(sweep, expansion.settings)
  const edges = instancesOf(sweep, searchEdges(sweep))
  const compiled = compileInstances(host, sweep, '/', instances, () => 0, edges)
  expect(renderDiagnostics(compiled.diagnostics, { sources: compiled.sources })).toBe('')
  return compiled.instances.length
}

describe('examples of docs/sweeps.md', () => {
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')
  const counts = [27, 48, 32, 10, 4, 2, 4]

  test.each(blocks.map((block, position) => [position, block] as const))(
    'number %d is right',
    (position, block) => {
      const text = block.includes('experiment:') ? block : `experiment: exp.sau\n${block}`
      expect(countOf(text)).toBe(counts[position])
    },
  )

  test('show every field of the schema', () => {
    const { properties } = sweepSchema as { properties: object }
    const all = blocks.join('\n')
    const missing = Object.keys(properties).filter((name) => !new RegExp(`^${name}:`, 'm').test(all))
    // `random` is written as `sobol` is.
    expect(missing).toEqual(['random'])
  })
})

describe('sweep files in examples/', () => {
  const names = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.sweep.yaml'))

  test('are there', () => {
    expect(names).toEqual(['quickstart-search.sweep.yaml', 'quickstart.sweep.yaml'])
  })

  test.each([
    ['quickstart.sweep.yaml', 24],
    ['quickstart-search.sweep.yaml', 30],
  ])('%s has %d instances before it runs', (name, count) => {
    expect(countOf(readFileSync(join(root, 'examples', name), 'utf8'))).toBe(count)
  })
})
