// Brings a page to life: draws its figures from the JSON in it, sorts its tables, changes its colours.
import type { Chart, PageData } from '../page-data.js'
import { calibrationOption } from './calibration.js'
import { classesOption, dotsOption } from './classes.js'
import { confusionOption, listConfusions } from './confusion.js'
import { heatOption } from './heat.js'
import { type ChartOption, type EChartsType, init } from './library.js'
import { linesOption } from './lines.js'
import { parallelOption } from './parallel.js'
import { paperWidth, setUpPrint } from './print.js'
import { makeSortable, showRecalls } from './tables.js'
import { colours, setUpTheme } from './theme.js'

interface Figure {
  readonly chart: Chart
  readonly element: HTMLElement
  readonly drawn: EChartsType
  isLog: boolean
  bySize: boolean
}

const data = JSON.parse(document.querySelector('#data')?.textContent ?? '{}') as PageData
let snapshot = 0
const figures: Figure[] = []

function option({ chart, isLog, bySize, drawn }: Figure): ChartOption {
  const palette = colours()
  switch (chart.kind) {
    case 'lines':
      return linesOption(chart, palette, isLog)
    case 'classes':
      return classesOption(chart, palette, snapshot)
    case 'confusion':
      return confusionOption(chart, palette, snapshot, bySize, drawn.getWidth())
    case 'calibration':
      return calibrationOption(chart, palette, snapshot)
    case 'dots':
      return dotsOption(chart, palette)
    case 'heat':
      return heatOption(chart, palette)
    case 'parallel':
      return parallelOption(chart, palette)
  }
}

function draw(figure: Figure): void {
  figure.drawn.setOption(option(figure), { notMerge: true })
}

function setUpFigure(figure: HTMLElement): void {
  const chart = data.charts[figure.dataset.chart ?? '']
  const element = figure.querySelector<HTMLElement>('.plot')
  if (chart === undefined || element === null) return
  const made: Figure = { chart, element, drawn: init(element), isLog: false, bySize: false }
  figures.push(made)
  draw(made)
  const log = figure.querySelector<HTMLInputElement>('input.log')
  log?.addEventListener('change', () => {
    made.isLog = log.checked
    draw(made)
  })
  const bySize = figure.querySelector<HTMLInputElement>('input.by-size')
  bySize?.addEventListener('change', () => {
    made.bySize = bySize.checked
    draw(made)
  })
  const reset = figure.querySelector('button.whole')
  reset?.addEventListener('click', () => draw(made))
  // The library draws in vain where the size is as it was, as it is when the observer begins.
  new ResizeObserver(() => {
    const { clientWidth, clientHeight } = element
    if (clientWidth === made.drawn.getWidth() && clientHeight === made.drawn.getHeight()) return
    made.drawn.resize()
    if (chart.kind === 'confusion') draw(made)
  }).observe(element)
}

function showSnapshot(): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>('select.snapshot')) {
    select.value = String(snapshot)
  }
  const table = document.querySelector<HTMLTableElement>('table.classes')
  if (table !== null && data.snapshots.length > 0) showRecalls(table, data.recalls[snapshot] ?? [])
  const list = document.querySelector('table.confusions tbody')
  for (const { chart } of figures) {
    if (chart.kind === 'confusion' && list !== null) listConfusions(list, chart, snapshot)
  }
}

for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) makeSortable(table)
for (const select of document.querySelectorAll<HTMLSelectElement>('select.snapshot')) {
  select.addEventListener('change', () => {
    snapshot = Number(select.value)
    showSnapshot()
    for (const figure of figures) {
      const { kind } = figure.chart
      if (kind === 'classes' || kind === 'confusion' || kind === 'calibration') draw(figure)
    }
  })
}
function redraw(): void {
  for (const figure of figures) {
    // As wide as the page again, where it was as wide as paper.
    figure.drawn.resize({ width: 'auto' })
    draw(figure)
  }
}

setUpTheme(redraw)
setUpPrint(
  () =>
    figures.map((figure) => ({
      figure: figure.element.parentElement ?? figure.element,
      print() {
        figure.drawn.resize({ width: paperWidth })
        draw(figure)
        return figure.drawn.renderToCanvas({ pixelRatio: 2 })
      },
    })),
  redraw,
)
for (const figure of document.querySelectorAll<HTMLElement>('figure[data-chart]')) setUpFigure(figure)
showSnapshot()
document.documentElement.dataset.drawn = String(figures.length)
