// What the library draws for a chart, in some colours and as its reader has set it.
import type { Chart } from '../page-data.js'
import { calibrationOption } from './calibration.js'
import { classesOption, dotsOption } from './classes.js'
import { confusionOption } from './confusion.js'
import { heatOption } from './heat.js'
import type { ChartOption } from './library.js'
import { linesOption } from './lines.js'
import { parallelOption } from './parallel.js'
import type { Colours } from './theme.js'

export interface ChartView {
  /** Position of the evaluation that is shown class by class. */
  readonly snapshot: number
  readonly isLog: boolean
  readonly bySize: boolean
  /** Pixels. */
  readonly width: number
}

export function chartOption(
  chart: Chart,
  colours: Colours,
  { snapshot, isLog, bySize, width }: ChartView,
): ChartOption {
  switch (chart.kind) {
    case 'lines':
      return linesOption(chart, colours, isLog)
    case 'classes':
      return classesOption(chart, colours, snapshot)
    case 'confusion':
      return confusionOption(chart, colours, snapshot, bySize, width)
    case 'calibration':
      return calibrationOption(chart, colours, snapshot)
    case 'dots':
      return dotsOption(chart, colours)
    case 'heat':
      return heatOption(chart, colours)
    case 'parallel':
      return parallelOption(chart, colours)
  }
}

/** Whether a chart is of one evaluation, and another one for another. */
export function hasSnapshots({ kind }: Chart): boolean {
  return kind === 'classes' || kind === 'confusion' || kind === 'calibration'
}
