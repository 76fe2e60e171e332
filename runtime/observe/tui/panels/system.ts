// Panel 4: what the run runs on, what it takes, and where its seconds go.
import { printable } from '../../../../grammar/printable.js'
import { padRight } from '../../../platform/cell-width.js'
import { formatBytes, formatCount, formatDuration, formatShare } from '../../../platform/quantities.js'
import type { RunView } from '../../../run/view/run-view.js'
import type { Series } from '../../../run/view/series.js'
import { stackedBar } from '../bars.js'
import { beside, borders, boxed } from '../box.js'
import { listLayout } from '../layout.js'
import { remember } from '../remember.js'
import { cutLine, type Line, lineWidth } from '../spans.js'
import { okabeIto, type Theme } from '../theme.js'
import { curvesBox, shareLabel } from './curves.js'
import type { PanelRequest } from './panel-request.js'

export function systemPanel(request: PanelRequest): readonly Line[] {
  const { view, body, theme } = request
  const { direction, list, parts } = listLayout(body)
  const facts = factsBox(request, list.width, list.height)
  if (parts === undefined) return facts
  const [first] = parts
  const charts = chartStack(
    view.history.memory,
    view.history.speed,
    view.history.dataWait,
    first.width,
    parts[0].height + parts[1].height,
    view.latest,
    theme,
  )
  return direction === 'beside' ? beside(facts, charts) : [...facts, ...charts]
}

/** Rows that the facts have, and rows of them that fit. */
export function systemRows(request: PanelRequest): { readonly total: number; readonly page: number } {
  const { width, height } = listLayout(request.body).list
  return { total: factLines(request, width - borders).length, page: height - borders }
}

function factsBox(request: PanelRequest, width: number, height: number): readonly Line[] {
  const { theme, screen } = request
  const lines = factLines(request, width - borders)
  const from = Math.max(0, Math.min(screen.scroll.system, lines.length - (height - borders)))
  return boxed([{ text: 'system', bold: true }], lines.slice(from), { width, height }, theme)
}

const nameWidth = 11

function factLines({ view, run, now, theme }: PanelRequest, width: number): readonly Line[] {
  const { started, engine, latest, checkpoint } = view
  const lines: Line[] = []
  const fact = (name: string, ...texts: readonly string[]): void => {
    lines.push([
      { text: padRight(name, nameWidth), dim: true },
      { text: printable(texts.join(theme.separator)) },
    ])
  }
  fact('engine', engine?.description ?? 'not ready yet')
  if (engine !== undefined) {
    fact('threads', `${engine.threads}`, `ready in ${formatDuration(engine.seconds)}`)
  }
  fact(
    'memory',
    latest === undefined ? 'not measured yet' : `${formatBytes(latest.memory)} now`,
    ...(view.peakMemory === 0 ? [] : [`${formatBytes(view.peakMemory)} peak`]),
  )
  if (view.speed !== undefined) fact('speed', `${formatCount(view.speed)} images/s`)
  if (latest !== undefined) {
    fact(
      'data wait',
      `${formatShare(latest.dataWait)} now`,
      `${formatShare(meanOf(view.history.dataWait))} on average`,
    )
  }
  lines.push(...spentLines(view, width, theme))
  if (checkpoint === undefined) fact('checkpoint', 'none yet')
  else {
    const age = Math.max(0, ((view.ended === undefined ? now : view.now) - checkpoint.time) / 1000)
    fact(
      'checkpoint',
      `step ${formatCount(checkpoint.step)}`,
      formatBytes(checkpoint.bytes),
      `${ageText(age)} ago`,
    )
    fact('', inRunFolder(checkpoint.path))
  }
  if (started !== undefined) {
    const program = /^\d/.test(started.program) ? `saurun ${started.program}` : started.program
    fact('process', `${started.pid} on ${started.host}`, program)
    fact('run', run ?? started.run)
    fact('file', started.file, `plan ${started.planHash.slice(0, 12)}`)
    fact('training', `batch ${formatCount(started.batch)}`, `${formatCount(started.parameters)} parameters`)
    const params = Object.entries(started.params).map(([name, value]) => `${name}=${value}`)
    if (params.length > 0) fact('params', params.join(' '))
  }
  return lines
}

/** `checkpoints/step-000376`: the folder of the run is known. */
function inRunFolder(path: string): string {
  return path.split(/[\\/]/).slice(-2).join('/')
}

/** Whole seconds, so that a line changes once a second and not with every frame. */
function ageText(seconds: number): string {
  return seconds < 10 ? `${Math.floor(seconds)} s` : formatDuration(seconds)
}

function meanOf({ points }: Series): number {
  return points.reduce((sum, { y }) => sum + y, 0) / Math.max(1, points.length)
}

/** Mean seconds of an epoch of this session by what they went to, as words and as a bar. */
function spentLines({ history }: RunView, width: number, theme: Theme): readonly Line[] {
  const { epochs, training, evaluation, checkpoint } = history.spent
  if (epochs === 0) return []
  const parts = [
    { name: 'training', value: training / epochs, character: theme.full, colour: okabeIto.skyBlue },
    { name: 'evaluation', value: evaluation / epochs, character: theme.synthetic, colour: okabeIto.orange },
    { name: 'checkpoint', value: checkpoint / epochs, character: theme.empty, colour: okabeIto.green },
  ]
  const total = parts.reduce((sum, { value }) => sum + value, 0)
  const named = parts.map(
    ({ name, value, character, colour }): Line => [
      { text: `${character} `, colour },
      { text: `${name} ${formatDuration(value)}` },
    ],
  )
  const room = width - nameWidth
  const inOne = named.flatMap((part, position) => (position === 0 ? part : [{ text: '  ' }, ...part]))
  const rows = lineWidth(inOne) <= room ? [inOne] : named
  return [...rows, stackedBar(parts, total, Math.max(0, room - 1))].map((row, position) => [
    { text: padRight(position === 0 ? 'epoch' : '', nameWidth), dim: true },
    ...cutLine(row, room, theme.cut),
  ])
}

/** A chart lower than this says little. */
const lowestChart = 8

/** Memory, speed and waiting over the run; as many as `height` has room for. */
const chartStack = remember(
  (
    memory: Series,
    speed: Series,
    dataWait: Series,
    width: number,
    height: number,
    latest: RunView['latest'],
    theme: Theme,
  ) => {
    const value = (show: (steps: NonNullable<RunView['latest']>) => string): string =>
      latest === undefined ? '-' : show(latest)
    const charts = [
      {
        title: 'memory',
        name: 'process',
        colour: okabeIto.purple,
        points: memory.points,
        value: value((steps) => formatBytes(steps.memory)),
        label: shortBytes,
        include: [0],
      },
      {
        title: 'speed',
        name: 'images/s',
        colour: okabeIto.skyBlue,
        points: speed.points,
        value: value((steps) => formatCount(steps.samplesPerSecond)),
        label: formatCount,
        include: [0],
      },
      {
        title: 'data wait',
        name: 'share',
        colour: okabeIto.orange,
        points: dataWait.points,
        value: value((steps) => formatShare(steps.dataWait)),
        label: shareLabel,
        include: [0],
      },
    ]
    const count = Math.max(1, Math.min(charts.length, Math.floor(height / lowestChart)))
    const border = (position: number): number => Math.floor((position * height) / count)
    return charts
      .slice(0, count)
      .flatMap(({ title, label, include, ...curve }, position) =>
        curvesBox(
          { title, curves: [curve], label, include },
          width,
          border(position + 1) - border(position),
          theme,
        ),
      )
  },
)

function shortBytes(bytes: number): string {
  return bytes === 0 ? '0' : formatBytes(Number(bytes.toPrecision(3)))
}
