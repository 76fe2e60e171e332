// Scalar expressions: the objective, and arithmetic on losses. Comparisons give 1 or 0.
import { type Field, hole, number, type OneOf, oneOf, referred, refilled, rowsSchema } from './fields.js'

const part = hole('scalar', { schema: { $ref: '#/$defs/scalar' } })
const unary = { value: part }
const binary = { left: part, right: part }

const scalarOperations = {
  number: { value: number },
  time: { name: oneOf('epoch', 'progress', 'step', 'epochs') },
  /** In the Plan its position in `Plan.losses`. */
  loss: { loss: hole('loss') },
  /** A scalar node of the step. */
  node: { node: hole('node') },
  negate: unary,
  not: unary,
  add: binary,
  subtract: binary,
  multiply: binary,
  divide: binary,
  power: binary,
  less: binary,
  less_equal: binary,
  equal: binary,
  and: binary,
  or: binary,
  // biome-ignore lint/suspicious/noThenProperty: the Plan's `if` has a branch of this name; nothing awaits it
  if: { condition: part, then: part, else: part },
}

interface Level<Node, Loss> {
  readonly node: Node
  readonly loss: Loss
  readonly scalar: Scalar<Node, Loss>
}

/** Of nodes and losses as they are in the Plan, by position, or while the step is collected. */
export type Scalar<Node = number, Loss = number> = OneOf<'op', typeof scalarOperations, Level<Node, Loss>>

export const scalarSchema = rowsSchema('op', scalarOperations)
/** A scalar, wherever one stands. */
export const scalar: Field<Scalar> = { schema: part.schema }

/** The scalars that one is computed from. */
export function partsOf<Node, Loss>(of: Scalar<Node, Loss>): readonly Scalar<Node, Loss>[] {
  return referred<Level<Node, Loss>, 'scalar'>(scalarOperations[of.op], of, 'scalar')
}

/** Nodes that a scalar reads, in the order in which they are written. */
export function nodesIn<Node, Loss>(of: Scalar<Node, Loss>): readonly Node[] {
  return of.op === 'node' ? [of.node] : partsOf(of).flatMap(nodesIn<Node, Loss>)
}

/** Losses that a scalar reads directly. */
export function lossesIn<Node, Loss>(of: Scalar<Node, Loss>): readonly Loss[] {
  return of.op === 'loss' ? [of.loss] : partsOf(of).flatMap(lossesIn<Node, Loss>)
}

/** The same arithmetic on other nodes, and on what stands there for losses. */
export function scalarOf<Node, Loss, OtherNode, OtherLoss>(
  of: Scalar<Node, Loss>,
  node: (node: Node) => OtherNode,
  loss: (loss: Loss) => Scalar<OtherNode, OtherLoss>,
): Scalar<OtherNode, OtherLoss> {
  if (of.op === 'loss') return loss(of.loss)
  const scalar = (inner: Scalar<Node, Loss>) => scalarOf(inner, node, loss)
  return refilled<Omit<Level<Node, Loss>, 'loss'>, Level<OtherNode, OtherLoss>, Scalar<OtherNode, OtherLoss>>(
    scalarOperations[of.op],
    of,
    { node, scalar },
  )
}
