// Constant folding: elementwise operations on constants are done once, here, in double precision.
import { nearestBfloat16 } from '../bfloat16.js'
import type { Tensor } from '../builder.js'
import type { Node } from '../graph.js'
import type { OperationName } from '../operations/index.js'
import { hasTrait, operations } from '../operations/index.js'
import { elementCount } from '../operations/operation.js'
import { rowMajorStrides } from '../operations/shapes.js'
import { constant } from '../operations/sources.js'
import type { Rule } from './rewrite.js'

/**
 * Results beyond this many elements stay operations: a graph should not carry megabytes that a loop makes at
 * once.
 */
const largestFolded = 4096

/** Values of a constant tensor: one that fills it, or all. */
export function constantValues(tensor: Tensor): readonly number[] | undefined {
  const node = tensor.builder.nodes[tensor.node]
  return node?.op === 'constant' ? node.attributes.values : undefined
}

/** The one number that fills a constant tensor, or undefined. */
export function constantNumber(tensor: Tensor): number | undefined {
  const [first, ...others] = constantValues(tensor) ?? []
  return others.every((value) => value === first) ? first : undefined
}

export const foldConstants: Rule = (node, inputs, builder) => {
  const [type] = node.outputs
  const values = inputs.map(constantValues)
  if (type === undefined || inputs.length === 0 || !values.every((list) => list !== undefined))
    return undefined
  const list = values as readonly (readonly number[])[]
  const [first = []] = list
  const isFilled = node.op === 'broadcast' && first.length === 1
  if (hasTrait(node, 'aliases') || isFilled) return constant(builder, first, type.shape, type.dtype)
  const element = elementOf(node)
  if (element === undefined) return undefined
  const rounded = (value: number): number => (type.dtype === 'bfloat16' ? nearestBfloat16(value) : value)
  if (list.every((constants) => constants.length === 1)) {
    const value = element(list.map(([only = 0]) => only))
    return constant(builder, [rounded(value)], type.shape, type.dtype)
  }
  const count = elementCount(type.shape)
  if (count > largestFolded) return undefined
  const readers = inputs.map((input, position) => reader(list[position] ?? [], input.type.shape, type.shape))
  const result = Array.from({ length: count }, (_, index) => element(readers.map((read) => read(index))))
  return constant(builder, result.map(rounded), type.shape, type.dtype)
}

/** How an element of the result is made of one of each operand; undefined where it is not. */
function elementOf<Name extends OperationName>(
  node: Node<Name>,
): ((operands: readonly number[]) => number) | undefined {
  const { element } = operations[node.op]
  return element && ((operands) => element(operands, node.attributes))
}

/** Reads a broadcast operand at a position of the result. */
function reader(
  values: readonly number[],
  shape: readonly number[],
  result: readonly number[],
): (index: number) => number {
  if (values.length === 1) return () => values[0] ?? 0
  const from = rowMajorStrides(shape)
  const to = rowMajorStrides(result)
  const offset = result.length - shape.length
  return (index) => {
    let position = 0
    shape.forEach((size, axis) => {
      const stride = to[axis + offset] ?? 1
      if (size !== 1) position += (Math.floor(index / stride) % size) * (from[axis] ?? 1)
    })
    return values[position] ?? 0
  }
}
