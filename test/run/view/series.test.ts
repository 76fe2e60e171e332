// Curves stay bounded and keep their shape.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendPoint, cutSeries, emptySeries, seriesLimit } from '../../../runtime/run/view/series.js'

const series = (values: readonly number[]) =>
  values.reduce((built, y, x) => appendPoint(built, { x, y }), emptySeries)

describe('a series', () => {
  test('keeps every value while there is room', () => {
    expect(series([3, 1, 2]).points).toEqual([
      { x: 0, y: 3 },
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ])
  })

  test('never holds more points than its limit, and keeps the mean of a full one', () => {
    const values = Array.from({ length: 3 * seriesLimit + 5 }, (_, i) => Math.sin(i / 100))
    const built = series(values)
    expect(built.points.length).toBeLessThanOrEqual(seriesLimit)
    expect(built.stride).toBe(4)
    const kept = values.slice(0, built.points.length * built.stride)
    const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
    expect(mean(built.points.map((point) => point.y))).toBeCloseTo(mean(kept), 2)
  })

  test('leaves out what has no place on an axis', () => {
    expect(series([1, Number.NaN, Number.POSITIVE_INFINITY, 2]).points.map((point) => point.y)).toEqual([
      1, 2,
    ])
  })

  test('stays in order of x, whatever is added', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 5000 }),
        (values) => {
          const xs = series(values).points.map((point) => point.x)
          for (let i = 1; i < xs.length; i++) expect(xs[i] ?? 0).toBeGreaterThan(xs[i - 1] ?? 0)
        },
      ),
      { numRuns: 20 },
    )
  })

  test('forgets what lies behind a cut', () => {
    expect(cutSeries(series([5, 6, 7, 8]), 1).points).toEqual([
      { x: 0, y: 5 },
      { x: 1, y: 6 },
    ])
  })
})
