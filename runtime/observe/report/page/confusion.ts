// The confusion matrix, a row per true class from the top, and the confusions that are the most frequent.
import type { ConfusionChart } from '../page-data.js'
import type { ChartOption } from './library.js'
import { axisStyle, cut, escaped, tooltip, written, zoom } from './parts.js'
import type { Colours } from './theme.js'

type Matrix = ConfusionChart['matrices'][number]

export function confusionOption(
  chart: ConfusionChart,
  colours: Colours,
  snapshot: number,
  bySize: boolean,
  width: number,
): ChartOption {
  const matrix = matrixAt(chart, snapshot)
  if (matrix === undefined) return {}
  const place = (c: number): number => (bySize ? (matrix.rank[c] ?? c) : c)
  const names = matrix.names.map((_, c) => c)
  for (const c of matrix.names.keys()) names[place(c)] = c
  const labels = names.map((c) => matrix.names[c] ?? '')
  const isSmall = labels.length <= 12 && width > 600
  const label = (color: string) => ({ color, fontSize: 11, hideOverlap: true })
  return {
    animation: false,
    grid: { left: width > 600 ? 96 : 72, right: 34, top: 8, bottom: 128 },
    tooltip: {
      ...tooltip(colours),
      formatter: (raw: unknown) => {
        const [x = 0, y = 0] = (raw as { readonly value: readonly number[] }).value
        return tipOf(matrix, names[y] ?? 0, names[x] ?? 0)
      },
    },
    xAxis: {
      ...axisStyle(colours),
      type: 'category',
      data: labels,
      name: 'predicted',
      nameLocation: 'middle',
      nameGap: 52,
      axisLine: { show: false },
      splitLine: { show: false },
      axisLabel: { ...label(colours.ink), rotate: 60, formatter: (name: string) => cut(name, 10) },
    },
    yAxis: {
      ...axisStyle(colours),
      type: 'category',
      data: labels,
      inverse: true,
      axisLine: { show: false },
      splitLine: { show: false },
      axisLabel: { ...label(colours.ink), formatter: (name: string) => cut(name, width > 600 ? 13 : 9) },
    },
    visualMap: {
      type: 'continuous',
      min: 0,
      max: 1,
      dimension: 2,
      orient: 'horizontal',
      left: 'center',
      bottom: 26,
      itemWidth: 12,
      itemHeight: 120,
      text: ['100 % of the row', '0'],
      textStyle: { color: colours.ink, fontSize: 11 },
      inRange: { color: [...colours.heat] },
    },
    dataZoom: [
      ...zoom(colours, 'x', [0], { bottom: 4, height: 16, left: 96, right: 34 }),
      ...zoom(colours, 'y', [0], { right: 6, width: 16, top: 8, bottom: 128 }),
    ],
    series: [
      {
        type: 'heatmap',
        progressive: 0,
        data: matrix.cells.map(([label, predicted, count]) => [
          place(predicted),
          place(label),
          count / Math.max(1, matrix.images[label] ?? 1),
          count,
        ]),
        label: {
          show: isSmall,
          fontSize: 11,
          formatter: (raw: unknown) => String((raw as { readonly value: readonly number[] }).value[3] ?? ''),
        },
        itemStyle: { borderColor: colours.card, borderWidth: labels.length > 40 ? 0 : 1 },
        emphasis: { itemStyle: { borderColor: colours.ink, borderWidth: 1 } },
      },
    ],
  }
}

function matrixAt(chart: ConfusionChart, snapshot: number): Matrix | undefined {
  return chart.matrices.find((matrix) => matrix.snapshot === snapshot)
}

function tipOf(matrix: Matrix, label: number, predicted: number): string {
  const count = matrix.cells.find(([a, b]) => a === label && b === predicted)?.[2] ?? 0
  const images = matrix.images[label] ?? 0
  return [
    `true <b>${escaped(matrix.names[label] ?? '')}</b>`,
    `predicted <b>${escaped(matrix.names[predicted] ?? '')}</b>`,
    `${count} of ${images} (${written(images === 0 ? null : count / images, 'share')})`,
  ].join('<br>')
}

/** Fills the list of the most frequent confusions. */
export function listConfusions(body: Element, chart: ConfusionChart, snapshot: number): void {
  const matrix = matrixAt(chart, snapshot)
  const wrong = (matrix?.cells ?? []).filter(([label, predicted]) => label !== predicted)
  const rows = [...wrong]
    .sort((a, b) => b[2] - a[2] || a[0] - b[0] || a[1] - b[1])
    .slice(0, 15)
    .map(([label, predicted, count]) => {
      const row = document.createElement('tr')
      const images = matrix?.images[label] ?? 0
      const cells = [
        matrix?.names[label] ?? '',
        matrix?.names[predicted] ?? '',
        String(count),
        written(images === 0 ? null : count / images, 'share'),
      ]
      for (const [i, text] of cells.entries()) {
        const cell = document.createElement('td')
        cell.textContent = text
        if (i > 1) cell.className = 'number'
        row.append(cell)
      }
      return row
    })
  body.replaceChildren(...rows)
}
