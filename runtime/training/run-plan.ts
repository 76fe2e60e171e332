// The Plan of a run in its folder, and its one lawful change: more epochs.
import { join } from 'node:path'
import type { Plan } from '../../compiler/plan/plan.js'
import { writeDurably } from '../run-folder/durable.js'
import { type RunLock, writeLock } from '../run-folder/lock.js'

/** The same experiment with more epochs; schedules that follow the run's length (`cosine`, `linear`) stretch. */
export function extendedPlan(plan: Plan, epochs: number): Plan {
  return { ...plan, train: { ...plan.train, epochs: plan.train.epochs + epochs } }
}

export function writePlan(runFolder: string, plan: Plan): void {
  writeDurably(join(runFolder, 'plan.json'), `${JSON.stringify(plan, undefined, 1)}\n`)
}

/**
 * Puts another Plan in the place of a run's own; checkpoints of the earlier one stay good. Returns the new lock.
 */
export function keepPlan(runFolder: string, lock: RunLock, plan: Plan, planHash: string): RunLock {
  if (planHash === lock.planHash) return lock
  const earlierPlans = [...(lock.earlierPlans ?? []), lock.planHash].filter((hash) => hash !== planHash)
  const renewed = { ...lock, planHash, earlierPlans }
  writePlan(runFolder, plan)
  writeLock(runFolder, renewed)
  return renewed
}
