// The lines above the charts: title, progress, speed, accuracy. Every fact of the reduced layout is here too.
import { printable } from '../../../grammar/printable.js'
import { cellWidth, padRight } from '../../platform/cell-width.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatNumber,
  formatRatio,
  formatShare,
} from '../../platform/quantities.js'
import {
  activity,
  epochProgress,
  plantedNoise,
  type RunView,
  remainingSeconds,
  runProgress,
} from '../../run/view/run-view.js'
import { groupText } from '../text/evaluation-text.js'
import { metricText } from '../text/metric-text.js'
import { progressBar } from './bars.js'
import { joinFitting, justify, type Line, lineWidth, padLine } from './spans.js'
import { groupColour, okabeIto, type Theme } from './theme.js'

export interface StatusRequest {
  readonly view: RunView
  /** Name that the run is known by, where it is not the one in its journal. */
  readonly run: string | undefined
  readonly width: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly theme: Theme
}

/** Title and engine. */
export function titleLine({ view, run, width, theme }: StatusRequest): Line {
  const title = view.started === undefined ? 'starting' : printable(view.started.title)
  const engine = view.engine === undefined ? '' : printable(view.engine.description)
  const left: Line = [
    { text: 'saurun ', colour: okabeIto.skyBlue, bold: true },
    { text: title, bold: true },
    ...(run === undefined ? [] : [{ text: `${theme.separator}${printable(run)}`, dim: true }]),
  ]
  // The engine stands in the system panel too; the title nowhere else.
  const fits = engine !== '' && lineWidth(left) + 2 + cellWidth(engine) <= width
  const right: Line = fits ? [{ text: engine, dim: true }] : []
  return padLine(justify(left, right, width, theme.cut), width, theme.cut)
}

/** Progress of the run and of the epoch, one line each. */
export function progressLines({ view, width, now, theme }: StatusRequest): readonly Line[] {
  const epochs = view.started?.epochs ?? 0
  const { epoch, done, steps } = epochProgress(view)
  const remaining = remainingSeconds(view)
  const elapsed =
    view.started === undefined ? 0 : ((view.ended === undefined ? now : view.now) - view.startedAt) / 1000
  const narrow = width < 64
  const runTexts = [
    ` ${formatShare(runProgress(view)).padStart(7)}`,
    `  epoch ${epochs === 0 ? '-' : `${epoch + 1} of ${epochs}`}`,
    `  ${formatDuration(elapsed)} gone, ${remaining === undefined ? '?' : formatDuration(remaining)} left`,
  ]
  const epochTexts = [
    ` ${formatShare(steps === 0 ? 0 : done / steps).padStart(7)}`,
    `  step ${formatCount(done)} of ${formatCount(steps)}`,
    `  ${activity(view)}`,
  ]
  if (narrow) {
    const barWidth = Math.max(4, width - 6 - 9)
    return [
      padLine(
        [
          { text: 'run   ' },
          ...progressBar(runProgress(view), barWidth, okabeIto.skyBlue, theme),
          { text: runTexts[0] ?? '' },
        ],
        width,
        theme.cut,
      ),
      padLine(
        joinFitting(
          [
            [{ text: `epoch ${epochs === 0 ? '-' : `${epoch + 1}/${epochs}`}` }],
            [{ text: `step ${done}/${steps}` }],
            [{ text: activity(view) }],
          ],
          theme.separator,
          width,
        ),
        width,
        theme.cut,
      ),
      padLine(
        joinFitting(
          [
            [{ text: `${remaining === undefined ? '?' : formatDuration(remaining)} left` }],
            [{ text: `${view.speed === undefined ? '-' : formatCount(view.speed)} img/s` }],
            [{ text: formatBytes(view.latest?.memory ?? 0), dim: true }],
          ],
          theme.separator,
          width,
        ),
        width,
        theme.cut,
      ),
    ]
  }
  const middle = Math.max((runTexts[1] ?? '').length, (epochTexts[1] ?? '').length)
  const end = Math.max((runTexts[2] ?? '').length, (epochTexts[2] ?? '').length)
  const barWidth = Math.max(6, width - 6 - 8 - middle - end)
  const line = (name: string, share: number, texts: readonly string[], colour: string): Line =>
    padLine(
      [
        { text: padRight(name, 6) },
        ...progressBar(share, barWidth, colour, theme),
        { text: texts[0] ?? '' },
        { text: (texts[1] ?? '').padEnd(middle) },
        { text: texts[2] ?? '' },
      ],
      width,
      theme.cut,
    )
  return [
    line('run', runProgress(view), runTexts, okabeIto.skyBlue),
    line('epoch', steps === 0 ? 0 : done / steps, epochTexts, okabeIto.green),
  ]
}

/** Speed, rate, memory, checkpoint: as many as fit. */
export function factsLine({ view, width, theme }: StatusRequest): Line {
  const parts: Line[] = []
  if (view.speed !== undefined) parts.push([{ text: `${formatCount(view.speed)} images/s`, bold: true }])
  if (view.latest !== undefined) {
    parts.push([{ text: `loss ${formatLoss(view.latest.loss)}` }])
    parts.push([{ text: `learning rate ${formatNumber(view.latest.rate)}` }])
    parts.push([{ text: `memory ${formatBytes(view.latest.memory)}` }])
    parts.push([{ text: `data wait ${(100 * view.latest.dataWait).toFixed(0)} %` }])
  }
  if (view.checkpoint !== undefined) {
    parts.push([
      {
        text: `checkpoint at step ${formatCount(view.checkpoint.step)}, ${formatBytes(view.checkpoint.bytes)}`,
      },
    ])
  }
  if (parts.length === 0) parts.push([{ text: 'waiting for the first step', dim: true }])
  return padLine(joinFitting(parts, theme.separator, width), width, theme.cut)
}

/** Top-1, groups and planted noise. */
export function accuracyLine({ view, width, theme }: StatusRequest): Line {
  const parts: Line[] = []
  for (const { latest, dataset, best, bestBy } of view.evaluations) {
    if (latest === undefined) continue
    parts.push([{ text: `${printable(dataset)} ` }, { text: formatShare(latest.top1), bold: true }])
    for (const shot of latest.shots ?? []) {
      parts.push([
        { text: theme.bullet, colour: groupColour(shot.name) },
        { text: ` ${groupText(shot, formatShare)}` },
      ])
    }
    if (bestBy !== undefined && best !== undefined) {
      parts.push([{ text: `best ${metricText(bestBy, best.value)} (epoch ${best.epoch + 1})`, dim: true }])
    }
  }
  const planted = plantedNoise(view.corrections)
  if (planted !== undefined) {
    parts.push([
      {
        text: `noise: precision ${formatRatio(planted.precision, 2)}, recall ${formatRatio(planted.recall, 2)}`,
      },
    ])
  } else {
    for (const correction of view.corrections) {
      if (correction.synthetic === 0) continue
      parts.push([
        { text: `${formatShare(correction.calledNoise / correction.synthetic)} of synthetic called noise` },
      ])
    }
  }
  if (parts.length === 0) parts.push([{ text: 'not evaluated yet', dim: true }])
  return padLine(joinFitting(parts, theme.separator, width), width, theme.cut)
}
