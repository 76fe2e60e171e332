// Comparing what was computed with what a golden case holds.
import type { Tensor, Tensors } from '../../platform/tensor.js'
import { malformedCase } from './golden-case.js'

/** How one quantity of a case came out: it holds when `error` is at most `tolerance`. */
export interface Quantity {
  readonly name: string
  readonly error: number
  readonly tolerance: number
  readonly ok: boolean
}

export function quantity(name: string, error: number, tolerance: number): Quantity {
  return { name, error, tolerance, ok: error <= tolerance }
}

/** The worst of several errors; NaN is worse than everything. */
export function largest(errors: readonly number[]): number {
  return errors.reduce((worst, error) => (Number.isNaN(error) || error > worst ? error : worst), 0)
}

/**
 * Norm of the difference over the norm of what is expected. Where that norm is below `floor`, over `floor`:
 * so that `relativeNorm <= r` means a difference of at most max(r * norm, r * floor).
 */
export function relativeNorm(actual: Tensor, expected: Tensor, floor = 0): number {
  requireSameLength(actual, expected)
  let difference = 0
  let norm = 0
  expected.data.forEach((value, position) => {
    difference += (value - (actual.data[position] ?? Number.NaN)) ** 2
    norm += value ** 2
  })
  if (difference === 0) return 0
  return Math.sqrt(difference) / Math.max(Math.sqrt(norm), floor)
}

/** Largest absolute difference of one element. */
export function largestDifference(actual: Tensor, expected: Tensor): number {
  requireSameLength(actual, expected)
  const errors = Array.from(expected.data, (value, position) =>
    Math.abs(value - (actual.data[position] ?? Number.NaN)),
  )
  return largest(errors)
}

/** |actual - expected| / |expected|. */
export function relativeError(actual: number, expected: number): number {
  return actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected)
}

/** How many elements differ. */
export function mismatches(actual: readonly number[], expected: readonly number[]): number {
  const length = Math.max(actual.length, expected.length)
  return Array.from({ length }, (_, position) => actual[position] !== expected[position]).filter(Boolean)
    .length
}

export function resultOf(results: Tensors, name: string): Tensor {
  const tensor = results[name]
  if (tensor === undefined) throw new TypeError(`the engine gave no '${name}'`)
  return tensor
}

export function scalarOf(results: Tensors, name: string): number {
  return resultOf(results, name).data[0] ?? Number.NaN
}

function requireSameLength(actual: Tensor, expected: Tensor): void {
  if (actual.data.length !== expected.data.length) {
    throw malformedCase(
      `a golden tensor has shape [${expected.shape.join(', ')}], not [${actual.shape.join(', ')}]`,
    )
  }
}
