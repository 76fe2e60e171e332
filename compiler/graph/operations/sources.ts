// Where values come from: the caller, the state, the program text.
import type { Builder, Tensor } from '../builder.js'
import type { DType, TensorType } from '../graph.js'
import type { Operation } from './operation.js'
import { elementCount, GraphBug, inputType, noFlops } from './operation.js'

/** The type of a value that comes from outside. */
interface DeclaredType {
  readonly dtype: DType
  readonly shape: readonly number[]
}

export interface NamedAttributes extends DeclaredType {
  readonly name: string
}

export interface ConstantAttributes extends DeclaredType {
  /** Row-major; a single one fills the whole shape. */
  readonly values: readonly number[]
}

const declaredType = (
  _inputs: readonly TensorType[],
  { dtype, shape }: DeclaredType,
): readonly TensorType[] => [{ dtype, shape }]

const nothingMoved = (): number => 0

export const inputOperation: Operation<'input', NamedAttributes> = {
  name: 'input',
  infer: declaredType,
  gradient: 'stops',
  flops: noFlops,
  bytes: nothingMoved,
}

/** A value that the caller feeds at every run; the same node wherever the name is asked for. */
export function input(builder: Builder, name: string, type: TensorType): Tensor {
  return builder.sharedNode(`input ${name}`, () => {
    builder.registerInput(name, type)
    return builder.single(inputOperation, [], { name, dtype: type.dtype, shape: type.shape })
  })
}

export const stateOperation: Operation<'state', NamedAttributes> = {
  name: 'state',
  traits: ['held'],
  infer: declaredType,
  gradient: 'stops',
  flops: noFlops,
  bytes: nothingMoved,
}

/** The value that a state variable has before the run. */
export function state(builder: Builder, name: string, type: TensorType): Tensor {
  return builder.sharedNode(`state ${name}`, () =>
    builder.single(stateOperation, [], { name, dtype: type.dtype, shape: type.shape }),
  )
}

export const constantOperation: Operation<'constant', ConstantAttributes> = {
  name: 'constant',
  traits: ['held', 'exact in bfloat16'],
  infer(_inputs, { dtype, shape, values }) {
    if (values.length !== 1 && values.length !== elementCount(shape)) {
      throw new GraphBug(`${values.length} values do not fill the shape`)
    }
    return [{ dtype, shape }]
  },
  gradient: 'stops',
  flops: noFlops,
  bytes: nothingMoved,
}

/** Constant values, row-major; a single value fills the whole shape. */
export function constant(
  builder: Builder,
  values: number | readonly number[],
  shape: readonly number[] = typeof values === 'number' ? [] : [values.length],
  dtype: DType = 'float32',
): Tensor {
  const list = typeof values === 'number' ? [values] : values
  const make = (): Tensor => builder.single(constantOperation, [], { dtype, shape, values: list })
  if (list.length !== 1) return make()
  // -0 and 0 are different constants, and String() would merge them.
  const key = Object.is(list[0], -0) ? '-0' : String(list[0])
  return builder.sharedNode(`constant ${dtype} [${shape.join()}] ${key}`, make)
}

/** 0, 1, ... count - 1 as int32. */
export function iota(builder: Builder, count: number): Tensor {
  return builder.sharedNode(`iota ${count}`, () =>
    constant(
      builder,
      Array.from({ length: count }, (_, position) => position),
      [count],
      'int32',
    ),
  )
}

export const stopGradientOperation: Operation<'stop_gradient'> = {
  name: 'stop_gradient',
  traits: ['elementwise', 'exact in bfloat16', 'aliases'],
  infer: (inputs) => [inputType(inputs, 0)],
  gradient: 'stops',
  flops: noFlops,
  bytes: nothingMoved,
}

/** The same value, seen as a constant by differentiation. */
export function stopGradient(x: Tensor): Tensor {
  return x.builder.single(stopGradientOperation, [x], {})
}
