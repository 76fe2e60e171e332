// Curves over epochs.
import type { LinesChart } from '../page-data.js'
import type { ChartOption } from './library.js'
import { axisStyle, colourAt, escaped, legend, tooltip, written, zoom } from './parts.js'
import type { Colours } from './theme.js'

export function linesOption(chart: LinesChart, colours: Colours, isLog: boolean): ChartOption {
  const named = [...new Set(chart.lines.filter(({ faint }) => faint !== true).map(({ name }) => name))]
  const most = Math.max(...chart.lines.map(({ points }) => points.length))
  return {
    animation: false,
    grid: { left: 52, right: 16, top: 34, bottom: 66 },
    legend: legend(colours, named),
    tooltip: {
      ...tooltip(colours),
      trigger: 'axis',
      formatter: (raw: unknown) => tipOf(raw, chart),
    },
    xAxis: {
      type: 'value',
      name: 'epoch',
      nameLocation: 'middle',
      nameGap: 22,
      minInterval: 0,
      min: ({ min }: { min: number }) => Math.floor(min),
      max: ({ max }: { max: number }) => Math.ceil(max),
      ...axisStyle(colours),
      axisLabel: {
        ...axisStyle(colours).axisLabel,
        showMinLabel: true,
        formatter: (value: number) => String(Number(value.toPrecision(3))),
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: isLog ? 'log' : 'value',
      scale: true,
      ...(chart.unit === 'share' ? { max: (range: { max: number }) => Math.min(1, roundUp(range.max)) } : {}),
      ...axisStyle(colours),
      axisLabel: {
        ...axisStyle(colours).axisLabel,
        formatter: (value: number) =>
          chart.unit === 'share' ? `${Number((100 * value).toPrecision(3))} %` : written(value, chart.unit),
      },
    },
    dataZoom: zoom(colours, 'x', [0], { bottom: 6, height: 18, left: 52, right: 16 }),
    series: chart.lines.map((line) => ({
      type: 'line' as const,
      name: line.name,
      data: line.points
        // A logarithm has no place for what is not above zero.
        .filter(([, y]) => !isLog || y > 0)
        .map(([x, y]) => [x, y]),
      showSymbol: line.points.length === 1 || (most <= 25 && line.faint !== true),
      symbolSize: 5,
      silent: line.faint === true,
      z: line.faint === true ? 1 : 2,
      itemStyle: { color: colourAt(colours, line.colour) },
      lineStyle: {
        color: colourAt(colours, line.colour),
        width: line.faint === true ? 1 : 2,
        opacity: line.faint === true ? 0.35 : 1,
        type: line.dashed === true ? ('dashed' as const) : ('solid' as const),
      },
    })),
  }
}

function roundUp(value: number): number {
  return Math.ceil(value * 20) / 20
}

interface Tip {
  readonly seriesIndex: number
  readonly seriesName: string
  readonly marker: string
  readonly value: readonly [number, number]
}

function tipOf(raw: unknown, chart: LinesChart): string {
  const tips = (raw as readonly Tip[]).filter(({ seriesIndex }) => chart.lines[seriesIndex]?.faint !== true)
  const [first] = tips
  if (first === undefined) return ''
  const rows = tips.map(
    ({ marker, seriesName, value }) =>
      `${marker}${escaped(seriesName)} <b>${written(value[1], chart.unit)}</b>`,
  )
  return [`epoch ${Number(first.value[0].toFixed(2))}`, ...rows].join('<br>')
}
