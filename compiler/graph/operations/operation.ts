// What every operation of the graph says about itself: its name, its attributes, its shape rule, its gradient
// rule, its cost, and its traits, by which passes and engines know it. One definition an operation, beside
// the function that puts it into a graph; operations/index.ts lists them all.
import type { Tensor } from '../builder.js'
import type { Attribute, TensorType } from '../graph.js'

/** What passes and engines ask of an operation, so that none of them has a list of names. */
export type Trait =
  /** An element of the result is made of the operands' elements at its place, whatever lies beside them. */
  | 'elementwise'
  /** Stretches its operands to each other's shape itself, by numpy's rules. */
  | 'stretches'
  /** What it gives is a bfloat16 number, without rounding, if its operands are. */
  | 'exact in bfloat16'
  /** Its result is its operand's memory, whatever the shape. */
  | 'aliases'
  /** Works on whole images or batches: what feeds it is not merely bookkeeping of weights. */
  | 'heavy'
  /** Its value is in memory before a run and after it. */
  | 'held'

/** Attributes of an operation that has none. */
export type NoAttributes = Readonly<Record<never, Attribute>>

export interface Operation<Name extends string, Attributes = NoAttributes> {
  readonly name: Name
  readonly traits?: readonly Trait[]
  /**
   * The shape rule: types of the outputs. Throws where the inputs do not fit, which is a bug of whoever built
   * the graph.
   */
  readonly infer: (inputs: readonly TensorType[], attributes: Attributes) => readonly TensorType[]
  /**
   * The gradient rule, or why there is none: `stops` where the derivative is zero or undefined everywhere
   * (comparisons, rounding, positions), `not differentiated` where nothing needs it; reaching the latter is a
   * bug.
   */
  readonly gradient: GradientRule<Attributes> | 'stops' | 'not differentiated'
  /** Floating-point operations of one run; a multiply-add counts two. */
  readonly flops: FlopsRule<Attributes>
  /** Bytes read and written; where it is not given, every input and output once. */
  readonly bytes?: (inputs: readonly TensorType[], outputs: readonly TensorType[]) => number
  /** One element of the result from one element of every operand, for constant folding. */
  readonly element?: (operands: readonly number[], attributes: Attributes) => number
  /** The left or right operand that gives back the other one: x + 0, 1 * x. */
  readonly neutral?: { readonly left?: number; readonly right?: number }
}

export type FlopsRule<Attributes> = (
  inputs: readonly TensorType[],
  outputs: readonly TensorType[],
  attributes: Attributes,
) => number

/** Gradients with respect to each input, built only when they are needed; undefined where it is zero. */
export type GradientRule<Attributes> = (
  node: GradientContext<Attributes>,
) => readonly ((() => Tensor) | undefined)[]

/** The forward node that is differentiated, and the gradient that reached its first output. */
export interface GradientContext<Attributes> {
  readonly input: (position: number) => Tensor
  readonly inputCount: number
  readonly output: (position: number) => Tensor
  readonly gradient: Tensor
  readonly attributes: Attributes
}

/** A mistake of the program that builds a graph, never of the user. */
export class GraphBug extends Error {
  override readonly name = 'GraphBug'
}

/** The input type at a position, or a bug. */
export function inputType(inputs: readonly TensorType[], position: number): TensorType {
  const type = inputs[position]
  if (type === undefined) throw new GraphBug(`input ${position} is missing`)
  return type
}

/** No arithmetic: moving or relabelling data. */
export const noFlops = (): number => 0

/** So many operations for every element of the first output. */
export function flopsPerElement(count: number): FlopsRule<unknown> {
  return (_inputs, outputs) => count * elementCount(outputs[0]?.shape ?? [])
}

/** So many operations for every element of the first input. */
export function flopsPerInputElement(count: number): FlopsRule<unknown> {
  return (inputs) => count * elementCount(inputs[0]?.shape ?? [])
}

export function elementCount(shape: readonly number[]): number {
  let count = 1
  for (const size of shape) count *= size
  return count
}

/** Computes a value at its first use and keeps it, so that several gradients of one node share it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
