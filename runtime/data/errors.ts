// Errors of data that turns out wrong when it is read for a run (SAU8xxx).
import type { SourceFailure } from '../../compiler/host.js'
import { exitCodes, RunError } from '../platform/errors.js'

/** What a reader found, as an error that names the file, and the record where there is one. */
export function sourceError(failure: SourceFailure): RunError {
  const message = `\`${failure.path}\` ${failure.message}`
  switch (failure.reason) {
    case 'missing':
      return dataError('SAU8001', message, 'put the data back where it was when the experiment was compiled')
    case 'listed':
      return dataError(
        'SAU8001',
        message,
        'put the images back where they were when the experiment was compiled',
      )
    case 'line':
    case 'repeated':
    case 'names':
    case 'encoding':
    case 'array':
    case 'large':
      return dataError(
        'SAU8002',
        message,
        failure.help ?? 'bring the file back that the experiment was compiled with',
      )
    case 'format':
      return failure.message.startsWith('does not decode') || failure.message.startsWith('decodes to')
        ? dataError('SAU8005', message, 'replace the file by an image that opens, or remove it')
        : dataError('SAU8002', message, 'fetch the file again: it is damaged, cut off or of another kind')
    case 'label':
      return dataError('SAU8003', message, 'fetch the file again, or read it with the function for its kind')
    case 'empty':
      return dataError('SAU8004', message, 'put images into the folder, or remove it')
  }
}

/** The data at `path` is not what the Plan was made from. */
export function dataChanged(path: string): RunError {
  return dataError(
    'SAU8006',
    `\`${path}\` has changed since the experiment was compiled`,
    'bring the old data back, or start the experiment anew',
  )
}

function dataError(code: string, message: string, help: string): RunError {
  return new RunError(code, message, help, exitCodes.dataCheckFailed)
}
