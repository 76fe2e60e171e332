// What is measured on a dataset, image by image as the batches come.
import {
  type AlwaysMeasured,
  type AskedMetric,
  alwaysMeasured,
  askedMetrics,
  byMetric,
  type MetricName,
  metricsAskedBy,
} from '../../../compiler/plan/metric-table.js'
import type { EvaluationPlan } from '../../../compiler/plan/plan.js'
import type { ConfusionMatrix } from '../journal/confusion-matrix.js'
import type { CalibrationBin, Evaluated } from '../journal/events.js'
import { macroAuroc, type Scores } from './auroc.js'

/** An `evaluated` event with its matrix, which the journal has in a file of its own. */
export type Evaluation = Omit<Evaluated, 'time' | 'confusion'> & {
  readonly confusion: ConfusionMatrix | undefined
}

/** The measured part of it. */
export type Measures = Omit<Evaluation, 'event' | 'epoch' | 'evaluation' | 'dataset' | 'seconds'>

/** Sums over the images seen so far. */
export interface MetricSums {
  readonly classes: number
  /** Images of each class, and those of them that are taken for it. */
  readonly images: Float64Array
  readonly hits: Float64Array
  /** Images, of whatever class, that are taken for each class. */
  readonly taken: Float64Array
  /** Images by true class * classes + predicted class; where a matrix is asked for. */
  readonly confusion: Map<number, number> | undefined
  /** Where `auroc` is asked for. */
  readonly scores: Scores | undefined
  count: number
  loss: number
  inTop5: number
  /** Per confidence bin: images, hits, sum of confidences. Empty where no `ece` is asked for. */
  readonly bins: {
    readonly images: Float64Array
    readonly hits: Float64Array
    readonly confidence: Float64Array
  }
}

export function metricSums(evaluation: EvaluationPlan, classes: number): MetricSums {
  const ece = evaluation.metrics.find((metric) => metric.op === 'ece')
  const bins = ece === undefined ? 0 : ece.bins
  return {
    classes,
    images: new Float64Array(classes),
    hits: new Float64Array(classes),
    taken: new Float64Array(classes),
    confusion: asksFor(evaluation, 'confusion') ? new Map() : undefined,
    scores: asksFor(evaluation, 'auroc') ? { classes, rows: [], labels: [] } : undefined,
    count: 0,
    loss: 0,
    inTop5: 0,
    bins: {
      images: new Float64Array(bins),
      hits: new Float64Array(bins),
      confidence: new Float64Array(bins),
    },
  }
}

/**
 * Adds one image. `logits` holds `classes` numbers from `offset` on. Of equal logits the first counts as the
 * largest. Returns its cross-entropy, which is not finite when the logits are not.
 */
export function addImage(sums: MetricSums, logits: ArrayLike<number>, offset: number, label: number): number {
  const { classes, bins } = sums
  let predicted = 0
  let largest = logits[offset] as number
  for (let c = 1; c < classes; c++) {
    const value = logits[offset + c] as number
    if (value > largest || Number.isNaN(value)) {
      predicted = c
      largest = value
    }
  }
  const ofLabel = logits[offset + label] as number
  let exponentials = 0
  let before = 0
  for (let c = 0; c < classes; c++) {
    const value = logits[offset + c] as number
    exponentials += Math.exp(value - largest)
    if (value > ofLabel || (value === ofLabel && c < label)) before++
  }
  const loss = largest + Math.log(exponentials) - ofLabel
  sums.count++
  sums.loss += loss
  if (before < 5) sums.inTop5++
  sums.images[label] = (sums.images[label] as number) + 1
  if (predicted === label) sums.hits[label] = (sums.hits[label] as number) + 1
  sums.taken[predicted] = (sums.taken[predicted] as number) + 1
  const cell = label * classes + predicted
  sums.confusion?.set(cell, (sums.confusion.get(cell) ?? 0) + 1)
  if (sums.scores !== undefined) {
    const normalizer = largest + Math.log(exponentials)
    const row = new Float32Array(classes)
    for (let c = 0; c < classes; c++) row[c] = (logits[offset + c] as number) - normalizer
    sums.scores.rows.push(row)
    sums.scores.labels.push(label)
  }
  const binCount = bins.images.length
  if (binCount > 0) {
    // The confidence of the predicted class is exp(0) / sum. Bins are open below and closed above.
    const confidence = 1 / exponentials
    const bin = Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1))
    bins.images[bin] = (bins.images[bin] as number) + 1
    bins.confidence[bin] = (bins.confidence[bin] as number) + confidence
    if (predicted === label) bins.hits[bin] = (bins.hits[bin] as number) + 1
  }
  return loss
}

/** How a number follows from the sums; undefined where these images do not give it. */
const computed = {
  /** Mean cross-entropy. */
  loss: ({ loss, count }) => loss / count,
  top1: ({ hits, count }) => sum(hits) / count,
  top5: ({ inTop5, count }) => inTop5 / count,
  /**
   * Expected calibration error over equal bins of confidence: Guo et al., "On calibration of modern neural
   * networks", ICML 2017, eq. 3.
   */
  ece: ({ bins, count }) =>
    sum(Array.from(bins.confidence, (confidence, bin) => Math.abs((bins.hits[bin] ?? 0) - confidence))) /
    count,
  balanced_accuracy: (sums) => mean(recalls(sums)),
  /** F1 of a class is 2 hits / (its images + the images that are taken for it). */
  macro_f1: ({ images, hits, taken }) =>
    mean(
      Array.from(images, (count, c) =>
        count === 0 ? null : (2 * (hits[c] ?? 0)) / (count + (taken[c] ?? 0)),
      ).filter((score) => score !== null),
    ),
  /** By logarithms: a product of thousands of recalls is too small for a number. */
  geometric_mean: (sums) => Math.exp(mean(recalls(sums).map(Math.log))),
  worst_class: (sums) => recalls(sums).reduce((lowest, recall) => Math.min(lowest, recall)),
  /** The evaluation of a head has no other loss. */
  nll: ({ loss, count }) => loss / count,
  auroc: ({ scores }) => scores && macroAuroc(scores),
} satisfies Readonly<Record<AlwaysMeasured | AskedMetric, (sums: MetricSums) => number | undefined>>

/** What the evaluation asks for. `shots` is the share of hits among the images of a group's classes. */
export function measures(evaluation: EvaluationPlan, sums: MetricSums): Measures {
  const { count, images, hits } = sums
  const asked = (op: EvaluationPlan['metrics'][number]['op']) => asksFor(evaluation, op)
  const names: ReadonlySet<MetricName> = new Set(metricsAskedBy(evaluation.metrics.map(({ op }) => op)))
  const shots = evaluation.metrics.find((metric) => metric.op === 'shots')
  return {
    count,
    ...byMetric(alwaysMeasured, (name) => computed[name](sums)),
    ...byMetric(askedMetrics, (name) => (names.has(name) ? computed[name](sums) : undefined)),
    calibration: asked('ece') ? calibrationBins(sums) : undefined,
    perClass: asked('per_class') ? Array.from(hits, (hit, c) => share(hit, images[c] ?? 0)) : undefined,
    confusion: matrixOf(sums),
    shots: shots?.groups.map((group) => {
      const inGroup = sum(group.classes.map((c) => images[c] ?? 0))
      const accuracy = share(sum(group.classes.map((c) => hits[c] ?? 0)), inGroup)
      const measured = group.classes.filter((c) => (images[c] ?? 0) > 0).length
      const classes = group.classes.length
      return { name: group.name, accuracy, classes, ...(measured < classes && { measured }) }
    }),
  }
}

function asksFor({ metrics }: EvaluationPlan, op: EvaluationPlan['metrics'][number]['op']): boolean {
  return metrics.some((metric) => metric.op === op)
}

function matrixOf({ classes, confusion }: MetricSums): ConfusionMatrix | undefined {
  if (confusion === undefined) return undefined
  const cells = [...confusion].sort(([a], [b]) => a - b)
  return {
    classes,
    cells: cells.map(([cell, images]) => [Math.floor(cell / classes), cell % classes, images]),
  }
}

function calibrationBins({ bins }: MetricSums): readonly CalibrationBin[] {
  return Array.from(bins.images, (count, bin) =>
    count === 0
      ? { count, confidence: null, accuracy: null }
      : {
          count,
          confidence: (bins.confidence[bin] ?? 0) / count,
          accuracy: (bins.hits[bin] ?? 0) / count,
        },
  )
}

/** Of the classes with images. */
function recalls({ images, hits }: MetricSums): readonly number[] {
  return Array.from(hits, (hit, c) => share(hit, images[c] ?? 0)).filter((recall) => recall !== null)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** Of nothing there is no share: a class without images is not measured. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
