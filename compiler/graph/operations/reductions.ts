// Sums, means and maxima over axes.
import type { Tensor } from '../builder.js'
import { divide, exp, multiply, subtract, toFloat } from './arithmetic.js'
import { reshape } from './arrangement.js'
import { stretchTo } from './elementwise.js'
import { equal } from './logic.js'
import type { GradientRule, Operation } from './operation.js'
import { elementCount, flopsPerInputElement, inputType } from './operation.js'
import { reducedShape, requireDType } from './shapes.js'

export interface ReductionAttributes {
  readonly axes: readonly number[]
  readonly keepDimensions: boolean
}

function defineReduction<Name extends string>(
  name: Name,
  flops: number,
  gradient: GradientRule<ReductionAttributes>,
): Operation<Name, ReductionAttributes> {
  return {
    name,
    infer(inputs, { axes, keepDimensions }) {
      const type = inputType(inputs, 0)
      // Never bfloat16: a sum in it stands still as soon as it is 256 times its next term.
      requireDType(type, 'float32', 'operand')
      return [{ dtype: 'float32', shape: reducedShape(type.shape, axes, keepDimensions) }]
    },
    gradient,
    flops: flopsPerInputElement(flops),
  }
}

/** A reduced tensor with the reduced axes back at size 1, so that it broadcasts against the input. */
const withAxes = (reduced: Tensor, input: Tensor, axes: readonly number[]): Tensor =>
  reshape(reduced, reducedShape(input.type.shape, axes, true))

const every = (x: Tensor): readonly number[] => x.type.shape.map((_, axis) => axis)

export const reduceSumOperation: Operation<'reduce_sum', ReductionAttributes> = defineReduction(
  'reduce_sum',
  1,
  ({ input, gradient, attributes: { axes } }) => [
    () => stretchTo(withAxes(gradient, input(0), axes), input(0).type.shape),
  ],
)
/** The sum over `axes` (all where none are given). */
export const reduceSum = (x: Tensor, axes: readonly number[] = every(x), keepDimensions = false): Tensor =>
  axes.length === 0 ? x : x.builder.single(reduceSumOperation, [x], { axes, keepDimensions })

export const reduceMeanOperation: Operation<'reduce_mean', ReductionAttributes> = defineReduction(
  'reduce_mean',
  1,
  ({ input, output, gradient, attributes: { axes } }) => [
    () => {
      const count = elementCount(input(0).type.shape) / elementCount(output(0).type.shape)
      return stretchTo(multiply(withAxes(gradient, input(0), axes), 1 / count), input(0).type.shape)
    },
  ],
)
export const reduceMean = (x: Tensor, axes: readonly number[] = every(x), keepDimensions = false): Tensor =>
  axes.length === 0 ? x : x.builder.single(reduceMeanOperation, [x], { axes, keepDimensions })

export const reduceMaxOperation: Operation<'reduce_max', ReductionAttributes> = defineReduction(
  'reduce_max',
  1,
  // Equal maxima share the gradient.
  ({ input, output, gradient, attributes: { axes } }) => [
    () => {
      const largest = toFloat(equal(input(0), withAxes(output(0), input(0), axes)))
      const count = reduceSum(largest, axes, true)
      return multiply(largest, divide(withAxes(gradient, input(0), axes), count))
    },
  ],
)
export const reduceMax = (x: Tensor, axes: readonly number[] = every(x), keepDimensions = false): Tensor =>
  axes.length === 0 ? x : x.builder.single(reduceMaxOperation, [x], { axes, keepDimensions })

export const logSumExpOperation: Operation<'log_sum_exp', ReductionAttributes> = defineReduction(
  'log_sum_exp',
  10,
  ({ input, output, gradient, attributes: { axes } }) => [
    () =>
      multiply(
        exp(subtract(input(0), withAxes(output(0), input(0), axes))),
        withAxes(gradient, input(0), axes),
      ),
  ],
)
/** log(sum(exp(x))) over `axes`, without overflow: the maximum is taken out first. */
export const logSumExp = (x: Tensor, axes: readonly number[], keepDimensions = false): Tensor =>
  x.builder.single(logSumExpOperation, [x], { axes, keepDimensions })
