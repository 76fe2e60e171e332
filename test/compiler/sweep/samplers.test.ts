import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type PastTrial,
  type Point,
  randomTrial,
  type Space,
  sobolTrial,
  sobolWord,
  tpeTrial,
} from '../../../compiler/sweep/index.js'
import { valueAt } from '../../../compiler/sweep/space.js'

const mixed: Space = [
  { kind: 'real', name: 'rate', low: 1e-4, high: 1, log: true },
  { kind: 'real', name: 'share', low: 0, high: 1, log: false },
  { kind: 'whole', name: 'depth', low: 1, high: 9, log: true },
  { kind: 'whole', name: 'width', low: 3, high: 5, log: false },
  { kind: 'choice', name: 'word', values: ['a', 'b', true] },
]

function expectInside(point: Point): void {
  expect(Object.keys(point)).toEqual(mixed.map(({ name }) => name))
  for (const dimension of mixed) {
    const value = point[dimension.name]
    if (dimension.kind === 'choice') expect(dimension.values).toContain(value)
    else {
      expect(value).toBeGreaterThanOrEqual(dimension.low)
      expect(value).toBeLessThanOrEqual(dimension.high)
      if (dimension.kind === 'whole') expect(Number.isInteger(value)).toBe(true)
    }
  }
}

describe('random settings', () => {
  it('lie in the space, are their own function of seed and trial, and do not hang on other params', () => {
    for (let trial = 0; trial < 200; trial++) expectInside(randomTrial(mixed, 0, trial))
    expect(randomTrial(mixed, 4, 17)).toEqual(randomTrial(mixed, 4, 17))
    expect(randomTrial(mixed, 5, 17)).not.toEqual(randomTrial(mixed, 4, 17))
    expect(randomTrial(mixed.slice(1, 2), 4, 17).share).toBe(randomTrial(mixed, 4, 17).share)
  })

  it('are uniform on the scale of each param', () => {
    const points = Array.from({ length: 4000 }, (_, trial) => randomTrial(mixed, 1, trial))
    const share = (is: (point: Point) => boolean) => points.filter(is).length / points.length
    expect(share(({ rate }) => Number(rate) < 1e-2)).toBeCloseTo(0.5, 1)
    expect(share(({ rate }) => Number(rate) < 1e-3)).toBeCloseTo(0.25, 1)
    expect(share(({ width }) => width === 3)).toBeCloseTo(1 / 3, 1)
    expect(share(({ word }) => word === true)).toBeCloseTo(1 / 3, 1)
    // Of whole numbers on a log scale each has the ratio around it: ln(1.5 / 0.5) of ln(9.5 / 0.5).
    expect(share(({ depth }) => depth === 1)).toBeCloseTo(Math.log(3) / Math.log(19), 1)
  })

  it('are numbers that a person can type: six digits at most', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (share) => {
        const [rate] = mixed
        const value = Number(rate && valueAt(rate, share))
        expect(Number(value.toPrecision(6))).toBe(value)
      }),
    )
  })
})

describe('the Sobol sequence', () => {
  it('begins as published: Joe and Kuo, new-joe-kuo-6.21201', () => {
    const points = [0, 1, 2, 3, 4, 5, 6, 7].map((index) =>
      [0, 1, 2, 3].map((dimension) => sobolWord(index, dimension) / 2 ** 32),
    )
    expect(points).toEqual([
      [0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25],
      [0.25, 0.75, 0.75, 0.75],
      [0.375, 0.375, 0.625, 0.875],
      [0.875, 0.875, 0.125, 0.375],
      [0.625, 0.125, 0.875, 0.625],
      [0.125, 0.625, 0.375, 0.125],
    ])
  })

  const unit: Space = Array.from({ length: 21 }, (_, d) => ({
    kind: 'real',
    name: `x${d}`,
    low: 0,
    high: 1,
    log: false,
  }))

  it('has one of every 64 points in each 64th of each of its 21 dimensions, whatever the scrambling', () => {
    for (const seed of [0, 1, 99]) {
      const points = Array.from({ length: 64 }, (_, trial) => sobolTrial(unit, seed, trial))
      for (const { name } of unit) {
        const cells = points.map((point) => Math.floor(Number(point[name]) * 64))
        expect(new Set(cells).size, `${name}, seed ${seed}`).toBe(64)
      }
    }
  })

  it('covers the plane more evenly than random points do', () => {
    const space = unit.slice(0, 2)
    const worst = (draw: (trial: number) => Point): number => {
      const points = Array.from({ length: 128 }, (_, trial) => draw(trial))
      let discrepancy = 0
      for (let a = 1; a <= 16; a++) {
        for (let b = 1; b <= 16; b++) {
          const inside = points.filter(({ x0, x1 }) => Number(x0) < a / 16 && Number(x1) < b / 16).length
          discrepancy = Math.max(discrepancy, Math.abs(inside / 128 - (a * b) / 256))
        }
      }
      return discrepancy
    }
    for (const seed of [0, 1, 2]) {
      const even = worst((trial) => sobolTrial(space, seed, trial))
      expect(even).toBeLessThan(0.04)
      expect(even).toBeLessThan(worst((trial) => randomTrial(space, seed, trial)))
    }
  })

  it('moves its first point away from the corner, differently for each seed', () => {
    expect(sobolTrial(mixed, 0, 0)).not.toEqual(sobolTrial(mixed, 1, 0))
    for (let trial = 0; trial < 64; trial++) expectInside(sobolTrial(mixed, 3, trial))
  })
})

const root = resolve(import.meta.dirname, '../../..')

interface TestFunction {
  readonly name: string
  readonly space: Space
  readonly minimum: number
  readonly value: (point: Point) => number
}

describe('TPE', () => {
  const options = { direction: 'minimize', seed: 0, startup: 10 } as const
  const pastOf = (count: number): PastTrial[] =>
    Array.from({ length: count }, (_, trial) => {
      const params = randomTrial(mixed, 0, trial)
      return { trial, params, value: Number(params.share) }
    })

  it('is random search until it has seen enough', () => {
    expect(tpeTrial(mixed, pastOf(9), 9, options)).toEqual(randomTrial(mixed, 0, 9))
    expect(tpeTrial(mixed, pastOf(10), 10, options)).not.toEqual(randomTrial(mixed, 0, 10))
  })

  it('gives the same setting for the same past, in whatever order it is told', () => {
    const past = pastOf(40)
    const chosen = tpeTrial(mixed, past, 40, options)
    expect(tpeTrial(mixed, past.toReversed(), 40, options)).toEqual(chosen)
    expect(tpeTrial(mixed, past, 40, options, 1)).not.toEqual(chosen)
  })

  it('stays inside the space, beside trials that came to nothing and with hundreds of them', () => {
    const failed = { trial: 300, params: randomTrial(mixed, 0, 300), value: Number.NaN }
    for (let trial = 301; trial < 320; trial++) {
      expectInside(tpeTrial(mixed, [...pastOf(300), failed], trial, options))
    }
  })

  it('goes where it was good: small shares when it minimizes, large ones when it maximizes', () => {
    const mean = (direction: 'minimize' | 'maximize') => {
      const past = pastOf(50)
      const drawn = Array.from({ length: 20 }, (_, i) =>
        Number(tpeTrial(mixed, past, 50 + i, { ...options, direction }).share),
      )
      return drawn.reduce((sum, value) => sum + value / drawn.length, 0)
    }
    expect(mean('minimize')).toBeLessThan(0.2)
    expect(mean('maximize')).toBeGreaterThan(0.8)
  })

  it('beats random search on known functions, over 20 seeds and equal numbers of trials', async () => {
    const path: string = `${root}/bench/test-functions.mjs`
    const { functions } = (await import(path)) as { functions: readonly TestFunction[] }
    for (const { name, space, value } of functions.filter(({ name }) => !name.startsWith('Rosenbrock'))) {
      const best = { random: [] as number[], tpe: [] as number[] }
      for (let seed = 0; seed < 20; seed++) {
        const past: PastTrial[] = []
        let random = Number.POSITIVE_INFINITY
        for (let trial = 0; trial < 60; trial++) {
          const params = tpeTrial(space, past, trial, { ...options, seed })
          past.push({ trial, params, value: value(params) })
          random = Math.min(random, value(randomTrial(space, seed, trial)))
        }
        best.random.push(random)
        best.tpe.push(Math.min(...past.map((one) => one.value)))
      }
      const median = (values: number[]) => values.sort((a, b) => a - b)[10] ?? Number.NaN
      expect(median(best.tpe), name).toBeLessThan(median(best.random))
    }
  })
})
