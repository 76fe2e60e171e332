// The numbers that views draw are distributed as torchvision, the published AutoAugment and timm's
// RandAugment draw them.
import { describe, expect, it } from 'vitest'
import type { ViewOperation } from '../../../compiler/plan/plan.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import { isSigned, magnitudeOf, policyPixels, subPolicies } from '../../../runtime/data/views/autoaugment.js'
import { drawOperations } from '../../../runtime/data/views/draws.js'
import type { PixelOperation } from '../../../runtime/data/views/operations.js'
import { randAugmentOperations, randAugmentPixels } from '../../../runtime/data/views/randaugment.js'
import { linesOf } from './lines-of.js'
import {
  chance,
  chiSquare,
  chiSquareOfTwo,
  histogram,
  kolmogorovSmirnov,
  normal,
  tally,
  uniform,
} from './statistics.js'

/** Operations drawn for `count` images of one size. */
function drawn(view: ViewOperation, count: number, height = 32, width = 32): PixelOperation[][] {
  return Array.from({ length: count }, (_, i) =>
    drawOperations([view], height, width, drawsOf(keyOf(2, 'distributions', i))),
  )
}

type Kind<Op extends PixelOperation['op']> = Extract<PixelOperation, { op: Op }>

function only<Op extends PixelOperation['op']>(lists: readonly PixelOperation[][], op: Op): Kind<Op>[] {
  return lists.flat().filter((each): each is Kind<Op> => each.op === op)
}

interface CropCounts {
  readonly height: number
  readonly width: number
  readonly scale: readonly [number, number]
  readonly ratio: readonly [number, number]
  readonly draws: number
  readonly histograms: Readonly<
    Record<
      'area' | 'logRatio' | 'down' | 'across',
      { readonly span: readonly [number, number]; readonly counts: readonly number[] }
    >
  >
  readonly centred: number
}

const cropCounts: readonly CropCounts[] = linesOf(new URL('crop-counts.jsonl', import.meta.url))

describe('the boxes of resized_crop', () => {
  it.each(cropCounts)('are those of torchvision: $height x $width, area $scale, ratio $ratio', (setting) => {
    const { height, width, scale, ratio, histograms } = setting
    const view: ViewOperation = { op: 'resized_crop', size: 32, scale, ratio }
    const boxes = only(drawn(view, 20000, height, width), 'resized_crop')
    const values = {
      area: boxes.map((box) => (box.height * box.width) / (height * width)),
      logRatio: boxes.map((box) => Math.log(box.width / box.height)),
      down: boxes.filter((box) => box.height < height).map((box) => box.top / (height - box.height)),
      across: boxes.filter((box) => box.width < width).map((box) => box.left / (width - box.width)),
    }
    for (const name of ['area', 'logRatio', 'down', 'across'] as const) {
      const { span, counts } = histograms[name]
      expect(chiSquareOfTwo(histogram(values[name], counts.length, span), counts), name).toBeLessThan(1)
    }
    const [centre] = only(
      [drawOperations([neverFits(ratio)], height, width, drawsOf(keyOf(0)))],
      'resized_crop',
    )
    const same = boxes.filter(
      (box) =>
        box.top === centre?.top &&
        box.left === centre.left &&
        box.height === centre.height &&
        box.width === centre.width,
    ).length
    const both = [same, boxes.length - same]
    expect(chiSquareOfTwo(both, [setting.centred, setting.draws - setting.centred])).toBeLessThan(1)
  })

  it('fall back often where few boxes fit', () => {
    expect(Math.max(...cropCounts.map(({ centred, draws }) => centred / draws))).toBeGreaterThan(0.1)
  })
})

/** More area than there is: every draw falls back to the largest centred box. */
function neverFits(ratio: readonly [number, number]): ViewOperation {
  return { op: 'resized_crop', size: 32, scale: [9, 9], ratio }
}

describe('places and chances', () => {
  const count = 20000

  it('crop takes every place in the padded image equally often', () => {
    const crops = only(drawn({ op: 'crop', padding: 4, size: 32 }, count), 'crop')
    const places = histogram(
      crops.map(({ top, left }) => (top + 4) * 9 + left + 4),
      81,
      [0, 81],
    )
    expect(chiSquare(places, new Array(81).fill(count / 81))).toBeLessThan(1)
  })

  it.each([0.05, 0.2, 0.5, 0.8])('flip and maybe happen with probability %d', (probability) => {
    const flips = only(drawn({ op: 'flip', probability }, count), 'flip')
    expect(chance(flips.length, count, probability)).toBeLessThan(1)
    const maybe: ViewOperation = { op: 'maybe', probability, operations: [{ op: 'grayscale' }] }
    expect(chance(only(drawn(maybe, count), 'grayscale').length, count, probability)).toBeLessThan(1)
  })

  it('cutout has its centre at every pixel equally often, down and across independently', () => {
    const holes = only(drawn({ op: 'cutout', size: 16, holes: 1 }, count), 'cutout')
    const blocks = histogram(
      holes.map(({ y, x }) => (y >> 1) * 16 + (x >> 1)),
      256,
      [0, 256],
    )
    expect(chiSquare(blocks, new Array(256).fill(count / 256))).toBeLessThan(1)
  })

  it('rotate and gaussian_blur draw uniformly', () => {
    const angles = only(drawn({ op: 'rotate', degrees: 30 }, count), 'rotate').map(({ degrees }) => degrees)
    expect(kolmogorovSmirnov(angles, uniform(-30, 30))).toBeLessThan(1)
    const blurs = only(drawn({ op: 'gaussian_blur', sigma: [0.1, 2] }, count), 'gaussian_blur')
    const sigmas = blurs.map(({ sigma }) => sigma)
    expect(kolmogorovSmirnov(sigmas, uniform(0.1, 2))).toBeLessThan(1)
  })
})

describe('color_jitter', () => {
  const count = 20000
  const jitter: ViewOperation = {
    op: 'color_jitter',
    brightness: 0.4,
    contrast: 0.3,
    saturation: 0.9,
    hue: 0.1,
  }
  const lists = drawn(jitter, count)

  it('draws its factors uniformly', () => {
    for (const [op, strength] of [
      ['brightness', 0.4],
      ['contrast', 0.3],
      ['saturation', 0.9],
    ] as const) {
      const factors = lists
        .flat()
        .flatMap((each) => (each.op === op && 'factor' in each ? [each.factor] : []))
      expect(factors).toHaveLength(count)
      expect(kolmogorovSmirnov(factors, uniform(1 - strength, 1 + strength)), op).toBeLessThan(1)
    }
    const shifts = only(lists, 'hue').map(({ shift }) => shift)
    expect(kolmogorovSmirnov(shifts, uniform(-0.1, 0.1))).toBeLessThan(1)
  })

  it('does its parts in each of the 24 orders equally often', () => {
    const orders = tally(lists.map((list) => list.map(({ op }) => op).join(' ')))
    expect(orders.size).toBe(24)
    expect(chiSquare([...orders.values()], new Array(24).fill(count / 24))).toBeLessThan(1)
  })
})

describe('autoaugment', () => {
  const count = 40000

  it.each(['cifar10', 'imagenet', 'svhn'] as const)(
    '%s draws every sub-policy equally often and its operations with their probabilities, in order',
    (policy) => {
      // All that can come of the 25 sub-policies, whatever the signs, with its probability.
      const expected = new Map<string, number>()
      for (const [[p, first, m], [q, second, n]] of subPolicies(policy)) {
        const a = unsigned(policyPixels(first, magnitudeOf(first, m), 1, 32, 32))
        const b = unsigned(policyPixels(second, magnitudeOf(second, n), 1, 32, 32))
        for (const [name, chance] of [
          ['', (1 - p) * (1 - q)],
          [a, p * (1 - q)],
          [b, (1 - p) * q],
          [`${a}, ${b}`, p * q],
        ] as const) {
          expected.set(name, (expected.get(name) ?? 0) + chance / 25)
        }
      }
      const outcomes = tally(
        drawn({ op: 'autoaugment', policy }, count).map((list) => list.map(unsigned).join(', ')),
      )
      for (const name of outcomes.keys()) expect(expected.get(name), name).toBeGreaterThan(0)
      const likely = [...expected].filter(([, share]) => share * count >= 5)
      const counts = likely.map(([name]) => outcomes.get(name) ?? 0)
      const wanted = likely.map(([, share]) => share * count)
      expect(chiSquare(counts, wanted)).toBeLessThan(1)
    },
  )

  it('draws the sign of every signed operation equally often', () => {
    const operations = (['cifar10', 'imagenet', 'svhn'] as const).flatMap((policy) =>
      drawn({ op: 'autoaugment', policy }, count).flat(),
    )
    const signs = tally(
      operations.flatMap((each) => (signOf(each) === undefined ? [] : [`${each.op} ${signOf(each)}`])),
    )
    const names = [
      'shear_x',
      'shear_y',
      'translate_x',
      'translate_y',
      'saturation',
      'contrast',
      'brightness',
      'sharpness',
    ]
    for (const name of names) {
      const [up, down] = [signs.get(`${name} 1`) ?? 0, signs.get(`${name} -1`) ?? 0]
      expect(up + down).toBeGreaterThan(500)
      expect(chance(up, up + down, 0.5), name).toBeLessThan(1)
    }
    expect(isSigned('rotate')).toBe(false)
    expect(only([operations], 'rotate').every(({ degrees }) => degrees > 0)).toBe(true)
  })
})

describe('randaugment', () => {
  const count = 40000
  const view = {
    op: 'randaugment',
    count: 2,
    magnitude: 10,
    deviation: 0.5,
    fill: [124, 116, 104],
    increasing: false,
  } as const
  const settings = {
    magnitude: 10,
    sign: 1,
    sampling: 'bicubic',
    fill: view.fill,
    increasing: false,
  } as const
  const names = randAugmentOperations.map((operation) => randAugmentPixels(operation, settings, 32, 32).op)

  it('draws operations with replacement, equally often, and does each with probability 0.5', () => {
    expect(new Set(names).size).toBe(15)
    const outcomes = tally(drawn(view, count).map((list) => list.map(({ op }) => op).join(' ')))
    const expected = new Map([['', 0.25]])
    for (const first of names) {
      expected.set(first, 1 / 30)
      for (const second of names) expected.set(`${first} ${second}`, 1 / 900)
    }
    const counts = [...expected.keys()].map((name) => outcomes.get(name) ?? 0)
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(count)
    const wanted = [...expected.values()].map((share) => share * count)
    expect(chiSquare(counts, wanted)).toBeLessThan(1)
  })

  it('draws so many operations as it is told', () => {
    const lists = drawn({ ...view, count: 5 }, count)
    const lengths = Array.from({ length: 6 }, (_, n) => lists.filter((list) => list.length === n).length)
    const wanted = [1, 5, 10, 10, 5, 1].map((ways) => (ways / 32) * count)
    expect(chiSquare(lengths, wanted)).toBeLessThan(1)
  })

  it('draws magnitudes from a normal distribution and cuts them off at 0 and 10', () => {
    const degrees = (magnitude: number, deviation: number) =>
      only(drawn({ ...view, magnitude, deviation }, count), 'rotate').map(
        (each) => Math.abs(each.degrees) / 3,
      )
    expect(kolmogorovSmirnov(degrees(5, 0.5), normal(5, 0.5))).toBeLessThan(1)
    expect(new Set(degrees(7, 0))).toEqual(new Set([7]))
    const high = degrees(10, 0.5)
    const cut = high.filter((each) => each === 10).length
    expect(chance(cut, high.length, 0.5)).toBeLessThan(1)
    expect(Math.max(...high)).toBe(10)
    const below = high.filter((each) => each < 10)
    const halfNormal = (x: number) => 2 * normal(10, 0.5)(x)
    expect(kolmogorovSmirnov(below, halfNormal)).toBeLessThan(1)
    const low = degrees(0, 1)
    expect(chance(low.filter((each) => each === 0).length, low.length, 0.5)).toBeLessThan(1)
  })

  it('draws sign and sampling of geometry equally often and independently', () => {
    const lists = drawn(view, 2 * count)
    for (const op of ['rotate', 'shear_x', 'shear_y', 'translate_x', 'translate_y'] as const) {
      const both = tally(only(lists, op).map((each) => `${signOf(each)} ${each.sampling}`))
      const counts = [...both.values()]
      expect([...both.keys()].sort()).toEqual(['-1 bicubic', '-1 bilinear', '1 bicubic', '1 bilinear'])
      const total = counts.reduce((sum, n) => sum + n, 0)
      expect(chiSquare(counts, new Array(4).fill(total / 4)), op).toBeLessThan(1)
    }
  })

  it('has the arguments of its operations from timm', () => {
    const at = (magnitude: number, sign: 1 | -1, increasing: boolean) =>
      Object.fromEntries(
        randAugmentOperations.map((operation) => {
          const { op, ...rest } = randAugmentPixels(
            operation,
            { ...settings, magnitude, sign, increasing },
            100,
            200,
          )
          return [operation, Object.values(rest)[0] ?? op]
        }),
      )
    expect(at(10, 1, false)).toMatchObject({
      ...{ rotate: 30, posterize: 4, solarize: 256, solarizeAdd: 110 },
      ...{ color: 1.9000000000000001, contrast: 1.9000000000000001, brightness: 1.9000000000000001 },
      ...{ sharpness: 1.9000000000000001, shearX: 0.3, shearY: 0.3, translateX: 90, translateY: 45 },
    })
    expect(at(9.7, -1, false)).toMatchObject({
      rotate: -29.099999999999998,
      posterize: 3,
      solarize: 248,
      solarizeAdd: 106,
    })
    expect(at(0, 1, false)).toMatchObject({
      posterize: 0,
      solarize: 0,
      solarizeAdd: 0,
      color: 0.1,
      rotate: 0,
    })
    expect(at(10, 1, true)).toMatchObject({ posterize: 0, solarize: 0, solarizeAdd: 110, color: 1.9 })
    expect(at(10, -1, true)).toMatchObject({ color: 0.1, contrast: 0.1, shearX: -0.3, translateX: -90 })
    expect(at(5, -1, true)).toMatchObject({ posterize: 2, solarize: 128, color: 0.55 })
  })

  it('draws the sign of enhancements only where they are increasing', () => {
    const factors = (increasing: boolean) =>
      drawn({ ...view, magnitude: 5, deviation: 0, increasing }, count)
        .flat()
        .flatMap((each) => (each.op === 'contrast' ? [each.factor] : []))
    expect(new Set(factors(false))).toEqual(new Set([1]))
    const above = factors(true).filter((factor) => factor > 1).length
    expect(chance(above, factors(true).length, 0.5)).toBeLessThan(1)
  })
})

/** Which way the operation goes; undefined where it has no direction. */
function signOf(operation: PixelOperation): number | undefined {
  switch (operation.op) {
    case 'shear_x':
    case 'shear_y':
      return Math.sign(operation.slope)
    case 'translate_x':
    case 'translate_y':
      return Math.sign(operation.offset)
    case 'rotate':
      return Math.sign(operation.degrees)
    case 'brightness':
    case 'contrast':
    case 'saturation':
    case 'sharpness':
      return operation.factor === 1 ? undefined : Math.sign(operation.factor - 1)
    default:
      return undefined
  }
}

/** The operation in words without its direction. */
function unsigned(operation: PixelOperation): string {
  const values = Object.entries(operation).map(([name, value]) => {
    if (typeof value !== 'number') return value
    const amount = name === 'factor' ? Math.abs(value - 1) : Math.abs(value)
    return amount.toFixed(6)
  })
  return values.join(' ')
}
