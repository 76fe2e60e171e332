// Batch normalization (Ioffe and Szegedy, arXiv 1502.03167) as one operation with its own gradient, so that
// every engine can choose its shortest spelling. Statistics are taken over every axis but `axis`, the one of
// the channels.
import type { Tensor } from '../builder.js'
import type { TensorType } from '../graph.js'
import { multiply, toFloat } from './arithmetic.js'
import type { Operation } from './operation.js'
import { flopsPerInputElement, GraphBug, inputType, once } from './operation.js'
import { reduceSum } from './reductions.js'
import { bytesOf, requireActivations, requireDType, sameShape } from './shapes.js'
import { constant } from './sources.js'

export interface NormalizationOptions {
  readonly axis: number
  readonly epsilon: number
}

/**
 * The type of x, after checking that the first `alike` inputs have it and that the others hold one number a
 * channel: float32, whatever x is, as statistics and their parameters need the digits.
 */
function checkedType(inputs: readonly TensorType[], axis: number, alike: number): TensorType {
  const first = inputType(inputs, 0)
  const channels = first.shape[axis]
  if (channels === undefined) throw new GraphBug('there is no such axis')
  requireActivations(inputs.slice(0, alike))
  inputs.forEach((type, position) => {
    if (position >= alike) requireDType(type, 'float32', 'a number a channel')
    const expected = position < alike ? first.shape : [channels]
    if (!sameShape(type.shape, expected))
      throw new GraphBug(`input ${position} is not of shape [${expected.join(', ')}]`)
  })
  return first
}

const perChannel = (type: TensorType, axis: number): TensorType => ({
  dtype: 'float32',
  shape: [type.shape[axis] ?? 0],
})

export const batchNormalizationOperation: Operation<'batch_normalization', NormalizationOptions> = {
  name: 'batch_normalization',
  traits: ['heavy'],
  infer(inputs, { axis }) {
    const type = checkedType(inputs, axis, 1)
    const channel = perChannel(type, axis)
    return [type, channel, channel]
  },
  gradient({ input, output, gradient, attributes }) {
    const all = once(() =>
      batchNormalizationGradient(
        { gradient, x: input(0), scale: input(1), mean: output(1), variance: output(2) },
        attributes,
      ),
    )
    return [() => all().x, () => all().scale, () => all().shift]
  },
  flops: flopsPerInputElement(7),
  // Once for the statistics, once for the result.
  bytes: (inputs, outputs) => 2 * bytesOf(inputType(inputs, 0)) + bytesOf(inputType(outputs, 0)),
}

/**
 * y = (x - mean) / sqrt(variance + epsilon) * scale + shift with the statistics of this batch: x of any
 * shape, scale and shift [channels]. The variance is the biased one (divided by the count). No gradient flows
 * through the statistics given back. y has the type of x; all else is float32.
 */
export function batchNormalization(
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  options: NormalizationOptions,
): { readonly y: Tensor; readonly mean: Tensor; readonly variance: Tensor } {
  const [y, mean, variance] = x.builder.apply(batchNormalizationOperation, [x, scale, shift], { ...options })
  if (y === undefined || mean === undefined || variance === undefined)
    throw new GraphBug('batch_normalization has three outputs')
  return { y, mean, variance }
}

export const batchNormalizationGradientOperation: Operation<
  'batch_normalization_gradient',
  NormalizationOptions
> = {
  name: 'batch_normalization_gradient',
  traits: ['heavy'],
  infer(inputs, { axis }) {
    const type = checkedType(inputs, axis, 2)
    const channel = perChannel(type, axis)
    return [type, channel, channel]
  },
  gradient: 'not differentiated',
  flops: flopsPerInputElement(9),
  bytes: (inputs, outputs) => 4 * bytesOf(inputType(inputs, 0)) + bytesOf(inputType(outputs, 0)),
}

/**
 * Gradients of `batchNormalization` with respect to x, scale and shift, from what its forward run saw and
 * found.
 */
export function batchNormalizationGradient(
  forward: {
    readonly gradient: Tensor
    readonly x: Tensor
    readonly scale: Tensor
    readonly mean: Tensor
    readonly variance: Tensor
  },
  options: NormalizationOptions,
): { readonly x: Tensor; readonly scale: Tensor; readonly shift: Tensor } {
  const [x, scale, shift] = forward.x.builder.apply(
    batchNormalizationGradientOperation,
    [forward.gradient, forward.x, forward.scale, forward.mean, forward.variance],
    { ...options },
  )
  if (x === undefined || scale === undefined || shift === undefined) {
    throw new GraphBug('batch_normalization_gradient has three outputs')
  }
  return { x, scale, shift }
}

export const batchNormalizationInferenceOperation: Operation<
  'batch_normalization_inference',
  NormalizationOptions
> = {
  name: 'batch_normalization_inference',
  traits: ['heavy'],
  infer: (inputs, { axis }) => [checkedType(inputs, axis, 1)],
  // Of a line by channel, the gradient is the same line without its shift. Statistics that are given are no
  // one's result.
  gradient({ input, gradient, attributes: options }) {
    const channels = input(1).type.shape
    const number = (value: number): Tensor =>
      constant(gradient.builder, new Array<number>(channels[0] ?? 0).fill(value), channels)
    const others = (x: Tensor): readonly number[] =>
      x.type.shape.flatMap((_, axis) => (axis === options.axis ? [] : [axis]))
    const given = (): never => {
      throw new GraphBug('statistics of batch_normalization_inference have no gradient')
    }
    const scaled = (): Tensor => {
      const parameters = { scale: input(1), shift: number(0), mean: number(0), variance: input(4) }
      return batchNormalizationInference(gradient, parameters, options)
    }
    const scale = (): Tensor => {
      const parameters = { scale: number(1), shift: number(0), mean: input(3), variance: input(4) }
      const normalized = batchNormalizationInference(toFloat(input(0)), parameters, options)
      return reduceSum(multiply(toFloat(gradient), normalized), others(gradient))
    }
    return [scaled, scale, () => reduceSum(toFloat(gradient), others(gradient)), given, given]
  },
  flops: flopsPerInputElement(2),
}

/** As `batchNormalization`, with given statistics: inputs x, scale, shift, mean, variance. */
export function batchNormalizationInference(
  x: Tensor,
  parameters: {
    readonly scale: Tensor
    readonly shift: Tensor
    readonly mean: Tensor
    readonly variance: Tensor
  },
  options: NormalizationOptions,
): Tensor {
  const { scale, shift, mean, variance } = parameters
  return x.builder.single(batchNormalizationInferenceOperation, [x, scale, shift, mean, variance], {
    ...options,
  })
}
