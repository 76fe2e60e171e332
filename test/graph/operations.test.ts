import { describe, expect, it } from 'vitest'
import { Builder, type Tensor as GraphTensor } from '../../compiler/graph/builder.js'
import type { DType } from '../../compiler/graph/graph.js'
import * as arithmetic from '../../compiler/graph/operations/arithmetic.js'
import * as arrangement from '../../compiler/graph/operations/arrangement.js'
import { conv2d, conv2dInputGradient } from '../../compiler/graph/operations/convolution.js'
import { argmax, castTo, gather, oneHot } from '../../compiler/graph/operations/indexing.js'
import { and, equal, lessEqual, not, or, select } from '../../compiler/graph/operations/logic.js'
import {
  batchNormalization,
  batchNormalizationInference,
} from '../../compiler/graph/operations/normalization.js'
import { matmul } from '../../compiler/graph/operations/product.js'
import * as reductions from '../../compiler/graph/operations/reductions.js'
import { shortcutPad } from '../../compiler/graph/operations/shortcut.js'
import { constant, input } from '../../compiler/graph/operations/sources.js'
import { type Batch, cutmix } from '../../compiler/graph/trace/batch.js'
import { crossEntropy } from '../../compiler/graph/trace/losses.js'
import { evaluate, float, int } from './numeric.js'

/** Shape that a function of inputs of these shapes infers. */
function inferred(
  make: (...inputs: GraphTensor[]) => GraphTensor,
  ...shapes: readonly (readonly number[])[]
) {
  const builder = new Builder()
  return make(...shapes.map((shape, position) => input(builder, `x${position}`, { dtype: 'float32', shape })))
    .type.shape
}

async function values(...parameters: Parameters<typeof evaluate>): Promise<readonly number[]> {
  const [first] = await evaluate(...parameters)
  return [...(first?.data ?? [])]
}

const convolution = { layout: 'NCHW', stride: 2, padding: [1, 1, 1, 1] } as const

describe('shape rules', () => {
  it('follow numpy where operands broadcast', () => {
    expect(inferred(arithmetic.add, [4, 1, 3], [2, 1])).toEqual([4, 2, 3])
    expect(inferred(arithmetic.add, [], [2])).toEqual([2])
  })

  it('give the sizes of convolutions', () => {
    expect(inferred((x, w) => conv2d(x, w, convolution), [2, 3, 9, 8], [5, 3, 3, 3])).toEqual([2, 5, 5, 4])
    const last = { ...convolution, layout: 'NHWC' } as const
    expect(inferred((x, w) => conv2d(x, w, last), [2, 9, 8, 3], [5, 3, 3, 3])).toEqual([2, 5, 4, 5])
  })

  it('give the sizes of reductions, products and shortcuts', () => {
    expect(inferred((x) => reductions.reduceSum(x, [0, 2]), [2, 3, 4])).toEqual([3])
    expect(inferred((x) => reductions.reduceMean(x, [1], true), [2, 3, 4])).toEqual([2, 1, 4])
    expect(inferred((x, y) => matmul(x, y, { transposeLeft: true }), [4, 2], [4, 3])).toEqual([2, 3])
    const shortcut = { layout: 'NCHW', stride: 2, channelsBefore: 1, channelsAfter: 2 } as const
    expect(inferred((x) => shortcutPad(x, shortcut), [2, 3, 5, 6])).toEqual([2, 6, 3, 3])
  })

  it.each<readonly [string, (...inputs: GraphTensor[]) => GraphTensor, readonly (readonly number[])[]]>([
    ['add(float32[2], float32[3]): shapes [2] and [3] do not broadcast', arithmetic.add, [[2], [3]]],
    [
      'matmul(float32[2, 3], float32[4, 5]): inner sizes 3 and 4 differ',
      (x, y) => matmul(x, y),
      [
        [2, 3],
        [4, 5],
      ],
    ],
    [
      'the kernel takes 2 channels, the image has 3',
      (x, w) => conv2d(x, w, convolution),
      [
        [1, 3, 4, 4],
        [5, 2, 3, 3],
      ],
    ],
    [
      'the kernel is larger than the image',
      (x, w) => conv2d(x, w, { ...convolution, padding: [0, 0, 0, 0] }),
      [
        [1, 3, 2, 2],
        [5, 3, 3, 3],
      ],
    ],
    [
      'the result is not of shape [1, 5, 2, 2]',
      (g, w) => conv2dInputGradient(g, w, [1, 3, 4, 4], convolution),
      [
        [1, 5, 3, 3],
        [5, 3, 3, 3],
      ],
    ],
    ['[5] has another number of elements', (x) => arrangement.reshape(x, [5]), [[2, 3]]],
    ['[0, 0] does not permute the axes', (x) => arrangement.transpose(x, [0, 0]), [[2, 3]]],
    ['[1, 0] + [2, 1] lies outside', (x) => arrangement.slice(x, [1, 0], [2, 1]), [[2, 3]]],
    [
      'parts differ beside the axis',
      (x, y) => arrangement.concat([x, y], 0),
      [
        [2, 3],
        [2, 4],
      ],
    ],
    ['positions must be int32, not float32[3]', (x) => oneHot(x, 2), [[3]]],
    ['axis 2 is outside of rank 2', (x) => argmax(x, 2), [[2, 3]]],
    [
      'input 1 is not of shape [3]',
      (x, y) => batchNormalization(x, y, y, { axis: 1, epsilon: 1 }).y,
      [[2, 3], [2]],
    ],
  ])('refuse what does not fit: %s', (message, make, shapes) => {
    expect(() => inferred(make, ...shapes)).toThrow(message)
  })

  it('refuse mixed element types', () => {
    const builder = new Builder()
    const typed = (dtype: DType) => input(builder, dtype, { dtype, shape: [2] })
    expect(() => arithmetic.add(typed('float32'), typed('int32'))).toThrow(
      'operands are float32[2] and int32[2]',
    )
    expect(() => arithmetic.divide(typed('int32'), typed('int32'))).toThrow('operands are')
    expect(() => and(typed('bool'), typed('uint8'))).toThrow('operands are')
  })
})

describe('operations compute', () => {
  it('rounding half to even', async () => {
    expect(await values(arithmetic.round, float([7], [-1.5, -0.5, 0.5, 1.5, 2.5, 2.4, -2.6]))).toEqual([
      -2, 0, 0, 2, 2, 2, -3,
    ])
  })

  it('the first of equal maxima', async () => {
    expect(await values((x) => argmax(x, 1), float([2, 3], [1, 5, 5, 7, 7, 0]))).toEqual([1, 0])
    expect(await values((x) => argmax(x, 0), float([2, 3], [1, 5, 5, 7, 5, 6]))).toEqual([1, 0, 1])
  })

  it('one-hot rows, empty for positions outside', async () => {
    expect(await values((x) => oneHot(x, 3), int([3], [2, -1, 0]))).toEqual([0, 0, 1, 0, 0, 0, 1, 0, 0])
  })

  it('look-ups, choice and truth', async () => {
    expect(await values((t, i) => gather(t, i), float([3, 2], [1, 2, 3, 4, 5, 6]), int([2], [2, 0]))).toEqual(
      [5, 6, 1, 2],
    )
    const logic = (x: GraphTensor): GraphTensor =>
      castTo(select(or(lessEqual(x, 1), and(not(equal(x, 3)), equal(x, 2))), 10, 20), 'float32')
    expect(await values((x) => arithmetic.toFloat(castTo(x, 'bool')), int([3], [0, 2, -1]))).toEqual([
      0, 1, 1,
    ])
    expect(await values((x) => logic(arithmetic.multiply(x, 1)), float([4], [0, 1, 2, 3]))).toEqual([
      10, 10, 10, 20,
    ])
  })

  it('log-sum-exp of large numbers', async () => {
    const [value] = await values((x) => reductions.logSumExp(x, [0]), float([2], [1000, 1000]))
    expect(value).toBeCloseTo(1000 + Math.log(2), 12)
  })

  it('padding, slices and parts', async () => {
    expect(await values((x) => arrangement.pad(x, [0, 1], [1, 0]), float([1, 2], [1, 2]))).toEqual([
      0, 1, 2, 0, 0, 0,
    ])
    expect(
      await values((x) => arrangement.slice(x, [1, 0], [1, 2]), float([2, 3], [1, 2, 3, 4, 5, 6])),
    ).toEqual([4, 5])
    expect(
      await values(
        (x, y) => arrangement.concat([x, y], 1),
        float([2, 1], [1, 2]),
        float([2, 2], [3, 4, 5, 6]),
      ),
    ).toEqual([1, 3, 4, 2, 5, 6])
  })

  it('a convolution by hand', async () => {
    const options = { layout: 'NCHW', stride: 1, padding: [0, 1, 0, 0] } as const
    const image = float([1, 1, 2, 2], [1, 2, 3, 4])
    const kernel = float([1, 1, 2, 2], [1, 10, 100, 1000])
    expect(await values((x, w) => conv2d(x, w, options), image, kernel)).toEqual([4321, 43])
  })

  it('batch normalization with the statistics of the batch, and with given ones', async () => {
    const x = float([2, 2], [1, 10, 3, 30])
    const [y, mean, variance] = await evaluate(
      (a, s, t) => {
        const normal = batchNormalization(a, s, t, { axis: 1, epsilon: 0 })
        return [normal.y, normal.mean, normal.variance]
      },
      x,
      float([2], [1, 2]),
      float([2], [0, 5]),
    )
    expect([...(y?.data ?? [])]).toEqual([-1, 3, 1, 7])
    expect([...(mean?.data ?? [])]).toEqual([2, 20])
    expect([...(variance?.data ?? [])]).toEqual([1, 100])
    const given = await values(
      (a, m, v) =>
        batchNormalizationInference(a, { scale: v, shift: m, mean: m, variance: v }, { axis: 1, epsilon: 0 }),
      x,
      float([2], [1, 10]),
      float([2], [4, 100]),
    )
    expect(given).toEqual([1, 10, 5, 210])
  })

  it('the shortcut: every second pixel between channels of zeros', async () => {
    const image = float([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9])
    const options = { layout: 'NHWC', stride: 2, channelsBefore: 1, channelsAfter: 1 } as const
    expect(await values((x) => shortcutPad(x, options), image)).toEqual([0, 1, 0, 0, 3, 0, 0, 7, 0, 0, 9, 0])
  })
})

describe('cutmix', () => {
  const batch = (images: GraphTensor, classes: GraphTensor): Batch => ({
    images,
    labels: { kind: 'hard', classes, classCount: 2 },
  })

  async function pasted(target: 'area' | 'drawn', lambda: number, center: readonly number[]) {
    const [images, labels] = await evaluate(
      (x1, x2, l1, l2, weight, place) => {
        const mixed = cutmix(batch(x1, l1), batch(x2, l2), weight, place, target, 'NCHW')
        return mixed.labels.kind === 'soft' ? [mixed.images, mixed.labels.weights] : []
      },
      float([1, 1, 4, 4], new Float64Array(16)),
      float([1, 1, 4, 4], new Float64Array(16).fill(1)),
      int([1], [0]),
      int([1], [1]),
      float([], [lambda]),
      float([2], center),
    )
    return { rows: [...(images?.data ?? [])].join('').match(/.{4}/g), labels: [...(labels?.data ?? [])] }
  }

  it('pastes a box with sides of sqrt(1 - lambda), centred at (x, y)', async () => {
    const { rows, labels } = await pasted('drawn', 0.75, [3, 1])
    expect(rows).toEqual(['0011', '0011', '0000', '0000'])
    expect(labels).toEqual([0.75, 0.25])
  })

  it('clips the box to the picture, and weighs labels by what is left of it where asked', async () => {
    const { rows, labels } = await pasted('area', 0.75, [4, 0])
    expect(rows).toEqual(['0001', '0000', '0000', '0000'])
    expect(labels).toEqual([15 / 16, 1 / 16])
  })
})

describe('cross-entropy', () => {
  it('of hard labels is the mean negative log probability', async () => {
    const [loss] = await values(
      (z, y) => crossEntropy(z, { kind: 'hard', classes: y, classCount: 2 }),
      float([2, 2], [0, 0, Math.log(3), 0]),
      int([2], [0, 1]),
    )
    expect(loss).toBeCloseTo((Math.log(2) + Math.log(4)) / 2, 12)
  })
})

describe('a graph builder', () => {
  it('refuses two outputs, updates or inputs of one name, and tensors of another graph', () => {
    const builder = new Builder()
    const x = input(builder, 'x', { dtype: 'float32', shape: [] })
    builder.output('y', x)
    expect(() => builder.output('y', x)).toThrow('two outputs named y')
    builder.update('w', x)
    expect(() => builder.update('w', x)).toThrow('two updates of w')
    expect(() => arithmetic.add(x, constant(new Builder(), 1))).toThrow('belongs to another graph')
  })
})
