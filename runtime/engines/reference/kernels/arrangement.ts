// Kernels that move elements.
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { rowMajorStrides } from '../../../../compiler/graph/operations/shapes.js'
import type { Kernel, Numbers } from './kernel.js'
import { allocateLike, at } from './kernel.js'

/**
 * Copies a block: for every position p of `shape`, out[outOffset + p . outStrides] = x[offset + p . strides].
 * The innermost axis is a plain loop, the outer ones count like an odometer.
 */
export function copyBlock(
  shape: readonly number[],
  x: Numbers,
  offset: number,
  strides: readonly number[],
  out: Numbers,
  outOffset: number,
  outStrides: readonly number[],
): void {
  const count = elementCount(shape)
  if (count === 0) return
  const last = shape.length - 1
  const inner = last < 0 ? 1 : (shape[last] as number)
  const step = last < 0 ? 0 : (strides[last] as number)
  const outStep = last < 0 ? 0 : (outStrides[last] as number)
  const position: number[] = new Array(Math.max(last, 0)).fill(0)
  let from = offset
  let to = outOffset
  for (let block = 0; block < count; block += inner) {
    for (let i = 0; i < inner; i++) out[to + i * outStep] = x[from + i * step] as number
    for (let axis = last - 1; axis >= 0; axis--) {
      const next = (position[axis] as number) + 1
      from += strides[axis] as number
      to += outStrides[axis] as number
      if (next < (shape[axis] as number)) {
        position[axis] = next
        break
      }
      position[axis] = 0
      from -= next * (strides[axis] as number)
      to -= next * (outStrides[axis] as number)
    }
  }
}

/** Strides with which an operand is read as if it had the wider shape: 0 along stretched axes. */
export function stretchedStrides(shape: readonly number[], result: readonly number[]): readonly number[] {
  const strides = rowMajorStrides(shape)
  const offset = result.length - shape.length
  return result.map((_, axis) =>
    axis < offset || shape[axis - offset] === 1 ? 0 : (strides[axis - offset] ?? 0),
  )
}

/** The operand in the wider shape. */
export function stretch(x: Numbers, shape: readonly number[], result: readonly number[]): Numbers {
  const out = allocateLike(x, elementCount(result))
  copyBlock(result, x, 0, stretchedStrides(shape, result), out, 0, rowMajorStrides(result))
  return out
}

const broadcast: Kernel<'broadcast'> = ({ node, inputs, types, outputs }) => {
  const result = at(node.outputs, 0).shape
  const strides = stretchedStrides(at(types, 0).shape, result)
  copyBlock(result, at(inputs, 0), 0, strides, at(outputs, 0), 0, rowMajorStrides(result))
}

const transpose: Kernel<'transpose'> = ({ node, inputs, types, outputs }) => {
  const result = at(node.outputs, 0).shape
  const strides = rowMajorStrides(at(types, 0).shape)
  const permuted = node.attributes.permutation.map((axis) => at(strides, axis))
  copyBlock(result, at(inputs, 0), 0, permuted, at(outputs, 0), 0, rowMajorStrides(result))
}

const offsetOf = (starts: readonly number[], strides: readonly number[]): number =>
  starts.reduce((sum, start, axis) => sum + start * at(strides, axis), 0)

const pad: Kernel<'pad'> = ({ node, inputs, types, outputs }) => {
  const shape = at(types, 0).shape
  const strides = rowMajorStrides(at(node.outputs, 0).shape)
  const offset = offsetOf(node.attributes.before, strides)
  copyBlock(shape, at(inputs, 0), 0, rowMajorStrides(shape), at(outputs, 0), offset, strides)
}

const slice: Kernel<'slice'> = ({ node, inputs, types, outputs }) => {
  const result = at(node.outputs, 0).shape
  const strides = rowMajorStrides(at(types, 0).shape)
  const offset = offsetOf(node.attributes.starts, strides)
  copyBlock(result, at(inputs, 0), offset, strides, at(outputs, 0), 0, rowMajorStrides(result))
}

const concat: Kernel<'concat'> = ({ node, inputs, types, outputs }) => {
  const { axis } = node.attributes
  const strides = rowMajorStrides(at(node.outputs, 0).shape)
  let along = 0
  inputs.forEach((input, position) => {
    const { shape } = at(types, position)
    copyBlock(shape, input, 0, rowMajorStrides(shape), at(outputs, 0), along * at(strides, axis), strides)
    along += at(shape, axis)
  })
}

export const arrangementKernels = { broadcast, transpose, pad, slice, concat }
