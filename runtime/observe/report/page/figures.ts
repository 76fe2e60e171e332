// The figures of a page without a page: for `saurun report --figures`, which draws them in Node.
import type { PageData } from '../page-data.js'
import { chartOption, hasSnapshots } from './chart-option.js'
import { stillOption, stillSvg } from './still.js'
import type { Colours } from './theme.js'

/** Pixels of a figure: a wide one for curves and bars, a square one for matrices. */
const wide = { width: 760, height: 420 }
const square = { width: 760, height: 700 }

export interface DrawnFigure {
  /** Of its chart, and of the evaluation where there are several: made of letters, digits and hyphens. */
  readonly name: string
  readonly svg: string
}

export function drawFigures({ charts, snapshots }: PageData, colours: Colours): readonly DrawnFigure[] {
  return Object.entries(charts).flatMap(([chartName, chart]) => {
    const positions = hasSnapshots(chart) && snapshots.length > 1 ? [...snapshots.keys()] : [undefined]
    return positions.map((position): DrawnFigure => {
      const size = chart.kind === 'confusion' || chart.kind === 'heat' ? square : wide
      const option = chartOption(chart, colours, {
        snapshot: position ?? 0,
        isLog: false,
        bySize: false,
        width: size.width,
      })
      return {
        name: fileName(position === undefined ? chartName : `${chartName} ${position + 1}`),
        svg: stillSvg(stillOption(option, colours, size), size),
      }
    })
  })
}

/** As a file may be called everywhere. */
export function fileName(chart: string): string {
  return chart.replace(/[^\w]+/g, '-').replace(/^-+|-+$/g, '') || 'figure'
}
