// The facts of a plan as people read them.
import { printable } from '../../../grammar/printable.js'
import { sharedImagesText } from '../../data/image-keys.js'
import { dataSentence } from '../../observe/text/data-sentence.js'
import type { Palette } from '../../observe/text/palette.js'
import { padRight } from '../../platform/cell-width.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMagnitude,
  formatPlural,
} from '../../platform/quantities.js'
import type { TimedRun } from '../../run/session/timing.js'
import type { DatasetFacts, EvaluationFacts, NetworkFacts, PlanFacts, StreamFacts } from './plan-facts.js'

export interface PlanTextOptions {
  readonly paint: Palette
  readonly unicode: boolean
  readonly columns: number
  /** All classes, however many. */
  readonly verbose: boolean
}

export function planText(facts: PlanFacts, time: TimedRun | undefined, options: PlanTextOptions): string {
  const { paint } = options
  const lines: string[] = [
    `${paint.bold(printable(facts.title))}   ${paint.dim(`plan ${facts.planHash.slice(0, 12)}`)}`,
  ]
  const params = Object.entries(facts.params)
  if (params.length > 0)
    lines.push(`  ${params.map(([name, value]) => `${name} = ${printable(String(value))}`).join(', ')}`)
  for (const dataset of facts.datasets) lines.push('', ...datasetLines(dataset, options))
  for (const network of facts.networks) lines.push('', ...networkLines(network, paint))
  lines.push('', ...trainingLines(facts, time, paint))
  for (const evaluation of facts.evaluations) lines.push('', ...evaluationLines(evaluation, paint))
  if (facts.evaluations.length === 0)
    lines.push('', `${paint.bold('evaluation')}  none: nothing will be measured`)
  return `${lines.join('\n')}\n`
}

const row = (name: string, text: string, width = 12): string => `  ${name.padEnd(width)}${text}`

/** Classes shown of a long list: so many of the largest and of the smallest. */
const shownHead = 12
const shownTail = 6

function datasetLines(dataset: DatasetFacts, options: PlanTextOptions): readonly string[] {
  const { paint, unicode } = options
  const parts = [`${formatCount(dataset.real)} real`]
  if (dataset.synthetic > 0) parts.push(`${formatCount(dataset.synthetic)} synthetic`)
  const split = dataset.split === undefined ? '' : `, split ${dataset.split}`
  const lines = [
    `${paint.bold(`dataset ${dataset.name}`)}  ${parts.join(' and ')} images, ${dataset.classes.length} classes, ${dataset.image}${split}   ${paint.dim(dataset.uses.join(', '))}`,
  ]
  if (dataset.different < dataset.real)
    lines.push(
      `  ${paint.yellow(`${formatCount(dataset.different)} different real images`)}: the others are drawn again`,
    )
  const order = dataset.classes.toSorted((a, b) => b.real - a.real)
  const totals = order.map((entry) => entry.real + entry.synthetic)
  const isFlat = dataset.synthetic === 0 && totals.every((total) => total === totals[0])
  if (isFlat && !options.verbose) {
    lines.push(`  ${formatCount(totals[0] ?? 0)} images in every class`)
    return lines
  }
  const shown =
    options.verbose || order.length <= shownHead + shownTail + 2
      ? order
      : [...order.slice(0, shownHead), undefined, ...order.slice(-shownTail)]
  const largest = Math.max(1, ...totals)
  const nameWidth = Math.min(20, Math.max(...order.map((entry) => entry.name.length)))
  const countWidth = formatCount(largest).length
  const barWidth = Math.max(8, Math.min(48, options.columns - nameWidth - 2 * countWidth - 10))
  for (const entry of shown) {
    if (entry === undefined) {
      lines.push(`  ${paint.dim(`... ${order.length - shownHead - shownTail} more (all with -v)`)}`)
      continue
    }
    const real = Math.round((entry.real / largest) * barWidth)
    const all = Math.round(((entry.real + entry.synthetic) / largest) * barWidth)
    const realCells = entry.real > 0 ? Math.max(1, real) : 0
    const syntheticCells = entry.synthetic > 0 ? Math.max(1, all - realCells) : 0
    const bar =
      paint.blue((unicode ? '█' : '#').repeat(realCells)) +
      paint.yellow((unicode ? '▒' : '+').repeat(syntheticCells))
    const counts =
      dataset.synthetic > 0
        ? `${formatCount(entry.real).padStart(countWidth)} + ${formatCount(entry.synthetic).padStart(countWidth)}`
        : formatCount(entry.real).padStart(countWidth)
    lines.push(`  ${padRight(printable(entry.name), nameWidth, '~')}  ${counts}  ${bar}`)
  }
  return lines
}

function networkLines(network: NetworkFacts, paint: Palette): readonly string[] {
  const width = 2 + Math.max(8, ...network.heads.map((head) => `head ${head.name}`.length))
  return [
    `${paint.bold(`network ${network.name}`)}  ${formatCount(network.parameters)} parameters`,
    row(
      'backbone',
      `${network.backbone}: depth ${network.depth}, width ${network.width}, input ${network.input}`,
      width,
    ),
    ...(network.frozen.length === 0
      ? []
      : [
          row(
            'frozen',
            `${network.frozen.join(', ')}; ${formatCount(network.trainedParameters)} parameters train`,
            width,
          ),
        ]),
    ...network.heads.map((head) =>
      row(`head ${head.name}`, `${head.layers}, ${formatCount(head.parameters)} parameters`, width),
    ),
  ]
}

/**
 * What makes an epoch as long as it is; nothing to say where all streams are of one length and one dataset.
 */
function epochLines(streams: readonly StreamFacts[]): readonly string[] {
  const [longest, ...others] = streams
  if (longest === undefined) return []
  const shorter = others.filter(({ images }) => images < longest.images)
  const name = ({ name: stream, dataset }: StreamFacts): string =>
    `${printable(stream)} of ${printable(dataset)}`
  const again = shorter.map(
    (stream) =>
      `${name(stream)} (${formatCount(stream.images)}) passes ${(longest.images / stream.images).toFixed(1)} times`,
  )
  const pass = `one pass of the ${others.length === 0 ? '' : 'longest '}stream, ${name(longest)}: ${formatPlural(longest.images, 'image')}`
  return [row('an epoch', [pass, ...again].join('; '))]
}

function trainingLines(facts: PlanFacts, time: TimedRun | undefined, paint: Palette): readonly string[] {
  const { training, step, disk } = facts
  const last =
    training.lastBatch === step.batch ? '' : `, the last one of each epoch with ${training.lastBatch} images`
  const lines = [
    paint.bold('training'),
    row(
      'steps',
      `${formatCount(training.steps)} (${formatPlural(training.epochs, 'epoch')} of ${formatCount(training.stepsPerEpoch)}), batch ${step.batch}${last}`,
    ),
    row(
      'a step',
      `${formatMagnitude(step.flops)}flop, peak memory about ${formatBytes(step.peakBytes)}, ${formatPlural(step.passes, 'forward pass', 'forward passes')}, ${formatCount(step.imagesPerStep)} images from views, ${formatCount(step.nodes)} operations`,
    ),
    ...epochLines(training.streams),
    row('all steps', `${formatMagnitude(step.flops * training.steps)}flop`),
    row('losses', training.losses.join(', ')),
    row('optimizer', training.optimizer),
    row('schedule', training.schedule),
    row('precision', training.precision),
    row('seed', String(training.seed)),
    row('images', dataSentence(facts.data)),
    row(
      'disk',
      `${formatBytes(disk.totalBytes)} at most: ${formatPlural(disk.checkpoints, 'checkpoint')} of ${formatBytes(disk.checkpointBytes)}`,
    ),
  ]
  if (time !== undefined) {
    lines.push(
      row(
        'time',
        `about ${formatDuration(time.runSeconds)} with ${time.description}: ${(1000 * time.stepSeconds).toFixed(1)} ms a step, ${formatDuration(time.dataSeconds + time.compileSeconds)} to begin`,
      ),
      row('memory', `${formatBytes(time.peakMemory)} of the process, measured`),
    )
  }
  return lines
}

/** The first few names, and how many more. */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(printable).join(', ')
  return names.length <= 5 ? shown : `${shown} and ${formatCount(names.length - 5)} more`
}

function evaluationLines(evaluation: EvaluationFacts, paint: Palette): readonly string[] {
  const { best } = evaluation
  const every =
    evaluation.everyEpochs === 1
      ? 'after every epoch'
      : `after every ${evaluation.everyEpochs} epochs and the last`
  const lines = [
    `${paint.bold(`evaluation of ${evaluation.dataset}`)}  ${formatCount(evaluation.images)} images${evaluation.split === undefined ? '' : `, split ${evaluation.split}`}`,
    row('measures', `${evaluation.metrics.join(', ')} of ${evaluation.head}, ${every}`),
    row(
      'best epoch',
      best === undefined
        ? 'nobody chooses one: the last epoch is reported'
        : `chosen by ${best.metric} on this data${best.onTestSplit ? paint.yellow(' (a test split: the choice makes the result too good)') : ''}`,
    ),
  ]
  const { dataset, images, trainedOn, lacking } = evaluation
  if (lacking.length > 0) lines.push(row('no image of', `${someOf(lacking)}: not measured`))
  if (trainedOn > 0)
    lines.push(
      row(
        'trained on',
        paint.yellow(`${sharedImagesText({ dataset, images, shared: trainedOn })} (SAU6020)`),
      ),
    )
  for (const group of evaluation.groups) {
    lines.push(
      row(
        group.name,
        `${group.rule} real images in ${group.countedOn}: ${group.classes === 0 ? 'none' : `${formatPlural(group.classes, 'class', 'classes')}`}`,
      ),
    )
  }
  return lines
}
