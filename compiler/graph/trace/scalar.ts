// Scalar expressions of a Plan (the objective, arithmetic on losses) as graph nodes. Truth is 1, falsehood 0.
import type { Scalar } from '../../plan/scalar.js'
import type { Builder, Tensor } from '../builder.js'
import { add, divide, multiply, negate, power, subtract, toFloat } from '../operations/arithmetic.js'
import { and, equal, less, lessEqual, not, or, select } from '../operations/logic.js'
import { constant, input } from '../operations/sources.js'

export interface ScalarContext {
  readonly builder: Builder
  /** `train.epochs`. */
  readonly epochs: number
  /** Value of a loss, by its position in `Plan.losses`. */
  readonly loss: (position: number) => Tensor
  /** Value of a scalar node, by its position in `Plan.step`. */
  readonly node: (position: number) => Tensor
}

/** A float32 scalar. */
export function traceScalar(scalar: Scalar, context: ScalarContext): Tensor {
  const trace = (part: Scalar): Tensor => traceScalar(part, context)
  const { builder } = context
  switch (scalar.op) {
    case 'number':
      return constant(builder, scalar.value)
    case 'time':
      return scalar.name === 'epochs'
        ? constant(builder, context.epochs)
        : input(builder, scalar.name, { dtype: 'float32', shape: [] })
    case 'loss':
      return context.loss(scalar.loss)
    case 'node':
      return context.node(scalar.node)
    case 'negate':
      return negate(trace(scalar.value))
    case 'not':
      return toFloat(equal(trace(scalar.value), 0))
    case 'add':
      return add(trace(scalar.left), trace(scalar.right))
    case 'subtract':
      return subtract(trace(scalar.left), trace(scalar.right))
    case 'multiply':
      return multiply(trace(scalar.left), trace(scalar.right))
    case 'divide':
      return divide(trace(scalar.left), trace(scalar.right))
    case 'power':
      return power(trace(scalar.left), trace(scalar.right))
    case 'less':
      return toFloat(less(trace(scalar.left), trace(scalar.right)))
    case 'less_equal':
      return toFloat(lessEqual(trace(scalar.left), trace(scalar.right)))
    case 'equal':
      return toFloat(equal(trace(scalar.left), trace(scalar.right)))
    case 'and':
      return toFloat(and(holds(trace(scalar.left)), holds(trace(scalar.right))))
    case 'or':
      return toFloat(or(holds(trace(scalar.left)), holds(trace(scalar.right))))
    case 'if':
      return select(holds(trace(scalar.condition)), trace(scalar.then), trace(scalar.else))
  }
}

const holds = (value: Tensor): Tensor => not(equal(value, 0))
