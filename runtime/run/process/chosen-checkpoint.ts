// The checkpoint whose weights are used after training. Unlike a resumption, this only reads: the run may
// still go on, and a damaged checkpoint is passed over where it lies.
import { basename, join } from 'node:path'
import { exitCodes, RunError } from '../../platform/errors.js'
import {
  type Checkpoint,
  checkpointsFolder,
  isDamage,
  listCheckpoints,
  readCheckpoint,
} from '../folder/checkpoint.js'
import type { Progress } from '../loop/progress.js'

/** `last`: the newest whole one. `best`: that of the epoch that the file chose with `best`. */
export const checkpointChoices = ['last', 'best'] as const
export type CheckpointChoice = (typeof checkpointChoices)[number]

/**
 * Reads the checkpoint of this choice; of several bests that of evaluation `position`, or the first. Damaged
 * ones that are newer are told to `passedOver`.
 * @throws RunError SAU7103 (none is whole), SAU7852 (`best`, and none was chosen or kept), SAU7853 (none
 * yet), SAU7107 (the best one is damaged).
 */
export function chosenCheckpoint(
  runFolder: string,
  choice: CheckpointChoice,
  passedOver: (error: RunError) => void,
  position?: number,
): Checkpoint<Progress> {
  const last = lastCheckpoint(runFolder, passedOver)
  if (choice === 'last') return last
  // Where several evaluations choose, the first of the file counts.
  const all = [...last.state.best].sort((a, b) => a.evaluation - b.evaluation)
  const best = all.find(({ evaluation }) => evaluation === position) ?? all[0]
  if (best === undefined) {
    throw noBest(
      `${basename(runFolder)} has no best checkpoint: its file does not choose one`,
      'leave out `--checkpoint best`, or train with `best = top1` in `evaluate`',
    )
  }
  const folder = join(checkpointsFolder(runFolder), `step-${String(best.step).padStart(6, '0')}`)
  if (folder === last.folder) return last
  if (!listCheckpoints(runFolder).includes(folder)) {
    throw noBest(`the best checkpoint, ${folder}, is no longer there`, 'leave out `--checkpoint best`')
  }
  try {
    return readCheckpoint<Progress>(folder)
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    throw new RunError(error.code, error.message, 'leave out `--checkpoint best`', exitCodes.failed)
  }
}

function lastCheckpoint(runFolder: string, passedOver: (error: RunError) => void): Checkpoint<Progress> {
  const folders = listCheckpoints(runFolder)
  for (const folder of folders.toReversed()) {
    try {
      return readCheckpoint<Progress>(folder)
    } catch (error) {
      if (!isDamage(error)) throw error
      passedOver(error)
    }
  }
  if (folders.length === 0) {
    throw new RunError(
      'SAU7853',
      `${basename(runFolder)} has no checkpoint yet`,
      'wait for the end of its first epoch, or go on with it: `saurun --resume RUN`',
      exitCodes.failed,
    )
  }
  throw new RunError(
    'SAU7103',
    `none of the ${folders.length} checkpoints of ${runFolder} is whole`,
    'train the experiment anew; the damaged checkpoints are kept in its folder checkpoints/',
    exitCodes.failed,
  )
}

function noBest(message: string, help: string): RunError {
  return new RunError('SAU7852', message, help, exitCodes.usage)
}
