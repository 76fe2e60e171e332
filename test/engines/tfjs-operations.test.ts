// Every kernel of the tfjs engine by itself, against the reference engine in double precision: sizes and
// strides that no network of the language has, and what the backends do wrongly by themselves.
import { describe, expect, test } from 'vitest'
import { Builder, type Tensor } from '../../compiler/graph/builder.js'
import type { DType, Program } from '../../compiler/graph/graph.js'
import {
  add,
  divide,
  exp,
  log,
  maximum,
  minimum,
  multiply,
  negate,
  power,
  relu,
  reluGradient,
  round,
  sqrt,
  subtract,
} from '../../compiler/graph/operations/arithmetic.js'
import * as arrangement from '../../compiler/graph/operations/arrangement.js'
import type { ConvolutionOptions } from '../../compiler/graph/operations/convolution.js'
import {
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
} from '../../compiler/graph/operations/convolution.js'
import * as indexing from '../../compiler/graph/operations/indexing.js'
import * as logic from '../../compiler/graph/operations/logic.js'
import * as normalization from '../../compiler/graph/operations/normalization.js'
import { matmul } from '../../compiler/graph/operations/product.js'
import * as reductions from '../../compiler/graph/operations/reductions.js'
import { shortcutPad, shortcutPadGradient } from '../../compiler/graph/operations/shortcut.js'
import { constant, input } from '../../compiler/graph/operations/sources.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { createTfjsEngine } from '../../runtime/engines/tfjs/index.js'
import type { Tensors } from '../../runtime/platform/tensor.js'
import { madeInputs, worst } from './small-step.js'

/** Puts operations into a graph, whose results are compared. `fed` makes an input of made-up numbers. */
type Build = (
  fed: (shape: readonly number[], dtype?: DType) => Tensor,
  builder: Builder,
) => Readonly<Record<string, Tensor>>

function programOf(build: Build): Program {
  const builder = new Builder()
  let count = 0
  const fed = (shape: readonly number[], dtype: DType = 'float32'): Tensor =>
    input(builder, `input${count++}`, { dtype, shape })
  for (const [name, tensor] of Object.entries(build(fed, builder))) builder.output(name, tensor)
  return { layout: 'NHWC', variables: [], entries: { entry: builder.finish() } }
}

/** A convolution and both its gradients. */
const convolutions =
  (
    image: readonly number[],
    kernel: readonly number[],
    stride: number,
    padding: ConvolutionOptions['padding'],
  ): Build =>
  (fed) => {
    const options: ConvolutionOptions = { layout: 'NHWC', stride, padding }
    const [x, weight] = [fed(image), fed(kernel)]
    const y = conv2d(x, weight, options)
    const gradient = fed(y.type.shape)
    return {
      y,
      imageGradient: conv2dInputGradient(gradient, weight, image, options),
      weightGradient: conv2dWeightGradient(x, gradient, kernel, options),
    }
  }

const normalizations =
  (shape: readonly number[], axis: number): Build =>
  (fed) => {
    const channels = [shape[axis] ?? 1]
    const [x, scale, shift, gradient] = [fed(shape), fed(channels), fed(channels), fed(shape)]
    const options = { axis, epsilon: 1e-5 }
    const { y, mean, variance } = normalization.batchNormalization(x, scale, shift, options)
    const back = normalization.batchNormalizationGradient({ gradient, x, scale, mean, variance }, options)
    const inference = normalization.batchNormalizationInference(x, { scale, shift, mean, variance }, options)
    return { y, mean, variance, inference, dx: back.x, dscale: back.scale, dshift: back.shift }
  }

const centred = (x: Tensor): Tensor => subtract(x, 0.5)

const cases: readonly (readonly [string, Build])[] = [
  ['a 3x3 convolution', convolutions([2, 6, 5, 3], [4, 3, 3, 3], 1, [1, 1, 1, 1])],
  ['a convolution of stride 2', convolutions([2, 8, 6, 3], [4, 3, 3, 3], 2, [1, 1, 1, 1])],
  ['stride 2 on odd sizes', convolutions([3, 7, 9, 2], [3, 2, 3, 3], 2, [1, 1, 1, 1])],
  ['stride 3 with rows left over', convolutions([2, 11, 10, 2], [3, 2, 3, 3], 3, [0, 0, 1, 0])],
  ['a 1x1 convolution of stride 2', convolutions([2, 6, 5, 4], [8, 4, 1, 1], 2, [0, 0, 0, 0])],
  ['a 5x5 convolution without padding', convolutions([2, 9, 8, 2], [3, 2, 5, 5], 1, [0, 0, 0, 0])],
  ['a 7x7 stem', convolutions([2, 16, 16, 3], [4, 3, 7, 7], 2, [3, 3, 3, 3])],
  ['more padding than the kernel reaches', convolutions([2, 4, 4, 2], [3, 2, 1, 1], 1, [2, 1, 1, 2])],
  ['padding on one side', convolutions([1, 6, 6, 1], [1, 1, 2, 2], 1, [1, 0, 1, 0])],
  ['normalization of images', normalizations([3, 4, 5, 6], 3)],
  ['normalization of vectors', normalizations([7, 5], 1)],
  ['normalization of channels that come first', normalizations([3, 4, 5, 6], 1)],
  ['normalization of single pixels', normalizations([6, 1, 1, 3], 3)],
  [
    'shortcuts',
    (fed) => {
      const options = { layout: 'NHWC', stride: 2, channelsBefore: 1, channelsAfter: 2 } as const
      const [even, odd] = [fed([2, 6, 4, 3]), fed([2, 5, 7, 3])]
      const same = { ...options, stride: 1 }
      return {
        even: shortcutPad(even, options),
        odd: shortcutPad(odd, options),
        same: shortcutPad(odd, same),
        evenGradient: shortcutPadGradient(fed([2, 3, 2, 6]), [2, 6, 4, 3], options),
        oddGradient: shortcutPadGradient(fed([2, 3, 4, 6]), [2, 5, 7, 3], options),
        sameGradient: shortcutPadGradient(fed([2, 5, 7, 6]), [2, 5, 7, 3], same),
      }
    },
  ],
  [
    'reductions',
    (fed) => {
      const x = centred(fed([4, 3, 5, 6]))
      const results: Record<string, Tensor> = {}
      for (const axes of [[0], [1], [3], [0, 1], [1, 2], [2, 3], [0, 2], [0, 1, 2], [0, 1, 2, 3]]) {
        for (const keep of [false, true]) {
          const name = `${axes.join('')} ${keep}`
          results[`sum ${name}`] = reductions.reduceSum(x, axes, keep)
          results[`mean ${name}`] = reductions.reduceMean(x, axes, keep)
          results[`max ${name}`] = reductions.reduceMax(x, axes, keep)
          results[`logSumExp ${name}`] = reductions.logSumExp(multiply(x, 200), axes, keep)
        }
      }
      return results
    },
  ],
  [
    'the sum of one number',
    (fed) => ({ sum: reductions.reduceSum(fed([1])), mean: reductions.reduceMean(fed([1, 1])) }),
  ],
  [
    'more channels than are pooled at once',
    (fed) => ({ mean: reductions.reduceMean(fed([3, 20_000]), [0]) }),
  ],
  ['the sum of a prime number of them', (fed) => ({ sum: reductions.reduceSum(fed([1009])) })],
  [
    'products',
    (fed) => ({
      plain: matmul(fed([3, 4]), fed([4, 5])),
      left: matmul(fed([4, 3]), fed([4, 5]), { transposeLeft: true }),
      right: matmul(fed([3, 4]), fed([5, 4]), { transposeRight: true }),
      both: matmul(fed([4, 3]), fed([5, 4]), { transposeLeft: true, transposeRight: true }),
    }),
  ],
  [
    'arithmetic that broadcasts',
    (fed) => {
      const [x, y] = [add(fed([2, 1, 3]), 0.1), add(fed([4, 1]), 0.1)]
      const results: Record<string, Tensor> = {}
      for (const operation of [add, subtract, multiply, divide, power, maximum, minimum]) {
        results[operation.name] = operation(x, y)
      }
      return { ...results, reluGradient: reluGradient(x, centred(y)) }
    },
  ],
  [
    'functions of one number',
    (fed) => {
      const x = add(fed([3, 5]), 0.1)
      const results: Record<string, Tensor> = {}
      for (const operation of [negate, exp, log, sqrt]) results[operation.name] = operation(x)
      return { ...results, relu: relu(centred(x)) }
    },
  ],
  [
    'rounding, halves to even',
    (_fed, builder) => ({
      y: round(constant(builder, [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3.49, 3.7])),
    }),
  ],
  [
    'comparisons and truth values',
    (fed) => {
      const [x, y] = [fed([3, 4], 'int32'), fed([4], 'int32')]
      const [a, b] = [logic.less(x, y), logic.equal(x, 2)]
      const asNumbers: Record<string, Tensor> = {
        less: a,
        lessEqual: logic.lessEqual(x, y),
        equal: b,
        floats: logic.less(fed([3, 1]), fed([1, 4])),
        and: logic.and(a, b),
        or: logic.or(a, b),
        not: logic.not(a),
      }
      return {
        ...asNumbers,
        chosen: logic.select(a, fed([3, 1]), fed([4])),
        chosenIntegers: logic.select(a, x, y),
        chosenTruths: logic.select(fed([3, 1], 'bool'), a, logic.not(b)),
      }
    },
  ],
  [
    'casts',
    (_fed, builder) => {
      const x = constant(builder, [0, 0.3, -1, 2.9, -2.9, 256])
      const whole = indexing.castTo(x, 'int32')
      return {
        whole,
        truth: indexing.castTo(x, 'bool'),
        wholeTruth: indexing.castTo(whole, 'bool'),
        back: indexing.castTo(indexing.castTo(x, 'bool'), 'float32'),
        truthAsInteger: indexing.castTo(logic.less(x, 0), 'int32'),
      }
    },
  ],
  [
    'bytes',
    (fed) => {
      const bytes = fed([2, 3], 'uint8')
      return { bytes, floats: indexing.castTo(bytes, 'float32') }
    },
  ],
  [
    'positions',
    (fed, builder) => {
      const table = fed([5, 2, 3])
      const positions = constant(builder, [4, 0, 4, 2], [4], 'int32')
      return {
        rows: indexing.gather(table, positions),
        first: indexing.argmax(constant(builder, [1, 5, 5, 7, 2, 7], [2, 3]), 1),
        column: indexing.argmax(constant(builder, [1, 5, 5, 7, 2, 7], [2, 3]), 0),
        oneHot: indexing.oneHot(constant(builder, [0, 2, -1, 3], [2, 2], 'int32'), 3),
      }
    },
  ],
  [
    'arrangements',
    (fed) => {
      const [x, whole] = [fed([2, 3, 4]), fed([2, 3, 1], 'int32')]
      return {
        reshaped: arrangement.reshape(x, [6, 4]),
        transposed: arrangement.transpose(x, [2, 0, 1]),
        stretched: arrangement.broadcast(fed([3, 1]), [2, 3, 4]),
        stretchedIntegers: arrangement.broadcast(whole, [2, 3, 4]),
        stretchedTruths: arrangement.broadcast(logic.equal(whole, 1), [2, 3, 4]),
        padded: arrangement.pad(x, [0, 1, 2], [1, 0, 0]),
        paddedIntegers: arrangement.pad(whole, [0, 1, 2], [1, 0, 0]),
        sliced: arrangement.slice(x, [1, 0, 1], [1, 2, 3]),
        joined: arrangement.concat([x, fed([2, 2, 4])], 1),
      }
    },
  ],
]

describe.each(['wasm', 'cpu'] as const)('tfjs on %s computes as the reference engine does:', (backend) => {
  test.each(cases)('%s', async (_name, build) => {
    const program = programOf(build)
    const { entry } = program.entries
    if (entry === undefined) throw new Error('there is no entry')
    const inputs = madeInputs(entry)
    const run = async (engine: ReturnType<typeof createReferenceEngine>): Promise<Tensors> => {
      const executable = await engine.load(program)
      const outputs = await executable.run('entry', inputs)
      await executable.dispose()
      return outputs
    }
    const expected = await run(createReferenceEngine({ layout: 'NHWC' }))
    const actual = await run(await createTfjsEngine({ backend }))
    const types = (tensors: Tensors) =>
      Object.entries(tensors).map(([name, { dtype, shape }]) => [name, dtype, shape])
    expect(types(actual)).toEqual(types(expected))
    const [name, difference] = worst(actual, expected)
    expect(difference, name).toBeLessThan(1e-5)
  })
})
