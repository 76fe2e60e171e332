// Asynchronous successive halving: Li, Jamieson, Rostamizadeh, Gonina, Ben-tzur, Hardt, Recht and Talwalkar,
// "A system for massively parallel hyperparameter tuning", MLSys 2020. Settings meet at rungs, epochs
// `first`, `first * reduction`, ...; of those at a rung the best share of 1 / reduction goes on. Nobody waits
// for a rung to be full.
import type { Direction } from '../../plan/metric-table.js'
import { type Curve, goodness } from './curve.js'

export interface AshaOptions {
  readonly direction: Direction
  /** Of so many settings one goes on (eta of the paper). */
  readonly reduction: number
  /** Epochs of the lowest rung (r of the paper). */
  readonly first: number
}

/** Epochs at which is decided, below the full length. */
export function rungsOf({ reduction, first }: AshaOptions, epochs: number): readonly number[] {
  const rungs: number[] = []
  for (let rung = first; rung < epochs; rung *= reduction) rungs.push(rung)
  return rungs
}

/**
 * Whether a setting that trains goes on at the epoch that it has reached. It stops only at a rung, and only
 * where it is not among the best 1 / reduction of all that have passed there so far; the first few go on, for
 * there is nothing to compare. What stopped can be promoted later, by `nextPromotion`.
 */
export function ashaVerdict(
  curves: readonly Curve[],
  trial: number,
  options: AshaOptions,
  epochs: number,
): 'continue' | 'stop' {
  const reached = curves.find((curve) => curve.trial === trial)?.values.length ?? 0
  if (!rungsOf(options, epochs).includes(reached)) return 'continue'
  const passed = bestAt(curves, reached, options)
  const places = Math.max(1, Math.floor(passed.length / options.reduction))
  return passed.slice(0, places).includes(trial) ? 'continue' : 'stop'
}

/** A setting to train on, and to which epoch. */
export interface Promotion {
  readonly trial: number
  readonly epochs: number
}

/**
 * What a free worker should train on (`get_job` of the paper): the best setting of the highest rung that is
 * among the best 1 / reduction there and has not gone beyond it. Undefined where there is none: then it
 * starts a new setting, for `first` epochs.
 * @param isBusy settings that are being trained, or must not be
 */
export function nextPromotion(
  curves: readonly Curve[],
  options: AshaOptions,
  epochs: number,
  isBusy: (trial: number) => boolean = () => false,
): Promotion | undefined {
  const rungs = rungsOf(options, epochs)
  for (let k = rungs.length - 1; k >= 0; k--) {
    const rung = rungs[k] ?? epochs
    const passed = bestAt(curves, rung, options)
    for (const trial of passed.slice(0, Math.floor(passed.length / options.reduction))) {
      const curve = curves.find((one) => one.trial === trial)
      if (curve && curve.values.length === rung && !isBusy(trial)) {
        return { trial, epochs: rungs[k + 1] ?? epochs }
      }
    }
  }
  return undefined
}

/** Settings that have come to a rung, the best there first; among equals the earlier setting. */
function bestAt(curves: readonly Curve[], rung: number, { direction }: AshaOptions): readonly number[] {
  return curves
    .filter(({ values }) => values.length >= rung)
    .map(({ trial, values }) => ({ trial, good: goodness(values[rung - 1] ?? Number.NaN, direction) }))
    .sort((a, b) => compareDown(a.good, b.good) || a.trial - b.trial)
    .map(({ trial }) => trial)
}

/** Minus infinity is equal to itself here, which its difference is not. */
function compareDown(a: number, b: number): number {
  return a === b ? 0 : a > b ? -1 : 1
}
