// Several curves in one chart: Braille dots (2 x 4 to a cell) where the terminal shows Unicode and colour,
// and one character per curve where it does not, so that curves stay apart without colour.
import { padLeft } from '../../platform/cell-width.js'
import type { Point } from '../../run/view/series.js'
import type { Line, Span } from './spans.js'
import { seriesMarks, type Theme } from './theme.js'

export interface ChartSeries {
  readonly name: string
  readonly colour: string
  readonly points: readonly Point[]
}

export interface ChartRequest {
  readonly series: readonly ChartSeries[]
  /** Cells, axis labels included. */
  readonly width: number
  readonly height: number
  readonly logarithmic: boolean
  /** Text of a value beside the axis. */
  readonly label: (value: number) => string
  /** What the range of values must include; the curves widen it. */
  readonly include: readonly number[]
  /** Name of the horizontal axis, after its last number. */
  readonly unit: string
}

/**
 * Lines of exactly `width` cells, `height` of them. The last one is the horizontal axis where there is room
 * for it.
 */
export function drawLineChart(request: ChartRequest, theme: Theme): readonly Line[] {
  const { width, height } = request
  if (width < 8 || height < 2) return []
  const plotHeight = height >= 4 ? height - 1 : height
  const scale = verticalScale(request)
  const xMax = Math.max(
    1e-9,
    ...request.series.flatMap((entry) => entry.points.slice(-1).map((point) => point.x)),
  )
  if (scale === undefined) return emptyChart(request, plotHeight)

  const labels = axisLabels(scale, plotHeight, request.label)
  const labelWidth = Math.max(...labels.map((label) => label.length)) + 1
  const plotWidth = width - labelWidth
  if (plotWidth < 4) return emptyChart(request, plotHeight)

  const braille = theme.unicode && theme.colour
  const grid = braille ? new DotGrid(plotWidth, plotHeight, 2, 4) : new DotGrid(plotWidth, plotHeight, 1, 1)
  request.series.forEach((entry, position) => {
    plotSeries(grid, position, entry.points, xMax, scale)
  })

  const lines: Line[] = []
  for (let row = 0; row < plotHeight; row++) {
    const label = padLeft(labels[row] ?? '', labelWidth - 1)
    lines.push([{ text: `${label} `, dim: true }, ...gridRow(grid, row, request.series, braille)])
  }
  if (plotHeight < height) lines.push(horizontalAxis(labelWidth, plotWidth, xMax, request.unit))
  return lines
}

interface Scale {
  readonly low: number
  readonly high: number
  readonly logarithmic: boolean
}

/** Where `value` lies between the bottom (0) and the top (1) of the chart. */
function position(scale: Scale, value: number): number {
  const map = scale.logarithmic ? Math.log10 : (x: number) => x
  return (map(value) - map(scale.low)) / (map(scale.high) - map(scale.low))
}

function verticalScale(request: ChartRequest): Scale | undefined {
  const values = request.series
    .flatMap((entry) => entry.points.map((point) => point.y))
    .filter((value) => !request.logarithmic || value > 0)
  if (values.length === 0) return undefined
  const bounds = request.logarithmic ? values : [...values, ...request.include]
  let low = bounds.reduce((a, b) => Math.min(a, b))
  let high = bounds.reduce((a, b) => Math.max(a, b))
  if (request.logarithmic) {
    if (high / low < 1.2) {
      low /= 1.2
      high *= 1.2
    }
    return { low, high, logarithmic: true }
  }
  if (high - low < 1e-12) {
    const margin = Math.max(1e-6, Math.abs(high) * 0.1)
    return { low: low - margin, high: high + margin, logarithmic: false }
  }
  return { low, high, logarithmic: false }
}

function axisLabels(scale: Scale, rows: number, label: (value: number) => string): readonly string[] {
  const labels: string[] = []
  const marked = new Set([0, rows - 1])
  if (rows >= 5) marked.add(Math.floor((rows - 1) / 2))
  if (rows >= 11) {
    marked.add(Math.floor((rows - 1) / 4))
    marked.add(Math.floor((3 * (rows - 1)) / 4))
  }
  for (let row = 0; row < rows; row++) {
    const share = rows === 1 ? 1 : 1 - row / (rows - 1)
    const value = scale.logarithmic
      ? 10 ** (Math.log10(scale.low) + share * (Math.log10(scale.high) - Math.log10(scale.low)))
      : scale.low + share * (scale.high - scale.low)
    labels.push(marked.has(row) ? label(value) : '')
  }
  return labels
}

/** Dots of several curves; a cell shows the curve that was drawn into it last. */
class DotGrid {
  readonly dotColumns: number
  readonly dotRows: number
  readonly bits: Uint8Array
  readonly owner: Int16Array
  constructor(
    readonly columns: number,
    readonly rows: number,
    readonly perColumn: number,
    readonly perRow: number,
  ) {
    this.dotColumns = columns * perColumn
    this.dotRows = rows * perRow
    this.bits = new Uint8Array(columns * rows)
    this.owner = new Int16Array(columns * rows).fill(-1)
  }

  set(x: number, y: number, series: number): void {
    if (x < 0 || y < 0 || x >= this.dotColumns || y >= this.dotRows) return
    const cell = Math.floor(y / this.perRow) * this.columns + Math.floor(x / this.perColumn)
    const bit = brailleBits[(y % this.perRow) * 2 + (x % this.perColumn)] ?? 1
    this.bits[cell] = (this.bits[cell] ?? 0) | bit
    this.owner[cell] = series
  }
}

/** Bits of the Braille patterns block by [row][column]. */
const brailleBits = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80] as const

function plotSeries(
  grid: DotGrid,
  series: number,
  points: readonly Point[],
  xMax: number,
  scale: Scale,
): void {
  const sums = new Float64Array(grid.dotColumns)
  const counts = new Uint32Array(grid.dotColumns)
  for (const point of points) {
    if (scale.logarithmic && point.y <= 0) continue
    const column = Math.min(
      grid.dotColumns - 1,
      Math.max(0, Math.round((point.x / xMax) * (grid.dotColumns - 1))),
    )
    sums[column] = (sums[column] ?? 0) + position(scale, point.y)
    counts[column] = (counts[column] ?? 0) + 1
  }
  let previous: { column: number; row: number } | undefined
  for (let column = 0; column < grid.dotColumns; column++) {
    const count = counts[column] ?? 0
    if (count === 0) continue
    const share = Math.min(1, Math.max(0, (sums[column] ?? 0) / count))
    const row = Math.round((1 - share) * (grid.dotRows - 1))
    if (previous === undefined) grid.set(column, row, series)
    else connect(grid, previous, { column, row }, series)
    previous = { column, row }
  }
}

function connect(
  grid: DotGrid,
  from: { column: number; row: number },
  to: { column: number; row: number },
  series: number,
): void {
  const steps = Math.max(Math.abs(to.column - from.column), Math.abs(to.row - from.row))
  for (let i = 1; i <= steps; i++) {
    const share = i / steps
    grid.set(
      Math.round(from.column + share * (to.column - from.column)),
      Math.round(from.row + share * (to.row - from.row)),
      series,
    )
  }
}

function gridRow(grid: DotGrid, row: number, series: readonly ChartSeries[], braille: boolean): Line {
  const spans: Span[] = []
  for (let column = 0; column < grid.columns; column++) {
    const cell = row * grid.columns + column
    const owner = grid.owner[cell] ?? -1
    const colour = owner < 0 ? undefined : series[owner]?.colour
    const text =
      owner < 0
        ? ' '
        : braille
          ? String.fromCodePoint(0x2800 + (grid.bits[cell] ?? 0))
          : (seriesMarks[owner % seriesMarks.length] ?? '*')
    const last = spans.at(-1)
    if (last !== undefined && last.colour === colour)
      spans[spans.length - 1] = { ...last, text: last.text + text }
    else spans.push({ text, colour })
  }
  return spans
}

function horizontalAxis(labelWidth: number, plotWidth: number, xMax: number, unit: string): Line {
  const end = `${Number(xMax.toFixed(xMax < 10 ? 1 : 0))} ${unit}`
  const gap = plotWidth - 1 - end.length
  const text = gap >= 1 ? `0${' '.repeat(gap)}${end}` : '0'.padEnd(plotWidth)
  return [{ text: ' '.repeat(labelWidth) }, { text, dim: true }]
}

function emptyChart(request: ChartRequest, plotHeight: number): readonly Line[] {
  const message = 'no value yet'
  const blank: Line = [{ text: ' '.repeat(request.width) }]
  const lines: Line[] = Array.from({ length: request.height }, () => blank)
  const left = Math.max(0, Math.floor((request.width - message.length) / 2))
  lines[Math.floor((plotHeight - 1) / 2)] = [
    { text: ' '.repeat(left) },
    { text: message.slice(0, request.width), dim: true },
    { text: ' '.repeat(Math.max(0, request.width - left - message.length)) },
  ]
  return lines
}
