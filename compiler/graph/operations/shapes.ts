// Arithmetic on shapes, with numpy's rules.
import type { DType, TensorType } from '../graph.js'
import { GraphBug } from './operation.js'

export function sameShape(first: readonly number[], second: readonly number[]): boolean {
  return first.length === second.length && first.every((size, axis) => size === second[axis])
}

/** Axes are aligned at the end; a size of 1 stretches. */
export function broadcastShape(first: readonly number[], second: readonly number[]): readonly number[] {
  const rank = Math.max(first.length, second.length)
  const shape: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const left = first[axis - rank + first.length] ?? 1
    const right = second[axis - rank + second.length] ?? 1
    if (left !== right && left !== 1 && right !== 1) {
      throw new GraphBug(`shapes [${first.join(', ')}] and [${second.join(', ')}] do not broadcast`)
    }
    shape.push(left === 1 ? right : left)
  }
  return shape
}

/** The shape after reducing `axes`. */
export function reducedShape(
  shape: readonly number[],
  axes: readonly number[],
  keepDimensions: boolean,
): readonly number[] {
  for (const axis of axes) {
    if (axis < 0 || axis >= shape.length)
      throw new GraphBug(`axis ${axis} is outside of rank ${shape.length}`)
  }
  if (keepDimensions) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return shape.filter((_, axis) => !axes.includes(axis))
}

/** Elements between neighbours along each axis of a row-major tensor. */
export function rowMajorStrides(shape: readonly number[]): readonly number[] {
  const strides: number[] = new Array(shape.length).fill(1)
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step
    step *= shape[axis] ?? 1
  }
  return strides
}

export function describeType(type: TensorType): string {
  return `${type.dtype}[${type.shape.join(', ')}]`
}

/** @throws GraphBug when the type has another element type. */
export function requireDType(type: TensorType, dtype: DType, what: string): void {
  if (type.dtype !== dtype) throw new GraphBug(`${what} must be ${dtype}, not ${describeType(type)}`)
}

/** The types of a network's activations and of the weights as its products read them. */
export const activationTypes: readonly DType[] = ['float32', 'bfloat16']

/** Whether gradients flow through numbers of this type. */
export const isFloat = (dtype: DType): boolean => activationTypes.includes(dtype)

/** The one type of all operands. @throws GraphBug when they differ, or it is none that activations have. */
export function requireActivations(types: readonly TensorType[]): DType {
  const [first] = types
  if (first === undefined) throw new GraphBug('no operand')
  if (!isFloat(first.dtype) || types.some((type) => type.dtype !== first.dtype)) {
    const found = types.map(describeType).join(', ')
    throw new GraphBug(`operands must be all ${activationTypes.join(' or all ')}, not ${found}`)
  }
  return first.dtype
}

/** @throws GraphBug when the type has another rank. */
export function requireRank(type: TensorType, rank: number, what: string): void {
  if (type.shape.length !== rank)
    throw new GraphBug(`${what} must have ${rank} axes, not ${describeType(type)}`)
}

const bytesOfElement: Readonly<Record<DType, number>> = {
  float32: 4,
  bfloat16: 2,
  int32: 4,
  uint8: 1,
  bool: 1,
}

export function bytesOf(type: TensorType): number {
  let bytes = bytesOfElement[type.dtype]
  for (const size of type.shape) bytes *= size
  return bytes
}
