// Algebraic simplifications that spare a pass over memory. None changes the value of a finite computation by
// more than rounding; none removes a NaN or an infinity that a diverged run would show (x * 0 stays).
import type { Tensor } from '../builder.js'
import type { Node } from '../graph.js'
import { add, multiply, subtract } from '../operations/arithmetic.js'
import { broadcast, reshape, transpose } from '../operations/arrangement.js'
import type { OperationName } from '../operations/index.js'
import { hasTrait, operations } from '../operations/index.js'
import { castTo } from '../operations/indexing.js'
import { broadcastShape, sameShape } from '../operations/shapes.js'
import { constantNumber } from './fold.js'
import type { Rule } from './rewrite.js'

/** The value itself, if it already has the shape that the node would give it. */
function unchanged(node: Node, tensor: Tensor | undefined): Tensor | undefined {
  const shape = node.outputs[0]?.shape
  return tensor !== undefined && shape !== undefined && sameShape(tensor.type.shape, shape)
    ? tensor
    : undefined
}

const isConstant = (tensor: Tensor | undefined, value: number): boolean =>
  tensor !== undefined && constantNumber(tensor) === value

/** The inputs of the node that made a tensor, if it is of that operation. */
function inputsOf(tensor: Tensor, op: OperationName): readonly Tensor[] | undefined {
  const node = tensor.builder.nodes[tensor.node]
  return node?.op === op ? node.inputs.map((value) => tensor.builder.tensor(value)) : undefined
}

/** x + 0, x - 0, x * 1, x / 1. */
const neutralElements: Rule = (node, [x, y]) => {
  const { left, right } = operations[node.op].neutral ?? {}
  if (right !== undefined && isConstant(y, right)) return unchanged(node, x)
  return left !== undefined && isConstant(x, left) ? unchanged(node, y) : undefined
}

/** -(-x) = x, x + (-y) = x - y, x - (-y) = x + y, (x * a) * b = x * (a * b) for constants a, b. */
const signsAndFactors: Rule = (node, [x, y]) => {
  if (x === undefined) return undefined
  switch (node.op) {
    case 'negate':
      return inputsOf(x, 'negate')?.[0]
    case 'add': {
      const [right] = (y && inputsOf(y, 'negate')) ?? []
      if (right !== undefined) return subtract(x, right)
      const [left] = inputsOf(x, 'negate') ?? []
      return y !== undefined && left !== undefined ? subtract(y, left) : undefined
    }
    case 'subtract': {
      const [right] = (y && inputsOf(y, 'negate')) ?? []
      return right === undefined ? undefined : add(x, right)
    }
    case 'multiply': {
      const outer = y === undefined ? undefined : constantNumber(y)
      const [inner, factor] = inputsOf(x, 'multiply') ?? []
      if (outer === undefined || y?.type.shape.length !== 0 || inner === undefined || factor === undefined)
        return undefined
      const value = factor.type.shape.length === 0 ? constantNumber(factor) : undefined
      return value === undefined ? undefined : multiply(inner, value * outer)
    }
    default:
      return undefined
  }
}

/** Reshapes of reshapes, transposes of transposes, and those that change nothing. */
const arrangements: Rule = (node, [x]) => {
  if (x === undefined) return undefined
  switch (node.op) {
    case 'stop_gradient':
      return x
    case 'reshape': {
      const [source] = inputsOf(x, 'reshape') ?? []
      return source === undefined ? unchanged(node, x) : reshape(source, node.attributes.shape)
    }
    case 'transpose': {
      const outer = node.attributes.permutation
      if (outer.every((axis, position) => axis === position)) return x
      const inner = x.builder.nodes[x.node]
      const [source] = inputsOf(x, 'transpose') ?? []
      if (inner?.op !== 'transpose' || source === undefined) return undefined
      const { permutation } = inner.attributes
      const both = outer.map((axis) => permutation[axis] ?? axis)
      return both.every((axis, position) => axis === position) ? source : transpose(source, both)
    }
    case 'broadcast': {
      const [source] = inputsOf(x, 'broadcast') ?? []
      return source === undefined ? unchanged(node, x) : broadcast(source, node.attributes.shape)
    }
    default:
      return undefined
  }
}

/**
 * A cast before its operand is stretched, not after; and none of a bfloat16 number to float32 and back, which
 * changes nothing. The way from float32 to bfloat16 and back stays: it rounds.
 */
const casts: Rule = (node, [x]) => {
  if (x === undefined || node.op !== 'cast') return undefined
  const dtype = node.outputs[0]?.dtype
  const [narrow] = inputsOf(x, 'cast') ?? []
  if (dtype === 'bfloat16' && x.type.dtype === 'float32' && narrow?.type.dtype === dtype) return narrow
  const [source] = inputsOf(x, 'broadcast') ?? []
  return source === undefined || dtype === undefined
    ? undefined
    : broadcast(castTo(source, dtype), x.type.shape)
}

/**
 * Elementwise operations stretch their operands themselves: a broadcast before them would only write memory.
 */
const broadcastsIntoOperands: Rule = (node, inputs, builder) => {
  const shape = node.outputs[0]?.shape
  if (!hasTrait(node, 'stretches') || shape === undefined) return undefined
  const sources = inputs.map((tensor) => inputsOf(tensor, 'broadcast')?.[0] ?? tensor)
  if (sources.every((source, position) => source === inputs[position])) return undefined
  const reached = sources.reduce<readonly number[]>(
    (all, source) => broadcastShape(all, source.type.shape),
    [],
  )
  return sameShape(reached, shape) ? builder.again(node, sources)[0] : undefined
}

export const simplifications: readonly Rule[] = [
  neutralElements,
  signsAndFactors,
  arrangements,
  casts,
  broadcastsIntoOperands,
]
