// The three panels: losses, accuracy, classes.
import type { ReactElement } from 'react'
import { formatLoss, formatNumber, formatPercent } from '../output/quantities.js'
import type { RunView } from '../output/run-view.js'
import { classColumns, classEntries, classRows, classRowsInTwo } from './class-panel.js'
import type { ClassArrangement } from './layout.js'
import { type ChartSeries, drawLineChart } from './line-chart.js'
import { legend, Panel } from './panel.js'
import type { Line } from './spans.js'
import { groupColour, okabeIto, originColours, seriesColours, seriesMarks, type Theme } from './theme.js'

interface PanelRequest {
  readonly view: RunView
  readonly width: number
  readonly height: number
  readonly theme: Theme
}

/** One curve per loss of the file. */
export function LossPanel(props: PanelRequest & { readonly logarithmic: boolean }): ReactElement {
  const { view, width, height, theme } = props
  const names = view.started?.losses ?? []
  const shown = names.map((name) => name.slice(name.indexOf('.') + 1))
  const isUnique = new Set(shown).size === shown.length
  const series: readonly ChartSeries[] = names.map((name, position) => ({
    name: isUnique ? (shown[position] ?? name) : name,
    colour: pick(seriesColours, position),
    points: view.losses[position]?.points ?? [],
  }))
  const lines = drawLineChart(
    {
      series,
      width: width - 2,
      height: height - 2,
      logarithmic: props.logarithmic,
      label: (value) => formatNumber(Number(value.toPrecision(3))),
      include: [],
      unit: 'epochs',
    },
    theme,
  )
  const title: Line = [
    { text: props.logarithmic ? 'loss (log) ' : 'loss ', bold: true },
    ...legend(
      width - 16,
      series.map((entry, position) => ({
        name: entry.name,
        colour: entry.colour,
        mark: pick(seriesMarks, position),
        value: latestValue(view.latest?.losses[position] ?? view.lastEpoch?.losses[position]),
      })),
      theme,
    ),
  ]
  return <Panel title={title} lines={lines} width={width} height={height} theme={theme} />
}

function latestValue(value: number | undefined): string {
  return value === undefined ? '-' : formatLoss(value)
}

function pick(list: readonly string[], position: number): string {
  return list[position % list.length] ?? ''
}

/** Top-1 and the groups of the first evaluation; top-1 of every further one. */
export function AccuracyPanel({ view, width, height, theme }: PanelRequest): ReactElement {
  const series: ChartSeries[] = []
  const first = view.evaluations[0]
  first?.groups.forEach((group, position) => {
    const points = first.shots[position] ?? []
    if (group.classes.length > 0) series.push({ name: group.name, colour: groupColour(group.name), points })
  })
  view.evaluations.forEach((evaluation, position) => {
    const colour = position === 0 ? okabeIto.skyBlue : pick(seriesColours, position + 4)
    series.push({ name: evaluation.dataset, colour, points: evaluation.top1 })
  })
  const lines = drawLineChart(
    {
      series,
      width: width - 2,
      height: height - 2,
      logarithmic: false,
      label: (value) => `${Math.round(100 * value)} %`,
      include: [0],
      unit: 'epochs',
    },
    theme,
  )
  const title: Line = [
    { text: 'accuracy ', bold: true },
    ...legend(
      width - 16,
      series
        .map((entry, position) => ({
          name: entry.name,
          colour: entry.colour,
          mark: pick(seriesMarks, position),
          value: entry.points.length === 0 ? '-' : formatPercent(entry.points.at(-1)?.y ?? 0),
        }))
        .reverse(),
      theme,
    ),
  ]
  return <Panel title={title} lines={lines} width={width} height={height} theme={theme} />
}

/** `scroll` is the first row shown, where rows do not all fit. */
export function ClassPanel(
  props: PanelRequest & { readonly arrangement: ClassArrangement; readonly scroll: number },
): ReactElement {
  const { view, width, height, theme } = props
  const entries = classEntries(view)
  const inner = { width: width - 2, height: height - 2 }
  const all =
    props.arrangement === 'rows'
      ? classRows(entries, inner.width, theme)
      : props.arrangement === 'two_columns'
        ? classRowsInTwo(entries, inner.width, theme)
        : classColumns(entries, inner.width, inner.height, theme)
  const from = Math.max(0, Math.min(props.scroll, all.length - inner.height))
  const title: Line = [
    { text: 'classes ', bold: true },
    { text: `${theme.full} `, colour: originColours.real },
    { text: 'real ', colour: originColours.real },
    { text: `${theme.synthetic} `, colour: originColours.synthetic },
    { text: 'synthetic', colour: originColours.synthetic },
    {
      text:
        all.length > inner.height
          ? `  ${from + 1} to ${from + inner.height} of ${all.length}`
          : props.arrangement === 'columns'
            ? `  ${entries.length} classes, largest first`
            : '  images, accuracy in %',
      dim: true,
    },
  ]
  return <Panel title={title} lines={all.slice(from)} width={width} height={height} theme={theme} />
}
