// From the journal's events to TensorBoard's values: tags, and what stands behind them.

import { tagPart } from '../../platform/texts/tensorboard.js'
import type { ConfusionMatrix } from '../../run/journal/confusion-matrix.js'
import type { EpochDone, Evaluated, RunStarted, StepsDone } from '../../run/journal/events.js'
import { metricValues } from '../../run/journal/metric-values.js'
import { confusionImage } from './confusion-image.js'
import type { SummaryValue } from './messages.js'
import { evaluationName } from './tags.js'

/** A whole epoch: the numbers of metrics.csv. */
export function epochValues(event: EpochDone, started: RunStarted): readonly SummaryValue[] {
  return scalars([
    ['train/loss', event.loss],
    ...started.losses.map(
      (name, position) => [`train/loss/${tagPart(name)}`, event.losses[position]] as const,
    ),
    ['train/learning_rate', event.rate],
    ['system/epoch_seconds', event.seconds],
    ['system/samples_per_second', event.samplesPerSecond],
    ...event.corrections.flatMap(({ branch, synthetic, calledNoise, planted, perClass }) => [
      [`correction/${tagPart(branch)}/called_noise`, share(calledNoise, synthetic)] as const,
      [`correction/${tagPart(branch)}/precision`, planted?.precision] as const,
      [`correction/${tagPart(branch)}/recall`, planted?.recall] as const,
      ...perClass.map(
        (counts, c) =>
          [
            `correction/${tagPart(branch)}/called_noise/${className(started, c)}`,
            share(counts.calledNoise, counts.synthetic),
          ] as const,
      ),
    ]),
  ])
}

/** Some steps inside an epoch, means over them. */
export function stepValues(events: readonly StepsDone[]): readonly SummaryValue[] {
  const last = events.at(-1)
  if (last === undefined) return []
  const steps = events.reduce((sum, event) => sum + event.steps, 0)
  const mean = (of: (event: StepsDone) => number): number =>
    events.reduce((sum, event) => sum + of(event) * event.steps, 0) / steps
  return scalars([
    ['train/steps/loss', mean(({ loss }) => loss)],
    ['train/steps/learning_rate', last.rate],
    ['system/data_wait', mean(({ dataWait }) => dataWait)],
    ['system/memory', last.memory],
  ])
}

/** An evaluation, with its matrix where it has one. */
export function evaluationValues(
  event: Evaluated,
  started: RunStarted,
  confusion: ConfusionMatrix | undefined,
): readonly SummaryValue[] {
  const name = evaluationName(started, event.evaluation, event.dataset)
  const tag = `val/${name}`
  const { perClass = [] } = event
  const values = scalars([
    ...[...metricValues(event)].map(([metric, value]) => [`${tag}/${metric}`, value] as const),
    ...perClass.map((recall, c) => [`${tag}/per_class/${className(started, c)}`, recall] as const),
    [`system/evaluation_seconds/${name}`, event.seconds],
  ])
  if (confusion === undefined) return values
  return [...values, { tag: `${tag}/confusion`, kind: 'image', ...confusionImage(confusion) }]
}

type Row = readonly [tag: string, value: number | null | undefined]

/** What was not measured has no value. */
function scalars(rows: readonly Row[]): readonly SummaryValue[] {
  return rows.flatMap(([tag, value]) =>
    value === null || value === undefined ? [] : [{ tag, kind: 'scalar', value } as const],
  )
}

function className({ classes }: RunStarted, position: number): string {
  return tagPart(classes[position]?.name ?? String(position))
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole
}
