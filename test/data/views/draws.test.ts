import { describe, expect, it } from 'vitest'
import type { ViewOperation } from '../../../compiler/plan/plan.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import {
  isSigned,
  magnitudeOf,
  policyOperations,
  subPolicies,
} from '../../../runtime/data/views/autoaugment.js'
import { drawOperations } from '../../../runtime/data/views/draws.js'
import type { PixelOperation } from '../../../runtime/data/views/operations.js'

const count = 4000

/** The operations drawn for many images of one size. */
function drawn(operations: readonly ViewOperation[], height = 32, width = 32): PixelOperation[][] {
  return Array.from({ length: count }, (_, i) =>
    drawOperations(operations, height, width, drawsOf(keyOf(1, 'test', i))),
  )
}

function only<Op extends PixelOperation['op']>(
  lists: readonly PixelOperation[][],
  op: Op,
): Extract<PixelOperation, { op: Op }>[] {
  return lists.flat().filter((each): each is Extract<PixelOperation, { op: Op }> => each.op === op)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('crop', () => {
  it('takes every offset of the padded image, each as often', () => {
    const tops = only(drawn([{ op: 'crop', padding: 4, size: 32 }]), 'crop').map(({ top }) => top)
    const counts = Array.from({ length: 9 }, (_, i) => tops.filter((top) => top === i - 4).length)
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(count)
    for (const n of counts) expect(Math.abs(n - count / 9)).toBeLessThan(5 * Math.sqrt(count / 9))
  })
})

describe('resized_crop', () => {
  const view: ViewOperation = { op: 'resized_crop', size: 32, scale: [0.2, 1], ratio: [3 / 4, 4 / 3] }
  const boxes = only(drawn([view]), 'resized_crop')

  it('keeps area and ratio within their ranges, but for rounding', () => {
    for (const { height, width, top, left } of boxes) {
      expect(height * width).toBeGreaterThan(0.2 * 1024 - 33)
      expect(width / height).toBeGreaterThan((3 / 4) * 0.93)
      expect(width / height).toBeLessThan((4 / 3) * 1.07)
      expect(top).toBeGreaterThanOrEqual(0)
      expect(left).toBeGreaterThanOrEqual(0)
      expect(top + height).toBeLessThanOrEqual(32)
      expect(left + width).toBeLessThanOrEqual(32)
    }
  })

  it('draws areas evenly where every box fits, and wide boxes as often as high ones', () => {
    const small = only(drawn([{ ...view, scale: [0.1, 0.5] }], 320, 320), 'resized_crop')
    const areas = small.map(({ height, width }) => (height * width) / 102400)
    for (const share of [0.25, 0.5, 0.75]) {
      const below = areas.filter((area) => area < 0.1 + 0.4 * share).length / count
      expect(Math.abs(below - share)).toBeLessThan(0.04)
    }
    const wide = small.filter(({ height, width }) => width > height).length / count
    expect(Math.abs(wide - 0.5)).toBeLessThan(0.04)
  })

  it('falls back to the largest centred box where nothing fits', () => {
    const [box] = only([drawOperations([view], 10, 100, drawsOf(keyOf(1)))], 'resized_crop')
    expect(box).toMatchObject({ top: 0, height: 10, width: 13, left: 43 })
  })
})

describe('deterministic geometry', () => {
  it('resize brings the short side to the size and cuts the long one off to whole pixels', () => {
    const [resized] = only(
      [drawOperations([{ op: 'resize', size: 10 }], 21, 33, drawsOf(keyOf(0)))],
      'resized_crop',
    )
    expect(resized).toMatchObject({ top: 0, left: 0, height: 21, width: 33, outHeight: 10, outWidth: 15 })
  })

  it('center_crop rounds its corner half to even', () => {
    const corner = (height: number) =>
      only([drawOperations([{ op: 'center_crop', size: 8 }], height, 8, drawsOf(keyOf(0)))], 'crop')[0]?.top
    expect([9, 11, 13, 15, 10, 7, 5].map(corner)).toEqual([0, 2, 2, 4, 1, 0, -1])
  })
})

describe('chances', () => {
  it('flip and maybe happen with their probabilities', () => {
    const flips = only(drawn([{ op: 'flip', probability: 0.3 }]), 'flip').length / count
    expect(Math.abs(flips - 0.3)).toBeLessThan(0.03)
    const greys = only(
      drawn([{ op: 'maybe', probability: 0.8, operations: [{ op: 'grayscale' }] }]),
      'grayscale',
    )
    expect(Math.abs(greys.length / count - 0.8)).toBeLessThan(0.03)
  })

  it('a flip after a crop is done by the crop', () => {
    const lists = drawn([
      { op: 'crop', padding: 4, size: 32 },
      { op: 'flip', probability: 0.5 },
    ])
    expect(lists.every((list) => list.length === 1)).toBe(true)
    expect(Math.abs(only(lists, 'crop').filter(({ mirror }) => mirror).length / count - 0.5)).toBeLessThan(
      0.04,
    )
  })

  it('a cutout has its centre anywhere in the image', () => {
    const holes = only(drawn([{ op: 'cutout', size: 16, holes: 2 }]), 'cutout')
    expect(holes).toHaveLength(2 * count)
    expect(new Set(holes.map(({ y }) => y)).size).toBe(32)
    expect(Math.max(...holes.map(({ x }) => x))).toBe(31)
    expect(Math.abs(mean(holes.map(({ x }) => x)) - 15.5)).toBeLessThan(0.6)
  })

  it('rotate and gaussian_blur draw evenly from their ranges', () => {
    const degrees = only(drawn([{ op: 'rotate', degrees: 15 }]), 'rotate').map((each) => each.degrees)
    expect(Math.min(...degrees)).toBeLessThan(-14.9)
    expect(Math.max(...degrees)).toBeGreaterThan(14.9)
    expect(Math.abs(mean(degrees))).toBeLessThan(0.6)
    const sigmas = only(drawn([{ op: 'gaussian_blur', sigma: [0.1, 2] }]), 'gaussian_blur').map(
      ({ sigma }) => sigma,
    )
    expect(Math.min(...sigmas)).toBeGreaterThanOrEqual(0.1)
    expect(Math.abs(mean(sigmas) - 1.05)).toBeLessThan(0.05)
  })
})

describe('color_jitter', () => {
  const lists = drawn([{ op: 'color_jitter', brightness: 0.4, contrast: 0.4, saturation: 1.5, hue: 0.1 }])

  it('comes in every order, each as often', () => {
    const orders = new Map<string, number>()
    for (const list of lists) {
      const order = list.map(({ op }) => op).join(' ')
      orders.set(order, (orders.get(order) ?? 0) + 1)
    }
    expect(orders.size).toBe(24)
    for (const n of orders.values()) expect(Math.abs(n - count / 24)).toBeLessThan(5 * Math.sqrt(count / 24))
  })

  it('draws factors about 1, never below 0, and hue about 0', () => {
    const brightness = lists.flat().flatMap((each) => (each.op === 'brightness' ? [each.factor] : []))
    expect(Math.min(...brightness)).toBeGreaterThanOrEqual(0.6)
    expect(Math.max(...brightness)).toBeLessThanOrEqual(1.4)
    const saturation = lists.flat().flatMap((each) => (each.op === 'saturation' ? [each.factor] : []))
    expect(Math.min(...saturation)).toBeGreaterThanOrEqual(0)
    expect(Math.abs(mean(saturation) - 1.25)).toBeLessThan(0.06)
    const shifts = only(lists, 'hue').map(({ shift }) => shift)
    expect(Math.min(...shifts)).toBeGreaterThanOrEqual(-0.1)
    expect(Math.abs(mean(shifts))).toBeLessThan(0.006)
  })

  it('leaves parts of strength 0 out', () => {
    const [list] = drawn([{ op: 'color_jitter', brightness: 0, contrast: 0.4, saturation: 0, hue: 0 }])
    expect(list?.map(({ op }) => op)).toEqual(['contrast'])
  })
})

describe('autoaugment', () => {
  it('has 25 sub-policies of two operations with probabilities and magnitudes in range', () => {
    for (const policy of ['cifar10', 'imagenet', 'svhn'] as const) {
      expect(subPolicies(policy)).toHaveLength(25)
      for (const [probability, operation, magnitude] of subPolicies(policy).flat()) {
        expect(probability).toBeGreaterThanOrEqual(0)
        expect(probability).toBeLessThanOrEqual(1)
        expect(policyOperations).toContain(operation)
        expect(Number.isInteger(magnitude) && magnitude >= 0 && magnitude <= 9).toBe(true)
      }
    }
  })

  it('spaces ten magnitudes evenly', () => {
    expect(magnitudeOf('translateX', 9)).toBe(150 / 331)
    expect(magnitudeOf('shearX', 5)).toBe(0.16666666666666666)
    expect(magnitudeOf('solarize', 2)).toBeCloseTo(199.1111, 4)
    expect(Array.from({ length: 10 }, (_, i) => magnitudeOf('posterize', i))).toEqual([
      8, 8, 7, 7, 6, 6, 5, 5, 4, 4,
    ])
  })

  it('draws operations as often as the policy says', () => {
    const lists = drawn([{ op: 'autoaugment', policy: 'cifar10' }])
    const expected = subPolicies('cifar10')
      .flat()
      .filter(([, operation]) => operation === 'equalize')
    const rate = expected.reduce((sum, [probability]) => sum + probability, 0) / 25
    expect(Math.abs(only(lists, 'equalize').length / count - rate)).toBeLessThan(0.03)
  })

  it('draws the sign of translations, and never that of rotations', () => {
    expect(policyOperations.filter((operation) => !isSigned(operation))).toEqual([
      'rotate',
      'posterize',
      'solarize',
      'autocontrast',
      'equalize',
      'invert',
    ])
    const lists = drawn([{ op: 'autoaugment', policy: 'cifar10' }])
    const offsets = lists.flat().flatMap((each) => (each.op === 'translate_y' ? [each.offset] : []))
    expect(Math.abs(offsets.filter((offset) => offset < 0).length / offsets.length - 0.5)).toBeLessThan(0.06)
    expect(only(lists, 'rotate').every(({ degrees }) => degrees > 0)).toBe(true)
  })
})

it('the same key draws the same view', () => {
  const view: readonly ViewOperation[] = [
    { op: 'autoaugment', policy: 'imagenet' },
    { op: 'color_jitter', brightness: 1, contrast: 1, saturation: 1, hue: 0.5 },
  ]
  expect(drawn(view)).toEqual(drawn(view))
})
