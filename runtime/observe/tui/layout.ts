// How the screen is divided, from its size, the panel and the number of classes alone.
import type { Extent } from './box.js'
import type { PanelName } from './keys.js'

export type Layout =
  /** Status lines, one panel, the footer. */
  | { readonly kind: 'panel'; readonly width: number; readonly status: number; readonly body: Extent }
  /** Status lines alone, as many as there is room for. */
  | { readonly kind: 'lines'; readonly width: number; readonly height: number }

/** Lines above the overview: title, progress, facts, accuracy; the narrow form has as many. */
export const statusHeight = 5
/** Lines above the other panels: title, progress, accuracy. */
export const shortStatusHeight = 3
const footerHeight = 1
const lowestPanel = 4
const narrowestPanel = 24

/**
 * @param columns cells across, at least 1
 * @param rows lines of the terminal, at least 1
 */
export function layoutFor(columns: number, rows: number, panel: PanelName): Layout {
  const width = Math.max(1, columns)
  const status = panel === 'overview' ? statusHeight : shortStatusHeight
  const height = rows - status - footerHeight
  if (height < lowestPanel || width < narrowestPanel)
    return { kind: 'lines', width, height: Math.max(1, rows) }
  return { kind: 'panel', width, status, body: { width, height } }
}

export type ClassArrangement = 'rows' | 'two_columns' | 'columns'

/** Parts of the overview; those without an extent have no room. */
export interface OverviewLayout {
  readonly charts: 'beside' | 'stacked' | 'losses'
  readonly losses: Extent
  readonly accuracy: Extent | undefined
  readonly classes: (Extent & { readonly arrangement: ClassArrangement }) | undefined
}

/** Narrower than this, charts stand above one another. */
const wideWidth = 60
const lowestChart = 5

/** @param rowWidth cells that a row of a class needs */
export function overviewLayout({ width, height }: Extent, classes: number, rowWidth: number): OverviewLayout {
  const list = classesOfOverview({ width, height }, classes, rowWidth)
  const room = height - (list?.height ?? 0)
  const withList = list === undefined ? undefined : { width, ...list }
  if (width >= wideWidth) {
    const left = Math.ceil(width / 2)
    return {
      charts: 'beside',
      losses: { width: left, height: room },
      accuracy: { width: width - left, height: room },
      classes: withList,
    }
  }
  if (room < 2 * lowestChart) {
    return { charts: 'losses', losses: { width, height: room }, accuracy: undefined, classes: withList }
  }
  const above = Math.ceil(room / 2)
  return {
    charts: 'stacked',
    losses: { width, height: above },
    accuracy: { width, height: room - above },
    classes: withList,
  }
}

function classesOfOverview(
  { width, height }: Extent,
  classes: number,
  rowWidth: number,
): { readonly height: number; readonly arrangement: ClassArrangement } | undefined {
  const frame = 2
  const inRows = classes + frame
  const inTwo = Math.ceil(classes / 2) + frame
  const columnsHeight = Math.max(6, Math.min(14, Math.floor(height * 0.42)))
  if (width < wideWidth) {
    return height < 4 * lowestChart ? undefined : { height: columnsHeight, arrangement: 'columns' }
  }
  if (height - inRows >= 10) return { height: inRows, arrangement: 'rows' }
  if ((width - frame - 2) / 2 >= rowWidth && height - inTwo >= 8) {
    return { height: inTwo, arrangement: 'two_columns' }
  }
  if (classes <= 12 && height - inRows >= 6) return { height: inRows, arrangement: 'rows' }
  return height < 2 * lowestChart + 1 ? undefined : { height: columnsHeight, arrangement: 'columns' }
}

/** A list with two parts beside it, or below it, or without them. */
export interface ListLayout {
  readonly direction: 'beside' | 'stacked'
  readonly list: Extent
  /** Two parts of a list panel, from top to bottom; none where there is no room. */
  readonly parts: readonly [Extent, Extent] | undefined
}

export function listLayout({ width, height }: Extent): ListLayout {
  if (width >= 76 && height >= 2 * lowestChart) {
    const left = Math.ceil(width * 0.56)
    const above = Math.ceil(height / 2)
    const right = width - left
    return {
      direction: 'beside',
      list: { width: left, height },
      parts: [
        { width: right, height: above },
        { width: right, height: height - above },
      ],
    }
  }
  if (height < 22) return { direction: 'stacked', list: { width, height }, parts: undefined }
  const list = Math.ceil(height / 2)
  const above = Math.ceil((height - list) / 2)
  return {
    direction: 'stacked',
    list: { width, height: list },
    parts: [
      { width, height: above },
      { width, height: height - list - above },
    ],
  }
}
