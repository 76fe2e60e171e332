import { exitCodes, RunError } from '../../platform/errors.js'

/** SAU7105: a run that has all of its epochs is not gone on with. */
export function alreadyDone(runFolder: string): RunError {
  return new RunError(
    'SAU7105',
    `${runFolder} is done: there is nothing to go on with`,
    'train it for more epochs with --extend N, or start a new run',
    exitCodes.usage,
  )
}
