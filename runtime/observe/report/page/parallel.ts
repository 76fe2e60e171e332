// Parallel coordinates: a line for each setting, across an axis for each param, coloured by what it came to.
// Dragging along an axis keeps the lines that pass there.
import type { ParallelChart } from '../page-data.js'
import type { ChartOption } from './library.js'
import { cut, escaped, tooltip, written } from './parts.js'
import type { Colours } from './theme.js'

export function parallelOption(chart: ParallelChart, colours: Colours): ChartOption {
  const last = chart.axes.length
  const results = chart.lines.map((line) => line[last] ?? Number.NaN)
  const low = Math.min(...results)
  const high = Math.max(...results)
  const style = {
    nameTextStyle: { color: colours.ink, fontSize: 12 },
    nameLocation: 'end' as const,
    nameGap: 12,
    axisLine: { lineStyle: { color: colours.faint } },
    axisTick: { lineStyle: { color: colours.faint } },
    axisLabel: { color: colours.ink, fontSize: 11 },
  }
  const params = chart.axes.map(({ name, values, log }, dim) => {
    const common = { dim, name: cut(name, 16), ...style }
    if (values !== undefined) return { ...common, type: 'category' as const, data: [...values] }
    return {
      ...common,
      type: log ? ('log' as const) : ('value' as const),
      scale: true,
      axisLabel: { ...style.axisLabel, formatter: (value: number) => String(Number(value.toPrecision(3))) },
    }
  })
  const metric = {
    dim: last,
    name: cut(chart.metric, 16),
    ...style,
    type: 'value' as const,
    scale: true,
    axisLabel: { ...style.axisLabel, formatter: (value: number) => written(value, chart.unit) },
  }
  return {
    animation: false,
    parallel: { left: 56, right: 96, top: 40, bottom: 24, parallelAxisDefault: {} },
    tooltip: {
      ...tooltip(colours),
      formatter: (raw: unknown) => tipOf(chart, (raw as { readonly value: readonly number[] }).value),
    },
    parallelAxis: [...params, metric],
    visualMap: {
      type: 'continuous',
      show: false,
      min: low,
      max: high === low ? low + 1e-9 : high,
      dimension: last,
      inRange: { color: chart.minimize ? [...colours.heat].reverse() : [...colours.heat] },
    },
    series: [
      {
        type: 'parallel',
        smooth: false,
        lineStyle: { width: 2, opacity: chart.lines.length > 100 ? 0.4 : 0.8 },
        emphasis: { lineStyle: { width: 4, opacity: 1 } },
        data: chart.lines.map((line) => [...line]),
      },
    ],
  }
}

function tipOf({ axes, metric, unit }: ParallelChart, line: readonly number[]): string {
  const rows = axes.map(({ name, values }, i) => {
    const value = line[i] ?? Number.NaN
    return `${escaped(name)} <b>${escaped(values?.[value] ?? String(value))}</b>`
  })
  return [...rows, `${escaped(metric)} <b>${written(line[axes.length], unit)}</b>`].join('<br>')
}
