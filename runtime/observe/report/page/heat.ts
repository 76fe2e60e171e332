// The mean for each pair of values of two params, written into the cells where there is room.
import type { HeatChart } from '../page-data.js'
import type { ChartOption } from './library.js'
import { axisStyle, cut, escaped, tooltip, written } from './parts.js'
import type { Colours } from './theme.js'

export function heatOption(chart: HeatChart, colours: Colours): ChartOption {
  const means = chart.cells.map(([, , mean]) => mean)
  const low = Math.min(...means)
  const high = Math.max(...means)
  const isFew = chart.columns.values.length <= 8
  const axis = (part: HeatChart['columns']) => ({
    ...axisStyle(colours),
    type: 'category' as const,
    data: [...part.values],
    name: cut(part.name, 30),
    nameLocation: 'middle' as const,
    axisLine: { show: false },
    splitLine: { show: false },
  })
  return {
    animation: false,
    grid: { left: 92, right: 16, top: 8, bottom: 96 },
    tooltip: {
      ...tooltip(colours),
      formatter: (raw: unknown) => tipOf(chart, (raw as { readonly value: readonly number[] }).value),
    },
    xAxis: { ...axis(chart.columns), nameGap: 26 },
    yAxis: {
      ...axis(chart.rows),
      nameGap: 74,
      axisLabel: { ...axisStyle(colours).axisLabel, formatter: (name: string) => cut(name, 10) },
    },
    visualMap: {
      type: 'continuous',
      min: low,
      max: high === low ? low + 1e-9 : high,
      dimension: 2,
      orient: 'horizontal',
      left: 'center',
      bottom: 2,
      itemWidth: 12,
      itemHeight: 120,
      text: [written(high, chart.unit), written(low, chart.unit)],
      textStyle: { color: colours.ink, fontSize: 11 },
      inRange: { color: chart.minimize ? [...colours.heat].reverse() : [...colours.heat] },
    },
    series: [
      {
        type: 'heatmap',
        data: chart.cells.map((cell) => [...cell]),
        label: {
          show: isFew,
          fontSize: 11,
          color: colours.ink,
          // Readable on any colour of a cell.
          textBorderColor: colours.card,
          textBorderWidth: 2,
          formatter: (raw: unknown) =>
            written((raw as { readonly value: readonly number[] }).value[2], chart.unit),
        },
        itemStyle: { borderColor: colours.card, borderWidth: 1 },
        emphasis: { itemStyle: { borderColor: colours.ink, borderWidth: 1 } },
      },
    ],
  }
}

function tipOf({ columns, rows, metric, unit }: HeatChart, value: readonly number[]): string {
  const [column = 0, row = 0, mean, settings = 0] = value
  return [
    `${escaped(columns.name)} <b>${escaped(columns.values[column] ?? '')}</b>`,
    `${escaped(rows.name)} <b>${escaped(rows.values[row] ?? '')}</b>`,
    `${escaped(metric)} <b>${written(mean, unit)}</b>, mean of ${settings} ${settings === 1 ? 'setting' : 'settings'}`,
  ].join('<br>')
}
