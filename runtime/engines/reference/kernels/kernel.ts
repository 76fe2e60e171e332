// What a kernel is: plain loops over row-major arrays. Floats are kept in double precision; bfloat16 numbers
// are held as these are and rounded by the walk.
import type { DType, Node, TensorType } from '../../../../compiler/graph/graph.js'
import type { ComputedName } from '../../../../compiler/graph/operations/index.js'

export type Numbers = Float64Array | Int32Array | Uint8Array

export interface KernelCall<Name extends ComputedName = ComputedName> {
  readonly node: Node<Name>
  readonly inputs: readonly Numbers[]
  readonly types: readonly TensorType[]
  /** Zeroed arrays for the outputs. */
  readonly outputs: readonly Numbers[]
}

/** Fills the outputs of one node, of any operation or of those named. */
export type Kernel<Name extends ComputedName = ComputedName> = (call: KernelCall<Name>) => void

export type Kernels<Name extends ComputedName = ComputedName> = {
  readonly [Each in Name]: Kernel<Each>
}

export function allocate(dtype: DType, count: number): Numbers {
  switch (dtype) {
    case 'float32':
    case 'bfloat16':
      return new Float64Array(count)
    case 'int32':
      return new Int32Array(count)
    case 'uint8':
    case 'bool':
      return new Uint8Array(count)
  }
}

/** A zeroed array of the same element type. */
export function allocateLike(array: Numbers, count: number): Numbers {
  if (array instanceof Float64Array) return new Float64Array(count)
  return array instanceof Int32Array ? new Int32Array(count) : new Uint8Array(count)
}

/** An input or output that the node must have; the shape rule has seen to it. */
export function at<T>(list: readonly T[], position: number): T {
  const value = list[position]
  if (value === undefined) throw new Error(`a kernel was called without operand ${position}`)
  return value
}
