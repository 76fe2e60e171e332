// Two params at a time: the mean over all else for each pair of their values.
import { type MeasuredPoint, pairs } from './importance.js'

export interface TwoWayTable {
  /** Params of the columns and of the rows. */
  readonly names: readonly [string, string]
  readonly columns: readonly (number | string | boolean)[]
  readonly rows: readonly (number | string | boolean)[]
  /** By row, then by column: mean over the settings there and how many they are; null where there is none. */
  readonly cells: readonly (readonly ({ readonly mean: number; readonly settings: number } | null)[])[]
}

/** With more values than this a param was drawn, and a table would be all gaps. */
const mostValues = 24
/** Of the cells, so many must be filled. */
const leastFilled = 0.5

/** Tables of all pairs of params whose combinations were mostly tried. */
export function twoWayTables(
  varied: readonly string[],
  points: readonly MeasuredPoint[],
): readonly TwoWayTable[] {
  return pairs(varied).flatMap(([a, b]) => {
    const columns = valuesOf(points, a)
    const rows = valuesOf(points, b)
    const isUsable = [columns, rows].every(({ length }) => length >= 2 && length <= mostValues)
    if (!isUsable) return []
    const cells = rows.map((row) =>
      columns.map((column) => {
        const there = points.filter(({ params }) => params[a] === column && params[b] === row)
        if (there.length === 0) return null
        const mean = there.reduce((sum, { value }) => sum + value, 0) / there.length
        return { mean, settings: there.length }
      }),
    )
    const filled = cells.flat().filter((cell) => cell !== null).length
    return filled < leastFilled * columns.length * rows.length
      ? []
      : [{ names: [a, b], columns, rows, cells }]
  })
}

/** Numbers ascending, others in the order of their appearance. */
function valuesOf(points: readonly MeasuredPoint[], name: string): readonly (number | string | boolean)[] {
  const values = [...new Set(points.flatMap(({ params }) => params[name] ?? []))]
  return values.every((value) => typeof value === 'number') ? values.sort((a, b) => a - b) : values
}
