// The tfjs engine's kernel of every operation. Inputs, state and constants are values the walk brings along.
import type { Tensor } from '@tensorflow/tfjs-core'
import type { ComputedName } from '../../../../compiler/graph/operations/index.js'
import * as arrangement from './arrangement.js'
import type { Kernel, KernelCall } from './call.js'
import * as convolution from './convolution.js'
import * as elementwise from './elementwise.js'
import { inGroups } from './grouped.js'
import * as normalization from './normalization.js'
import * as pooling from './pooling.js'
import * as reductions from './reductions.js'
import * as shortcut from './shortcut.js'

const { binary, unary } = elementwise

const kernels: { readonly [Name in ComputedName]: Kernel<Name> } = {
  stop_gradient: elementwise.copy,
  add: binary('Add'),
  subtract: binary('Sub'),
  multiply: binary('Multiply'),
  divide: binary('RealDiv'),
  power: binary('Pow'),
  maximum: binary('Maximum'),
  minimum: binary('Minimum'),
  negate: unary('Neg'),
  exp: unary('Exp'),
  log: unary('Log'),
  sqrt: unary('Sqrt'),
  round: unary('Round'),
  relu: unary('Relu'),
  relu_gradient: elementwise.reluGradient,
  less: binary('Less'),
  less_equal: binary('LessEqual'),
  equal: binary('Equal'),
  and: binary('LogicalAnd'),
  or: binary('LogicalOr'),
  not: unary('LogicalNot'),
  select: elementwise.select,
  cast: elementwise.cast,
  argmax: arrangement.argmax,
  one_hot: arrangement.oneHot,
  gather: arrangement.gather,
  matmul: reductions.matmul,
  reduce_sum: reductions.reduceSum,
  reduce_mean: reductions.reduceMean,
  reduce_max: reductions.reduceMax,
  log_sum_exp: reductions.logSumExp,
  reshape: arrangement.reshape,
  transpose: arrangement.transpose,
  broadcast: arrangement.broadcast,
  pad: arrangement.pad,
  slice: arrangement.slice,
  concat: arrangement.concat,
  conv2d: inGroups(convolution.conv2d, ['images', 'kernel'], 'images'),
  conv2d_input_gradient: inGroups(convolution.conv2dInputGradient, ['images', 'kernel'], 'images'),
  conv2d_weight_gradient: inGroups(convolution.conv2dWeightGradient, ['images', 'images'], 'kernel'),
  max_pool: pooling.maxPool,
  max_pool_gradient: pooling.maxPoolGradient,
  batch_normalization: normalization.batchNormalization,
  batch_normalization_gradient: normalization.batchNormalizationGradient,
  batch_normalization_inference: normalization.batchNormalizationInference,
  shortcut_pad: shortcut.shortcutPad,
  shortcut_pad_gradient: shortcut.shortcutPadGradient,
}

/** The outputs of a node. */
export const compute = <Name extends ComputedName>(call: KernelCall<Name>): Tensor | readonly Tensor[] =>
  kernels[call.node.op](call)
