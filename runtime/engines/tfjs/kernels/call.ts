// What a kernel is given, and the forward kernels of tfjs's backends that all of them are made of.
// Intermediate tensors are given back by the walk when the kernel returns.
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core'
import type { Node, TensorType } from '../../../../compiler/graph/graph.js'
import type { ComputedName } from '../../../../compiler/graph/operations/index.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../../compiler/graph/operations/shapes.js'
import type { TfjsCore } from '../library.js'

export interface KernelCall<Name extends ComputedName = ComputedName> {
  readonly node: Node<Name>
  readonly inputs: readonly Tensor[]
  readonly types: readonly TensorType[]
  readonly operators: Operators
  /**
   * What is made of an input in another arrangement. Where the input is a weight it is made once and kept as
   * long as the weight's value is, for every pass of a network needs it again.
   */
  readonly arranged: (input: number, arrangement: string, make: (tensor: Tensor) => Tensor) => Tensor
  /** A constant of the kernel's own, made at its first use and kept as long as the program. */
  readonly constant: (key: string, make: () => Tensor) => Tensor
}

/**
 * Computes the outputs of one node. A result is never an input itself; `alias` gives another hold on the same
 * numbers.
 */
export type Kernel<Name extends ComputedName = ComputedName> = (
  call: KernelCall<Name>,
) => Tensor | readonly Tensor[]

/** An operand that the node must have; the shape rule has seen to it. */
export function at<T>(list: readonly T[], position: number): T {
  const value = list[position]
  if (value === undefined) throw new Error(`a kernel was called without operand ${position}`)
  return value
}

/** Sizes of a two-dimensional window and how it moves. */
export interface Window {
  readonly strides: readonly [number, number]
  readonly dilations?: readonly [number, number]
  /** Zeros above, below, left and right. */
  readonly padding?: readonly [number, number, number, number]
}

/**
 * Channels that are pooled at most. On WebAssembly, pooling keeps four bytes of each on a stack of 64 KB, and
 * writes over other memory where it does not suffice.
 */
export const widestPool = 4096

export class Operators {
  constructor(readonly core: TfjsCore) {}

  run(kernel: string, inputs: NamedTensorMap, attributes: NamedAttrMap = {}): Tensor {
    return this.core.engine().runKernel<Tensor>(kernel, inputs, attributes)
  }

  /** Another hold on the same numbers. */
  alias(x: Tensor): Tensor {
    return this.run('Identity', { x })
  }

  reshape(x: Tensor, shape: readonly number[]): Tensor {
    return this.run('Reshape', { x }, { shape: [...shape] })
  }

  transpose(x: Tensor, permutation: readonly number[]): Tensor {
    return this.run('Transpose', { x }, { perm: [...permutation] })
  }

  slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor {
    return this.run('Slice', { x }, { begin: [...begin], size: [...size] })
  }

  /** One behind the other along an axis. */
  concat(parts: readonly Tensor[], axis: number): Tensor {
    return this.core.concat([...parts], axis)
  }

  cast(x: Tensor, dtype: 'float32' | 'int32' | 'bool'): Tensor {
    return this.run('Cast', { x }, { dtype })
  }

  add = (a: Tensor, b: Tensor): Tensor => this.run('Add', { a, b })
  subtract = (a: Tensor, b: Tensor): Tensor => this.run('Sub', { a, b })
  multiply = (a: Tensor, b: Tensor): Tensor => this.run('Multiply', { a, b })
  divide = (a: Tensor, b: Tensor): Tensor => this.run('RealDiv', { a, b })

  scalar(value: number): Tensor {
    return this.core.scalar(value, 'float32')
  }

  filled(value: number, shape: readonly number[]): Tensor {
    return this.run('Fill', {}, { shape: [...shape], value, dtype: 'float32' })
  }

  /**
   * [rows, inner] x [inner, columns]. Neither is transposed: the backends' transposed products are a dozen
   * times slower.
   */
  product(left: Tensor, right: Tensor): Tensor {
    const [rows = 0, inner = 0] = left.shape
    const [, columns = 0] = right.shape
    const a = this.reshape(left, [1, rows, inner])
    const b = this.reshape(right, [1, inner, columns])
    const result = this.run('BatchMatMul', { a, b }, { transposeA: false, transposeB: false })
    return this.reshape(result, [rows, columns])
  }

  /** Images [n, rows, columns, in] with a kernel [rows, columns, in, out]. */
  convolution(x: Tensor, filter: Tensor, window: Window): Tensor {
    const { strides, dilations = [1, 1], padding = [0, 0, 0, 0] } = window
    const [top, bottom, left, right] = padding
    const pad = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]
    const attributes = { strides: [...strides], pad, dataFormat: 'NHWC', dilations: [...dilations] }
    return this.run('Conv2D', { x, filter }, attributes)
  }

  /**
   * The mean over the middle of [outer, middle, inner], one number for each of the others. The backends'
   * pooling does this a dozen times faster than their reductions, and adds up in small groups.
   */
  meanOfMiddle(x: Tensor, [outer, middle, inner]: readonly [number, number, number]): Tensor {
    if (middle === 1) return this.reshape(x, [outer, inner])
    if (inner > widestPool) {
      const blocks = this.reshape(x, [outer, middle, inner])
      return this.run('Mean', { x: blocks }, { axis: [1], keepDims: false })
    }
    const image = this.reshape(x, [outer, middle, 1, inner])
    const attributes = { filterSize: [middle, 1], strides: [1, 1], pad: 'valid' }
    return this.reshape(this.run('AvgPool', { x: image }, attributes), [outer, inner])
  }

  /** A tensor stretched to a wider shape by numpy's rules. */
  stretch(x: Tensor, shape: readonly number[]): Tensor {
    if (sameShape(x.shape, shape)) return x
    const padded = [...new Array<number>(shape.length - x.shape.length).fill(1), ...x.shape]
    const missing = shape.map((size, axis) => (padded[axis] === 1 ? size : 1))
    const wide = this.reshape(x, padded)
    // Copying by Tile takes thirty times as long as a product that broadcasts.
    if (x.dtype === 'float32') return this.multiply(wide, this.filled(1, missing))
    if (x.dtype === 'bool') return this.cast(this.stretch(this.cast(x, 'float32'), shape), 'bool')
    return this.run('Tile', { x: wide }, { reps: missing })
  }
}

/** Elements in front of an axis, along it, and behind it. */
export function aroundAxis(
  shape: readonly number[],
  axis: number,
): readonly [outer: number, along: number, inner: number] {
  return [elementCount(shape.slice(0, axis)), shape[axis] ?? 1, elementCount(shape.slice(axis + 1))]
}
