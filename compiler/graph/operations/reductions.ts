// Sums, means and maxima over axes.
import type { Tensor } from '../builder.js'
import type { TensorType } from '../graph.js'
import { divide, exp, multiply, subtract, toFloat } from './arithmetic.js'
import { reshape } from './arrangement.js'
import { stretchTo } from './elementwise.js'
import { equal } from './logic.js'
import type { Attributes, GradientRule, Operation } from './operation.js'
import {
  booleanAttribute,
  elementCount,
  flopsPerInputElement,
  inputType,
  numbersAttribute,
} from './operation.js'
import { reducedShape, requireDType } from './shapes.js'

function inferReduction(inputs: readonly TensorType[], attributes: Attributes): readonly TensorType[] {
  const type = inputType(inputs, 0)
  // Never bfloat16: a sum in it stands still as soon as it is 256 times its next term.
  requireDType(type, 'float32', 'operand')
  const shape = reducedShape(
    type.shape,
    numbersAttribute(attributes, 'axes'),
    booleanAttribute(attributes, 'keepDimensions'),
  )
  return [{ dtype: 'float32', shape }]
}

function defineReduction(name: string, flops: number, gradient: GradientRule): Operation {
  return { name, infer: inferReduction, gradient, flops: flopsPerInputElement(flops) }
}

/** A reduced tensor with the reduced axes back at size 1, so that it broadcasts against the input. */
function withAxes(reduced: Tensor, input: Tensor, attributes: Attributes): Tensor {
  return reshape(reduced, reducedShape(input.type.shape, numbersAttribute(attributes, 'axes'), true))
}

const every = (x: Tensor): readonly number[] => x.type.shape.map((_, axis) => axis)

export const reduceSumOperation: Operation = defineReduction(
  'reduce_sum',
  1,
  ({ input, gradient, attributes }) => [
    () => stretchTo(withAxes(gradient, input(0), attributes), input(0).type.shape),
  ],
)
/** The sum over `axes` (all where none are given). */
export const reduceSum = (x: Tensor, axes: readonly number[] = every(x), keepDimensions = false): Tensor =>
  axes.length === 0 ? x : x.builder.single(reduceSumOperation, [x], { axes, keepDimensions })

export const reduceMeanOperation: Operation = defineReduction(
  'reduce_mean',
  1,
  ({ input, output, gradient, attributes }) => [
    () => {
      const count = elementCount(input(0).type.shape) / elementCount(output(0).type.shape)
      return stretchTo(multiply(withAxes(gradient, input(0), attributes), 1 / count), input(0).type.shape)
    },
  ],
)
export const reduceMean = (x: Tensor, axes: readonly number[] = every(x), keepDimensions = false): Tensor =>
  axes.length === 0 ? x : x.builder.single(reduceMeanOperation, [x], { axes, keepDimensions })

export const reduceMaxOperation: Operation = defineReduction(
  'reduce_max',
  1,
  // Equal maxima share the gradient.
  ({ input, output, gradient, attributes }) => [
    () => {
      const largest = toFloat(equal(input(0), withAxes(output(0), input(0), attributes)))
      const count = reduceSum(largest, numbersAttribute(attributes, 'axes'), true)
      return multiply(largest, divide(withAxes(gradient, input(0), attributes), count))
    },
  ],
)
export const reduceMax = (x: Tensor, axes: readonly number[] = every(x), keepDimensions = false): Tensor =>
  axes.length === 0 ? x : x.builder.single(reduceMaxOperation, [x], { axes, keepDimensions })

export const logSumExpOperation: Operation = defineReduction(
  'log_sum_exp',
  10,
  ({ input, output, gradient, attributes }) => [
    () =>
      multiply(
        exp(subtract(input(0), withAxes(output(0), input(0), attributes))),
        withAxes(gradient, input(0), attributes),
      ),
  ],
)
/** log(sum(exp(x))) over `axes`, without overflow: the maximum is taken out first. */
export const logSumExp = (x: Tensor, axes: readonly number[], keepDimensions = false): Tensor =>
  x.builder.single(logSumExpOperation, [x], { axes, keepDimensions })
