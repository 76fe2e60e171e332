// One forward pass: the layers that hold weights. Names and layouts of the weights are PyTorch's.
//
// Precision is put in here, where each layer is traced, and not by a pass over the finished forward graph:
// only a layer knows what its operands are (a weight, a statistic, an activation, a bias), a pass would have
// to guess it back from operations that losses and label correction use as well. Every layer casts what it
// reads, so weights stay float32 in the state and each read of one is a cast of its own, whose gradient is
// cast back before the passes' are summed.

import type { NetworkPrecision } from '../../plan/plan.js'
import type { Builder, Tensor } from '../builder.js'
import type { Initializer, Layout, Variable } from '../graph.js'
import { add, multiply, toFloat } from '../operations/arithmetic.js'
import { channelAxis, conv2d, imageSizes } from '../operations/convolution.js'
import { castTo } from '../operations/indexing.js'
import { batchNormalization, batchNormalizationInference } from '../operations/normalization.js'
import { elementCount, GraphBug } from '../operations/operation.js'
import { matmul } from '../operations/product.js'
import type { VariableTable } from './variables.js'
import { kaimingNormal, read } from './variables.js'

export interface NormalizationSettings {
  readonly epsilon: number
  /** Share of the newest batch in the running statistics. */
  readonly momentum: number
}

/** PyTorch's defaults. */
export const defaultNormalization: NormalizationSettings = { epsilon: 1e-5, momentum: 0.1 }

/** What the layers of one pass share. */
export interface Pass {
  readonly builder: Builder
  readonly layout: Layout
  readonly variables: VariableTable
  readonly normalization: NormalizationSettings
  /** What convolutions, products and the activations between them are computed in. */
  readonly precision: NetworkPrecision
  /** Seed of the network's initial weights. */
  readonly seed: number
  /**
   * In training: the running statistics as the passes before have left them, by variable; each pass puts in
   * its own. Undefined in evaluation mode, where the stored statistics are used.
   */
  readonly statistics: Map<string, Tensor> | undefined
  /**
   * Where the layers of this pass do not train: the names of their variables are put in here. Their
   * normalizations use the stored statistics and leave them as they are.
   */
  readonly frozen?: Set<string> | undefined
}

/** Declares a variable of a layer, and notes that it does not train where the pass says so. */
export function declareIn(
  pass: Pass,
  name: string,
  shape: readonly number[],
  role: Variable['role'],
  initial: Initializer,
): Variable {
  pass.frozen?.add(name)
  return pass.variables.declare(name, shape, role, initial)
}

/**
 * The product of two matrices, right one transposed, in the pass's precision; float32 again. Engines sum it
 * in float32 and round it once.
 */
export const product = (pass: Pass, left: Tensor, right: Tensor): Tensor =>
  toFloat(matmul(castTo(left, pass.precision), castTo(right, pass.precision), { transposeRight: true }))

/**
 * x [n, in] -> float32 [n, size]: x W^T + b, with W [size, in] and b [size]. The bias is added in float32: a
 * matrix this small costs nothing, its sum is not rounded a second time, and the bias's gradient, a sum over
 * the batch, is taken in float32.
 */
export function linearLayer(pass: Pass, name: string, x: Tensor, size: number, bias: boolean): Tensor {
  const { builder, seed } = pass
  const [, fanIn = 0] = x.type.shape
  const weight = declareIn(pass, `${name}.weight`, [size, fanIn], 'weight', kaimingNormal(fanIn, seed))
  const projected = product(pass, x, read(builder, weight))
  if (!bias) return projected
  const shift = declareIn(pass, `${name}.bias`, [size], 'weight', {
    kind: 'uniform',
    bound: 1 / Math.sqrt(fanIn),
    seed,
  })
  return add(projected, read(builder, shift))
}

export interface ConvolutionLayer {
  /** That come out. */
  readonly channels: number
  /** Rows and columns, odd. */
  readonly kernel: number
  readonly stride?: number
  readonly groups?: number
  /**
   * Which sum the initial weights are scaled by: that of one output, or that which one input takes part in.
   */
  readonly fan?: 'in' | 'out'
}

/** A convolution without bias, padded so that stride 1 keeps the size. */
export function convolutionLayer(pass: Pass, name: string, x: Tensor, layer: ConvolutionLayer): Tensor {
  const { channels, kernel, stride = 1, groups = 1, fan = 'in' } = layer
  const { builder, layout, seed, precision } = pass
  const into = imageSizes(x.type.shape, layout).channels / groups
  // As PyTorch counts them: groups are not looked at in the way out.
  const initial = kaimingNormal((fan === 'in' ? into : channels) * kernel * kernel, seed)
  const weight = declareIn(pass, `${name}.weight`, [channels, into, kernel, kernel], 'weight', initial)
  const side = (kernel - 1) / 2
  const [image, taps] = [castTo(x, precision), castTo(read(builder, weight), precision)]
  const options = { layout, stride, padding: [side, side, side, side] } as const
  return conv2d(image, taps, groups === 1 ? options : { ...options, groups })
}

/**
 * Batch normalization of images or vectors. In training the running statistics move by `momentum` towards
 * those of the batch, the variance by the unbiased one (divided by count - 1), as PyTorch's do. Scale, shift
 * and statistics are float32 in either precision.
 */
export function normalizationLayer(pass: Pass, name: string, x: Tensor): Tensor {
  const { builder, normalization, frozen } = pass
  const statistics = frozen === undefined ? pass.statistics : undefined
  const values = castTo(x, pass.precision)
  const axis = x.type.shape.length === 4 ? channelAxis(pass.layout) : 1
  const channels = x.type.shape[axis] ?? 0
  const declare = (field: string, role: 'weight' | 'statistic', value: number) =>
    declareIn(pass, `${name}.${field}`, [channels], role, { kind: 'constant', value })
  const scale = read(builder, declare('weight', 'weight', 1))
  const shift = read(builder, declare('bias', 'weight', 0))
  const runningMean = declare('running_mean', 'statistic', 0)
  const runningVariance = declare('running_var', 'statistic', 1)
  const options = { axis, epsilon: normalization.epsilon }

  if (statistics === undefined) {
    const mean = read(builder, runningMean)
    const variance = read(builder, runningVariance)
    return batchNormalizationInference(values, { scale, shift, mean, variance }, options)
  }

  const count = elementCount(x.type.shape) / channels
  if (count < 2) throw new GraphBug(`batch normalization of one value a channel at ${name}`)
  const { y, mean, variance } = batchNormalization(values, scale, shift, options)
  const { momentum } = normalization
  const move = (variable: typeof runningMean, batch: Tensor, correction: number): void => {
    const before = statistics.get(variable.name) ?? read(builder, variable)
    statistics.set(variable.name, add(multiply(before, 1 - momentum), multiply(batch, momentum * correction)))
  }
  move(runningMean, mean, 1)
  move(runningVariance, variance, count / (count - 1))
  return y
}
