// The shape rules that elementwise operations share, and how numbers become operands.
import type { Tensor } from '../builder.js'
import type { DType, TensorType } from '../graph.js'
import { broadcast, reshape } from './arrangement.js'
import type { OperationOf, PlainName } from './index.js'
import type { GradientRule, NoAttributes, Operation, Trait } from './operation.js'
import { flopsPerElement, GraphBug, inputType } from './operation.js'
import { reduceSum } from './reductions.js'
import { broadcastShape, describeType, sameShape } from './shapes.js'
import { constant } from './sources.js'

/** A tensor, or a number that stands for a scalar of the other operand's type. */
export type Operand = Tensor | number

/** What a definition of an elementwise operation says beside its operands' types. */
interface Elementwise<Name extends string, Attributes> {
  readonly name: Name
  /** Those beside `elementwise`, and `stretches` of two operands. */
  readonly traits?: readonly Trait[]
  /** Floating-point operations for an element. */
  readonly flops: number
  readonly gradient: GradientRule<Attributes> | 'stops'
}

interface Unary<Name extends string, Attributes> extends Elementwise<Name, Attributes> {
  readonly element: (x: number, attributes: Attributes) => number
}

interface Binary<Name extends string, Attributes> extends Elementwise<Name, Attributes> {
  readonly element: (x: number, y: number, attributes: Attributes) => number
  readonly neutral?: NonNullable<Operation<Name>['neutral']>
}

/** The result has the operand's type, float32 or another that is named. */
export function defineUnary<Name extends string, Attributes = NoAttributes>(
  { traits = [], flops, element, ...definition }: Unary<Name, Attributes>,
  accepts: readonly DType[] = ['float32'],
): Operation<Name, Attributes> {
  return {
    ...definition,
    traits: ['elementwise', ...traits],
    flops: flopsPerElement(flops),
    element: ([x = 0], attributes) => element(x, attributes),
    infer(inputs) {
      const type = inputType(inputs, 0)
      if (!accepts.includes(type.dtype)) throw new GraphBug(`the operand is ${describeType(type)}`)
      return [type]
    },
  }
}

/** Two operands of one number type, broadcast; the result has their type, or `result` where it is given. */
export function defineBinary<Name extends string, Attributes = NoAttributes>(
  { traits = [], flops, element, ...definition }: Binary<Name, Attributes>,
  accepts: readonly DType[],
  result?: DType,
): Operation<Name, Attributes> {
  return {
    ...definition,
    traits: ['elementwise', 'stretches', ...traits],
    flops: flopsPerElement(flops),
    element: ([x = 0, y = 0], attributes) => element(x, y, attributes),
    infer(inputs) {
      const left = inputType(inputs, 0)
      const right = inputType(inputs, 1)
      if (left.dtype !== right.dtype || !accepts.includes(left.dtype)) {
        throw new GraphBug(`operands are ${describeType(left)} and ${describeType(right)}`)
      }
      const type: TensorType = { dtype: result ?? left.dtype, shape: broadcastShape(left.shape, right.shape) }
      return [type]
    },
  }
}

/** Makes tensors of both operands. @throws GraphBug when both are numbers. */
export function operands(x: Operand, y: Operand): readonly [Tensor, Tensor] {
  if (typeof x !== 'number') {
    return [x, typeof y === 'number' ? constant(x.builder, y, [], x.type.dtype) : y]
  }
  if (typeof y === 'number') throw new GraphBug('both operands are numbers')
  return [constant(y.builder, x, [], y.type.dtype), y]
}

/** Puts in an operation of one operand without attributes. */
export const applyUnary = (operation: OperationOf<PlainName>, x: Tensor): Tensor =>
  x.builder.single(operation, [x], {})

/** Puts in an operation of two operands without attributes. */
export function applyBinary(operation: OperationOf<PlainName>, x: Operand, y: Operand): Tensor {
  const [left, right] = operands(x, y)
  return left.builder.single(operation, [left, right], {})
}

/** The gradient of broadcasting: sums over every axis that was stretched to reach the gradient's shape. */
export function sumTo(gradient: Tensor, shape: readonly number[]): Tensor {
  const from = gradient.type.shape
  if (sameShape(from, shape)) return gradient
  const offset = from.length - shape.length
  const axes = from.flatMap((size, axis) =>
    axis < offset || (shape[axis - offset] === 1 && size !== 1) ? [axis] : [],
  )
  return reshape(reduceSum(gradient, axes, true), shape)
}

/** Stretches a gradient to a shape it broadcasts to. */
export function stretchTo(gradient: Tensor, shape: readonly number[]): Tensor {
  return sameShape(gradient.type.shape, shape) ? gradient : broadcast(gradient, shape)
}
