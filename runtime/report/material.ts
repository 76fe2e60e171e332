// Everything that a report tells, read from the run folder and from nowhere else.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Plan } from '../../compiler/plan/plan.js'
import { journalFile, readJournal } from '../journal/journal.js'
import { readVerdict, type Verdict } from '../replay/verdict.js'
import { type ConfusionReader, confusionReader } from '../run-folder/confusions.js'
import { type RunLock, readLock, readRunJson } from '../run-folder/lock.js'
import { currentOwner } from '../run-folder/ownership.js'
import { type CorrectionExamples, correctionFolder } from '../training/correction-examples.js'
import { historyOf, type RunHistory } from './history.js'

export interface RunMaterial {
  /** Folder name. */
  readonly run: string
  readonly folder: string
  readonly plan: Plan
  readonly lock: RunLock
  readonly history: RunHistory
  /** The matrix of one of its evaluations. */
  readonly confusionOf: ConfusionReader
  /** Whether a process trains it now. */
  readonly isRunning: boolean
  readonly damagedLines: number
  /** The compiled texts, the experiment first; those whose copy is gone are not there. */
  readonly texts: readonly { readonly path: string; readonly sha256: string; readonly text: string }[]
  readonly examples: readonly CorrectionExamples[]
  /** Of a replay: how it compares with the run that it repeats. */
  readonly verdict: Verdict | undefined
}

/** @throws RunError SAU7101 where the folder holds no run. */
export function readMaterial(folder: string): RunMaterial {
  const lock = readLock(folder)
  const plan = readRunJson(folder, 'plan.json') as Plan
  const { events, damagedLines } = readJournal(join(folder, journalFile))
  return {
    run: basename(folder),
    folder,
    plan,
    lock,
    history: historyOf(events),
    confusionOf: confusionReader(folder),
    isRunning: currentOwner(folder) !== undefined,
    damagedLines,
    texts: lock.texts.flatMap(({ path, copy, sha256 }) => {
      const copied = join(folder, copy)
      return existsSync(copied) ? [{ path, sha256, text: readFileSync(copied, 'utf8') }] : []
    }),
    examples: readExamples(join(folder, correctionFolder)),
    verdict: lock.replayOf === undefined ? undefined : readVerdict(folder),
  }
}

/** Files that cannot be read are left out: a report without pictures is better than none. */
function readExamples(folder: string): readonly CorrectionExamples[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().flatMap((name) => {
    try {
      const examples = JSON.parse(readFileSync(join(folder, name), 'utf8')) as CorrectionExamples
      return examples.correction === 1 ? [examples] : []
    } catch {
      return []
    }
  })
}
