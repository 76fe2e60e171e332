import { describe, expect, it } from 'vitest'
import type { Tensor as GraphTensor } from '../../compiler/graph/builder.js'
import type { Layout } from '../../compiler/graph/graph.js'
import * as arithmetic from '../../compiler/graph/operations/arithmetic.js'
import * as arrangement from '../../compiler/graph/operations/arrangement.js'
import * as convolution from '../../compiler/graph/operations/convolution.js'
import { operations } from '../../compiler/graph/operations/index.js'
import { castTo, gather } from '../../compiler/graph/operations/indexing.js'
import { less, select } from '../../compiler/graph/operations/logic.js'
import {
  batchNormalization,
  batchNormalizationInference,
} from '../../compiler/graph/operations/normalization.js'
import { elementCount } from '../../compiler/graph/operations/operation.js'
import type { PoolingOptions } from '../../compiler/graph/operations/pooling.js'
import { maxPool } from '../../compiler/graph/operations/pooling.js'
import { matmul } from '../../compiler/graph/operations/product.js'
import * as reductions from '../../compiler/graph/operations/reductions.js'
import { shortcutPad, shortcutPadGradient } from '../../compiler/graph/operations/shortcut.js'
import { constant } from '../../compiler/graph/operations/sources.js'
import type { Tensor } from '../../runtime/platform/tensor.js'
import { float, gradientErrors, int, uniform } from './numeric.js'

interface Case {
  readonly operation: string
  readonly about: string
  readonly make: (...inputs: GraphTensor[]) => GraphTensor
  readonly values: readonly Tensor[]
}

const cases: Case[] = []

function add(operation: string, about: string, make: Case['make'], ...values: readonly Tensor[]): void {
  cases.push({ operation, about, make, values })
}

/** Random numbers of a shape, none nearer than 0.05 to zero. */
function away(shape: readonly number[], seed: number, low = -1, high = 1): Tensor {
  const data = uniform(elementCount(shape), seed, low, high)
  return float(
    shape,
    data.map((value) => (Math.abs(value) < 0.05 ? value + Math.sign(value || 1) * 0.1 : value)),
  )
}

const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [3, 4],
    [3, 4],
  ],
  [[2, 3, 4], [4]],
  [
    [3, 1],
    [1, 5],
  ],
  [[], [2, 3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
]

for (const [left, right] of pairs) {
  const about = `[${left.join()}] with [${right.join()}]`
  const [x, y] = [away(left, 1), away(right, 2)]
  const [p, q] = [away(left, 3, 0.5, 2), away(right, 4, 0.5, 2)]
  add('add', about, (a, b) => arithmetic.add(a, b), x, y)
  add('subtract', about, (a, b) => arithmetic.subtract(a, b), x, y)
  add('multiply', about, (a, b) => arithmetic.multiply(a, b), x, y)
  add('divide', about, (a, b) => arithmetic.divide(a, b), x, q)
  add('power', about, (a, b) => arithmetic.power(a, b), p, q)
  add('maximum', about, (a, b) => arithmetic.maximum(a, b), x, y)
  add('minimum', about, (a, b) => arithmetic.minimum(a, b), x, y)
  add('relu_gradient', about, (a, b) => arithmetic.reluGradient(a, b), x, y)
  add('select', about, (a, b) => select(less(a, b), arithmetic.multiply(a, 2), b), x, y)
}

for (const shape of [[5], [2, 3], [2, 1, 3]]) {
  const about = `[${shape.join()}]`
  add('negate', about, arithmetic.negate, away(shape, 5))
  add('exp', about, arithmetic.exp, away(shape, 6))
  add('log', about, arithmetic.log, away(shape, 7, 0.5, 3))
  add('sqrt', about, arithmetic.sqrt, away(shape, 8, 0.5, 3))
  add('relu', about, arithmetic.relu, away(shape, 9))
  // No number within a step of the limits.
  add('clamp', about, (a) => arithmetic.clamp(a, -0.04, 0.6), away(shape, 10))
}

for (const transposeLeft of [false, true]) {
  for (const transposeRight of [false, true]) {
    const left = away(transposeLeft ? [4, 3] : [3, 4], 10)
    const right = away(transposeRight ? [5, 4] : [4, 5], 11)
    const options = { transposeLeft, transposeRight }
    add('matmul', JSON.stringify(options), (a, b) => matmul(a, b, options), left, right)
  }
}

for (const axes of [[0], [1, 2], [0, 2], [0, 1, 2]]) {
  for (const keep of [false, true]) {
    const x = away([3, 2, 4], 12)
    const about = `axes ${axes.join()}${keep ? ', kept' : ''}`
    add('reduce_sum', about, (a) => reductions.reduceSum(a, axes, keep), x)
    add('reduce_mean', about, (a) => reductions.reduceMean(a, axes, keep), x)
    add('reduce_max', about, (a) => reductions.reduceMax(a, axes, keep), x)
    add('log_sum_exp', about, (a) => reductions.logSumExp(a, axes, keep), x)
  }
}

add('reshape', '[2,6] to [3,4]', (a) => arrangement.reshape(a, [3, 4]), away([2, 6], 13))
add('transpose', 'three axes', (a) => arrangement.transpose(a, [2, 0, 1]), away([2, 3, 4], 14))
add('broadcast', '[3,1] to [2,3,4]', (a) => arrangement.broadcast(a, [2, 3, 4]), away([3, 1], 15))
add('pad', 'both axes', (a) => arrangement.pad(a, [1, 0], [2, 3]), away([2, 3], 16))
add('slice', 'inside', (a) => arrangement.slice(a, [1, 2], [2, 2]), away([4, 5], 17))
add(
  'concat',
  'middle axis',
  (a, b) => arrangement.concat([a, b, a], 1),
  away([2, 3, 2], 18),
  away([2, 1, 2], 19),
)
add('gather', 'repeated rows', (a, b) => gather(a, b), away([4, 3], 20), int([5], [1, 3, 1, 1, 0]))
add('gather', 'a vector', (a, b) => gather(a, b), away([4], 21), int([3], [2, 2, 0]))

const layouts: readonly Layout[] = ['NCHW', 'NHWC']
for (const layout of layouts) {
  const image = (channels: number, height: number, width: number, seed: number): Tensor =>
    away(convolution.imageShape({ batch: 2, channels, height, width }, layout), seed)
  const shapes: readonly (readonly [number, number, number, convolution.ConvolutionOptions['padding']])[] = [
    [3, 3, 1, [1, 1, 1, 1]],
    [3, 3, 2, [1, 1, 1, 1]],
    [1, 1, 2, [0, 0, 0, 0]],
    [2, 3, 2, [0, 1, 2, 0]],
  ]
  for (const [rows, columns, stride, padding] of shapes) {
    const options = { layout, stride, padding }
    const kernel = away([3, 2, rows, columns], 23)
    for (const [height, width] of [
      [5, 6],
      [4, 4],
    ] as const) {
      const x = image(2, height, width, 22)
      const about = `${layout} ${rows}x${columns} stride ${stride} on ${height}x${width}`
      add('conv2d', about, (a, b) => convolution.conv2d(a, b, options), x, kernel)
      const padded = [height + padding[0] + padding[1], width + padding[2] + padding[3]] as const
      const result = image(
        3,
        Math.floor((padded[0] - rows) / stride) + 1,
        Math.floor((padded[1] - columns) / stride) + 1,
        24,
      )
      const inputGradient: Case['make'] = (a, b) => convolution.conv2dInputGradient(a, b, x.shape, options)
      add('conv2d_input_gradient', about, inputGradient, result, kernel)
      const weightGradient: Case['make'] = (a, b) =>
        convolution.conv2dWeightGradient(a, b, kernel.shape, options)
      add('conv2d_weight_gradient', about, weightGradient, x, result)
    }
  }
  const grouped: readonly (readonly [number, number, number, number])[] = [
    [2, 2, 2, 1],
    [3, 1, 2, 2],
    [4, 1, 1, 1],
  ]
  for (const [groups, into, out, stride] of grouped) {
    const options = { layout, stride, padding: [1, 1, 1, 0], groups } as const
    const kernel = away([groups * out, into, 3, 2], 33)
    const x = image(groups * into, 5, 4, 34)
    const about = `${layout} ${groups} groups of ${into} to ${out}, stride ${stride}`
    add('conv2d', about, (a, b) => convolution.conv2d(a, b, options), x, kernel)
    const result = image(groups * out, Math.floor(4 / stride) + 1, Math.floor(3 / stride) + 1, 35)
    const inputGradient: Case['make'] = (a, b) => convolution.conv2dInputGradient(a, b, x.shape, options)
    add('conv2d_input_gradient', about, inputGradient, result, kernel)
    const weightGradient: Case['make'] = (a, b) =>
      convolution.conv2dWeightGradient(a, b, kernel.shape, options)
    add('conv2d_weight_gradient', about, weightGradient, x, result)
  }
  const windows: readonly (readonly [number, number, PoolingOptions['padding']])[] = [
    [3, 2, [1, 1, 1, 1]],
    [2, 2, [0, 0, 0, 0]],
    [3, 1, [1, 0, 2, 1]],
  ]
  for (const [window, stride, padding] of windows) {
    const options = { layout, window, stride, padding }
    const about = `${layout} ${window}x${window} stride ${stride}`
    add('max_pool', about, (a) => maxPool(a, options), image(2, 5, 6, 36))
  }
  const axis = convolution.channelAxis(layout)
  add(
    'batch_normalization_inference',
    layout,
    (x, scale, shift) => {
      const mean = constant(x.builder, [0.1, -0.2, 0.3], [3])
      const variance = constant(x.builder, [0.5, 1, 2], [3])
      return batchNormalizationInference(x, { scale, shift, mean, variance }, { axis, epsilon: 1e-5 })
    },
    image(3, 3, 4, 37),
    away([3], 38, 0.5, 2),
    away([3], 39),
  )
  add(
    'batch_normalization',
    layout,
    (a, b, c) => batchNormalization(a, b, c, { axis, epsilon: 1e-5 }).y,
    image(3, 3, 4, 25),
    away([3], 26, 0.5, 2),
    away([3], 27),
  )
  const shortcut = { layout, stride: 2, channelsBefore: 1, channelsAfter: 2 }
  for (const size of [4, 5]) {
    const x = image(2, size, size, 28)
    const half = Math.ceil(size / 2)
    add('shortcut_pad', `${layout} ${size}`, (a) => shortcutPad(a, shortcut), x)
    const back: Case['make'] = (a) => shortcutPadGradient(a, x.shape, shortcut)
    add('shortcut_pad_gradient', `${layout} ${size}`, back, image(5, half, half, 29))
  }
}
add(
  'batch_normalization',
  'vectors',
  (a, b, c) => batchNormalization(a, b, c, { axis: 1, epsilon: 1e-5 }).y,
  away([7, 3], 30),
  away([3], 31, 0.5, 2),
  away([3], 32),
)

describe('the gradient rule of every operation agrees with central differences within 1e-6', () => {
  it.each(cases.map((entry) => [entry.operation, entry.about, entry] as const))(
    '%s: %s',
    async (_name, _about, entry) => {
      const errors = await gradientErrors(entry.make, entry.values)
      for (const error of errors) expect(error).toBeLessThan(1e-6)
    },
  )

  it('leaves out no operation that has a rule', () => {
    // A cast to bfloat16 has steps where differences would be taken; precision.test.ts looks at its gradient.
    const tested = new Set([...cases.map((entry) => entry.operation), 'cast'])
    const untested = Object.values(operations).filter(
      (operation) => typeof operation.gradient === 'function' && !tested.has(operation.name),
    )
    expect(untested.map((operation) => operation.name)).toEqual([])
  })
})

describe('differentiation', () => {
  it('sums the gradients of every use of a value', async () => {
    const make = (x: GraphTensor): GraphTensor =>
      arithmetic.add(arithmetic.multiply(x, x), arithmetic.exp(arithmetic.negate(x)))
    const [error] = await gradientErrors(make, [away([2, 3], 40)])
    expect(error).toBeLessThan(1e-6)
  })

  it('sees nothing behind casts and comparisons', async () => {
    const make = (x: GraphTensor): GraphTensor =>
      arithmetic.multiply(castTo(castTo(x, 'int32'), 'float32'), arithmetic.toFloat(less(x, 0)))
    const [error] = await gradientErrors(make, [away([2, 3], 41, 1.2, 1.8)])
    expect(error).toBe(0)
  })
})
