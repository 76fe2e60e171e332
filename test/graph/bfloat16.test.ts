import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bfloat16Bits, nearestBfloat16, roundToBfloat16 } from '../../compiler/graph/bfloat16.js'

/**
 * The double that 16 bits mean, straight from the format: sign, 8 bits of exponent biased by 127, 7 bits of
 * fraction.
 */
function numberOfBits(bits: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint16(0, bits)
  return view.getFloat32(0)
}

/**
 * All finite bfloat16 numbers that are not negative, in order; the place in the list is the number's bits.
 */
const numbers = Float64Array.from({ length: 0x7f80 }, (_, bits) => numberOfBits(bits))

/**
 * Rounding by its definition: the nearest of all numbers there are, by search; of two the one with an even
 * last bit.
 */
function nearestBySearch(x: number): number {
  if (Number.isNaN(x)) return x
  const sign = x < 0 || Object.is(x, -0) ? -1 : 1
  const size = Math.abs(x)
  // Beyond the largest number the next one would be 2^128, which counts as infinite.
  const at = (bits: number): number => numbers[bits] ?? 2 ** 128
  let low = 0
  let high = numbers.length
  if (size >= 2 ** 128) return sign * Number.POSITIVE_INFINITY
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (at(middle) <= size) low = middle
    else high = middle
  }
  const [below, above] = [size - at(low), at(high) - size]
  const bits = below < above || (below === above && low % 2 === 0) ? low : high
  return sign * (bits === numbers.length ? Number.POSITIVE_INFINITY : at(bits))
}

const anyDouble = fc.double({ noDefaultInfinity: false, noNaN: false })
const inRange = fc
  .tuple(fc.integer({ min: -140, max: 129 }), fc.double({ min: -2, max: 2, noNaN: true }))
  .map(([exponent, part]) => part * 2 ** exponent)

test('rounds to the nearest of all bfloat16 numbers, halves to the even one', () => {
  fc.assert(
    fc.property(fc.oneof(anyDouble, inRange), (x) => {
      expect(nearestBfloat16(x)).toBe(nearestBySearch(x))
    }),
    { numRuns: 5000 },
  )
})

test('every bfloat16 number is itself, and halfway to the next one the even of the two', () => {
  for (let bits = 0; bits < numbers.length; bits++) {
    const x = numberOfBits(bits)
    expect(nearestBfloat16(x)).toBe(x)
    expect(nearestBfloat16(-x)).toBe(-x)
    const next = bits + 1 < numbers.length ? numberOfBits(bits + 1) : 2 ** 128
    const even = bits % 2 === 0 ? x : next === 2 ** 128 ? Number.POSITIVE_INFINITY : next
    expect(nearestBfloat16((x + next) / 2)).toBe(even)
  }
})

test('a number just off the middle, by the last bit of a double, goes to its own side', () => {
  const [x, next] = [1, 1 + 2 ** -7]
  const middle = (x + next) / 2
  expect(nearestBfloat16(middle + 2 ** -52)).toBe(next)
  expect(nearestBfloat16(middle - 2 ** -52)).toBe(x)
})

test('keeps NaN, infinities and the sign of zero', () => {
  expect(nearestBfloat16(Number.NaN)).toBeNaN()
  expect(nearestBfloat16(Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY)
  expect(nearestBfloat16(1e300)).toBe(Number.POSITIVE_INFINITY)
  expect(nearestBfloat16(-0)).toBe(-0)
  expect(nearestBfloat16(-1e-50)).toBe(-0)
})

test('rounds arrays in place', () => {
  const values = Float32Array.of(1.001, -3.14, 0)
  roundToBfloat16(values)
  expect([...values]).toEqual([1, -3.140625, 0])
})

test('gives the bits of what it rounds to', () => {
  const bits = Array.from({ length: 0x7f80 }, (_, place) => place)
  expect([...bfloat16Bits(bits.map(numberOfBits))]).toEqual(bits)
  expect([...bfloat16Bits([-1.001, 1e300])]).toEqual([0xbf80, 0x7f80])
})
