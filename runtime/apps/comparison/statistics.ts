// What a few repetitions tell: mean, deviation, interval, and how far two groups are apart.
import { twoSidedProbability, twoSidedQuantile } from './student-t.js'

/** Both ends of a 95 % confidence interval. */
export type Interval = readonly [low: number, high: number]

export interface Summary {
  readonly n: number
  readonly mean: number
  /** Of the sample, with n - 1 below; null for a single value, as is the interval. */
  readonly deviation: number | null
  /** 95 % interval of the mean by Student's t distribution. */
  readonly interval: Interval | null
}

/**
 * A difference of means. `p` is two-sided; null where nothing varies, so that there is nothing to test
 * against.
 */
export type Difference =
  | {
      readonly test: 'paired'
      readonly pairs: number
      readonly mean: number
      readonly interval: Interval
      readonly p: number | null
    }
  | {
      readonly test: 'welch'
      readonly degrees: number
      readonly mean: number
      readonly interval: Interval
      readonly p: number | null
    }
  /** Too few values for any test. */
  | { readonly test: 'none'; readonly mean: number; readonly interval: null; readonly p: null }

const outsideInterval = 0.05

/** @param values at least one */
export function summary(values: readonly number[]): Summary {
  const n = values.length
  const mean = meanOf(values)
  if (n < 2) return { n, mean, deviation: null, interval: null }
  const deviation = Math.sqrt(varianceOf(values))
  return { n, mean, deviation, interval: around(mean, deviation / Math.sqrt(n), n - 1) }
}

/** Student's t test of the differences of at least two pairs [value, baseline's]. */
export function pairedDifference(pairs: readonly (readonly [number, number])[]): Difference {
  const differences = pairs.map(([value, baseline]) => value - baseline)
  const n = pairs.length
  const mean = meanOf(differences)
  if (n < 2) return { test: 'none', mean, interval: null, p: null }
  const error = Math.sqrt(varianceOf(differences) / n)
  return { test: 'paired', pairs: n, mean, ...tested(mean, error, n - 1) }
}

/**
 * Welch's test of two independent groups of unequal variances, with the degrees of freedom of Welch and
 * Satterthwaite (B. L. Welch, Biometrika 34, 1947). No test where a group has a single value.
 */
export function welchDifference(values: readonly number[], baseline: readonly number[]): Difference {
  const mean = meanOf(values) - meanOf(baseline)
  if (values.length < 2 || baseline.length < 2) return { test: 'none', mean, interval: null, p: null }
  const first = varianceOf(values) / values.length
  const second = varianceOf(baseline) / baseline.length
  const sum = first + second
  const degrees =
    sum === 0
      ? values.length + baseline.length - 2
      : sum ** 2 / (first ** 2 / (values.length - 1) + second ** 2 / (baseline.length - 1))
  return { test: 'welch', degrees, mean, ...tested(mean, Math.sqrt(sum), degrees) }
}

function tested(mean: number, error: number, degrees: number): { interval: Interval; p: number | null } {
  const interval = around(mean, error, degrees)
  return { interval, p: error === 0 ? null : twoSidedProbability(mean / error, degrees) }
}

function around(mean: number, error: number, degrees: number): Interval {
  const half = error === 0 ? 0 : error * twoSidedQuantile(outsideInterval, degrees)
  return [mean - half, mean + half]
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function varianceOf(values: readonly number[]): number {
  // Equal values have no variance, whatever rounding makes of their mean.
  if (values.every((value) => value === values[0])) return 0
  const mean = meanOf(values)
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}
