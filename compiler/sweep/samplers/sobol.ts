// Sobol's sequence: points that fill a space more evenly than random ones. Direction numbers by Joe and Kuo,
// "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008),
// file new-joe-kuo-6.21201; points in the order of Gray codes (Antonov and Saleev 1979). Scrambled by a
// digital shift: every coordinate xor one random word per dimension, which keeps the sequence's evenness and
// moves its first point away from the corner. The npm package `sobol` gives points only one after the other,
// without scrambling, and reads its table from a file, which the compiler may not; here any trial is drawn by
// itself.
import { type Point, type Space, valueAt } from '../space.js'
import { uniformDraws } from './draws.js'

/**
 * Of dimensions 2, 3, ...: degree and inner coefficients of the primitive polynomial, and the first direction
 * numbers.
 */
const directions: readonly (readonly [degree: number, coefficients: number, first: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
  [5, 14, [1, 3, 5, 5, 31]],
  [6, 1, [1, 3, 3, 9, 7, 49]],
  [6, 13, [1, 1, 1, 15, 21, 21]],
  [6, 16, [1, 3, 1, 13, 27, 49]],
  [6, 19, [1, 1, 1, 15, 7, 5]],
  [6, 22, [1, 3, 1, 15, 13, 25]],
  [6, 25, [1, 1, 5, 5, 19, 61]],
  [7, 1, [1, 3, 7, 11, 23, 15, 103]],
  [7, 4, [1, 3, 7, 13, 13, 15, 69]],
]

/** How many params can be drawn at once. */
export const sobolDimensions = directions.length + 1

const bits = 32

/** The 32 direction numbers of a dimension (from 0), the first one in the highest bit. */
function directionNumbers(dimension: number): Uint32Array {
  const numbers = new Uint32Array(bits)
  const entry = directions[dimension - 1]
  if (entry === undefined) {
    for (let bit = 0; bit < bits; bit++) numbers[bit] = 2 ** (bits - 1 - bit)
    return numbers
  }
  const [degree, coefficients, first] = entry
  const at = (bit: number): number => numbers[bit] as number
  for (let bit = 0; bit < bits; bit++) {
    if (bit < degree) {
      numbers[bit] = (first[bit] ?? 0) * 2 ** (bits - 1 - bit)
      continue
    }
    let value = at(bit - degree) ^ (at(bit - degree) >>> degree)
    for (let k = 1; k < degree; k++) if ((coefficients >> (degree - 1 - k)) & 1) value ^= at(bit - k)
    numbers[bit] = value >>> 0
  }
  return numbers
}

const known: Uint32Array[] = []

/** Coordinate `dimension` of point `index`, both from 0, as a whole number of 2^-32; not scrambled. */
export function sobolWord(index: number, dimension: number): number {
  known[dimension] ??= directionNumbers(dimension)
  const numbers = known[dimension]
  const gray = (index ^ (index >>> 1)) >>> 0
  let word = 0
  for (let bit = 0; bit < bits; bit++) if ((gray >>> bit) & 1) word ^= numbers[bit] ?? 0
  return word >>> 0
}

/** Trial number `trial` (from 0) of a scrambled Sobol sequence over at most `sobolDimensions` params. */
export function sobolTrial(space: Space, seed: number, trial: number): Point {
  return Object.fromEntries(
    space.map((dimension, position) => {
      const shift = Math.floor(uniformDraws(seed, 'sobol', dimension.name)() * 2 ** bits)
      const word = (sobolWord(trial, position) ^ shift) >>> 0
      return [dimension.name, valueAt(dimension, word / 2 ** bits)]
    }),
  )
}
