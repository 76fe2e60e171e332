// What pruners look at: the curve of a setting, the mean over its seeds.
import type { Direction } from '../../plan/metric-table.js'

export interface Curve {
  /** Number of the setting. */
  readonly trial: number
  /** Metric after epoch 1, 2, ... as far as it is known, without gaps. */
  readonly values: readonly number[]
  /** Whether it has been trained to its last epoch. */
  readonly isFinished: boolean
}

/** The mean of the curves of all seeds of a setting, as far as every one of them has come. */
export function meanCurve(trial: number, seeds: readonly Omit<Curve, 'trial'>[]): Curve {
  const length = Math.min(...seeds.map(({ values }) => values.length))
  const values = Array.from({ length: Number.isFinite(length) ? length : 0 }, (_, epoch) =>
    seeds.reduce((sum, { values: one }) => sum + (one[epoch] ?? 0) / seeds.length, 0),
  )
  return { trial, values, isFinished: seeds.length > 0 && seeds.every(({ isFinished }) => isFinished) }
}

/** A value so that more is better; what is not a number is worse than everything. */
export function goodness(value: number, direction: Direction): number {
  if (Number.isNaN(value)) return Number.NEGATIVE_INFINITY
  return direction === 'maximize' ? value : -value
}
