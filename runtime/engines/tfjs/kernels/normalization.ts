// Batch normalization out of products and sums that broadcast over channels. Nothing here is a convolution:
// those of the backends turn what is no number into minus infinity, which a ReLU would then hide.
import type { Tensor } from '@tensorflow/tfjs-core'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import type { Kernel, KernelCall, Operators } from './call.js'
import { aroundAxis, at } from './call.js'

/** So many numbers at once are worth a row of a broadcast. */
const rowLength = 2048

/**
 * Tensors of one shape seen as rows of channels, several neighbours in a row, for numbers a channel to act
 * on.
 */
class Channels {
  private readonly copies: number

  constructor(
    private readonly operators: Operators,
    private readonly shape: readonly number[],
  ) {
    const [count, channels] = this.sizes
    this.copies = divisorUpTo(count, Math.max(1, Math.floor(rowLength / channels)))
  }

  /** Numbers of each channel, and channels. */
  private get sizes(): readonly [number, number] {
    const channels = this.shape.at(-1) ?? 1
    return [elementCount(this.shape) / channels, channels]
  }

  /** A number a channel, as often as a row has room for the channels. */
  private row(perChannel: Tensor): Tensor {
    const [, channels] = this.sizes
    const ones = this.operators.filled(1, [this.copies, 1])
    const copied = this.operators.multiply(ones, this.operators.reshape(perChannel, [1, channels]))
    return this.operators.reshape(copied, [this.copies * channels])
  }

  private byRow(x: Tensor, perChannel: Tensor, operate: (x: Tensor, row: Tensor) => Tensor): Tensor {
    const [count, channels] = this.sizes
    const rows = this.operators.reshape(x, [count / this.copies, this.copies * channels])
    return this.operators.reshape(operate(rows, this.row(perChannel)), this.shape)
  }

  add = (x: Tensor, perChannel: Tensor): Tensor => this.byRow(x, perChannel, this.operators.add)
  subtract = (x: Tensor, perChannel: Tensor): Tensor => this.byRow(x, perChannel, this.operators.subtract)
  multiply = (x: Tensor, perChannel: Tensor): Tensor => this.byRow(x, perChannel, this.operators.multiply)

  /** The mean of every channel: picture by picture, then over the pictures. */
  mean(x: Tensor): Tensor {
    const [count, channels] = this.sizes
    const pictures = this.shape.length > 2 ? (this.shape[0] ?? 1) : 1
    const means = this.operators.meanOfMiddle(x, [pictures, count / pictures, channels])
    return this.operators.reshape(this.operators.meanOfMiddle(means, [1, pictures, channels]), [channels])
  }
}

/** The largest divisor of a number that is not above a limit. */
function divisorUpTo(number: number, limit: number): number {
  let divisor = Math.min(number, limit)
  while (number % divisor !== 0) divisor--
  return divisor
}

type Normalization = 'batch_normalization' | 'batch_normalization_inference' | 'batch_normalization_gradient'

/** Runs with the channels of the first `alike` inputs, and of the first output, moved to the last axis. */
function channelsLast(
  call: KernelCall<Normalization>,
  alike: number,
  compute: (operand: (position: number) => Tensor, channels: Channels) => readonly Tensor[],
): readonly Tensor[] {
  const { operators, inputs } = call
  const { axis } = call.node.attributes
  const { shape } = at(call.types, 0)
  const [outer, along, inner] = aroundAxis(shape, axis)
  if (inner === 1) return compute((position) => at(inputs, position), new Channels(operators, shape))
  const moved = inputs.map((x, position) =>
    position < alike ? operators.transpose(operators.reshape(x, [outer, along, inner]), [0, 2, 1]) : x,
  )
  const results = compute((position) => at(moved, position), new Channels(operators, [outer, inner, along]))
  const back = operators.transpose(at(results, 0), [0, 2, 1])
  return [operators.reshape(back, shape), ...results.slice(1)]
}

/** 1 / sqrt(variance + epsilon). */
function inverseDeviation(call: KernelCall<Normalization>, variance: Tensor): Tensor {
  const { epsilon } = call.node.attributes
  const { operators } = call
  return operators.run('Rsqrt', { x: operators.add(variance, operators.scalar(epsilon)) })
}

const batchNormalization: Kernel<'batch_normalization'> = (call) =>
  channelsLast(call, 1, (operand, channels) => {
    const [x, scale, shift] = [operand(0), operand(1), operand(2)]
    const { operators } = call
    const mean = channels.mean(x)
    const centred = channels.subtract(x, mean)
    const variance = channels.mean(operators.run('Square', { x: centred }))
    const factor = operators.multiply(scale, inverseDeviation(call, variance))
    return [channels.add(channels.multiply(centred, factor), shift), mean, variance]
  })

const batchNormalizationInference: Kernel<'batch_normalization_inference'> = (call) =>
  channelsLast(call, 1, (operand, channels) => {
    const [x, scale, shift, mean] = [operand(0), operand(1), operand(2), operand(3)]
    const { operators } = call
    const factor = operators.multiply(scale, inverseDeviation(call, operand(4)))
    const offset = operators.subtract(shift, operators.multiply(mean, factor))
    return [channels.add(channels.multiply(x, factor), offset)]
  })

/** Ioffe and Szegedy, arXiv 1502.03167, section 3: per channel, dx = a dy + b (x - mean) + c. */
const batchNormalizationGradient: Kernel<'batch_normalization_gradient'> = (call) =>
  channelsLast(call, 2, (operand, channels) => {
    const [gradient, x, scale, mean] = [operand(0), operand(1), operand(2), operand(3)]
    const { operators } = call
    const { multiply } = operators
    const count = operators.scalar(elementCount(x.shape) / elementCount(mean.shape))
    const inverse = inverseDeviation(call, operand(4))
    const centred = channels.subtract(x, mean)
    const meanGradient = channels.mean(gradient)
    const meanProduct = channels.mean(multiply(gradient, centred))
    const factor = multiply(scale, inverse)
    const slope = multiply(multiply(factor, multiply(inverse, inverse)), meanProduct)
    const direct = channels.multiply(channels.subtract(gradient, meanGradient), factor)
    return [
      operators.subtract(direct, channels.multiply(centred, slope)),
      multiply(multiply(meanProduct, inverse), count),
      multiply(meanGradient, count),
    ]
  })

export const normalizationKernels = {
  batch_normalization: batchNormalization,
  batch_normalization_gradient: batchNormalizationGradient,
  batch_normalization_inference: batchNormalizationInference,
}
