// Everything that can go wrong while published data is got, and that its user can do something about.
import { exitCodes, RunError } from '../../platform/errors.js'
import { formatBytes, formatCount } from '../../platform/quantities.js'
import { hasCode } from '../../platform/system-errors.js'
import { withoutCredentials } from '../../platform/texts/addresses.js'

const mirror = 'or name another place that has the file with --from ADDRESS'

export function noAnswer(address: string, reason: string): RunError {
  return failed(
    'SAU8103',
    `${address} cannot be reached: ${reason}`,
    `look at the network and its proxy, ${mirror}`,
  )
}

export function notThere(address: string, status: number): RunError {
  return failed(
    'SAU8104',
    `${address} is not there (HTTP ${status})`,
    `the site may have moved: ${mirror.slice(3)}`,
  )
}

export function badReply(address: string, what: string): RunError {
  return failed('SAU8105', `${address} does not give the file: ${what}`, `try again later, ${mirror}`)
}

export function wrongSize(address: string, found: number, expected: number): RunError {
  return failed(
    'SAU8106',
    `${address} is ${formatCount(found)} bytes, and the published file has ${formatCount(expected)}`,
    `it is another file, or a page that a proxy put in its place; ${mirror.slice(3)}`,
  )
}

export function wrongChecksum(address: string, found: string, expected: string): RunError {
  return failed(
    'SAU8107',
    `what came from ${address} is not the published file: its MD5 is ${found}, expected ${expected}`,
    `nothing of it was kept; try again, ${mirror}`,
  )
}

export function cutOff(address: string, reason: string, received: number, expected: number): RunError {
  return failed(
    'SAU8108',
    `the connection to ${address} was cut again and again: ${reason}`,
    `${formatBytes(received)} of ${formatBytes(expected)} are kept: the same command goes on from there`,
  )
}

export function noRoom(folder: string, needed?: number, free?: number): RunError {
  const how =
    needed === undefined || free === undefined
      ? `the disk of ${folder} is full`
      : `the data needs ${formatBytes(needed)} under ${folder}, and ${formatBytes(free)} are free`
  return failed('SAU8109', how, 'make room, or choose another disk with --dir; what was received is kept')
}

export function cannotWrite(folder: string, reason: string): RunError {
  return failed(
    'SAU8110',
    `${folder} cannot be written: ${reason}`,
    'choose a folder that can be written with --dir',
  )
}

export function hostileArchive(archive: string, what: string): RunError {
  return failed(
    'SAU8111',
    `${archive} is not unpacked: ${what}`,
    'it is not the published archive; get it from the official site',
  )
}

export function badArchive(archive: string, what: string): RunError {
  return failed('SAU8112', `${archive} is damaged: ${what}`, 'it is taken away; get it again')
}

export function othersFiles(folder: string, what: string): RunError {
  return failed(
    'SAU8113',
    `${folder} is there already, and ${what}`,
    'move it away, or get the data into another folder with --dir',
  )
}

export function underWay(folder: string, who: string): RunError {
  return failed(
    'SAU8114',
    `another command gets data into ${folder}: ${who}`,
    'wait for it, or choose another folder with --dir',
  )
}

export function interrupted(signal: unknown): RunError {
  return new RunError(
    'SAU8115',
    'interrupted; what was received is kept',
    'the same command goes on from there',
    signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted,
  )
}

/** An error of the file system as one of ours; others as they are. */
export function asWriteFailure(error: unknown, folder: string): unknown {
  if (!(error instanceof Error)) return error
  if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) return noRoom(folder)
  const refused = ['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'EEXIST', 'EFBIG', 'EISDIR', 'ENOENT']
  return refused.some((code) => hasCode(error, code)) ? cannotWrite(folder, error.message) : error
}

function failed(code: string, message: string, help: string): RunError {
  return new RunError(code, withoutCredentials(message), help, exitCodes.failed)
}
