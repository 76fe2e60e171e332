// What a step does, operation by operation: a row says what an operation holds. The step of a Plan, the step
// while it is collected, the schema, and what a node reads all follow from these rows.
import {
  type Fills,
  hole,
  list,
  number,
  type OneOf,
  oneOf,
  optional,
  referred,
  refilled,
  seed,
  share,
  text,
} from './fields.js'
import { lossesIn, nodesIn, type Scalar, scalar } from './scalar.js'

const node = hole('node')
/** One embedding per view. */
const embeddings = list(node, 1)
const field = oneOf('labels', 'origin', 'index')

/** What gives a single number that can be minimized. */
const lossOperations = {
  /** `labels` is a hard label vector or a `correct` node. */
  supcon: { embeddings, labels: node, with: optional(hole('memory')), temperature: number },
  /** `labelSmoothing` is left out where it is 0. */
  cross_entropy: { logits: node, labels: node, labelSmoothing: optional(share) },
}

/**
 * Kinds of value: `batch` and the mixes give a batch (images, labels, origin, index), `forward` a record of
 * heads, the rest what their names say. A mixed batch has soft labels.
 */
export const stepOperations = {
  batch: { stream: hole('stream'), view: hole('view') },
  /** Labels, origin or index of a batch, of a mix, or of a stream without its images. */
  stream_field: { stream: hole('stream'), field },
  batch_field: { batch: node, field },
  /** x = lambda x1 + (1 - lambda) x2, one lambda ~ Beta(alpha, alpha) per batch. `seed` drives its draws. */
  mixup: { first: node, second: node, alpha: number, seed },
  cutmix: { first: node, second: node, alpha: number, target: oneOf('area', 'drawn'), seed },
  /** One training-mode pass of the whole network, with its own batch statistics. */
  forward: { network: hole('network'), batch: node },
  head: { pass: node, head: text },
  /** Embeddings are in the order of the memory's views. */
  correct: {
    labels: node,
    embeddings,
    origin: node,
    against: hole('memory'),
    onNoise: oneOf('pos_neg', 'neg_only', 'drop'),
  },
  ...lossOperations,
  /** Arithmetic on scalars of the step (losses). */
  scalar: { value: hole('scalar', scalar) },
}

/** What a step refers to, at one of its two levels; scalars of it read losses too. */
export interface StepLevel<Node = unknown, Loss = unknown> {
  readonly node: Node
  readonly scalar: Scalar<Node, Loss>
  readonly stream: unknown
  readonly view: unknown
  readonly network: unknown
  readonly memory: unknown
}

/**
 * In the Plan all of them are positions: of a node in `Plan.step`, of a stream in `Plan.streams`, and so on.
 */
export interface StepPositions extends StepLevel<number, number> {
  readonly stream: number
  readonly view: number
  readonly network: number
  readonly memory: number
}

export type StepOperation<Level extends StepLevel = StepPositions> = OneOf<'op', typeof stepOperations, Level>

export type LossOperation = OneOf<'op', typeof lossOperations, StepPositions>

/** The operation on what stands at another level for what it refers to. */
export function stepOperationOf<From extends StepLevel, To extends StepLevel>(
  operation: StepOperation<From>,
  fills: Fills<From, To>,
): StepOperation<To> {
  return refilled(stepOperations[operation.op], operation, fills)
}

/** Everything of one kind that an operation names itself: `stream`, `memory`. */
export function referencesOf<Level extends StepLevel, Name extends keyof Level & keyof StepLevel>(
  operation: StepOperation<Level>,
  name: Name,
): readonly Level[Name][] {
  return referred<Level, Name>(stepOperations[operation.op], operation, name)
}

/** Nodes that an operation reads, in the order in which they are written, also in arithmetic. */
export function nodesRead<Node, Loss>(operation: StepOperation<StepLevel<Node, Loss>>): readonly Node[] {
  const scalars = referencesOf<StepLevel<Node, Loss>, 'scalar'>(operation, 'scalar')
  return [
    ...referencesOf<StepLevel<Node, Loss>, 'node'>(operation, 'node'),
    ...scalars.flatMap((of) => nodesIn(of)),
  ]
}

/** Losses that an operation reads in its arithmetic. */
export function lossesRead<Node, Loss>(operation: StepOperation<StepLevel<Node, Loss>>): readonly Loss[] {
  return referencesOf<StepLevel<Node, Loss>, 'scalar'>(operation, 'scalar').flatMap((of) => lossesIn(of))
}
