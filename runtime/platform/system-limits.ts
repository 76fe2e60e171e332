// What the machine does not give: open files, room on a disk, a folder to stand in. No fault of saurun, and
// none of a file.
import { exitCodes, RunError } from './errors.js'

/** Codes of the system that say that the disk, or a right to it, is missing. */
const diskRefusals: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EFBIG',
  'EACCES',
  'EPERM',
  'EIO',
  'ESTALE',
])

/**
 * An error of the system as the sentence that users need: SAU8121 where it gives no more open files or
 * processes, SAU8125 where the working folder is gone, SAU8126 where a disk refuses. Undefined for every
 * other error.
 */
export function asSystemLimit(error: unknown): RunError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const code = String(error.code)
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined
  if (code === 'EMFILE' || code === 'ENFILE') {
    const whose = code === 'EMFILE' ? 'this process' : 'this machine'
    return limit(
      'SAU8121',
      `${whose} may have no more files open`,
      'raise the limit: `ulimit -n 4096`',
      error,
    )
  }
  if (code === 'EAGAIN' && 'syscall' in error && String(error.syscall).startsWith('spawn')) {
    return limit('SAU8121', 'no more processes may be started', 'raise the limit: `ulimit -u`', error)
  }
  if (code === 'ENOENT' && /uv_cwd/.test(error.message)) {
    return limit('SAU8125', 'the working folder is gone', 'change to a folder that is there', error)
  }
  if (!diskRefusals.has(code) || path === undefined) return undefined
  const help =
    'make room, or give the right to write there; docs/commands.md says which folders can lie elsewhere'
  return limit('SAU8126', `${path} cannot be used: ${error.message}`, help, error)
}

function limit(code: string, message: string, help: string, cause: Error): RunError {
  return new RunError(code, message, help, exitCodes.failed, { cause })
}
