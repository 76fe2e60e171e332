// The Graph: tensor operations with static shapes, the contract between the compiler and the engines.
// A Program is several entry graphs over one shared state; engines load it once and keep the state resident.
import type { Place } from '../plan/plan.js'
import type { OperationAttributes, OperationName } from './operations/index.js'

/**
 * `bfloat16`: float32 with 8 bits of significand, for what lies between the layers of a network; it never
 * crosses the border of a graph, inputs, outputs and state are of the other types.
 */
export type DType = 'float32' | 'bfloat16' | 'int32' | 'uint8' | 'bool'

export interface TensorType {
  readonly dtype: DType
  readonly shape: readonly number[]
}

/** Order of the axes of image tensors inside graphs: NCHW for onnx, NHWC for TensorFlow. */
export type Layout = 'NCHW' | 'NHWC'

/** One output of a node. */
export interface Value {
  /** Position in `Graph.nodes`. */
  readonly node: number
  /** Which of its outputs. */
  readonly output: number
}

export type Attribute = number | string | boolean | readonly number[] | readonly string[]

/**
 * One operation, of any name or of those given. Which operations there are, with their attributes, traits,
 * shape, gradient and cost rules, is defined in operations/.
 */
export type Node<Name extends OperationName = OperationName> = {
  readonly [Each in Name]: {
    readonly op: Each
    readonly inputs: readonly Value[]
    readonly attributes: OperationAttributes[Each]
    readonly outputs: readonly TensorType[]
    /** The line of the `.sau` file it comes from. */
    readonly at?: Place
  }
}[Name]

export interface Graph {
  /** In an order in which every node stands after its inputs. */
  readonly nodes: readonly Node[]
  /** Fed by the caller at every run; nodes of op `input` with attribute `name`. */
  readonly inputs: readonly { readonly name: string; readonly type: TensorType }[]
  /** Handed back to the caller after every run. */
  readonly outputs: readonly { readonly name: string; readonly value: Value }[]
  /**
   * New values of state variables, assigned after the run. State is read by nodes of op `state` with
   * attribute `name`.
   */
  readonly updates: readonly { readonly variable: string; readonly value: Value }[]
}

/**
 * Something that outlives a run of an entry: a weight, a momentum, a running statistic, a memory. `shape` is
 * the canonical one (convolution OIHW, linear [out, in]); `role` tells engines and checkpoints what it is.
 */
export interface Variable {
  readonly name: string
  readonly type: TensorType
  readonly role: 'weight' | 'statistic' | 'optimizer' | 'memory'
  readonly initial: Initializer
}

/**
 * How a variable starts; random ones are drawn by the runner (counter-based, keyed by `seed` and the
 * variable's name).
 */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  /** Normal of mean 0 and the given standard deviation. */
  | { readonly kind: 'normal'; readonly deviation: number; readonly seed: number }
  /** Uniform in -bound..bound. */
  | { readonly kind: 'uniform'; readonly bound: number; readonly seed: number }

export interface Program {
  readonly layout: Layout
  readonly variables: readonly Variable[]
  /** `train`, `train_last` (where the last batch is smaller), `evaluate:<n>`, `memory:<n>:<view>` ... */
  readonly entries: Readonly<Record<string, Graph>>
}
