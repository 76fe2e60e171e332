import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  ashaVerdict,
  type Curve,
  meanCurve,
  medianVerdict,
  nextPromotion,
  rungsOf,
} from '../../../compiler/sweep/index.js'

const curve = (trial: number, ...values: number[]): Curve => ({ trial, values, isFinished: false })

describe('the curve of a setting', () => {
  it('is the mean over its seeds, as far as all of them have come', () => {
    const mean = meanCurve(3, [
      { values: [0.2, 0.4, 0.6], isFinished: true },
      { values: [0.4, 0.6], isFinished: false },
    ])
    expect(mean.trial).toBe(3)
    expect(mean.values).toHaveLength(2)
    expect(mean.values[0]).toBeCloseTo(0.3, 12)
    expect(mean.values[1]).toBeCloseTo(0.5, 12)
    expect(mean.isFinished).toBe(false)
  })

  it('is empty without seeds', () => {
    expect(meanCurve(0, [])).toEqual({ trial: 0, values: [], isFinished: false })
  })
})

describe('ASHA', () => {
  const options = { direction: 'maximize', reduction: 3, first: 1 } as const

  it('decides at rungs of first * reduction^k below the full length', () => {
    expect(rungsOf(options, 27)).toEqual([1, 3, 9])
    expect(rungsOf({ ...options, first: 2 }, 200)).toEqual([2, 6, 18, 54, 162])
    expect(rungsOf({ ...options, first: 5 }, 5)).toEqual([])
  })

  it('lets a setting go on between rungs, and the first one at a rung', () => {
    expect(ashaVerdict([curve(0, 0.1, 0.2)], 0, options, 27)).toBe('continue')
    expect(ashaVerdict([curve(0, 0.1)], 0, options, 27)).toBe('continue')
  })

  it('stops what is not among the best third at its rung', () => {
    const curves = [curve(0, 0.5), curve(1, 0.6), curve(2, 0.4)]
    expect(curves.map(({ trial }) => ashaVerdict(curves, trial, options, 27))).toEqual([
      'stop',
      'continue',
      'stop',
    ])
    const losses = { ...options, direction: 'minimize' } as const
    expect(curves.map(({ trial }) => ashaVerdict(curves, trial, losses, 27))).toEqual([
      'stop',
      'stop',
      'continue',
    ])
  })

  it('ranks what is not a number below everything', () => {
    const curves = [curve(0, Number.NaN), curve(1, -5), curve(2, Number.NaN)]
    expect(curves.map(({ trial }) => ashaVerdict(curves, trial, options, 27))).toEqual([
      'stop',
      'continue',
      'stop',
    ])
  })

  it('promotes the best third of a rung, the highest rung first, each once and none that is busy', () => {
    const low = [curve(0, 0.1), curve(1, 0.5), curve(2, 0.3)]
    expect(nextPromotion(low.slice(0, 2), options, 27)).toBeUndefined()
    expect(nextPromotion(low, options, 27)).toEqual({ trial: 1, epochs: 3 })
    expect(nextPromotion(low, options, 27, (trial) => trial === 1)).toBeUndefined()
    const higher = [...low, curve(3, 0.6, 0.6, 0.6), curve(4, 0.6, 0.6, 0.7), curve(5, 0.6, 0.6, 0.5)]
    expect(nextPromotion(higher, options, 27)).toEqual({ trial: 4, epochs: 9 })
  })

  it('promotes from the last rung to the full length', () => {
    const at = (trial: number, value: number) => curve(trial, ...Array.from({ length: 9 }, () => value))
    expect(nextPromotion([at(0, 0.1), at(1, 0.2), at(2, 0.3)], options, 20)).toEqual({ trial: 2, epochs: 20 })
  })

  it('finds the best of 27 settings with at most 40 % of all epochs, over 20 seeds', async () => {
    const path: string = resolve(import.meta.dirname, '../../../bench/test-functions.mjs')
    const { madeCurves } = (await import(path)) as {
      madeCurves: (seed: number, settings: number, epochs: number) => number[][]
    }
    const epochs = 27
    for (let seed = 0; seed < 20; seed++) {
      const curves = madeCurves(seed, 27, epochs)
      const known: Curve[] = []
      let spent = 0
      for (;;) {
        const promotion = nextPromotion(known, { ...options, first: 3 }, epochs)
        if (promotion === undefined && known.length === 27) break
        const { trial, epochs: until } = promotion ?? { trial: known.length, epochs: 3 }
        spent += until - (known[trial]?.values.length ?? 0)
        known[trial] = curve(trial, ...(curves[trial] ?? []).slice(0, until))
      }
      const ends = curves.map((values) => values[epochs - 1] ?? 0)
      const best = ends.indexOf(Math.max(...ends))
      expect(known[best]?.values.length, `seed ${seed}`).toBe(epochs)
      expect(spent / (27 * epochs), `seed ${seed}`).toBeLessThanOrEqual(0.4)
    }
  })
})

describe('the median rule', () => {
  const options = { direction: 'maximize', first: 2, trials: 3 } as const
  const finished = [0.3, 0.5, 0.7].map((end, trial) => ({
    trial,
    values: [0, end / 2, end],
    isFinished: true,
  }))

  it('waits for the first epochs and for enough finished settings', () => {
    expect(medianVerdict([...finished, curve(3, 0)], 3, options)).toBe('continue')
    expect(medianVerdict([...finished.slice(1), curve(3, 0, 0)], 3, options)).toBe('continue')
  })

  it('stops a setting whose best value is below the median of the mean values of the others so far', () => {
    // Means after two epochs: 0.075, 0.125, 0.175.
    expect(medianVerdict([...finished, curve(3, 0, 0.12)], 3, options)).toBe('stop')
    expect(medianVerdict([...finished, curve(3, 0, 0.13)], 3, options)).toBe('continue')
    expect(medianVerdict([...finished, curve(3, 0.2, 0.01)], 3, options)).toBe('continue')
  })

  it('turns round where less is better', () => {
    const losses = { ...options, direction: 'minimize' } as const
    expect(medianVerdict([...finished, curve(3, 0.13, 0.13)], 3, losses)).toBe('stop')
    expect(medianVerdict([...finished, curve(3, 0.12, 0.13)], 3, losses)).toBe('continue')
  })
})
