// Sums, means and maxima over axes, and the matrix product.
import type { Tensor } from '@tensorflow/tfjs-core'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { reducedShape } from '../../../../compiler/graph/operations/shapes.js'
import type { Kernel, KernelCall, Operators } from './call.js'
import { at, widestPool } from './call.js'

/**
 * The mean of everything, first over about the square root of its number, so that no long sum loses digits.
 */
function meanOfAll(operators: Operators, x: Tensor): Tensor {
  const count = elementCount(x.shape)
  let means = Math.min(Math.ceil(Math.sqrt(count)), widestPool)
  while (count % means !== 0) means--
  const first = operators.meanOfMiddle(x, [1, count / means, means])
  return operators.run('Mean', { x: first }, { axis: [0, 1], keepDims: false })
}

/** The mean over axes that follow on each other; undefined where they do not. */
function meanOfNeighbours(operators: Operators, x: Tensor, axes: readonly number[]): Tensor | undefined {
  const sorted = [...axes].sort((a, b) => a - b)
  const [first = 0] = sorted
  if (sorted.some((axis, position) => axis !== first + position)) return undefined
  const behind = first + sorted.length
  const outer = elementCount(x.shape.slice(0, first))
  const inner = elementCount(x.shape.slice(behind))
  if (outer === 1 && inner === 1) return meanOfAll(operators, x)
  // With nothing behind the axes each number stands alone, and pooling has nothing to do at once.
  if (inner < 4) return undefined
  return operators.meanOfMiddle(x, [outer, elementCount(x.shape.slice(first, behind)), inner])
}

type Reduction = 'reduce_sum' | 'reduce_mean' | 'reduce_max' | 'log_sum_exp'

const reduced =
  (reduce: (call: KernelCall, x: Tensor, axes: readonly number[]) => Tensor): Kernel<Reduction> =>
  (call) =>
    call.operators.reshape(
      reduce(call, at(call.inputs, 0), call.node.attributes.axes),
      at(call.node.outputs, 0).shape,
    )

const reduceMean = reduced(
  ({ operators }, x, axes) =>
    meanOfNeighbours(operators, x, axes) ??
    operators.run('Mean', { x }, { axis: [...axes], keepDims: false }),
)

const reduceSum = reduced(({ operators }, x, axes) => {
  const mean = meanOfNeighbours(operators, x, axes)
  if (mean === undefined) return operators.run('Sum', { x }, { axis: [...axes], keepDims: false })
  return operators.multiply(mean, operators.scalar(elementCount(x.shape) / elementCount(mean.shape)))
})

const largest = (operators: Operators, x: Tensor, axes: readonly number[]): Tensor =>
  operators.run('Max', { x }, { reductionIndices: [...axes], keepDims: false })

const reduceMax = reduced(({ operators }, x, axes) => largest(operators, x, axes))

/** The maximum is taken out first, so that nothing overflows. */
const logSumExp = reduced(({ operators }, x, axes) => {
  const kept = reducedShape(x.shape, axes, true)
  const top = operators.reshape(largest(operators, x, axes), kept)
  const powers = operators.run('Exp', { x: operators.subtract(x, top) })
  const sum = operators.run('Sum', { x: powers }, { axis: [...axes], keepDims: false })
  const logarithm = operators.run('Log', { x: sum })
  return operators.add(operators.reshape(logarithm, kept), top)
})

const matmul: Kernel<'matmul'> = (call) => {
  const factor = (position: number, isTransposed: boolean): Tensor =>
    isTransposed
      ? call.arranged(position, 'transposed', (x) => call.operators.transpose(x, [1, 0]))
      : at(call.inputs, position)
  const { transposeLeft, transposeRight } = call.node.attributes
  return call.operators.product(factor(0, transposeLeft), factor(1, transposeRight))
}

export const reductionKernels = {
  matmul,
  reduce_sum: reduceSum,
  reduce_mean: reduceMean,
  reduce_max: reduceMax,
  log_sum_exp: logSumExp,
}
