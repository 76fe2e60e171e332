// What a report says first: the experiment, how its run ended, and what came out.
import { basename } from 'node:path'
import { headline, metricTable } from '../../../compiler/plan/metric-table.js'
import { differenceText } from '../../apps/replay/difference.js'
import { outcomeOf } from '../../apps/replay/verdict.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPlural,
  formatRatio,
  formatShare,
} from '../../platform/quantities.js'
import { html, type Markup } from '../../platform/texts/html.js'
import { metricValues } from '../../run/journal/metric-values.js'
import { plantedNoise } from '../../run/view/run-view.js'
import { drawnImages } from '../text/data-sentence.js'
import { metricText, metricTitle } from '../text/metric-text.js'
import type { RunMaterial } from './material.js'
import { facts, tiles } from './page.js'
import { share, snapshotsOf } from './run-charts.js'

export function headOf(material: RunMaterial): Markup {
  const { plan, run, lock, history, isRunning } = material
  const { ended, started, engine } = history
  const outcome = ended?.outcome ?? (isRunning ? 'running' : 'unfinished')
  const message =
    ended === undefined
      ? isRunning
        ? 'a process trains it; this is how far it was when the report was made'
        : 'its process ended without a word'
      : `${ended.code === undefined ? '' : `${ended.code}: `}${ended.message}`
  const classes = started?.classes ?? []
  const count = (field: 'real' | 'synthetic'): string =>
    formatCount(classes.reduce((sum, of) => sum + of[field], 0))
  return html`<h1>${plan.title}</h1>
<p><span class="outcome ${outcome}">${outcome}</span> ${message}</p>
${ended?.help === undefined ? undefined : html`<p class="faint">${ended.help}</p>`}
${results(material)}
${facts([
  ['run', html`<code>${run}</code>`],
  ...replayFact(material),
  ['file', html`<code>${basename(lock.file)}</code>`],
  [
    'data',
    `${formatPlural(classes.length, 'class', 'classes')}, ${count('real')} real and ${count('synthetic')} synthetic images`,
  ],
  ...(lock.draws ?? []).map(
    ({ dataset, sha256, ...draw }) =>
      [
        `draw of ${dataset}`,
        html`${drawnImages(draw)}, <code title="${sha256}">${sha256.slice(0, 12)}</code>`,
      ] as const,
  ),
  [
    'training',
    `${history.epochsDone.length} of ${formatPlural(history.epochs, 'epoch')} of ${formatPlural(started?.stepsPerEpoch ?? 0, 'step')}, batch ${started?.batch ?? '?'}, ${formatCount(started?.parameters ?? 0)} parameters`,
  ],
  ...networkFacts(material),
  [
    'engine',
    engine === undefined
      ? 'none was loaded'
      : `${engine.description}, ${formatPlural(engine.threads, 'thread')}`,
  ],
  ['began', timeText(history.began?.time)],
  ['ended', timeText(ended?.time)],
  ['trained for', formatDuration(history.epochsDone.reduce((sum, { seconds }) => sum + seconds, 0))],
  ['peak memory', history.peakMemory === 0 ? 'not measured' : formatBytes(history.peakMemory)],
])}`
}

/** Width and trainable numbers: a network may be wider than its name says. */
function networkFacts({ lock, plan }: RunMaterial): readonly (readonly [string, string])[] {
  return (lock.networks ?? []).map(({ name, width, parameters, backbone, heads }) => {
    const parts = [
      `backbone ${formatCount(backbone)}`,
      ...heads.map((head) => `${head.name} ${formatCount(head.parameters)}`),
    ]
    const precision = lock.precision ?? plan.train.precision
    return [
      `network ${name}`,
      `width ${width}, ${formatCount(parameters)} parameters (${parts.join(', ')}), ${precision}`,
    ]
  })
}

/** Which run it repeats, and what that has come to. */
function replayFact({ lock, verdict }: RunMaterial): readonly (readonly [string, Markup | string])[] {
  if (lock.replayOf === undefined) return []
  const what =
    verdict === undefined
      ? 'not compared yet'
      : verdict.difference === null
        ? outcomeOf(verdict)
        : `differs: ${differenceText(verdict.difference)}`
  return [['replay of', html`<code>${lock.replayOf.run}</code>: ${what}`]]
}

/**
 * A row of numbers for each evaluation that is shown, and one for what label correction did in the last
 * epoch.
 */
function results(material: RunMaterial): Markup {
  const evaluated = snapshotsOf(material).map(({ label, event }) =>
    tiles([
      [metricText(headline, event[headline]), `${metricTitle(headline)} on ${label}`],
      ...(event.shots ?? []).flatMap(({ name, accuracy, classes, measured }) => {
        if (accuracy === null) return []
        const of = measured === undefined ? '' : `${measured} of `
        return [
          [formatShare(accuracy), `${name}: ${of}${formatPlural(classes, 'class', 'classes')}`] as const,
        ]
      }),
      ...[...metricValues(event)].flatMap(([metric, value]) => {
        const { shown, label: short, title = short } = metricTable[metric]
        if (metric === headline || value === null || !shown.includes('tile')) return []
        return [[metricText(metric, value), title] as const]
      }),
    ]),
  )
  return html`${evaluated}${correctionTiles(material)}`
}

function correctionTiles({ history }: RunMaterial): Markup | undefined {
  const last = history.epochsDone.at(-1)?.corrections ?? []
  const called = share(
    last.reduce((sum, { calledNoise }) => sum + calledNoise, 0),
    last.reduce((sum, { synthetic }) => sum + synthetic, 0),
  )
  const planted = plantedNoise(last)
  if (called === undefined) return undefined
  return tiles([
    [formatShare(called), 'of synthetic images called noise in the last epoch'],
    ...(planted === undefined
      ? []
      : [
          [formatRatio(planted.precision, 3), 'of them planted noise (precision)'] as const,
          [formatRatio(planted.recall, 3), 'of planted noise found (recall)'] as const,
        ]),
  ])
}

/** In universal time: a report is read in other places than where it was made. */
export function timeText(time: number | undefined): string {
  return time === undefined ? 'not yet' : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
