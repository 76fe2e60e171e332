// The reliability diagram: how often the network is right where it is this sure (Guo et al., ICML 2017,
// figure 1).
import type { CalibrationChart } from '../page-data.js'
import type { ChartOption } from './library.js'
import { axisStyle, colourAt, legend, tooltip, written } from './parts.js'
import type { Colours } from './theme.js'

export function calibrationOption(chart: CalibrationChart, colours: Colours, snapshot: number): ChartOption {
  const measured = chart.bins.find((entry) => entry.snapshot === snapshot)
  if (measured === undefined) return {}
  const { bins, ece } = measured
  const total = bins.reduce((sum, { count }) => sum + count, 0)
  const calibrated = `calibrated (ECE ${written(ece, 'share')})`
  const range = (bin: number): string =>
    `${Math.round((100 * bin) / bins.length)} to ${Math.round((100 * (bin + 1)) / bins.length)} %`
  const percent = {
    ...axisStyle(colours).axisLabel,
    formatter: (value: number) => `${Math.round(100 * value)} %`,
  }
  return {
    animation: false,
    grid: { left: 52, right: 16, top: 40, bottom: 44 },
    legend: legend(colours, ['accuracy', 'share of images', calibrated]),
    tooltip: {
      ...tooltip(colours),
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (raw: unknown) => {
        const bin = (raw as readonly { readonly dataIndex: number }[])[0]?.dataIndex ?? 0
        const found = bins[bin]
        return [
          `confidence ${range(bin)}`,
          `${found?.count ?? 0} images`,
          `mean confidence ${written(found?.confidence, 'share')}`,
          `accuracy <b>${written(found?.accuracy, 'share')}</b>`,
        ].join('<br>')
      },
    },
    xAxis: {
      ...axisStyle(colours),
      type: 'category',
      data: bins.map((_, bin) => range(bin)),
      name: 'confidence',
      nameLocation: 'middle',
      nameGap: 26,
    },
    yAxis: { ...axisStyle(colours), type: 'value', min: 0, max: 1, axisLabel: percent },
    series: [
      {
        type: 'bar',
        name: 'accuracy',
        data: bins.map(({ accuracy }) => accuracy ?? '-'),
        barCategoryGap: '8%',
        itemStyle: { color: colourAt(colours, 0) },
      },
      line(
        'share of images',
        bins.map(({ count }) => (total === 0 ? 0 : count / total)),
        colourAt(colours, 1),
        false,
      ),
      // Where the bin is empty nothing is known of its mean confidence; its middle keeps the line whole.
      line(
        calibrated,
        bins.map(({ confidence }, bin) => confidence ?? (bin + 0.5) / bins.length),
        colours.ink,
        true,
      ),
    ],
  }
}

function line(name: string, data: readonly number[], color: string, dashed: boolean) {
  return {
    type: 'line' as const,
    name,
    data: [...data],
    showSymbol: !dashed,
    symbolSize: 5,
    silent: dashed,
    itemStyle: { color },
    lineStyle: { color, width: 1.5, type: dashed ? ('dashed' as const) : ('solid' as const) },
  }
}
