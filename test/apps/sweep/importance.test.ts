// Which params matter, from settings whose effects are known.
import { describe, expect, it } from 'vitest'
import { holmAdjusted } from '../../../runtime/apps/sweep/holm.js'
import { importanceOf, type MeasuredPoint } from '../../../runtime/apps/sweep/importance.js'
import { twoWayTables } from '../../../runtime/apps/sweep/two-way.js'

const grid = (value: (a: number, b: number) => number): readonly MeasuredPoint[] =>
  [-1, 1].flatMap((a) => [-1, 1].map((b) => ({ params: { a, b }, value: value(a, b) })))

/** A sequence that spreads evenly: multiples of the golden ratio. */
const spread = (i: number, seed: number): number => ((i + 1) * (0.618033988749895 + seed)) % 1

describe('importance on a whole grid', () => {
  it('is the share of variance of each effect', () => {
    const found = importanceOf(
      ['a', 'b'],
      grid((a, b) => 5 + 2 * a + b),
    )
    expect(found?.method).toBe('grid')
    expect(found?.params.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(found?.params[0]?.share).toBeCloseTo(0.8, 12)
    expect(found?.params[1]?.share).toBeCloseTo(0.2, 12)
    expect(found?.interactions[0]?.share).toBeCloseTo(0, 12)
  })

  it('tells what two params do only together', () => {
    const found = importanceOf(
      ['a', 'b'],
      grid((a, b) => a * b + 0.5 * a),
    )
    expect(found?.params[0]?.share).toBeCloseTo(0.2, 12)
    expect(found?.params[1]?.share).toBeCloseTo(0, 12)
    expect(found?.interactions).toHaveLength(1)
    expect(found?.interactions[0]?.names).toEqual(['a', 'b'])
    expect(found?.interactions[0]?.share).toBeCloseTo(0.8, 12)
  })
})

describe('importance of drawn settings', () => {
  const points = Array.from({ length: 60 }, (_, i): MeasuredPoint => {
    const params = { strong: spread(i, 0), weak: spread(i, 0.11), idle: spread(i, 0.37) }
    return { params, value: 3 * params.strong + params.weak }
  })

  it('orders params by their effect, and gives one without effect next to nothing', () => {
    const found = importanceOf(['idle', 'weak', 'strong'], points)
    expect(found?.method).toBe('groups')
    expect(found?.interactions).toEqual([])
    expect(found?.params.map(({ name }) => name)).toEqual(['strong', 'weak', 'idle'])
    expect(found?.params[0]?.share).toBeGreaterThan(0.7)
    expect(found?.params[2]?.share).toBeLessThan(0.05)
  })

  it('is not told where there is too little to tell it from', () => {
    expect(importanceOf(['strong'], points.slice(0, 3))).toBeUndefined()
    expect(
      importanceOf(
        ['strong'],
        points.map((point) => ({ ...point, value: 1 })),
      ),
    ).toBeUndefined()
    expect(importanceOf(['other'], points)).toBeUndefined()
  })
})

describe('tables of two params', () => {
  it('hold the means over all else', () => {
    const points = grid((a, b) => 10 * a + b).flatMap(({ params, value }) =>
      [0, 1].map((c) => ({ params: { ...params, c }, value: value + c })),
    )
    const [ab, ac, bc] = twoWayTables(['a', 'b', 'c'], points)
    expect(ab).toMatchObject({ names: ['a', 'b'], columns: [-1, 1], rows: [-1, 1] })
    expect(ab?.cells[0]?.[1]).toEqual({ mean: 9.5, settings: 2 })
    expect(ac?.cells[1]?.[0]?.mean).toBe(-9)
    expect(bc?.names).toEqual(['b', 'c'])
  })

  it('are not made of drawn params, which would be all gaps', () => {
    const points = Array.from({ length: 20 }, (_, i) => ({ params: { x: i, y: 20 - i }, value: i }))
    expect(twoWayTables(['x', 'y'], points)).toEqual([])
  })
})

describe("Holm's correction", () => {
  it('gives the values of the example of R, and leaves what is no test alone', () => {
    const adjusted = holmAdjusted([0.01, undefined, 0.02, 0.03, 0.04])
    expect(adjusted[1]).toBeUndefined()
    const expected = [0.04, 0.06, 0.06, 0.06]
    for (const [i, p] of adjusted.filter((one) => one !== undefined).entries()) {
      expect(p).toBeCloseTo(expected[i] ?? Number.NaN, 12)
    }
    expect(holmAdjusted([0.9, 0.8])).toEqual([1, 1])
    expect(holmAdjusted([])).toEqual([])
  })
})
