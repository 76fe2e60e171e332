// Moving elements without arithmetic: reshape, transpose, broadcast, pad, slice, concat.
import type { Tensor } from '../builder.js'
import { sumTo } from './elementwise.js'
import type { Operation } from './operation.js'
import { elementCount, GraphBug, inputType, noFlops } from './operation.js'
import { broadcastShape, sameShape } from './shapes.js'

export const reshapeOperation: Operation<'reshape', { readonly shape: readonly number[] }> = {
  name: 'reshape',
  traits: ['exact in bfloat16', 'aliases'],
  infer(inputs, { shape }) {
    const type = inputType(inputs, 0)
    if (elementCount(shape) !== elementCount(type.shape)) {
      throw new GraphBug(`[${shape.join(', ')}] has another number of elements`)
    }
    return [{ dtype: type.dtype, shape }]
  },
  gradient: ({ input, gradient }) => [() => reshape(gradient, input(0).type.shape)],
  flops: noFlops,
  bytes: () => 0,
}
/** The same elements in another shape; one size may be -1 and follows from the others. */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const full = shape.map((size) => (size === -1 ? elementCount(x.type.shape) / known : size))
  return sameShape(full, x.type.shape) ? x : x.builder.single(reshapeOperation, [x], { shape: full })
}

export const transposeOperation: Operation<'transpose', { readonly permutation: readonly number[] }> = {
  name: 'transpose',
  traits: ['exact in bfloat16'],
  infer(inputs, { permutation }) {
    const type = inputType(inputs, 0)
    if (
      !sameShape(
        [...permutation].sort((a, b) => a - b),
        type.shape.map((_, axis) => axis),
      )
    ) {
      throw new GraphBug(`[${permutation.join(', ')}] does not permute the axes`)
    }
    return [{ dtype: type.dtype, shape: permutation.map((axis) => type.shape[axis] ?? 1) }]
  },
  gradient: ({ gradient, attributes: { permutation } }) => [
    () =>
      transpose(
        gradient,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
  ],
  flops: noFlops,
}
/** Axis i of the result is axis permutation[i] of x. */
export const transpose = (x: Tensor, permutation: readonly number[]): Tensor =>
  x.builder.single(transposeOperation, [x], { permutation })

export const broadcastOperation: Operation<'broadcast', { readonly shape: readonly number[] }> = {
  name: 'broadcast',
  traits: ['exact in bfloat16'],
  infer(inputs, { shape }) {
    const type = inputType(inputs, 0)
    if (!sameShape(broadcastShape(type.shape, shape), shape))
      throw new GraphBug('does not stretch to that shape')
    return [{ dtype: type.dtype, shape }]
  },
  gradient: ({ input, gradient }) => [() => sumTo(gradient, input(0).type.shape)],
  flops: noFlops,
}
/** x stretched to a shape by numpy's rules. */
export const broadcast = (x: Tensor, shape: readonly number[]): Tensor =>
  x.builder.single(broadcastOperation, [x], { shape })

/** How many zeros stand in front of every axis, and behind it. */
export interface PadAttributes {
  readonly before: readonly number[]
  readonly after: readonly number[]
}

export const padOperation: Operation<'pad', PadAttributes> = {
  name: 'pad',
  traits: ['exact in bfloat16'],
  infer(inputs, { before, after }) {
    const type = inputType(inputs, 0)
    if (before.length !== type.shape.length || after.length !== type.shape.length) {
      throw new GraphBug('as many paddings as axes are needed')
    }
    const shape = type.shape.map((size, axis) => size + (before[axis] ?? 0) + (after[axis] ?? 0))
    return [{ dtype: type.dtype, shape }]
  },
  gradient: ({ input, gradient, attributes: { before } }) => [
    () => slice(gradient, before, input(0).type.shape),
  ],
  flops: noFlops,
}
/** Zeros around x: so many before and after it on every axis. */
export const pad = (x: Tensor, before: readonly number[], after: readonly number[]): Tensor =>
  x.builder.single(padOperation, [x], { before, after })

/** Where the block begins on every axis, and its shape. */
export interface SliceAttributes {
  readonly starts: readonly number[]
  readonly sizes: readonly number[]
}

export const sliceOperation: Operation<'slice', SliceAttributes> = {
  name: 'slice',
  traits: ['exact in bfloat16'],
  infer(inputs, { starts, sizes }) {
    const type = inputType(inputs, 0)
    const fits = type.shape.every((size, axis) => {
      const start = starts[axis] ?? -1
      const length = sizes[axis] ?? -1
      return start >= 0 && length >= 0 && start + length <= size
    })
    if (!fits || starts.length !== type.shape.length || sizes.length !== type.shape.length) {
      throw new GraphBug(`[${starts.join(', ')}] + [${sizes.join(', ')}] lies outside`)
    }
    return [{ dtype: type.dtype, shape: sizes }]
  },
  gradient({ input, gradient, attributes: { starts, sizes } }) {
    const after = input(0).type.shape.map((size, axis) => size - (starts[axis] ?? 0) - (sizes[axis] ?? 0))
    return [() => pad(gradient, starts, after)]
  },
  flops: noFlops,
}
/** The block of x that begins at `starts` and has the shape `sizes`. */
export const slice = (x: Tensor, starts: readonly number[], sizes: readonly number[]): Tensor =>
  sameShape(sizes, x.type.shape) ? x : x.builder.single(sliceOperation, [x], { starts, sizes })

export const concatOperation: Operation<'concat', { readonly axis: number }> = {
  name: 'concat',
  traits: ['exact in bfloat16'],
  infer(inputs, { axis }) {
    const first = inputType(inputs, 0)
    let along = 0
    for (const type of inputs) {
      const fits =
        type.dtype === first.dtype &&
        type.shape.length === first.shape.length &&
        type.shape.every((size, position) => position === axis || size === first.shape[position])
      if (!fits) throw new GraphBug('parts differ beside the axis')
      along += type.shape[axis] ?? 0
    }
    return [
      { dtype: first.dtype, shape: first.shape.map((size, position) => (position === axis ? along : size)) },
    ]
  },
  gradient({ input, inputCount, gradient, attributes: { axis } }) {
    let offset = 0
    return Array.from({ length: inputCount }, (_, position) => {
      const shape = input(position).type.shape
      const starts = shape.map((_size, place) => (place === axis ? offset : 0))
      offset += shape[axis] ?? 0
      return () => slice(gradient, starts, shape)
    })
  },
  flops: noFlops,
}
/** Parts one after the other along an axis. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts
  if (first === undefined) throw new GraphBug('nothing to concatenate')
  return parts.length === 1 ? first : first.builder.single(concatOperation, parts, { axis })
}
