// Classes from the one with the most real images to the one with the fewest: their images, and below them
// their recalls.
import type { ClassesChart, DotsChart } from '../page-data.js'
import type { ChartOption } from './library.js'
import { axisStyle, colourAt, cut, escaped, legend, tooltip, written, zoom } from './parts.js'
import type { Colours } from './theme.js'

const names = (colours: Colours, data: readonly string[], show: boolean) => ({
  type: 'category' as const,
  data: [...data],
  ...axisStyle(colours),
  axisLabel: {
    ...axisStyle(colours).axisLabel,
    show,
    rotate: data.length > 6 ? 45 : 0,
    formatter: (name: string) => cut(name, 12),
  },
})

/** Colours of the groups come after those of real and synthetic images. */
const firstGroupColour = 2

export function classesOption(chart: ClassesChart, colours: Colours, snapshot: number): ChartOption {
  const recalls = chart.recalls[snapshot] ?? []
  const hasRecall = recalls.some((value) => value !== null)
  const axes = hasRecall ? [0, 1] : [0]
  const grouped = chart.groups.length > 0 ? chart.groups : ['recall']
  const low = { left: 52, right: 16, bottom: 100 }
  return {
    animation: false,
    legend: legend(colours, ['real', 'synthetic', ...(hasRecall ? grouped : [])]),
    tooltip: {
      ...tooltip(colours),
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (raw: unknown) => tipOf(raw, chart, recalls),
    },
    ...(hasRecall ? { axisPointer: { link: [{ xAxisIndex: [0, 1] }] } } : {}),
    grid: hasRecall
      ? [
          { left: 52, right: 16, top: 46, height: '32%' },
          { left: 52, right: 16, top: '52%', bottom: 100 },
        ]
      : [{ ...low, top: 46 }],
    xAxis: axes.map((gridIndex) => ({
      ...names(colours, chart.names, gridIndex === axes.length - 1),
      gridIndex,
    })),
    yAxis: axes.map((gridIndex) => ({
      type: 'value' as const,
      gridIndex,
      name: gridIndex === 0 ? 'images' : 'recall',
      nameLocation: 'end' as const,
      nameGap: 8,
      ...(gridIndex === 0 ? {} : { min: 0, max: 1 }),
      ...axisStyle(colours),
      axisLabel: {
        ...axisStyle(colours).axisLabel,
        formatter: (value: number) => (gridIndex === 0 ? String(value) : `${Math.round(100 * value)} %`),
      },
    })),
    dataZoom: zoom(colours, 'x', axes, { bottom: 6, height: 18, left: 52, right: 16 }),
    series: [
      bars('real', chart.real, colourAt(colours, 0), 'images'),
      bars('synthetic', chart.synthetic, colourAt(colours, 1), 'images'),
      ...(hasRecall
        ? grouped.map((name, group) => ({
            ...bars(
              name,
              recalls.map((value, i) =>
                (chart.groups.length === 0 || chart.group[i] === group) && value !== null ? value : '-',
              ),
              colourAt(colours, firstGroupColour + group),
              'recall',
            ),
            xAxisIndex: 1,
            yAxisIndex: 1,
          }))
        : []),
    ],
  }
}

function bars(name: string, data: readonly (number | string)[], color: string, stack: string) {
  return {
    type: 'bar' as const,
    name,
    data: [...data],
    stack,
    barMaxWidth: 40,
    barCategoryGap: '20%',
    itemStyle: { color },
  }
}

function tipOf(raw: unknown, chart: ClassesChart, recalls: readonly (number | null)[]): string {
  const [first] = raw as readonly { readonly dataIndex: number }[]
  const i = first?.dataIndex ?? 0
  const group = chart.groups[chart.group[i] ?? -1]
  return [
    `<b>${escaped(chart.names[i] ?? '')}</b>${group === undefined ? '' : `, ${escaped(group)}`}`,
    `${chart.real[i] ?? 0} real, ${chart.synthetic[i] ?? 0} synthetic`,
    `recall <b>${written(recalls[i], 'share')}</b>`,
  ].join('<br>')
}

/** A value of each class: bars for one series, dots for several. */
export function dotsOption(chart: DotsChart, colours: Colours): ChartOption {
  const isOne = chart.series.length === 1
  return {
    animation: false,
    grid: { left: 52, right: 16, top: 40, bottom: 100 },
    legend: legend(
      colours,
      chart.series.map(({ name }) => name),
    ),
    tooltip: {
      ...tooltip(colours),
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (raw: unknown) => {
        const i = (raw as readonly { readonly dataIndex: number }[])[0]?.dataIndex ?? 0
        const rows = chart.series.map(
          ({ name, values, notes }) =>
            `${escaped(name)} <b>${written(values[i], chart.unit)}</b>${notes === undefined ? '' : ` (${escaped(notes[i] ?? '')})`}`,
        )
        return [`<b>${escaped(chart.names[i] ?? '')}</b>`, ...rows].join('<br>')
      },
    },
    xAxis: names(colours, chart.names, true),
    yAxis: {
      type: 'value',
      min: 0,
      ...axisStyle(colours),
      axisLabel: {
        ...axisStyle(colours).axisLabel,
        formatter: (value: number) => written(value, chart.unit).replace('.0 %', ' %'),
      },
    },
    dataZoom: zoom(colours, 'x', [0], { bottom: 6, height: 18, left: 52, right: 16 }),
    series: chart.series.map(({ name, values, colour }) => {
      const data = values.map((value) => value ?? '-')
      const color = colourAt(colours, colour)
      return isOne
        ? bars(name, data, color, name)
        : { type: 'scatter' as const, name, data, symbolSize: 8, itemStyle: { color } }
    }),
  }
}
