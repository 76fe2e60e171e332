import { describe, expect, it } from 'vitest'
import { Draws, drawsOf } from '../../compiler/random/draws.js'
import { standardNormalQuantile } from '../../compiler/random/normal.js'
import { foldKey, keyOf, threefry } from '../../compiler/random/random.js'

describe('threefry', () => {
  it.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])('gives the known answer of Random123 for key %d %d', (high, low, counterHigh, counterLow, a, b) => {
    expect(threefry({ high, low }, counterHigh, counterLow)).toEqual({ high: a, low: b })
  })

  it('hands out the blocks of counters 0, 1, 2 in order, first word first', () => {
    const key = keyOf(3, 'order')
    const draws = new Draws(key)
    const words = Array.from({ length: 6 }, () => draws.uint32())
    const blocks = [0, 1, 2].map((i) => threefry(key, 0, i))
    expect(words).toEqual(blocks.flatMap((block) => [block.high, block.low]))
  })
})

describe('keys', () => {
  it('fold one part at a time', () => {
    expect(keyOf(5, 'view', 3)).toEqual(foldKey(foldKey(keyOf(5), 'view'), 3))
  })

  it('differ for every seed, part, kind of part and cut between strings', () => {
    const keys = [
      keyOf(1),
      keyOf(2),
      keyOf(-1),
      keyOf(2 ** 32 + 1),
      keyOf(1, 1),
      keyOf(1, '1'),
      keyOf(1, ''),
      keyOf(1, 'ab', 'c'),
      keyOf(1, 'a', 'bc'),
      keyOf(1, 'abc'),
      keyOf(1, 'abc\0'),
      keyOf(1, 0, 1),
      keyOf(1, 1, 0),
    ]
    expect(new Set(keys.map((key) => `${key.high} ${key.low}`)).size).toBe(keys.length)
  })

  it('refuse numbers that are not integers', () => {
    expect(() => keyOf(0.5)).toThrow(TypeError)
    expect(() => keyOf(1, Number.NaN)).toThrow(TypeError)
  })

  it('keep their meaning from version to version', () => {
    expect(keyOf(35180, 'longtail', 'c', 7)).toMatchInlineSnapshot(`
      {
        "high": 3822874103,
        "low": 2439119009,
      }
    `)
  })
})

/** Pearson's statistic of counts against equal shares. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

function moments(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, variance }
}

const many = 200_000

describe('draws', () => {
  it('below(n) hits every number equally often', () => {
    const draws = drawsOf(keyOf(11, 'below'))
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < many; i++) {
      const value = draws.below(10)
      counts[value] = (counts[value] ?? 0) + 1
    }
    // 9 degrees of freedom: 33.7 has probability 1e-4.
    expect(chiSquare(counts)).toBeLessThan(33.7)
    expect(chiSquare(counts)).toBeGreaterThan(0.5)
  })

  it('below(n) has no bias where n does not divide 2^32 by far', () => {
    const draws = drawsOf(keyOf(12))
    const n = 3 * 2 ** 30
    let lowThird = 0
    for (let i = 0; i < many; i++) if (draws.below(n) < 2 ** 30) lowThird++
    expect(Math.abs(lowThird / many - 1 / 3)).toBeLessThan(0.005)
  })

  it.each([0, -1, 1.5, 2 ** 33])('below(%d) is refused', (n) => {
    expect(() => drawsOf(keyOf(1)).below(n)).toThrow(RangeError)
  })

  it.each(['uniform', 'uniform53'] as const)(
    '%s has the moments of a uniform and stays in [0, 1)',
    (kind) => {
      const draws = drawsOf(keyOf(13, kind))
      const values = Float64Array.from({ length: many }, () => draws[kind]())
      const { mean, variance } = moments(values)
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.003)
      expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001)
      expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    },
  )

  it('neighbouring draws and neighbouring keys are not correlated', () => {
    const one = drawsOf(keyOf(14, 0))
    const next = drawsOf(keyOf(14, 1))
    let within = 0
    let across = 0
    let before = 0.5
    for (let i = 0; i < many; i++) {
      const value = one.uniform() - 0.5
      within += value * (before - 0.5)
      across += value * (next.uniform() - 0.5)
      before = value + 0.5
    }
    // Standard deviation of each mean product is 1 / 12 / sqrt(many) = 1.9e-4.
    expect(Math.abs(within / many)).toBeLessThan(8e-4)
    expect(Math.abs(across / many)).toBeLessThan(8e-4)
  })

  it('the first draw under neighbouring keys is uniform', () => {
    const counts = new Array<number>(16).fill(0)
    for (let i = 0; i < 20_000; i++) {
      const bin = drawsOf(keyOf(1, 'image', i)).uint32() >>> 28
      counts[bin] = (counts[bin] ?? 0) + 1
    }
    expect(chiSquare(counts)).toBeLessThan(44.3)
  })

  it('normal has mean 0, variance 1 and kurtosis 3', () => {
    const draws = drawsOf(keyOf(15))
    const values = Float64Array.from({ length: many }, () => draws.normal())
    const { mean, variance } = moments(values)
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(variance - 1)).toBeLessThan(0.015)
    expect(Math.abs(values.reduce((sum, value) => sum + value ** 4, 0) / many - 3)).toBeLessThan(0.1)
  })

  it('the normal quantile has its published values', () => {
    expect(standardNormalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 15)
    expect(standardNormalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 14)
    expect(standardNormalQuantile(1e-20)).toBeCloseTo(-9.262340089798409, 13)
    expect(standardNormalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14)
  })

  it.each([
    [0.2, 0.2],
    [0.5, 2],
    [4, 4],
    [1, 3],
    [30, 1],
  ])('beta(%d, %d) has its mean and variance', (a, b) => {
    const draws = drawsOf(keyOf(16, String(a), String(b)))
    const values = Float64Array.from({ length: 50_000 }, () => draws.beta(a, b))
    const { mean, variance } = moments(values)
    const expected = (a * b) / ((a + b) ** 2 * (a + b + 1))
    expect(Math.abs(mean - a / (a + b))).toBeLessThan(4 * Math.sqrt(expected / 50_000))
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05)
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true)
  })

  it('beta(1, 1) is the uniform draw itself', () => {
    expect(drawsOf(keyOf(17)).beta(1, 1)).toBe(drawsOf(keyOf(17)).uniform53())
  })

  it('beta with a tiny shape stays a number', () => {
    const draws = drawsOf(keyOf(18))
    for (let i = 0; i < 2000; i++) expect(draws.beta(1e-3, 1e-3)).not.toBeNaN()
  })

  it('permutation gives every order of three equally often', () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 12_000; i++) {
      const order = drawsOf(keyOf(19, i)).permutation(3).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // 5 degrees of freedom: 25.7 has probability 1e-4.
    expect(chiSquare([...counts.values()])).toBeLessThan(25.7)
  })

  it('permutation holds every number once and is repeatable', () => {
    const order = drawsOf(keyOf(20)).permutation(1000)
    expect([...order].sort((x, y) => x - y)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect(drawsOf(keyOf(20)).permutation(1000)).toEqual(order)
    expect(drawsOf(keyOf(21)).permutation(1000)).not.toEqual(order)
    expect(drawsOf(keyOf(20)).permutation(0).length).toBe(0)
  })

  it('bernoulli is true as often as asked', () => {
    const draws = drawsOf(keyOf(22))
    let hits = 0
    for (let i = 0; i < many; i++) if (draws.bernoulli(0.3)) hits++
    expect(Math.abs(hits / many - 0.3)).toBeLessThan(0.005)
    expect(draws.bernoulli(0)).toBe(false)
    expect(draws.bernoulli(1)).toBe(true)
  })
})
