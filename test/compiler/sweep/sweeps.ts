// Sweep files of tests, beside an experiment in memory.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Host } from '../../../compiler/index.js'
import { type Expansion, readSweep, type Sweep, type SweepResult } from '../../../compiler/sweep/index.js'
import { memoryHost } from '../memory-host.js'

const experiment = readFileSync(fileURLToPath(new URL('bad/exp.sau', import.meta.url)), 'utf8')

export function sweepHost(text: string, more: Readonly<Record<string, string>> = {}): Host {
  return memoryHost({ files: { '/lab/exp.sau': experiment, '/lab/s.sweep.yaml': text, ...more } })
}

export function readText(text: string, set: Readonly<Record<string, string>> = {}): SweepResult {
  return readSweep(sweepHost(text), { file: '/lab/s.sweep.yaml', cwd: '/lab', set })
}

/** A sweep that must be right. */
export function rightSweep(
  text: string,
  set: Readonly<Record<string, string>> = {},
): { readonly sweep: Sweep; readonly expansion: Expansion } {
  const { sweep, expansion, diagnostics } = readText(`experiment: exp.sau\n${text}`, set)
  if (!sweep || !expansion)
    throw new Error(diagnostics.map(({ code, title }) => `${code} ${title}`).join('\n'))
  return { sweep, expansion }
}
