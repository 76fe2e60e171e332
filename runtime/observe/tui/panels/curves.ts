// Boxes with curves over the run: losses, and accuracy with its groups.
import { formatLoss, formatNumber, formatPercent } from '../../../platform/quantities.js'
import type { RunView } from '../../../run/view/run-view.js'
import { borders, boxed, legend } from '../box.js'
import { type ChartSeries, drawLineChart } from '../line-chart.js'
import { remember } from '../remember.js'
import type { Line } from '../spans.js'
import { groupColour, okabeIto, seriesColours, seriesMarks, type Theme } from '../theme.js'

/** A curve and what stands beside its name. */
export interface Curve extends ChartSeries {
  readonly value: string
}

export interface CurvesRequest {
  readonly title: string
  readonly curves: readonly Curve[]
  readonly logarithmic?: boolean
  readonly label: (value: number) => string
  readonly include: readonly number[]
  /** Whether the legend names the last curve first. */
  readonly lastFirst?: boolean
}

/** Curves in a frame of `width` x `height` cells; title and legend in its upper edge. */
export function curvesBox(
  request: CurvesRequest,
  width: number,
  height: number,
  theme: Theme,
): readonly Line[] {
  const { title, curves, logarithmic = false, label, include } = request
  const lines = drawLineChart(
    {
      series: curves,
      width: width - borders,
      height: height - borders,
      logarithmic,
      label,
      include,
      unit: 'epochs',
    },
    theme,
  )
  const entries = curves.map((curve, position) => ({
    name: curve.name,
    colour: curve.colour,
    mark: pick(seriesMarks, position),
    value: curve.value,
  }))
  const room = width - borders - 3 - title.length - 1
  const head: Line = [
    { text: `${title} `, bold: true },
    ...legend(room, request.lastFirst === true ? entries.reverse() : entries, theme),
  ]
  return boxed(head, lines, { width, height }, theme)
}

export const shareLabel = (value: number): string => `${Math.round(100 * value)} %`

export function pick(list: readonly string[], position: number): string {
  return list[position % list.length] ?? ''
}

/** One curve per loss of the file. */
export const lossBox = remember(
  (
    names: readonly string[],
    losses: RunView['losses'],
    latest: readonly number[] | undefined,
    logarithmic: boolean,
    width: number,
    height: number,
    theme: Theme,
  ) => {
    const shown = names.map((name) => name.slice(name.indexOf('.') + 1))
    const isUnique = new Set(shown).size === shown.length
    const curves = names.map((name, position) => {
      const value = latest?.[position]
      return {
        name: isUnique ? (shown[position] ?? name) : name,
        colour: pick(seriesColours, position),
        points: losses[position]?.points ?? [],
        value: value === undefined ? '-' : formatLoss(value),
      }
    })
    const request: CurvesRequest = {
      title: logarithmic ? 'loss (log)' : 'loss',
      curves,
      logarithmic,
      label: (value) => formatNumber(Number(value.toPrecision(3))),
      include: [],
    }
    return curvesBox(request, width, height, theme)
  },
)

/** Top-1 and the groups of the first evaluation; top-1 of every further one. */
export const accuracyBox = remember(
  (title: string, evaluations: RunView['evaluations'], width: number, height: number, theme: Theme) => {
    const curves: Curve[] = []
    const add = (name: string, colour: string, points: Curve['points']): void => {
      const last = points.at(-1)
      curves.push({ name, colour, points, value: last === undefined ? '-' : formatPercent(last.y) })
    }
    const first = evaluations[0]
    first?.groups.forEach((group, position) => {
      if (group.classes.length > 0) add(group.name, groupColour(group.name), first.shots[position] ?? [])
    })
    evaluations.forEach((evaluation, position) => {
      const colour = position === 0 ? okabeIto.skyBlue : pick(seriesColours, position + 4)
      add(evaluation.dataset, colour, evaluation.top1)
    })
    const request = { title, curves, label: shareLabel, include: [0], lastFirst: true }
    return curvesBox(request, width, height, theme)
  },
)
