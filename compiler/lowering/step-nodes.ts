// The step of the Plan: nodes by position.

import type { CheckedLoss } from '../checking/check.js'
import type { LossPlan, StepNode } from '../plan/plan.js'
import { type Scalar, scalarOf } from '../plan/scalar.js'
import { type StepOperation, type StepPositions, stepOperationOf } from '../plan/step-operations.js'
import { certain } from '../types/certain.js'
import {
  type DraftScalar,
  inputsOf,
  type LossIdentity,
  lossesOf,
  type StepDraft,
  type StepNodeDraft,
} from '../types/step-draft.js'
import type { PlaceOf } from './places.js'
import type { Tables } from './plan.js'

/** Fields of one stream, batch or pass: equal ones are one node. */
const shareable: ReadonlySet<StepOperation['op']> = new Set(['stream_field', 'batch_field', 'head'])

export interface LoweredStep {
  readonly step: readonly StepNode[]
  readonly losses: readonly LossPlan[]
  /** The objective: losses by their position in the Plan. */
  readonly objective: Scalar
}

/** Gives nodes their positions; nodes must stand after what they read. */
export function lowerStep(
  nodes: readonly StepNodeDraft[],
  checkedLosses: readonly CheckedLoss[],
  objective: DraftScalar,
  tables: Tables,
  place: PlaceOf,
): LoweredStep {
  const step: StepNode[] = []
  const positions = new Map<StepNodeDraft, number>()
  const shared = new Map<string, number>()
  const nodeOfLoss = new Map(checkedLosses.map(({ loss, node }) => [loss.identity, node]))
  const order = new Map(checkedLosses.map(({ loss }, position) => [loss.identity, position]))
  const node = (draft: StepNodeDraft): number => known(positions, draft, `a ${draft.make.op}`)
  const nodeBehind = (loss: LossIdentity) => known(nodeOfLoss, loss, `loss ${loss.branch}.${loss.name}`)
  /** Inside the step a loss is the node that computes it. */
  const scalar = (draft: DraftScalar): Scalar =>
    scalarOf(draft, node, (loss) => ({ op: 'node', node: node(nodeBehind(loss)) }))
  const add = (draft: StepNodeDraft): void => {
    if (positions.has(draft)) return
    // A loss may read one that is written further down, so inputs may not have their turn yet.
    for (const input of inputsOf(draft)) add(input)
    for (const loss of lossesOf(draft)) add(nodeBehind(loss))
    const make = certain(draft.make.op === 'unknown' ? undefined : draft.make)
    const operation = stepOperationOf<StepDraft, StepPositions>(make, { ...tables, node, scalar })
    const key = shareable.has(operation.op) ? JSON.stringify(operation) : undefined
    const before = key === undefined ? undefined : shared.get(key)
    positions.set(draft, before ?? step.length)
    if (before !== undefined) return
    if (key !== undefined) shared.set(key, step.length)
    step.push({ ...operation, at: place(draft.at) })
  }
  for (const draft of nodes) add(draft)
  const losses = checkedLosses.map(({ loss: { identity }, node: draft }) => ({
    branch: identity.branch,
    name: identity.name,
    value: node(draft),
    at: place(identity.at),
  }))
  const position = (loss: LossIdentity) => known(order, loss, `loss ${loss.branch}.${loss.name}`)
  return {
    step,
    losses,
    objective: scalarOf(objective, node, (loss) => ({ op: 'loss', loss: position(loss) })),
  }
}

/** What the step holds of something that is read in it: nothing is read that is not there. */
function known<Key, Value>(of: ReadonlyMap<Key, Value>, key: Key, what: string): Value {
  const value = of.get(key)
  if (value === undefined) throw new Error(`${what} is read and does not stand in the step`)
  return value
}
