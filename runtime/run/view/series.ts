// A curve that never grows beyond a bound: when it is full, neighbours are merged, so an hour and a week cost
// the same.

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Series {
  readonly points: readonly Point[]
  /** How many added values one point stands for; doubles whenever the series is halved. */
  readonly stride: number
  /** Values added since the last point was closed, and their sums. */
  readonly open: { readonly count: number; readonly x: number; readonly y: number }
}

/**
 * Points kept at most; twice the width of a very wide terminal in Braille dots. Adding one copies the list:
 * not more.
 */
export const seriesLimit = 1024

export const emptySeries: Series = { points: [], stride: 1, open: { count: 0, x: 0, y: 0 } }

/** The series with one more value. Values that are not finite are left out: they have no place on an axis. */
export function appendPoint(series: Series, point: Point): Series {
  if (!Number.isFinite(point.y) || !Number.isFinite(point.x)) return series
  const open = { count: series.open.count + 1, x: series.open.x + point.x, y: series.open.y + point.y }
  if (open.count < series.stride) return { points: series.points, stride: series.stride, open }
  const points = [...series.points, { x: open.x / open.count, y: open.y / open.count }]
  const closed = { points, stride: series.stride, open: emptySeries.open }
  return points.length > seriesLimit ? halve(closed) : closed
}

/** All points up to and including `x`; what a resumed run forgets lies behind it. */
export function cutSeries(series: Series, x: number): Series {
  return { ...series, points: series.points.filter((point) => point.x <= x), open: emptySeries.open }
}

function halve(series: Series): Series {
  const points: Point[] = []
  for (let i = 0; i < series.points.length; i += 2) {
    const first = series.points[i]
    const second = series.points[i + 1]
    if (first === undefined) break
    points.push(second === undefined ? first : { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 })
  }
  return { points, stride: series.stride * 2, open: series.open }
}
