// Where two runs of one Plan differ: a number of a step, of an epoch or of an evaluation, equal to the last
// bit or not.
import { alwaysMeasured, askedMetrics, byMetric } from '../../../compiler/plan/metric-table.js'
import type { ConfusionCell, ConfusionMatrix } from '../../run/journal/confusion-matrix.js'
import type { EpochDone, Evaluated } from '../../run/journal/events.js'

export interface Difference {
  readonly epoch: number
  /** Over the whole run; absent for numbers of a whole epoch. */
  readonly step?: number
  /** `loss unaware.mixup`, `test top1`, `recall of class 3 on test`. */
  readonly quantity: string
  /** Null where the run has no such number. */
  readonly original: number | null
  readonly replay: number | null
}

/**
 * The first loss of a step that differs. Both hold the objective, then the losses in the order of `names`
 * (`branch.name`); a step that was not recorded (NaN, or none) differs from nothing.
 */
export function stepDifference(
  names: readonly string[],
  place: { readonly epoch: number; readonly step: number },
  original: ArrayLike<number>,
  replay: ArrayLike<number>,
): Difference | undefined {
  for (const [position, name] of ['objective', ...names.map((loss) => `loss ${loss}`)].entries()) {
    const [before, now] = [original[position], replay[position]]
    if (before === undefined || now === undefined || Number.isNaN(before) || Number.isNaN(now)) continue
    if (before !== now) return { ...place, quantity: name, original: before, replay: now }
  }
  return undefined
}

/** The first number of an epoch's training that differs, but for its times. */
export function epochDifference(
  names: readonly string[],
  original: EpochDone,
  replay: EpochDone,
): Difference | undefined {
  const numbers = ({ loss, losses, rate, corrections }: EpochDone) => ({
    'mean objective': loss,
    ...Object.fromEntries(names.map((name, position) => [`mean loss ${name}`, losses[position]])),
    'learning rate': rate,
    correction: corrections,
  })
  return firstDifference(original.epoch, '', numbers(original), numbers(replay))
}

/** What two evaluations are compared by. */
export type ComparedEvaluation = Omit<Evaluated, 'confusion' | 'time'> & {
  /** Undefined too where it cannot be read: it differs from nothing then. */
  readonly confusion: ConfusionMatrix | undefined
}

/** The first number of an evaluation that differs, but for its time. */
export function evaluationDifference(
  original: ComparedEvaluation,
  replay: ComparedEvaluation,
): Difference | undefined {
  const { epoch, dataset } = original
  const first = (numbers: (of: ComparedEvaluation) => object) =>
    firstDifference(epoch, `${dataset} `, numbers(original), numbers(replay))
  const measures = (of: ComparedEvaluation) => ({
    count: of.count,
    ...byMetric([...alwaysMeasured, ...askedMetrics], (name) => of[name]),
    shots: of.shots,
    'recall of class': of.perClass,
  })
  return (
    first(measures) ?? confusionDifference(original, replay) ?? first(({ calibration }) => ({ calibration }))
  )
}

/** The first cell, in the order of rows, that has other images. */
function confusionDifference(
  { epoch, dataset, confusion: before }: ComparedEvaluation,
  { confusion: now }: ComparedEvaluation,
): Difference | undefined {
  if (before === undefined || now === undefined) return undefined
  const classes = Math.max(before.classes, now.classes)
  const place = ([actual, predicted]: ConfusionCell): number => actual * classes + predicted
  const counts = new Map(now.cells.map((cell) => [place(cell), cell[2]]))
  const others = new Map(before.cells.map((cell) => [place(cell), cell[2]]))
  const places = [...new Set([...others.keys(), ...counts.keys()])].sort((a, b) => a - b)
  for (const at of places) {
    const [original, replay] = [others.get(at) ?? 0, counts.get(at) ?? 0]
    if (original === replay) continue
    const quantity = `${dataset} confusion[${Math.floor(at / classes)}][${at % classes}]`
    return { epoch, quantity, original, replay }
  }
  return undefined
}

/**
 * In the order of the fields of `original`. Texts beside the numbers are compared nowhere: they follow from
 * the Plan.
 */
function firstDifference(
  epoch: number,
  quantity: string,
  original: unknown,
  replay: unknown,
): Difference | undefined {
  if (isTree(original) || isTree(replay)) {
    const [before, now] = [isTree(original) ? original : {}, isTree(replay) ? replay : {}]
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const name = /^\d+$/.test(key) ? `${quantity}[${key}]` : joined(quantity, key)
      const found = firstDifference(epoch, name, before[key], now[key])
      if (found !== undefined) return found
    }
    return undefined
  }
  const [before, now] = [numberOf(original), numberOf(replay)]
  return before === now ? undefined : { epoch, quantity, original: before, replay: now }
}

function joined(before: string, name: string): string {
  return before === '' || before.endsWith(' ') ? `${before}${name}` : `${before}.${name}`
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function numberOf(value: unknown): number | null {
  // A number that JSON does not have was written as null, and read as NaN.
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** `step 137 (epoch 2), loss unaware.mixup: 1.25 in the original, 1.2500001 here, a difference of 1.2e-7`. */
export function differenceText({ epoch, step, quantity, original, replay }: Difference): string {
  const place = step === undefined ? `epoch ${epoch}` : `step ${step} (epoch ${epoch})`
  const values = `${original ?? 'nothing'} in the original, ${replay ?? 'nothing'} here`
  const size = original === null || replay === null ? undefined : Math.abs(replay - original)
  return `${place}, ${quantity}: ${values}${size === undefined ? '' : `, a difference of ${size.toPrecision(2)}`}`
}
