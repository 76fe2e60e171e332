// Brings a page to life: draws its figures from the JSON in it, sorts its tables, changes its colours.
import type { Chart, PageData } from '../page-data.js'
import { chartOption, hasSnapshots } from './chart-option.js'
import { listConfusions } from './confusion.js'
import { fileName } from './figures.js'
import { type ChartOption, type EChartsType, init } from './library.js'
import { paperWidth, setUpPrint } from './print.js'
import { setUpSaving } from './saving.js'
import { makeSortable, showRecalls } from './tables.js'
import { type Colours, colours, setUpTheme } from './theme.js'

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

function optionIn(palette: Colours, { chart, isLog, bySize, drawn }: Figure): ChartOption {
  return chartOption(chart, palette, { snapshot, isLog, bySize, width: drawn.getWidth() })
}

function draw(figure: Figure): void {
  figure.drawn.setOption(optionIn(colours(), figure), { notMerge: true })
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
  setUpSaving({
    name: fileName(figure.dataset.chart ?? ''),
    figure,
    drawn: made.drawn,
    option: (palette) => optionIn(palette, made),
  })
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
      if (hasSnapshots(figure.chart)) draw(figure)
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
