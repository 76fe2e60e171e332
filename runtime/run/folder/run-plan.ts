// The Plan of a run in its folder, and its one lawful change: more epochs.
import { join } from 'node:path'
import { mostEpochs } from '../../../compiler/functions/bounds.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { writeDurably } from '../../platform/files/durable.js'
import { planFile } from './file-names.js'
import { type RunLock, writeLock } from './lock.js'
import { settled } from './locked-plan.js'

/**
 * The same experiment with more epochs, `mostEpochs` in all at most; schedules that follow the run's length
 * (`cosine`, `linear`) stretch.
 */
export function extendedPlan(plan: Plan, epochs: number): Plan {
  return { ...plan, train: { ...plan.train, epochs: Math.min(mostEpochs, plan.train.epochs + epochs) } }
}

export function writePlan(runFolder: string, plan: Plan): void {
  writeDurably(join(runFolder, planFile), `${JSON.stringify(plan, undefined, 1)}\n`)
}

/**
 * Puts another Plan in the place of a run's own; checkpoints of the earlier one stay good. Returns the new
 * lock. The lock names both while the files are written: a process that dies in between leaves a run that
 * goes on.
 */
export function keepPlan(runFolder: string, lock: RunLock, plan: Plan, planHash: string): RunLock {
  if (planHash === lock.planHash) return lock
  const renewed = settled(lock, planHash)
  writeLock(runFolder, { ...lock, nextPlan: planHash })
  writePlan(runFolder, plan)
  writeLock(runFolder, renewed)
  return renewed
}
