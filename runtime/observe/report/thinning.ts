// Curves short enough for a page: the eye sees no more points than there are pixels.
export type CurvePoint = readonly [x: number, y: number]

/** Points of one curve, at most. */
export const curveLimit = 500

/**
 * At most `limit` points, each the mean of its neighbours; numbers that are not finite have no place on an
 * axis.
 */
export function thinned(points: readonly CurvePoint[], limit = curveLimit): readonly CurvePoint[] {
  const finite = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
  const stride = Math.ceil(finite.length / limit)
  if (stride <= 1) return finite.map(([x, y]) => [short(x), short(y)])
  return Array.from({ length: Math.ceil(finite.length / stride) }, (_, i): CurvePoint => {
    const some = finite.slice(i * stride, (i + 1) * stride)
    const mean = (axis: 0 | 1): number => some.reduce((sum, point) => sum + point[axis], 0) / some.length
    return [short(mean(0)), short(mean(1))]
  })
}

/** Six digits: a chart shows no more. */
export function short(value: number): number {
  return Number(value.toPrecision(6))
}
