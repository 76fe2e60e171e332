// Every operation of the graph, by name. What is listed here is what a node can be, with the attributes that
// its definition names; engines have a form for each, or do not compile. The modules refer to each other in
// circles, because gradient rules are written in operations; nothing but hoisted functions is used across
// them while they load.
import type { Node } from '../graph.js'
import * as arithmetic from './arithmetic.js'
import * as arrangement from './arrangement.js'
import * as convolution from './convolution.js'
import * as indexing from './indexing.js'
import * as logic from './logic.js'
import * as normalization from './normalization.js'
import type { NoAttributes, Operation, Trait } from './operation.js'
import * as pooling from './pooling.js'
import * as product from './product.js'
import * as reductions from './reductions.js'
import * as shortcut from './shortcut.js'
import * as sources from './sources.js'

/** Those whose values come from outside of the graph; all others are computed. */
const sourceOperations = {
  input: sources.inputOperation,
  state: sources.stateOperation,
  constant: sources.constantOperation,
}

const computedOperations = {
  stop_gradient: sources.stopGradientOperation,
  add: arithmetic.addOperation,
  subtract: arithmetic.subtractOperation,
  multiply: arithmetic.multiplyOperation,
  divide: arithmetic.divideOperation,
  power: arithmetic.powerOperation,
  maximum: arithmetic.maximumOperation,
  minimum: arithmetic.minimumOperation,
  negate: arithmetic.negateOperation,
  exp: arithmetic.expOperation,
  log: arithmetic.logOperation,
  sqrt: arithmetic.sqrtOperation,
  round: arithmetic.roundOperation,
  clamp: arithmetic.clampOperation,
  relu: arithmetic.reluOperation,
  relu_gradient: arithmetic.reluGradientOperation,
  less: logic.lessOperation,
  less_equal: logic.lessEqualOperation,
  equal: logic.equalOperation,
  and: logic.andOperation,
  or: logic.orOperation,
  not: logic.notOperation,
  select: logic.selectOperation,
  cast: indexing.castOperation,
  argmax: indexing.argmaxOperation,
  one_hot: indexing.oneHotOperation,
  gather: indexing.gatherOperation,
  matmul: product.matmulOperation,
  reduce_sum: reductions.reduceSumOperation,
  reduce_mean: reductions.reduceMeanOperation,
  reduce_max: reductions.reduceMaxOperation,
  log_sum_exp: reductions.logSumExpOperation,
  reshape: arrangement.reshapeOperation,
  transpose: arrangement.transposeOperation,
  broadcast: arrangement.broadcastOperation,
  pad: arrangement.padOperation,
  slice: arrangement.sliceOperation,
  concat: arrangement.concatOperation,
  conv2d: convolution.conv2dOperation,
  conv2d_input_gradient: convolution.conv2dInputGradientOperation,
  conv2d_weight_gradient: convolution.conv2dWeightGradientOperation,
  max_pool: pooling.maxPoolOperation,
  max_pool_gradient: pooling.maxPoolGradientOperation,
  batch_normalization: normalization.batchNormalizationOperation,
  batch_normalization_gradient: normalization.batchNormalizationGradientOperation,
  batch_normalization_inference: normalization.batchNormalizationInferenceOperation,
  shortcut_pad: shortcut.shortcutPadOperation,
  shortcut_pad_gradient: shortcut.shortcutPadGradientOperation,
}

const defined = { ...sourceOperations, ...computedOperations }

export type OperationName = keyof typeof defined
export type SourceName = keyof typeof sourceOperations
export type ComputedName = keyof typeof computedOperations

/** The attributes of every operation. */
export type OperationAttributes = {
  readonly [Name in OperationName]: Parameters<(typeof defined)[Name]['infer']>[1]
}

export type OperationOf<Name extends OperationName> = Operation<Name, OperationAttributes[Name]>

/** Names of operations without attributes. */
export type PlainName = {
  [Name in OperationName]: NoAttributes extends OperationAttributes[Name] ? Name : never
}[OperationName]

/** Operations by name. */
export const operations: { readonly [Name in OperationName]: OperationOf<Name> } = defined

export const isSource = (node: Node): node is Node<SourceName> => node.op in sourceOperations

export const hasTrait = (node: Node, trait: Trait): boolean =>
  operations[node.op].traits?.includes(trait) ?? false
