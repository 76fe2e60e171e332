// What the file system says of a file without opening it, as far as it changes with the bytes: a time that
// somebody set back (`cp -p`, `rsync -t`, `tar -x`) leaves the time of change, and a file that took the place
// of another one its number.
import { type BigIntStats, statSync } from 'node:fs'
import { pathBytes } from '../../platform/host/path-bytes.js'

/**
 * Numbers that a stamp has: size, times of modification and of change in nanoseconds, number of the file,
 * device.
 */
export const stampLength = 5

/** Stamps of files, one after the other; shared by threads. */
export type StampTable = SharedArrayBuffer // BigUint64Array

export function stampTable(files: number): StampTable {
  return new SharedArrayBuffer(8 * stampLength * files)
}

/** The stamp of what lies at `path`, or of an open file's facts. @throws what `statSync` throws */
export function fileStamp(path: string): BigUint64Array {
  return stampFrom(statSync(pathBytes(path), { bigint: true }))
}

export function stampFrom({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): BigUint64Array {
  return BigUint64Array.of(size, mtimeNs, ctimeNs, ino, dev)
}

export function stampAt(table: StampTable, file: number): BigUint64Array {
  return new BigUint64Array(table, 8 * stampLength * file, stampLength)
}

/**
 * Whether nothing was done to a file since: the device does not count, it is numbered anew when it is mounted
 * again.
 */
export function sameStamp(a: BigUint64Array, b: BigUint64Array): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]
}

/** The stamp as text for a fingerprint. */
export function stampText([size, modified, changed, number]: BigUint64Array): string {
  return `${size} ${modified} ${changed} ${number}`
}

/** Equal for the same file, by whatever path or link it is reached. */
export function fileIdentity(stamp: BigUint64Array): string {
  return `${stamp[4]}:${stamp[3]}`
}

/**
 * How long a file system may give the same time to two changes, in nanoseconds: longer where it keeps whole
 * seconds.
 */
const tick = 50_000_000n
const coarseTick = 2_000_000_000n

/**
 * Whether a change from now on would show in the stamp: the last one lies further back than a tick of the
 * clock.
 */
export function isSettled([, , changed = 0n]: BigUint64Array, now: number = Date.now()): boolean {
  const age = BigInt(now) * 1_000_000n - changed
  return age > (changed % 1_000_000_000n === 0n ? coarseTick : tick)
}
