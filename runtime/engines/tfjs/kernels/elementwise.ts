// Operations on single elements, and casts. What a backend does wrongly is said where it is avoided.
import type { Tensor } from '@tensorflow/tfjs-core'
import { heldAs } from '../values.js'
import type { Kernel, Operators } from './call.js'
import { at } from './call.js'

/** A kernel of the backends with one operand, as it is. */
const unary =
  (name: string): Kernel =>
  ({ inputs, operators }) =>
    operators.run(name, { x: at(inputs, 0) })

/** A kernel of the backends with two operands, which broadcasts by itself. */
const binary =
  (name: string): Kernel =>
  ({ inputs, operators }) =>
    operators.run(name, { a: at(inputs, 0), b: at(inputs, 1) })

const copy: Kernel = ({ inputs, operators }) => operators.alias(at(inputs, 0))

/** By a product with 0 or 1: choosing takes fifteen times as long. What is no number stays none. */
const reluGradient: Kernel = ({ inputs, operators }) =>
  operators.multiply(at(inputs, 0), operators.run('Step', { x: at(inputs, 1) }, { alpha: 0 }))

/** By the larger and the smaller of two: WebAssembly's own clipping makes a limit of what is no number. */
const clamp: Kernel<'clamp'> = ({ node, inputs, operators }) => {
  const { low, high } = node.attributes
  const raised = operators.run('Maximum', { a: at(inputs, 0), b: operators.scalar(low) })
  return operators.run('Minimum', { a: raised, b: operators.scalar(high) })
}

const cast: Kernel<'cast'> = ({ node, inputs, operators }) => {
  const x = at(inputs, 0)
  const dtype = heldAs(node.attributes.dtype)
  if (x.dtype === dtype) return operators.alias(x)
  // The cast to bool of WebAssembly keeps the lowest byte of the truncated number, not whether it is one.
  return dtype === 'bool' ? isNotZero(operators, x) : operators.cast(x, dtype)
}

function isNotZero(operators: Operators, x: Tensor): Tensor {
  const zero = operators.core.scalar(0, x.dtype === 'int32' ? 'int32' : 'float32')
  return operators.run('NotEqual', { a: x, b: zero })
}

const select: Kernel<'select'> = ({ node, inputs, operators }) => {
  const { shape } = at(node.outputs, 0)
  const stretched = (position: number): Tensor => operators.stretch(at(inputs, position), shape)
  const [condition, yes, no] = [stretched(0), stretched(1), stretched(2)]
  if (yes.dtype === 'bool') {
    // WebAssembly chooses among bytes as if they were words.
    const both = (a: Tensor, b: Tensor): Tensor => operators.run('LogicalAnd', { a, b })
    const otherwise = operators.run('LogicalNot', { x: condition })
    return operators.run('LogicalOr', { a: both(condition, yes), b: both(otherwise, no) })
  }
  return operators.run('Select', { condition, t: yes, e: no })
}

export const elementwiseKernels = {
  stop_gradient: copy,
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
  clamp,
  relu: unary('Relu'),
  relu_gradient: reluGradient,
  less: binary('Less'),
  less_equal: binary('LessEqual'),
  equal: binary('Equal'),
  and: binary('LogicalAnd'),
  or: binary('LogicalOr'),
  not: unary('LogicalNot'),
  select,
  cast,
}
