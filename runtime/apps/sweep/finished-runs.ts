// Runs that are done already, by their Plans: what a sweep need not run again, and what tells how fast this
// machine is.
import { join } from 'node:path'
import type { Plan } from '../../../compiler/plan/plan.js'
import { RunError } from '../../platform/errors.js'
import { readLock } from '../../run/folder/lock.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import { journalFile, lastEnding } from '../../run/journal/journal.js'

export interface FinishedRun {
  readonly folder: string
  readonly planHash: string
  /** Seconds that its last process took, and whether that process trained all of the run. */
  readonly seconds: number
  readonly isUnbroken: boolean
}

/**
 * Which of these run folders hold a run that is done, by Plan hash; the last folder wins. Damaged folders are
 * passed over.
 */
export function finishedRuns(folders: readonly string[]): ReadonlyMap<string, FinishedRun> {
  const finished = new Map<string, FinishedRun>()
  for (const folder of folders) {
    const run = finishedRun(folder)
    if (run !== undefined) finished.set(run.planHash, run)
  }
  return finished
}

function finishedRun(folder: string): FinishedRun | undefined {
  return passingOver(() => {
    const { planHash, processes } = readLock(folder)
    const ended = lastEnding(join(folder, journalFile))
    if (ended?.outcome !== 'done') return undefined
    return { folder, planHash, seconds: ended.seconds, isUnbroken: processes.length <= 1 }
  })
}

/** The Plan of a run; undefined where its folder is damaged, or was made by another version. */
export function planOfRun(folder: string): Plan | undefined {
  return passingOver(() => {
    return readLockedPlan(folder).plan
  })
}

function passingOver<Answer>(read: () => Answer): Answer | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RunError) return undefined
    throw error
  }
}
