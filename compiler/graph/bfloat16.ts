// bfloat16: float32's sign and 8 bits of exponent with 7 bits of fraction. Where no hardware rounds to it,
// this does.

/** Exponents of bfloat16's normal numbers are float32's; below the smallest, numbers lie evenly spaced. */
const smallestExponent = -126
const largestExponent = 127
const fractionBits = 7

/**
 * For every exponent a number so large that adding it leaves a double just the fraction that bfloat16 has:
 * the sum rounds to the nearest multiple of 2^(exponent - 7), halves to even, as every sum of doubles does.
 */
const anchors = Float64Array.from(
  { length: largestExponent - smallestExponent + 1 },
  (_, position) => 1.5 * 2 ** (52 + smallestExponent + position - fractionBits),
)

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
double[0] = 1
/** Which half of a double has its exponent: the second one, but for big-endian processors. */
const upper = words[1] === 0 ? 0 : 1

/**
 * The bfloat16 number next to x, of two equally near ones the even one; beyond the largest it is infinite.
 */
export function nearestBfloat16(x: number): number {
  if (x === 0) return x
  double[0] = x
  const exponent = (((words[upper] as number) >>> 20) & 0x7ff) - 1023
  // Numbers too large to be rounded, infinities and NaN.
  if (exponent > largestExponent) return x * Number.POSITIVE_INFINITY
  const anchor = anchors[Math.max(exponent - smallestExponent, 0)] as number
  const rounded = x + anchor - anchor
  if (rounded === 0) return x < 0 ? -0 : 0
  return Math.abs(rounded) < 2 ** (largestExponent + 1) ? rounded : rounded * Number.POSITIVE_INFINITY
}

/** Rounds every element in its place. */
export function roundToBfloat16(values: Float32Array | Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = nearestBfloat16(values[i] as number)
}

/** The 16 bits of every number, rounded: the upper half of its float32 bits. */
export function bfloat16Bits(values: readonly number[]): Uint16Array {
  const bits = new Uint32Array(Float32Array.from(values, nearestBfloat16).buffer)
  return Uint16Array.from(bits, (word) => word >>> 16)
}
