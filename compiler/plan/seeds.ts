// Seeds: the same ones in a `.sau` file, a sweep file, a Plan and on the command line, so that a run with any
// of them can be repeated from any of these.
import { createHash } from 'node:crypto'

/** Whole numbers from 0 to the largest that a double holds exactly; the generator takes all of their bits. */
export const largestSeed = Number.MAX_SAFE_INTEGER

/**
 * The seed of a call that a file gives none: 31 bits from the run's seed, the kind and name of a declaration
 * and the number of the call in it: the first bits of a SHA-256, so that declarations do not share draws and
 * adding one changes no other.
 */
export function callSeed(trainingSeed: number, kind: string, name: string, call: number): number {
  const digest = createHash('sha256').update(`${trainingSeed}\n${kind}\n${name}\n${call}`).digest()
  return digest.readUInt32BE(0) >>> 1
}
