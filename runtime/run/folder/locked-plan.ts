// The Plan of a run, believed only where its hash is that of the lock: whoever edits plan.json has another
// experiment, and no number of this run is one of it.
import { join } from 'node:path'
import { planHash } from '../../../compiler/plan/hash.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { planSchema } from '../../../compiler/plan/schema.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { damagedFile, readStoredJson } from '../../platform/files/stored-file.js'
import type { Form } from '../../platform/forms/json-form.js'
import { formOfSchema } from '../../platform/forms/json-schema-form.js'
import { planFile } from './file-names.js'
import { notARun, type RunLock, readLock } from './lock.js'

export interface LockedPlan {
  /** Its `planHash` is that of `plan`. */
  readonly lock: RunLock
  readonly plan: Plan
}

let form: Form<Plan> | undefined

/** How often the two files are read again while another process gives the run more epochs. */
const attempts = 5

/**
 * What a run was made from. Where a process died between the two files of an extension, the Plan that is
 * there counts.
 * @throws RunError SAU7101 (no run), SAU7121 (plan.json is not the Plan of the lock), SAU7130 (one of the two
 * is damaged).
 */
export function readLockedPlan(runFolder: string): LockedPlan {
  const path = join(runFolder, planFile)
  let lock = readLock(runFolder)
  for (let attempt = 1; ; attempt++) {
    const plan = readPlanFile(path, runFolder)
    const hash = hashOf(path, plan)
    if (hash === lock.planHash || hash === lock.nextPlan) return { lock: settled(lock, hash), plan }
    const now = readLock(runFolder)
    const isSame = now.planHash === lock.planHash && now.nextPlan === lock.nextPlan
    if (isSame || attempt === attempts) throw notThePlan(path)
    lock = now
  }
}

function readPlanFile(path: string, runFolder: string): Plan {
  form ??= formOfSchema<Plan>(planSchema)
  const plan = readStoredJson(path, form, { field: 'plan', version: 1 })
  if (plan === undefined) throw notARun(runFolder, `it has no ${planFile}`)
  return plan
}

function hashOf(path: string, plan: Plan): string {
  try {
    return planHash(plan)
  } catch (error) {
    if (error instanceof RangeError) throw damagedFile(path, 'it nests too deeply')
    throw error
  }
}

/** The lock that belongs to the Plan of this hash, as `keepPlan` would have written it. */
export function settled({ nextPlan: _, ...lock }: RunLock, planHash: string): RunLock {
  if (planHash === lock.planHash) return lock
  const earlierPlans = [...(lock.earlierPlans ?? []), lock.planHash].filter((hash) => hash !== planHash)
  return { ...lock, planHash, earlierPlans }
}

function notThePlan(path: string): RunError {
  return new RunError(
    'SAU7121',
    `${path} is not the Plan that the run was made from: its hash is not that of lock.json`,
    'bring the file back from a copy of the run folder; for another experiment, change its `.sau` file and start a new run',
    exitCodes.usage,
  )
}
