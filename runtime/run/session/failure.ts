// What a thrown error means for a run.
import { exitCodes, RunError } from '../../platform/errors.js'
import { hasCode } from '../../platform/system-errors.js'
import { asSystemLimit } from '../../platform/system-limits.js'
import { asWriteRefusal } from '../folder/folder.js'

/** Phrases of allocation failures: V8's, the C++ library's, onnxruntime's, TensorFlow's, the system's. */
const memoryPhrases =
  /out of memory|bad[_ ]alloc|array buffer allocation failed|failed to allocate|cannot allocate memory|ENOMEM|invalid typed array length|OOM when allocating|RESOURCE_EXHAUSTED/i

/** Whether a text tells that memory ran out. */
export function tellsOutOfMemory(text: string): boolean {
  return memoryPhrases.test(text)
}

/**
 * A typed error as it is; an allocation failure as SAU7301 (exit 5); a disk that takes no more as SAU7106;
 * everything else as the bug that it is, SAU7001.
 */
export function asRunError(thrown: unknown, runFolder: string): RunError {
  const error = asWriteRefusal(thrown, runFolder)
  if (error instanceof RunError) return error
  const limit = asSystemLimit(error)
  if (limit !== undefined) return limit
  const text = error instanceof Error ? error.message : String(error)
  // Libraries write paragraphs; the whole of it goes to process.log.
  const message = text.trim().split('\n', 1)[0] ?? ''
  if (tellsOutOfMemory(text) || hasCode(error, 'ENOMEM')) return outOfMemory(message)
  return new RunError(
    'SAU7001',
    `an error that should not happen: ${message}`,
    'this is a bug in saurun; please report it with process.log and plan.json of the run folder',
    exitCodes.failed,
  )
}

/** SAU7301. */
export function outOfMemory(detail: string): RunError {
  return new RunError(
    'SAU7301',
    `memory ran out: ${detail}`,
    'use a smaller batch or network; `saurun plan FILE` says how much memory a step needs',
    exitCodes.outOfMemory,
  )
}
