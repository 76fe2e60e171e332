// How the screen is divided, from its size and the number of classes alone.

export type Focus = 'overview' | 'losses' | 'accuracy' | 'classes'

export type ClassArrangement = 'rows' | 'two_columns' | 'columns'

export type Layout =
  /** Status lines, two charts side by side, classes below. */
  | {
      readonly kind: 'full'
      readonly width: number
      readonly charts: { readonly height: number; readonly left: number; readonly right: number }
      readonly classes: { readonly height: number; readonly arrangement: ClassArrangement }
    }
  /** Status lines and one panel. */
  | {
      readonly kind: 'single'
      readonly width: number
      readonly panel: Exclude<Focus, 'overview'>
      readonly height: number
    }
  /** Status lines alone, as many as there is room for. */
  | { readonly kind: 'lines'; readonly width: number; readonly height: number }

/** Widest screen with the reduced layout. */
const reducedWidth = 59
const reducedHeight = 18

export function isReduced(columns: number, rows: number): boolean {
  return columns <= reducedWidth || rows <= reducedHeight
}

/** Lines above the panels: title, progress, facts, accuracy; the narrow form has as many. */
export const statusHeight = 5

/**
 * @param columns cells across, at least 1
 * @param rows lines of the terminal, at least 1
 */
export function layoutFor(
  columns: number,
  rows: number,
  classes: number,
  focus: Focus,
  rowWidth: number,
): Layout {
  const width = Math.max(1, columns)
  const footer = 1
  const room = rows - statusHeight - footer
  if (room < 4 || width < 24) return { kind: 'lines', width, height: Math.max(1, rows) }
  if (isReduced(columns, rows) || focus !== 'overview') {
    return { kind: 'single', width, panel: focus === 'overview' ? 'losses' : focus, height: room }
  }
  const borders = 2
  const left = Math.ceil(width / 2)
  const divide = (classesHeight: number, arrangement: ClassArrangement): Layout => ({
    kind: 'full',
    width,
    charts: { height: room - classesHeight, left, right: width - left },
    classes: { height: classesHeight, arrangement },
  })
  const inTwo = Math.ceil(classes / 2) + borders
  if (room - (classes + borders) >= 10) return divide(classes + borders, 'rows')
  if ((width - borders - 2) / 2 >= rowWidth && room - inTwo >= 8) return divide(inTwo, 'two_columns')
  if (classes <= 12 && room - (classes + borders) >= 6) return divide(classes + borders, 'rows')
  const columnsHeight = Math.max(6, Math.min(14, Math.floor(room * 0.42)))
  return divide(columnsHeight, 'columns')
}
