// Elementwise arithmetic with numpy's broadcasting. Gradients are summed back over stretched axes.
import type { Tensor } from '../builder.js'
import type { DType } from '../graph.js'
import type { Operand } from './elementwise.js'
import { applyBinary, applyUnary, defineBinary, defineUnary, sumTo } from './elementwise.js'
import { castTo } from './indexing.js'
import { and, less, lessEqual, select } from './logic.js'
import type { Operation } from './operation.js'
import { GraphBug } from './operation.js'

const numbers: readonly DType[] = ['float32', 'int32']
const floats: readonly DType[] = ['float32']
/**
 * Operations that stand between the layers of a network take its activations; all else is computed in
 * float32.
 */
const activations: readonly DType[] = ['float32', 'bfloat16']
const addable: readonly DType[] = ['float32', 'bfloat16', 'int32']

export const addOperation: Operation<'add'> = defineBinary(
  {
    name: 'add',
    flops: 1,
    element: (x, y) => x + y,
    neutral: { left: 0, right: 0 },
    gradient: ({ input, gradient }) => [
      () => sumTo(gradient, input(0).type.shape),
      () => sumTo(gradient, input(1).type.shape),
    ],
  },
  addable,
)
export const add = (x: Operand, y: Operand): Tensor => applyBinary(addOperation, x, y)

export const subtractOperation: Operation<'subtract'> = defineBinary(
  {
    name: 'subtract',
    flops: 1,
    element: (x, y) => x - y,
    neutral: { right: 0 },
    gradient: ({ input, gradient }) => [
      () => sumTo(gradient, input(0).type.shape),
      () => negate(sumTo(gradient, input(1).type.shape)),
    ],
  },
  numbers,
)
export const subtract = (x: Operand, y: Operand): Tensor => applyBinary(subtractOperation, x, y)

export const multiplyOperation: Operation<'multiply'> = defineBinary(
  {
    name: 'multiply',
    flops: 1,
    element: (x, y) => x * y,
    neutral: { left: 1, right: 1 },
    gradient: ({ input, gradient }) => [
      () => sumTo(multiply(gradient, input(1)), input(0).type.shape),
      () => sumTo(multiply(gradient, input(0)), input(1).type.shape),
    ],
  },
  numbers,
)
export const multiply = (x: Operand, y: Operand): Tensor => applyBinary(multiplyOperation, x, y)

export const divideOperation: Operation<'divide'> = defineBinary(
  {
    name: 'divide',
    flops: 1,
    element: (x, y) => x / y,
    neutral: { right: 1 },
    gradient: ({ input, output, gradient }) => [
      () => sumTo(divide(gradient, input(1)), input(0).type.shape),
      () => negate(sumTo(divide(multiply(gradient, output(0)), input(1)), input(1).type.shape)),
    ],
  },
  floats,
)
export const divide = (x: Operand, y: Operand): Tensor => applyBinary(divideOperation, x, y)

export const powerOperation: Operation<'power'> = defineBinary(
  {
    name: 'power',
    flops: 10,
    element: (x, y) => x ** y,
    neutral: { right: 1 },
    gradient: ({ input, output, gradient }) => [
      () =>
        sumTo(
          multiply(gradient, multiply(input(1), power(input(0), subtract(input(1), 1)))),
          input(0).type.shape,
        ),
      () => sumTo(multiply(gradient, multiply(output(0), log(input(0)))), input(1).type.shape),
    ],
  },
  floats,
)
export const power = (x: Operand, y: Operand): Tensor => applyBinary(powerOperation, x, y)

export const maximumOperation: Operation<'maximum'> = defineBinary(
  {
    name: 'maximum',
    flops: 1,
    element: (x, y) => Math.max(x, y),
    // Where both are equal the first takes the gradient.
    gradient: ({ input, gradient }) => [
      () => sumTo(select(lessEqual(input(1), input(0)), gradient, 0), input(0).type.shape),
      () => sumTo(select(less(input(0), input(1)), gradient, 0), input(1).type.shape),
    ],
  },
  floats,
)
export const maximum = (x: Operand, y: Operand): Tensor => applyBinary(maximumOperation, x, y)

export const minimumOperation: Operation<'minimum'> = defineBinary(
  {
    name: 'minimum',
    flops: 1,
    element: (x, y) => Math.min(x, y),
    gradient: ({ input, gradient }) => [
      () => sumTo(select(lessEqual(input(0), input(1)), gradient, 0), input(0).type.shape),
      () => sumTo(select(less(input(1), input(0)), gradient, 0), input(1).type.shape),
    ],
  },
  floats,
)
export const minimum = (x: Operand, y: Operand): Tensor => applyBinary(minimumOperation, x, y)

export const negateOperation: Operation<'negate'> = defineUnary(
  {
    name: 'negate',
    flops: 1,
    element: (x) => -x,
    gradient: ({ gradient }) => [() => negate(gradient)],
  },
  numbers,
)
export const negate = (x: Tensor): Tensor => applyUnary(negateOperation, x)

export const expOperation: Operation<'exp'> = defineUnary({
  name: 'exp',
  flops: 8,
  element: (x) => Math.exp(x),
  gradient: ({ output, gradient }) => [() => multiply(gradient, output(0))],
})
export const exp = (x: Tensor): Tensor => applyUnary(expOperation, x)

export const logOperation: Operation<'log'> = defineUnary({
  name: 'log',
  flops: 8,
  element: (x) => Math.log(x),
  gradient: ({ input, gradient }) => [() => divide(gradient, input(0))],
})
export const log = (x: Tensor): Tensor => applyUnary(logOperation, x)

export const sqrtOperation: Operation<'sqrt'> = defineUnary({
  name: 'sqrt',
  flops: 4,
  element: (x) => Math.sqrt(x),
  gradient: ({ output, gradient }) => [() => divide(multiply(gradient, 0.5), output(0))],
})
export const sqrt = (x: Tensor): Tensor => applyUnary(sqrtOperation, x)

export const roundOperation: Operation<'round'> = defineUnary({
  name: 'round',
  flops: 1,
  element: (x) => roundHalfToEven(x),
  gradient: 'stops',
})
/** To the nearest whole number, halves to the even one. */
export const round = (x: Tensor): Tensor => applyUnary(roundOperation, x)

/** To the nearest whole number, halves to the even one (IEEE 754 roundTiesToEven). */
export function roundHalfToEven(x: number): number {
  const floor = Math.floor(x)
  const above = x - floor
  if (above !== 0.5) return above < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

export const reluOperation: Operation<'relu'> = defineUnary(
  {
    name: 'relu',
    traits: ['exact in bfloat16', 'heavy'],
    flops: 1,
    element: (x) => Math.max(x, 0),
    gradient: ({ output, gradient }) => [() => reluGradient(gradient, output(0))],
  },
  activations,
)
/** max(x, 0). */
export const relu = (x: Tensor): Tensor => applyUnary(reluOperation, x)

export const reluGradientOperation: Operation<'relu_gradient'> = defineBinary(
  {
    name: 'relu_gradient',
    traits: ['exact in bfloat16', 'heavy'],
    flops: 1,
    element: (gradient, y) => (y > 0 ? gradient : 0),
    gradient: ({ input, gradient }) => [
      () => sumTo(reluGradient(gradient, input(1)), input(0).type.shape),
      undefined,
    ],
  },
  activations,
)
/** `gradient` where the ReLU's output `y` is positive, else 0. Broadcasts. */
export const reluGradient = (gradient: Tensor, y: Tensor): Tensor =>
  applyBinary(reluGradientOperation, gradient, y)

export interface Limits {
  readonly low: number
  readonly high: number
}

export const clampOperation: Operation<'clamp', Limits> = defineUnary({
  name: 'clamp',
  flops: 2,
  element: (x, { low, high }) => Math.min(Math.max(x, low), high),
  gradient: ({ input, gradient, attributes: { low, high } }) => [
    () => select(and(lessEqual(low, input(0)), lessEqual(input(0), high)), gradient, 0),
  ],
})
/**
 * x, or the limit that it is beyond. The gradient passes where low <= x <= high.
 * @throws GraphBug where low > high.
 */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  if (!(low <= high)) throw new GraphBug(`nothing lies between ${low} and ${high}`)
  return x.builder.single(clampOperation, [x], { low, high })
}

/** x as float32. */
export const toFloat = (x: Tensor): Tensor => castTo(x, 'float32')
