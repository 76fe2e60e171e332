// The step of the Plan: nodes by position.

import type { CheckedLoss } from '../checking/check.js'
import { lossesOf } from '../checking/dormant.js'
import { inputsOf } from '../checking/step.js'
import type { LossPlan, Scalar, StepNode, StepOperation } from '../plan/plan.js'
import { certain } from '../types/certain.js'
import type { DraftScalar, LossIdentity, StepMake, StepNodeDraft } from '../types/step-draft.js'
import type { PlaceOf } from './places.js'
import type { Tables } from './plan.js'

type PositionOfNode = (node: StepNodeDraft) => number
type PositionOfLoss = (loss: LossIdentity) => number

/** Gives nodes their positions; nodes must stand after what they read. Equal fields of one batch are one node. */
export function lowerStep(
  nodes: readonly StepNodeDraft[],
  checkedLosses: readonly CheckedLoss[],
  tables: Tables,
  place: PlaceOf,
) {
  const step: StepNode[] = []
  const positions = new Map<StepNodeDraft, number>()
  const shared = new Map<string, number>()
  const positionOfNode: PositionOfNode = (node) => positions.get(node) ?? 0
  const nodeOfLoss = new Map(checkedLosses.map(({ loss, node }) => [loss.identity, node]))
  /** Inside the step a loss is the node that computes it. */
  const inStep = (loss: LossIdentity): Scalar => {
    const node = nodeOfLoss.get(loss)
    return { op: 'node', node: node ? positionOfNode(node) : 0 }
  }
  const add = (node: StepNodeDraft): void => {
    if (positions.has(node)) return
    // A loss may read one that is written further down, so inputs may not have their turn yet.
    for (const input of inputsOf(node)) add(input)
    if (node.make.op === 'scalar') {
      for (const loss of lossesOf(node.make.value)) {
        const defining = nodeOfLoss.get(loss)
        if (defining) add(defining)
      }
    }
    const operation = lowerNode(node.make, tables, positionOfNode, inStep)
    const key = operation.op === 'stream_field' || operation.op === 'batch_field' || operation.op === 'head'
    const known = key ? shared.get(JSON.stringify(operation)) : undefined
    positions.set(node, known ?? step.length)
    if (known !== undefined) return
    if (key) shared.set(JSON.stringify(operation), step.length)
    step.push({ ...operation, at: place(node.at) })
  }
  for (const node of nodes) add(node)
  const losses: LossPlan[] = checkedLosses.map(({ loss, node }) => ({
    branch: loss.identity.branch,
    name: loss.identity.name,
    value: positionOfNode(node),
    at: place(loss.identity.at),
  }))
  const order = new Map(checkedLosses.map(({ loss }, position) => [loss.identity, position]))
  const positionOfLoss: PositionOfLoss = (loss) => order.get(loss) ?? 0
  return { step, losses, positionOfNode, positionOfLoss }
}

function lowerNode(
  make: StepMake,
  tables: Tables,
  at: PositionOfNode,
  inStep: (loss: LossIdentity) => Scalar,
): StepOperation {
  switch (make.op) {
    case 'batch':
      return { op: 'batch', stream: tables.stream(make.stream), view: tables.view(make.view) }
    case 'stream_field':
      return { op: 'stream_field', stream: tables.stream(make.stream), field: make.field }
    case 'batch_field':
      return { op: 'batch_field', batch: at(make.batch), field: make.field }
    case 'mixup':
    case 'cutmix':
      return { ...make, first: at(make.first), second: at(make.second) }
    case 'forward':
      return { op: 'forward', network: tables.network(make.network), batch: at(make.batch) }
    case 'head':
      return { op: 'head', pass: at(make.pass), head: make.head }
    case 'correct':
      return {
        op: 'correct',
        labels: at(make.labels),
        embeddings: make.embeddings.map(at),
        origin: at(make.origin),
        against: tables.memory(make.against),
        onNoise: make.onNoise,
      }
    case 'supcon':
      return {
        op: 'supcon',
        embeddings: make.embeddings.map(at),
        labels: at(make.labels),
        ...(make.with && { with: tables.memory(make.with) }),
        temperature: make.temperature,
      }
    case 'cross_entropy':
      return { op: 'cross_entropy', logits: at(make.logits), labels: at(make.labels) }
    case 'unknown':
      return certain<StepOperation>(undefined)
    case 'scalar':
      return { op: 'scalar', value: lowerDraft(make.value, at, inStep) }
  }
}

/** The objective: losses by their position in the Plan. */
export function lowerScalar(scalar: DraftScalar, node: PositionOfNode, loss: PositionOfLoss): Scalar {
  return lowerDraft(scalar, node, (identity) => ({ op: 'loss', loss: loss(identity) }))
}

function lowerDraft(
  scalar: DraftScalar,
  node: PositionOfNode,
  loss: (identity: LossIdentity) => Scalar,
): Scalar {
  const lower = (inner: DraftScalar) => lowerDraft(inner, node, loss)
  switch (scalar.op) {
    case 'number':
    case 'time':
      return scalar
    case 'draft_node':
      return { op: 'node', node: node(scalar.node) }
    case 'draft_loss':
      return loss(scalar.loss)
    case 'negate':
    case 'not':
      return { op: scalar.op, value: lower(scalar.value) }
    case 'if':
      return {
        op: 'if',
        condition: lower(scalar.condition),
        // biome-ignore lint/suspicious/noThenProperty: the Plan's `if` has a branch of this name; nothing awaits it
        then: lower(scalar.yes),
        else: lower(scalar.no),
      }
    default:
      return { op: scalar.op, left: lower(scalar.left), right: lower(scalar.right) }
  }
}
