// One forward pass: the layers that hold weights. Names and layouts of the weights are PyTorch's.
import type { Builder, Tensor } from '../builder.js'
import type { Layout } from '../graph.js'
import { add, multiply } from '../operations/arithmetic.js'
import { channelAxis, conv2d, imageSizes } from '../operations/convolution.js'
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
  /** Seed of the network's initial weights. */
  readonly seed: number
  /**
   * In training: the running statistics as the passes before have left them, by variable; each pass puts in its own.
   * Undefined in evaluation mode, where the stored statistics are used.
   */
  readonly statistics: Map<string, Tensor> | undefined
}

/** x [n, in] -> [n, size]: x W^T + b, with W [size, in] and b [size]. */
export function linearLayer(pass: Pass, name: string, x: Tensor, size: number, bias: boolean): Tensor {
  const { builder, variables, seed } = pass
  const [, fanIn = 0] = x.type.shape
  const weight = variables.declare(`${name}.weight`, [size, fanIn], 'weight', kaimingNormal(fanIn, seed))
  const product = matmul(x, read(builder, weight), { transposeRight: true })
  if (!bias) return product
  const shift = variables.declare(`${name}.bias`, [size], 'weight', {
    kind: 'uniform',
    bound: 1 / Math.sqrt(fanIn),
    seed,
  })
  return add(product, read(builder, shift))
}

/** A convolution without bias, its kernel square and of odd size, padded so that stride 1 keeps the size. */
export function convolutionLayer(
  pass: Pass,
  name: string,
  x: Tensor,
  channels: number,
  kernel: number,
  stride: number,
): Tensor {
  const { builder, layout, variables, seed } = pass
  const into = imageSizes(x.type.shape, layout).channels
  const initial = kaimingNormal(into * kernel * kernel, seed)
  const weight = variables.declare(`${name}.weight`, [channels, into, kernel, kernel], 'weight', initial)
  const side = (kernel - 1) / 2
  return conv2d(x, read(builder, weight), { layout, stride, padding: [side, side, side, side] })
}

/**
 * Batch normalization of images or vectors. In training the running statistics move by `momentum` towards those of the
 * batch, the variance by the unbiased one (divided by count - 1), as PyTorch's do.
 */
export function normalizationLayer(pass: Pass, name: string, x: Tensor): Tensor {
  const { builder, variables, normalization, statistics } = pass
  const axis = x.type.shape.length === 4 ? channelAxis(pass.layout) : 1
  const channels = x.type.shape[axis] ?? 0
  const declare = (field: string, role: 'weight' | 'statistic', value: number) =>
    variables.declare(`${name}.${field}`, [channels], role, { kind: 'constant', value })
  const scale = read(builder, declare('weight', 'weight', 1))
  const shift = read(builder, declare('bias', 'weight', 0))
  const runningMean = declare('running_mean', 'statistic', 0)
  const runningVariance = declare('running_var', 'statistic', 1)
  const options = { axis, epsilon: normalization.epsilon }

  if (statistics === undefined) {
    const mean = read(builder, runningMean)
    const variance = read(builder, runningVariance)
    return batchNormalizationInference(x, { scale, shift, mean, variance }, options)
  }

  const count = elementCount(x.type.shape) / channels
  if (count < 2) throw new GraphBug(`batch normalization of one value a channel at ${name}`)
  const { y, mean, variance } = batchNormalization(x, scale, shift, options)
  const { momentum } = normalization
  const move = (variable: typeof runningMean, batch: Tensor, correction: number): void => {
    const before = statistics.get(variable.name) ?? read(builder, variable)
    statistics.set(variable.name, add(multiply(before, 1 - momentum), multiply(batch, momentum * correction)))
  }
  move(runningMean, mean, 1)
  move(runningVariance, variance, count / (count - 1))
  return y
}
