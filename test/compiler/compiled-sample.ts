// Compiling the sample experiments, and changes of them, without a disk.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { type CompileOptions, compileExperiment } from '../../compiler/index.js'
import { memoryHost } from './memory-host.js'
import { sampleData } from './sample-data.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const both = readFileSync(`${root}/test/compiler/samples/good/both-branches.sau`, 'utf8')
export const sau = readFileSync(`${root}/experiments/sau.sau`, 'utf8')

export function compile(
  files: string | Record<string, string>,
  options: Partial<CompileOptions> = {},
  data = sampleData,
) {
  const texts = typeof files === 'string' ? { '/lab/file.sau': files } : files
  return compileExperiment(memoryHost({ files: texts, data }), {
    file: '/lab/file.sau',
    cwd: '/lab',
    ...options,
  })
}

export const codes = (result: ReturnType<typeof compile>) => result.diagnostics.map(({ code }) => code)
export const titles = (result: ReturnType<typeof compile>) => result.diagnostics.map(({ title }) => title)

/** The sample with parts replaced; every part must be there. */
export function changed(text: string, ...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((changing, [from, to]) => {
    expect(changing).toContain(from)
    return changing.replace(from, to)
  }, text)
}
