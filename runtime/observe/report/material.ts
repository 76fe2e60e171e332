// Everything that a report tells, read from the run folder and from nowhere else.
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Plan } from '../../../compiler/plan/plan.js'
import { readVerdict, type Verdict } from '../../apps/replay/verdict.js'
import { RunError } from '../../platform/errors.js'
import { currentOwner } from '../../platform/files/ownership.js'
import { readStoredJson } from '../../platform/files/stored-file.js'
import {
  type Form,
  list,
  matching,
  maybe,
  measure,
  object,
  oneOf,
  text,
  truth,
  whole,
} from '../../platform/forms/json-form.js'
import { type ConfusionReader, confusionReader } from '../../run/folder/confusions.js'
import { correctionFolder } from '../../run/folder/file-names.js'
import type { RunLock } from '../../run/folder/lock.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import { readTexts, textFault } from '../../run/folder/texts.js'
import { journalFile, readJournal } from '../../run/journal/journal.js'
import type { CorrectionExample, CorrectionExamples } from '../../run/loop/correction-examples.js'
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
  /** The compiled texts, the experiment first; those whose copy is gone or was changed are not there. */
  readonly texts: readonly { readonly path: string; readonly sha256: string; readonly text: string }[]
  /** Of copies that are not what was compiled: `experiment.sau in the run folder was changed`. */
  readonly textFaults: readonly string[]
  readonly examples: readonly CorrectionExamples[]
  /** Of a replay: how it compares with the run that it repeats. */
  readonly verdict: Verdict | undefined
}

/** @throws RunError SAU7101 where the folder holds no run. */
export function readMaterial(folder: string): RunMaterial {
  const { lock, plan } = readLockedPlan(folder)
  const { events, damagedLines } = readJournal(join(folder, journalFile))
  const texts = readTexts(folder, lock)
  return {
    run: basename(folder),
    folder,
    plan,
    lock,
    history: historyOf(events),
    confusionOf: confusionReader(folder),
    isRunning: currentOwner(folder) !== undefined,
    damagedLines,
    texts: texts.flatMap(({ path, sha256, text }) => (text === undefined ? [] : [{ path, sha256, text }])),
    textFaults: texts.flatMap((kept) => textFault(kept) ?? []),
    examples: readExamples(join(folder, correctionFolder)),
    verdict: lock.replayOf === undefined ? undefined : readVerdict(folder),
  }
}

const example = object<CorrectionExample>({
  record: whole,
  class: text,
  shows: maybe(text),
  certainty: measure,
  width: whole,
  height: whole,
  png: matching(/^[A-Za-z0-9+/]*={0,2}$/, 'base64'),
})

const decided = object<CorrectionExamples['noise']>({ most: list(example), least: list(example) })

const examplesForm: Form<CorrectionExamples> = object<CorrectionExamples>({
  correction: oneOf(1),
  branch: text,
  epoch: whole,
  whole: truth,
  images: whole,
  calledNoise: whole,
  noise: decided,
  kept: decided,
})

/** Files that cannot be read are left out: a report without pictures is better than none. */
function readExamples(folder: string): readonly CorrectionExamples[] {
  try {
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
    return names.sort().flatMap((name) => readExamplesFile(join(folder, name)) ?? [])
  } catch {
    return []
  }
}

function readExamplesFile(path: string): CorrectionExamples | undefined {
  try {
    return readStoredJson(path, examplesForm)
  } catch (error) {
    if (error instanceof RunError) return undefined
    throw error
  }
}
