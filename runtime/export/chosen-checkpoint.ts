// The checkpoint that is exported. It is only read: a run that still trains is left as it is.
import { exitCodes, RunError } from '../errors.js'
import { type Checkpoint, listCheckpoints, readCheckpoint } from '../run-folder/checkpoint.js'
import type { BestSoFar, Progress } from '../training/progress.js'

export type CheckpointChoice = 'best' | 'last'

/**
 * `last`: the newest whole checkpoint. `best`: the one that an evaluation of the file chose, that of evaluation `position` if
 * it does. Where neither is asked for, `best` if the file chooses one. Damaged checkpoints that are passed over go to `passedOver`.
 * @throws RunError SAU7911 where there is no such checkpoint, SAU7103 where none is whole, SAU7107 where the best is damaged.
 */
export function chosenCheckpoint(
  runFolder: string,
  choice: CheckpointChoice | undefined,
  position: number | undefined,
  passedOver: (error: RunError) => void,
): Checkpoint<Progress> {
  const last = newestWhole(runFolder, passedOver)
  if (choice === 'last') return last
  const best = bestOf(last.state.best, position)
  if (best === undefined) {
    if (choice === undefined) return last
    throw none(
      `${runFolder} has no best checkpoint: its file chooses none, or was not evaluated yet`,
      'export the last one with `--checkpoint last`, or write `best = top1` into `evaluate`',
    )
  }
  if (best.step === last.step) return last
  const folder = listCheckpoints(runFolder).find((path) => path.endsWith(stepName(best.step)))
  if (folder !== undefined) return readBest(folder)
  throw none(
    `the best checkpoint of ${runFolder}, after epoch ${best.epoch + 1}, is not there any more`,
    'export the last one with `--checkpoint last`',
  )
}

function newestWhole(runFolder: string, passedOver: (error: RunError) => void): Checkpoint<Progress> {
  const folders = listCheckpoints(runFolder)
  for (const folder of folders.toReversed()) {
    try {
      return readCheckpoint<Progress>(folder)
    } catch (error) {
      if (!(error instanceof RunError)) throw error
      passedOver(error)
    }
  }
  if (folders.length === 0) {
    throw none(
      `${runFolder} has no checkpoint yet`,
      'a run writes one after each epoch, and when it is stopped',
    )
  }
  throw new RunError(
    'SAU7103',
    `none of the ${folders.length} checkpoints of ${runFolder} is whole`,
    'export another run; a failing disk damages several at once',
    exitCodes.failed,
  )
}

function readBest(folder: string): Checkpoint<Progress> {
  try {
    return readCheckpoint<Progress>(folder)
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    const help = 'export the last one with `--checkpoint last`'
    throw new RunError(error.code, error.message, help, error.exitCode, { cause: error })
  }
}

function bestOf(all: readonly BestSoFar[], position: number | undefined): BestSoFar | undefined {
  return all.find(({ evaluation }) => evaluation === position) ?? all[0]
}

const stepName = (step: number): string => `step-${String(step).padStart(6, '0')}`

function none(message: string, help: string): RunError {
  return new RunError('SAU7911', message, help, exitCodes.usage)
}
