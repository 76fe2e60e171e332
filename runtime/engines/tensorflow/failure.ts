// What TensorFlow says when it fails, as errors of a run.

/**
 * Where memory ran out, TensorFlow's sentence goes on with a table of all its allocations; the first line
 * says it.
 */
export function sessionError(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  const [first = message] = message.split('\n', 1)
  return new Error(`TensorFlow: ${first}`, { cause: error })
}
