// Counter-based draws for samplers: every number is a function of a seed and of what it is for, so that a
// trial can be drawn again alone, by any process. (The runner's own generator stands downstream of the
// compiler; a hash is fast enough for a few thousand settings.)
import { createHash } from 'node:crypto'

/**
 * Uniform numbers in [0, 1), multiples of 2^-53: the SHA-256 of the seed, the purpose and a counter, eight
 * bytes at a time.
 */
export function uniformDraws(seed: number, ...purpose: readonly (string | number)[]): () => number {
  const name = JSON.stringify([seed, ...purpose])
  let block = 0
  let bytes: Buffer | undefined
  let at = 0
  return () => {
    if (bytes === undefined || at >= bytes.length) {
      bytes = createHash('sha256').update(`${name} ${block}`).digest()
      block++
      at = 0
    }
    const upper = bytes.readUInt32BE(at) >>> 5
    const lower = bytes.readUInt32BE(at + 4) >>> 6
    at += 8
    return (upper * 67108864 + lower) / 9007199254740992
  }
}

/** A standard normal number from two uniform ones (Box and Muller 1958). */
export function normalDraw(uniform: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
  return radius * Math.cos(2 * Math.PI * uniform())
}
