// Element types, positions and look-ups.
import type { Tensor } from '../builder.js'
import type { DType } from '../graph.js'
import { reshape } from './arrangement.js'
import type { Operation } from './operation.js'
import { flopsPerElement, flopsPerInputElement, GraphBug, inputType, noFlops } from './operation.js'
import { matmul } from './product.js'
import { isFloat, reducedShape, requireDType, requireRank } from './shapes.js'

export const castOperation: Operation<'cast', { readonly dtype: DType }> = {
  name: 'cast',
  traits: ['elementwise'],
  infer: (inputs, { dtype }) => [{ dtype, shape: inputType(inputs, 0).shape }],
  // Between float32 and bfloat16 the gradient goes back in the type of the operand. Nothing else carries
  // gradients.
  gradient: ({ input, output, gradient }) => {
    const { dtype } = input(0).type
    return [isFloat(dtype) && isFloat(output(0).type.dtype) ? () => castTo(gradient, dtype) : undefined]
  },
  flops: flopsPerElement(1),
  element([x = 0], { dtype }) {
    if (dtype === 'bool') return Number(x !== 0)
    return isFloat(dtype) ? x : Math.trunc(x)
  },
}
/**
 * The same numbers in another element type; to bool: not zero; to int32 and uint8: towards zero; to bfloat16:
 * to the nearest, halves to even.
 */
export function castTo(x: Tensor, dtype: DType): Tensor {
  return x.type.dtype === dtype ? x : x.builder.single(castOperation, [x], { dtype })
}

export const argmaxOperation: Operation<'argmax', { readonly axis: number }> = {
  name: 'argmax',
  infer: (inputs, { axis }) => [
    { dtype: 'int32', shape: reducedShape(inputType(inputs, 0).shape, [axis], false) },
  ],
  gradient: 'stops',
  flops: flopsPerInputElement(1),
}
/** Position of the largest element along an axis, the first one of equals; int32. */
export const argmax = (x: Tensor, axis: number): Tensor => x.builder.single(argmaxOperation, [x], { axis })

export const oneHotOperation: Operation<'one_hot', { readonly depth: number }> = {
  name: 'one_hot',
  infer(inputs, { depth }) {
    const type = inputType(inputs, 0)
    requireDType(type, 'int32', 'positions')
    return [{ dtype: 'float32', shape: [...type.shape, depth] }]
  },
  gradient: 'stops',
  flops: noFlops,
}
/** int32 [...] -> float32 [..., depth]: 1 at the position, all zeros where it is outside 0..depth-1. */
export const oneHot = (positions: Tensor, depth: number): Tensor =>
  positions.builder.single(oneHotOperation, [positions], { depth })

export const gatherOperation: Operation<'gather'> = {
  name: 'gather',
  traits: ['exact in bfloat16'],
  infer(inputs) {
    const table = inputType(inputs, 0)
    const positions = inputType(inputs, 1)
    requireDType(positions, 'int32', 'positions')
    requireRank(positions, 1, 'positions')
    if (table.shape.length === 0) throw new GraphBug('the table has no axis')
    return [{ dtype: table.dtype, shape: [...positions.shape, ...table.shape.slice(1)] }]
  },
  // Rows taken several times add up, which a product with the one-hot matrix does.
  gradient: ({ input, gradient }) => [
    () => {
      const shape = input(0).type.shape
      const rows = shape[0] ?? 1
      const flat = reshape(gradient, [gradient.type.shape[0] ?? 1, -1])
      return reshape(matmul(oneHot(input(1), rows), flat, { transposeLeft: true }), shape)
    },
    undefined,
  ],
  flops: noFlops,
}
/** Rows of `table` (first axis) at `positions`, int32 [n]. */
export const gather = (table: Tensor, positions: Tensor): Tensor =>
  table.builder.single(gatherOperation, [table, positions], {})
