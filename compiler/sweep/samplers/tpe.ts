// The tree-structured Parzen estimator: Bergstra, Bardenet, Bengio and Kegl, "Algorithms for hyper-parameter
// optimization", NeurIPS 2011, with the choices of Optuna's default: params one by one, the best min(ceil(0.1
// n), 25) of n trials against the others, 24 candidates, old trials of the others weighing less beyond 25 (a
// ramp).
// For Node no library was found that has it: the npm package `hyperparameters` holds no Parzen estimator.
import type { ParamSetting } from '../../checking/template.js'
import type { Point, Space } from '../space.js'
import { uniformDraws } from './draws.js'
import { parzenEstimator } from './parzen.js'
import { randomTrial } from './random.js'

/** A setting that has been tried, and what it came to: the mean over its seeds. */
export interface PastTrial {
  readonly trial: number
  readonly params: Point
  readonly value: number
}

export interface TpeOptions {
  readonly direction: 'maximize' | 'minimize'
  readonly seed: number
  /** Random trials before the search begins. */
  readonly startup: number
}

const candidates = 24

/**
 * Setting of trial number `trial` (from 0), given the trials that have a value so far, in any order. The same
 * past gives the same setting. Trials that are still running are simply not there yet; those without a finite
 * value are left out.
 * @param attempt set higher to get another setting, where one cannot be used
 */
export function tpeTrial(
  space: Space,
  past: readonly PastTrial[],
  trial: number,
  { direction, seed, startup }: TpeOptions,
  attempt = 0,
): Point {
  const known = past.filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.trial - b.trial)
  if (known.length < startup)
    return randomTrial(space, attempt === 0 ? seed : seed + 2 ** 31 * attempt, trial)
  const sign = direction === 'minimize' ? 1 : -1
  const ranked = [...known].sort((a, b) => sign * (a.value - b.value) || a.trial - b.trial)
  const good = new Set(ranked.slice(0, Math.min(Math.ceil(0.1 * known.length), 25)))
  const best = known.filter((one) => good.has(one))
  const others = known.filter((one) => !good.has(one))
  return Object.fromEntries(
    space.map((dimension) => {
      const { name } = dimension
      const estimatorOf = (trials: readonly PastTrial[]) => {
        const values = trials.flatMap(({ params }) => params[name] ?? [])
        return parzenEstimator(dimension, values, recency(values.length))
      }
      const likely = estimatorOf(best)
      const unlikely = estimatorOf(others)
      const uniform = uniformDraws(seed, 'tpe', trial, attempt, name)
      let chosen: { value: ParamSetting; gain: number } | undefined
      for (let candidate = 0; candidate < candidates; candidate++) {
        const value = likely.draw(uniform)
        const gain = likely.logDensity(value) - unlikely.logDensity(value)
        if (chosen === undefined || gain > chosen.gain) chosen = { value, gain }
      }
      return [name, chosen?.value ?? '']
    }),
  )
}

/** Weights by age, oldest first: the newest 25 weigh 1, older ones less, down to 1 / count. */
function recency(count: number): readonly number[] {
  const old = count - 25
  return Array.from({ length: count }, (_, position) =>
    position >= old ? 1 : old === 1 ? 1 / count : 1 / count + (1 - 1 / count) * (position / (old - 1)),
  )
}
