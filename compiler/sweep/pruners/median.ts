// The median rule: Golovin, Solnik, Moitra, Kochanski, Karro and Sculley, "Google Vizier: a service for
// black-box optimization", KDD 2017, section 3.2.1.
import type { Direction } from '../../plan/metric-table.js'
import { type Curve, goodness } from './curve.js'

export interface MedianOptions {
  readonly direction: Direction
  /** Epochs before the first decision. */
  readonly first: number
  /** Finished settings before the first decision. */
  readonly trials: number
}

/**
 * A setting stops at an epoch where its best value so far is worse than the median, over the finished
 * settings, of their mean value up to that epoch.
 */
export function medianVerdict(
  curves: readonly Curve[],
  trial: number,
  { direction, first, trials }: MedianOptions,
): 'continue' | 'stop' {
  const own = curves.find((curve) => curve.trial === trial)?.values ?? []
  const epoch = own.length
  const others = curves.filter((curve) => curve.trial !== trial && curve.isFinished)
  if (epoch < first || epoch === 0 || others.length < trials) return 'continue'
  const best = Math.max(...own.map((value) => goodness(value, direction)))
  const averages = others.map(({ values }) => {
    const until = values.slice(0, epoch)
    return until.reduce((sum, value) => sum + goodness(value, direction), 0) / until.length
  })
  return best < median(averages) ? 'stop' : 'continue'
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
