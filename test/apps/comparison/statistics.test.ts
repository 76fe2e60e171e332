import { describe, expect, test } from 'vitest'
import { pairedDifference, summary, welchDifference } from '../../../runtime/apps/comparison/statistics.js'
import {
  logGamma,
  twoSidedProbability,
  twoSidedQuantile,
} from '../../../runtime/apps/comparison/student-t.js'

describe("Student's t", () => {
  // Tables of the distribution, as every textbook has them (two-sided 5 % and 1 %).
  test.each([
    [1, 12.7062, 63.6567],
    [2, 4.3027, 9.9248],
    [4, 2.7764, 4.6041],
    [9, 2.2622, 3.2498],
    [30, 2.0423, 2.75],
    [120, 1.9799, 2.6174],
  ])('with %d degrees has the quantiles of the tables', (degrees, fivePercent, onePercent) => {
    expect(twoSidedQuantile(0.05, degrees)).toBeCloseTo(fivePercent, 3)
    expect(twoSidedQuantile(0.01, degrees)).toBeCloseTo(onePercent, 3)
  })

  test('with one and with two degrees is what the closed forms say', () => {
    for (const t of [0.01, 0.5, 1, 3, 40, 1e6]) {
      const cauchy = 1 - (2 / Math.PI) * Math.atan(t)
      expect(Math.abs(twoSidedProbability(t, 1) - cauchy)).toBeLessThan(1e-13)
      const two = 1 - t / Math.sqrt(2 + t * t)
      expect(Math.abs(twoSidedProbability(t, 2) - two)).toBeLessThan(1e-13)
    }
  })

  test('with fractional and with many degrees gives probabilities that its quantiles invert', () => {
    for (const degrees of [0.5, 1.7, 3.3, 77.7, 1e5]) {
      for (const p of [0.9, 0.05, 1e-6]) {
        expect(twoSidedProbability(twoSidedQuantile(p, degrees), degrees) / p).toBeCloseTo(1, 9)
      }
    }
    expect(twoSidedQuantile(0.05, 1e7)).toBeCloseTo(1.959964, 5)
  })

  test('rests on a gamma function that gives factorials', () => {
    for (const [n, factorial] of [
      [1, 1],
      [5, 24],
      [11, 3628800],
    ] as const) {
      expect(Math.exp(logGamma(n)) / factorial).toBeCloseTo(1, 12)
    }
    expect(Math.exp(logGamma(0.5))).toBeCloseTo(Math.sqrt(Math.PI), 12)
  })
})

describe('a summary', () => {
  test('has mean, sample deviation and the interval of the mean', () => {
    const { n, mean, deviation, interval } = summary([1, 2, 3, 4, 5])
    expect([n, mean]).toEqual([5, 3])
    expect(deviation).toBeCloseTo(1.581139, 6)
    expect(interval?.[0]).toBeCloseTo(1.036757, 5)
    expect(interval?.[1]).toBeCloseTo(4.963243, 5)
  })

  test('of a single value has neither deviation nor interval', () => {
    expect(summary([0.4])).toEqual({ n: 1, mean: 0.4, deviation: null, interval: null })
  })
})

// "Student" (Biometrika 6, 1908): extra hours of sleep of ten patients by two drugs. R's t.test(..., paired =
// TRUE) gives t = -4.0621, p = 0.002833, interval -2.459886 to -0.7001142; without pairing t = -1.8608, df =
// 17.776, p = 0.07939, interval -3.3654832 to 0.2054832.
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

describe("Student's sleep data", () => {
  test('paired', () => {
    const found = pairedDifference(first.map((value, i) => [value, second[i] ?? Number.NaN]))
    expect(found).toMatchObject({ test: 'paired', pairs: 10 })
    expect(found.mean).toBeCloseTo(-1.58, 12)
    expect(found.p).toBeCloseTo(0.002833, 6)
    expect(found.interval?.[0]).toBeCloseTo(-2.459886, 6)
    expect(found.interval?.[1]).toBeCloseTo(-0.7001142, 6)
  })

  test('as independent groups', () => {
    const found = welchDifference(first, second)
    expect(found.test === 'welch' ? found.degrees : undefined).toBeCloseTo(17.776, 3)
    expect(found.p).toBeCloseTo(0.07939, 5)
    expect(found.interval?.[0]).toBeCloseTo(-3.3654832, 6)
    expect(found.interval?.[1]).toBeCloseTo(0.2054832, 6)
  })

  test('with one value on a side is not tested', () => {
    const untested = { test: 'none', interval: null, p: null }
    expect(welchDifference([2], second)).toMatchObject(untested)
    expect(pairedDifference([[2, 1]])).toEqual({ ...untested, mean: 1 })
  })

  test('without any variation has no p', () => {
    const pairs = [
      [0.5, 0.25],
      [0.75, 0.5],
    ] as const
    expect(pairedDifference(pairs)).toMatchObject({ mean: 0.25, interval: [0.25, 0.25], p: null })
    expect(welchDifference([1, 1], [1, 1])).toMatchObject({ mean: 0, p: null })
  })
})
