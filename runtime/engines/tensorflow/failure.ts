// What TensorFlow says when it fails, as errors of a run.
import { exitCodes, RunError } from '../../errors.js'

const outOfMemory =
  /OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhausted|failed to allocate|out of memory/i

/** The error of a session call. */
export function sessionError(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  if (!outOfMemory.test(message)) return error instanceof Error ? error : new Error(message)
  return new RunError(
    'SAU7301',
    `TensorFlow ran out of memory: ${message.split('\n', 1)[0] ?? ''}`,
    'use a smaller batch or network',
    exitCodes.outOfMemory,
  )
}
