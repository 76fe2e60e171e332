// Parzen estimators of one dimension: a mixture of one kernel per observed value and one prior kernel over
// everything, as TPE uses them. Numbers are handled on the dimension's own scale, the logarithmic one where
// it is searched so.
import type { ParamSetting } from '../../checking/template.js'
import { clamp, type Dimension, tidied } from '../space.js'
import { normalDraw } from './draws.js'

export interface Estimator {
  draw(uniform: () => number): ParamSetting
  /** Logarithm of the density, or of the probability of a whole number or choice. */
  logDensity(value: ParamSetting): number
}

/**
 * @param observed values of the dimension in the order of their trials
 * @param weights of the observed values; the prior kernel weighs 1
 */
export function parzenEstimator(
  dimension: Dimension,
  observed: readonly ParamSetting[],
  weights: readonly number[],
): Estimator {
  return dimension.kind === 'choice'
    ? choiceEstimator(dimension.values, observed, weights)
    : numberEstimator(dimension, observed.map(Number), weights)
}

/** Every kernel: its choice once, and all choices with a share of the prior's weight. */
function choiceEstimator(
  values: readonly ParamSetting[],
  observed: readonly ParamSetting[],
  weights: readonly number[],
): Estimator {
  const kernels = observed.length + 1
  const total = weights.reduce((sum, weight) => sum + weight, 1)
  const spread = 1 / kernels
  const probabilities = values.map((value) =>
    observed.reduce<number>(
      (sum, seen, kernel) => {
        const height = ((seen === value ? 1 : 0) + spread) / (1 + spread * values.length)
        return sum + ((weights[kernel] ?? 0) / total) * height
      },
      1 / (total * values.length),
    ),
  )
  return {
    draw: (uniform) => values[drawnFrom(probabilities, uniform())] ?? '',
    logDensity: (value) => Math.log(probabilities[values.indexOf(value)] ?? 0),
  }
}

type NumberDimension = Exclude<Dimension, { readonly kind: 'choice' }>

interface Kernel {
  readonly mean: number
  readonly deviation: number
  readonly weight: number
}

function numberEstimator(
  dimension: NumberDimension,
  observed: readonly number[],
  weights: readonly number[],
): Estimator {
  const { kind, log } = dimension
  const half = kind === 'whole' ? 0.5 : 0
  const scale = (value: number): number => (log ? Math.log(value) : value)
  const low = scale(dimension.low - half)
  const high = scale(dimension.high + half)
  const kernels = kernelsOf(observed.map(scale), weights, low, high)
  const shares = kernels.map(({ weight }) => weight)
  // What of each kernel lies outside the interval is spread over the inside.
  const heights = kernels.map((kernel) => kernel.weight / normalInterval(kernel, low, high))
  const density = (inside: (kernel: Kernel) => number): number =>
    Math.log(kernels.reduce((sum, kernel, position) => sum + (heights[position] ?? 0) * inside(kernel), 0))
  return {
    draw(uniform) {
      const kernel = kernels[drawnFrom(shares, uniform())]
      if (kernel === undefined) return dimension.low
      const drawn = truncatedDraw(kernel, low, high, uniform)
      const value = log ? Math.exp(drawn) : drawn
      return kind === 'whole'
        ? clamp(Math.round(value), dimension.low, dimension.high)
        : tidied(value, dimension.low, dimension.high)
    },
    logDensity(setting) {
      const value = Number(setting)
      if (kind === 'real') return density((kernel) => normalDensity(kernel, scale(value)))
      return density((kernel) => normalInterval(kernel, scale(value - half), scale(value + half)))
    },
  }
}

/**
 * One kernel per value, as wide as the larger gap to its neighbours, and one as wide as the space in its
 * middle. No kernel is narrower than 1 / min(100, 1 + kernels) of the space (the "magic clip" of Optuna).
 */
function kernelsOf(
  observed: readonly number[],
  weights: readonly number[],
  low: number,
  high: number,
): readonly Kernel[] {
  const width = high - low
  const total = weights.reduce((sum, weight) => sum + weight, 1)
  const prior = observed.length
  const means = [...observed, low + width / 2]
  const order = means.map((_, position) => position).sort((a, b) => (means[a] ?? 0) - (means[b] ?? 0))
  const narrowest = width / Math.min(100, 1 + means.length)
  const kernels: Kernel[] = means.map((mean, position) => ({
    mean,
    deviation: width,
    weight: (position === prior ? 1 : (weights[position] ?? 0)) / total,
  }))
  for (const [rank, position] of order.entries()) {
    const kernel = kernels[position]
    if (kernel === undefined || position === prior) continue
    const before = order[rank - 1]
    const after = order[rank + 1]
    const gapBelow = kernel.mean - (before === undefined ? low : (means[before] ?? low))
    const gapAbove = (after === undefined ? high : (means[after] ?? high)) - kernel.mean
    // At the ends the gap to the edge counts only while there are hardly any values.
    const isEnd = (before === undefined || after === undefined) && means.length >= 2
    const gap = isEnd ? (before === undefined ? gapAbove : gapBelow) : Math.max(gapBelow, gapAbove)
    kernels[position] = { ...kernel, deviation: clamp(gap, narrowest, width) }
  }
  return kernels
}

/** The position at which the running sum of `probabilities`, which add up to 1, passes `share`. */
function drawnFrom(probabilities: readonly number[], share: number): number {
  let left = share
  for (const [position, probability] of probabilities.entries()) {
    left -= probability
    if (left < 0) return position
  }
  return probabilities.length - 1
}

/**
 * Means lie inside the interval and deviations are at most its width, so that every third draw at least is
 * taken.
 */
function truncatedDraw(kernel: Kernel, low: number, high: number, uniform: () => number): number {
  for (let tries = 0; tries < 1000; tries++) {
    const drawn = kernel.mean + kernel.deviation * normalDraw(uniform)
    if (drawn >= low && drawn <= high) return drawn
  }
  return kernel.mean
}

function normalDensity({ mean, deviation }: Kernel, value: number): number {
  const z = (value - mean) / deviation
  return Math.exp(-0.5 * z * z) / (deviation * Math.sqrt(2 * Math.PI))
}

/** Probability between two values; at least the smallest number, so that its logarithm is finite. */
function normalInterval({ mean, deviation }: Kernel, from: number, to: number): number {
  const a = (from - mean) / deviation
  const b = (to - mean) / deviation
  // In the upper tail the complement keeps its digits.
  const inside = a > 0 ? upperTail(a) - upperTail(b) : upperTail(-b) - upperTail(-a)
  return Math.max(inside, Number.MIN_VALUE)
}

/**
 * P(Z > z) of a standard normal Z. The complementary error function as the continued fraction and the series
 * of Abramowitz and Stegun, 7.1.14 and 7.1.5.
 */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z)
  const x = z / Math.SQRT2
  if (x > 26) return 0
  if (x < 2) {
    let term = x
    let sum = x
    for (let n = 1; n < 60 && Math.abs(term) > 1e-17 * sum; n++) {
      term *= (-x * x) / n
      sum += term / (2 * n + 1)
    }
    return 0.5 - sum / Math.sqrt(Math.PI)
  }
  let fraction = x
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / (2 * Math.sqrt(Math.PI) * fraction)
}
