// What every operation of the graph says about itself: its shape rule, its gradient rule and its cost. One definition
// an operation, beside the function that puts it into a graph; operations/index.ts lists them all.
import type { Tensor } from '../builder.js'
import type { Attribute, TensorType } from '../graph.js'

export type Attributes = Readonly<Record<string, Attribute>>

export interface Operation {
  readonly name: string
  /** The shape rule: types of the outputs. Throws where the inputs do not fit, which is a bug of whoever built the graph. */
  readonly infer: (inputs: readonly TensorType[], attributes: Attributes) => readonly TensorType[]
  /**
   * The gradient rule, or why there is none: `stops` where the derivative is zero or undefined everywhere (comparisons,
   * rounding, positions), `not differentiated` where nothing needs it; reaching the latter is a bug.
   */
  readonly gradient: GradientRule | 'stops' | 'not differentiated'
  /** Floating-point operations of one run; a multiply-add counts two. */
  readonly flops: (
    inputs: readonly TensorType[],
    outputs: readonly TensorType[],
    attributes: Attributes,
  ) => number
  /** Bytes read and written; where it is not given, every input and output once. */
  readonly bytes?: (inputs: readonly TensorType[], outputs: readonly TensorType[]) => number
  /** One element of an elementwise operation from one element of every input, for constant folding. */
  readonly element?: (...values: readonly number[]) => number
}

/** Gradients with respect to each input, built only when they are needed; undefined where it is zero. */
export type GradientRule = (node: GradientContext) => readonly ((() => Tensor) | undefined)[]

/** The forward node that is differentiated, and the gradients that reached its outputs. */
export interface GradientContext {
  readonly input: (position: number) => Tensor
  readonly inputCount: number
  readonly output: (position: number) => Tensor
  /** Gradient of the first output. */
  readonly gradient: Tensor
  readonly attributes: Attributes
}

/** A mistake of the program that builds a graph, never of the user. */
export class GraphBug extends Error {
  override readonly name = 'GraphBug'
}

export function numberAttribute(attributes: Attributes, name: string): number {
  const value = attributes[name]
  if (typeof value !== 'number') throw new GraphBug(`attribute ${name} is not a number`)
  return value
}

export function numbersAttribute(attributes: Attributes, name: string): readonly number[] {
  const value = attributes[name]
  if (!Array.isArray(value)) throw new GraphBug(`attribute ${name} is not a list`)
  return value.map((element: unknown) => {
    if (typeof element !== 'number') throw new GraphBug(`attribute ${name} is not a list of numbers`)
    return element
  })
}

export function stringAttribute(attributes: Attributes, name: string): string {
  const value = attributes[name]
  if (typeof value !== 'string') throw new GraphBug(`attribute ${name} is not a string`)
  return value
}

export function booleanAttribute(attributes: Attributes, name: string): boolean {
  const value = attributes[name]
  if (typeof value !== 'boolean') throw new GraphBug(`attribute ${name} is not true or false`)
  return value
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
export function flopsPerElement(count: number): Operation['flops'] {
  return (_inputs, outputs) => count * elementCount(outputs[0]?.shape ?? [])
}

/** So many operations for every element of the first input. */
export function flopsPerInputElement(count: number): Operation['flops'] {
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
