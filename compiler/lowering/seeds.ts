// Seeds that a file leaves out.
import { createHash } from 'node:crypto'

/**
 * 31 bits from the run's seed, the kind and name of a declaration and the number of the call in it: the first bits of a
 * SHA-256, so that declarations do not share draws and adding one changes no other.
 */
export function callSeed(trainingSeed: number, kind: string, name: string, call: number): number {
  const digest = createHash('sha256').update(`${trainingSeed}\n${kind}\n${name}\n${call}`).digest()
  return digest.readUInt32BE(0) >>> 1
}
