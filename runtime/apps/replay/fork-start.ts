// The checkpoint that a fork began with: in its own folder while that is kept, else in that of the run which
// it left.
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { exitCodes, RunError } from '../../platform/errors.js'
import { readCheckpoint } from '../../run/folder/checkpoint.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import type { Progress } from '../../run/loop/progress.js'
import type { ForkPoint } from '../../run/process/fork.js'
import type { RunRecord } from './record.js'
import { checkpointFolder } from './weights.js'

/**
 * Undefined where the run is no fork. @throws RunError SAU7123 where the checkpoint is nowhere, SAU7107 where
 * it is damaged.
 */
export function forkStart(original: RunRecord, firstPlanHash: string): ForkPoint | undefined {
  const origin = original.lock.forkedFrom
  if (origin === undefined) return undefined
  const { stepsPerEpoch } = original.plan.train
  const own = checkpointFolder(original.folder, original.from)
  if (existsSync(own)) {
    return { checkpoint: readCheckpoint<Progress>(own), planHash: firstPlanHash, stepsPerEpoch, origin }
  }
  const before = checkpointFolder(origin.folder, origin.step)
  if (!existsSync(before)) {
    throw new RunError(
      'SAU7123',
      `${original.run} began with the checkpoint after step ${origin.step} of ${origin.run}, and neither ${own} nor ${before} is there`,
      `make it again with \`saurun replay ${origin.run}\`, then put its ${basename(before)} to ${join(origin.folder, 'checkpoints')}`,
      exitCodes.usage,
    )
  }
  const checkpoint = readCheckpoint<Progress>(before)
  const parent = readLockedPlan(origin.folder).plan
  return {
    checkpoint,
    planHash: checkpoint.state.planHash,
    stepsPerEpoch: parent.train.stepsPerEpoch,
    origin,
  }
}
