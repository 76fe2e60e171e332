// Whether a file that was named again still says what a run was started with. More epochs are the one change
// of a Plan with which a run goes on; engine, threads, workers and places of data are no part of it.
import { diffLines } from 'diff'
import type { Plan } from '../../../compiler/plan/plan.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import type { RunLock } from '../folder/lock.js'
import type { SourceText } from '../folder/texts.js'
import { readTexts } from '../folder/texts.js'
import { differencesOf, type PlanDifference, planDifferences } from './plan-difference.js'

/** At most this many changed lines of the texts are shown. */
const shownLines = 12

export interface Resumption {
  readonly runFolder: string
  /** The run's Plan, and what its file compiles to now. */
  readonly own: Plan
  readonly plan: Plan
  readonly lock: RunLock
  /** Of the file now, in the order of `lock.texts`. */
  readonly texts: readonly SourceText[]
}

/** @throws RunError SAU7104 with the fields of the Plan that differ and the changed lines of the file. */
export function checkSameExperiment({ runFolder, own, plan, lock, texts }: Resumption): void {
  if (differencesOf(own, plan).every(isMoreEpochs)) return
  const lines = [
    ...planDifferences(own, plan).map((text) => `  ${text}`),
    ...changedParams(own, plan),
    ...changedLines(runFolder, lock, texts),
  ]
  throw new RunError(
    'SAU7104',
    `${runFolder} was made from another plan${lines.length === 0 ? '' : `:\n${lines.join('\n')}`}`,
    'resume it without the file and its settings; start a new run; or start one from its checkpoint with --fork',
    exitCodes.usage,
  )
}

function isMoreEpochs({ path, before, after }: PlanDifference): boolean {
  return path === 'train.epochs' && typeof before === 'number' && typeof after === 'number' && after > before
}

function changedParams(own: Plan, plan: Plan): readonly string[] {
  const before = new Map(own.params.map(({ name, value }) => [name, value]))
  return plan.params
    .filter(({ name, value }) => before.has(name) && before.get(name) !== value)
    .map(({ name, value }) => `  param ${name}: ${before.get(name)} -> ${value}`)
}

/**
 * ` exp.sau:12 - batch = 128`: lines that went (numbered in the run's copy) and came (numbered as they are
 * now).
 */
function changedLines(runFolder: string, lock: RunLock, texts: readonly SourceText[]): readonly string[] {
  const lines: string[] = []
  // Whoever took a copy away gets the fields of the Plan without the lines.
  const copies = readTexts(runFolder, lock)
  for (const [position, { path, text }] of texts.entries()) {
    const copy = copies[position]
    if (copy?.text === undefined) continue
    const name = path.split(/[/\\]/).at(-1) ?? path
    let [before, now] = [1, 1]
    for (const part of diffLines(copy.text, text)) {
      const changed = part.value.replace(/\n$/, '').split('\n')
      for (const [at, line] of changed.entries()) {
        if (part.removed) lines.push(`  ${name}:${before + at}  - ${line.trim()}`)
        else if (part.added) lines.push(`  ${name}:${now + at}  + ${line.trim()}`)
      }
      if (!part.added) before += changed.length
      if (!part.removed) now += changed.length
    }
  }
  const rest = lines.length - shownLines
  return rest <= 0 ? lines : [...lines.slice(0, shownLines), `  and ${rest} more lines`]
}
