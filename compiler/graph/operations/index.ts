// Every operation of the graph. The modules here refer to each other in circles, because gradient rules are written in
// operations; nothing but hoisted functions is used across them while they load.
import * as arithmetic from './arithmetic.js'
import * as arrangement from './arrangement.js'
import * as convolution from './convolution.js'
import * as indexing from './indexing.js'
import * as logic from './logic.js'
import * as normalization from './normalization.js'
import type { Operation } from './operation.js'
import { GraphBug } from './operation.js'
import * as pooling from './pooling.js'
import * as product from './product.js'
import * as reductions from './reductions.js'
import * as shortcut from './shortcut.js'
import * as sources from './sources.js'

const list: readonly Operation[] = [
  sources.inputOperation,
  sources.stateOperation,
  sources.constantOperation,
  sources.stopGradientOperation,
  arithmetic.addOperation,
  arithmetic.subtractOperation,
  arithmetic.multiplyOperation,
  arithmetic.divideOperation,
  arithmetic.powerOperation,
  arithmetic.maximumOperation,
  arithmetic.minimumOperation,
  arithmetic.negateOperation,
  arithmetic.expOperation,
  arithmetic.logOperation,
  arithmetic.sqrtOperation,
  arithmetic.roundOperation,
  arithmetic.reluOperation,
  arithmetic.reluGradientOperation,
  logic.lessOperation,
  logic.lessEqualOperation,
  logic.equalOperation,
  logic.andOperation,
  logic.orOperation,
  logic.notOperation,
  logic.selectOperation,
  indexing.castOperation,
  indexing.argmaxOperation,
  indexing.oneHotOperation,
  indexing.gatherOperation,
  product.matmulOperation,
  reductions.reduceSumOperation,
  reductions.reduceMeanOperation,
  reductions.reduceMaxOperation,
  reductions.logSumExpOperation,
  arrangement.reshapeOperation,
  arrangement.transposeOperation,
  arrangement.broadcastOperation,
  arrangement.padOperation,
  arrangement.sliceOperation,
  arrangement.concatOperation,
  convolution.conv2dOperation,
  convolution.conv2dInputGradientOperation,
  convolution.conv2dWeightGradientOperation,
  pooling.maxPoolOperation,
  pooling.maxPoolGradientOperation,
  normalization.batchNormalizationOperation,
  normalization.batchNormalizationGradientOperation,
  normalization.batchNormalizationInferenceOperation,
  shortcut.shortcutPadOperation,
  shortcut.shortcutPadGradientOperation,
]

/** Operations by name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  list.map((operation) => [operation.name, operation]),
)

/** @throws GraphBug when there is no operation of that name. */
export function operationNamed(name: string): Operation {
  const operation = operations.get(name)
  if (operation === undefined) throw new GraphBug(`there is no operation ${name}`)
  return operation
}
