// A new run that begins from the checkpoint of another one: the same network state, another experiment.
import { basename } from 'node:path'
import type { Plan } from '../../../compiler/plan/plan.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { type Checkpoint, writeCheckpoint } from '../folder/checkpoint.js'
import type { RunLock } from '../folder/lock.js'
import { readLockedPlan } from '../folder/locked-plan.js'
import { emptySums, type Progress } from '../loop/progress.js'
import { chosenCheckpoint } from './chosen-checkpoint.js'

/** The checkpoint that a new run begins from, and whose it is. */
export interface ForkPoint {
  readonly checkpoint: Checkpoint<Progress>
  readonly planHash: string
  readonly stepsPerEpoch: number
  readonly origin: NonNullable<RunLock['forkedFrom']>
}

/**
 * The last whole checkpoint of a run, which may still train; damaged ones after it are told to `passedOver`.
 * @throws RunError SAU7101 (no run), SAU7103 (none is whole), SAU7853 (none yet).
 */
export function forkPoint(runFolder: string, passedOver: (error: RunError) => void): ForkPoint {
  const {
    lock: { planHash },
    plan: { train },
  } = readLockedPlan(runFolder)
  const checkpoint = chosenCheckpoint(runFolder, 'last', passedOver)
  return {
    checkpoint,
    planHash,
    stepsPerEpoch: train.stepsPerEpoch,
    origin: { run: basename(runFolder), folder: runFolder, step: checkpoint.state.step },
  }
}

/**
 * Writes it as the first checkpoint of the new run. With the same Plan it goes on from the same step. With
 * another one the epoch that was under way is trained as a whole, for its sums and batches were those of the
 * old one, and the best epoch is chosen anew.
 * @throws RunError SAU7109 where the new Plan has no step left.
 */
export function forkCheckpoint(fork: ForkPoint, runFolder: string, plan: Plan, planHash: string): void {
  const { state, tensors } = fork.checkpoint
  const isSame = fork.planHash === planHash
  const epoch = Math.floor(state.step / fork.stepsPerEpoch)
  const { epochs, stepsPerEpoch } = plan.train
  if (epoch >= epochs) {
    throw new RunError(
      'SAU7109',
      `${fork.origin.run} has trained ${epoch} epochs, and the new run ends after ${epochs}: nothing is left to train`,
      'give the new run more epochs',
      exitCodes.usage,
    )
  }
  const progress: Progress = isSame
    ? state
    : { ...state, planHash, step: epoch * stepsPerEpoch, sums: emptySums(plan, []), best: [] }
  writeCheckpoint(runFolder, progress.step, tensors, progress)
}
