// Panel 1: losses and accuracy side by side, the classes below them.
import type { RunView } from '../../../run/view/run-view.js'
import { beside, borders, boxed, type Extent } from '../box.js'
import { type ClassArrangement, overviewLayout } from '../layout.js'
import { remember } from '../remember.js'
import type { Line } from '../spans.js'
import { originColours, type Theme } from '../theme.js'
import {
  type ClassEntry,
  classColumns,
  classEntries,
  classRows,
  classRowsInTwo,
  narrowestClassRow,
} from './class-bars.js'
import { accuracyBox, lossBox } from './curves.js'
import type { PanelRequest } from './panel-request.js'

export function overviewPanel({ view, screen, body, theme }: PanelRequest): readonly Line[] {
  const entries = classEntries(view)
  const layout = overviewLayout(body, entries.length, narrowestClassRow)
  const { losses, accuracy, classes } = layout
  const lossLines = lossLinesOf(view, screen.logarithmic, losses, theme)
  const accuracyLines =
    accuracy === undefined
      ? []
      : accuracyBox('accuracy', view.evaluations, accuracy.width, accuracy.height, theme)
  const charts =
    layout.charts === 'beside' ? besideEachOther(lossLines, accuracyLines) : [...lossLines, ...accuracyLines]
  if (classes === undefined) return charts
  return [...charts, ...classBox(entries, classes.arrangement, classes.width, classes.height, theme)]
}

const besideEachOther = remember(beside)

function lossLinesOf(view: RunView, logarithmic: boolean, { width, height }: Extent, theme: Theme) {
  const latest = view.latest?.losses ?? view.lastEpoch?.losses
  return lossBox(view.started?.losses ?? noNames, view.losses, latest, logarithmic, width, height, theme)
}

const noNames: readonly string[] = []

const classBox = remember(
  (
    entries: readonly ClassEntry[],
    arrangement: ClassArrangement,
    width: number,
    height: number,
    theme: Theme,
  ) => {
    const inner = width - borders
    const lines =
      arrangement === 'rows'
        ? classRows(entries, inner, theme)
        : arrangement === 'two_columns'
          ? classRowsInTwo(entries, inner, theme)
          : classColumns(entries, inner, height - borders, theme)
    const words =
      arrangement === 'columns' ? `  ${entries.length} classes, largest first` : '  images, recall in %'
    return boxed(
      [...originLegend('classes', theme), { text: words, dim: true }],
      lines,
      { width, height },
      theme,
    )
  },
)

/** `classes █ real ▒ synthetic`. */
export function originLegend(name: string, theme: Theme): Line {
  return [
    { text: `${name} `, bold: true },
    { text: `${theme.full} real `, colour: originColours.real },
    { text: `${theme.synthetic} synthetic`, colour: originColours.synthetic },
  ]
}
