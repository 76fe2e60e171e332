// The step as a whole: which nodes count, in which order, and what feeds what.
import { referencesOf } from '../plan/step-operations.js'
import type { DatasetNode } from '../types/dataset-node.js'
import type { NetworkNode } from '../types/network-node.js'
import { inputsOf, type StepDraft, type StepNodeDraft } from '../types/step-draft.js'
import type { MemoryValue } from '../types/value.js'
import type { AppliedView } from '../types/view-step.js'

/** A batch of one stream that a forward pass looks at, alone or mixed. */
export interface FedBatch {
  readonly view: AppliedView
  readonly dataset: DatasetNode
}

/** What is trained, as far as evaluations need to know. */
export interface TrainedStep {
  /** Nodes of the step, each after those it reads; passes in textual order. */
  readonly nodes: readonly StepNodeDraft[]
  /** Every pass with the heads that are read from it and the batches it looks at. */
  readonly feeding: readonly {
    readonly network: NetworkNode
    readonly heads: ReadonlySet<string>
    readonly batches: readonly FedBatch[]
  }[]
  /** Datasets that the streams of the step draw from. */
  readonly streamed: readonly DatasetNode[]
  readonly memories: readonly MemoryValue[]
  /** Nothing in it is wrong, so that what is not here is not in the step. */
  readonly certain: boolean
}

/**
 * Orders the nodes of a step. `made` holds every node that was made; passes in branches that are not taken
 * are left out, and so is what neither a pass nor a loss reads. `fileOrder` ranks files.
 */
export function orderStep(
  made: readonly StepNodeDraft[],
  losses: readonly StepNodeDraft[],
  fileOrder: ReadonlyMap<string, number>,
): TrainedStep {
  const place = (node: StepNodeDraft) =>
    [fileOrder.get(node.at.file) ?? 0, node.at.span.start, node.at.span.end] as const
  const roots = [...made.filter((node) => node.make.op === 'forward' && !node.untaken), ...losses]
  roots.sort((a, b) => {
    const [one, other] = [place(a), place(b)]
    return one[0] - other[0] || one[1] - other[1] || one[2] - other[2]
  })
  const nodes: StepNodeDraft[] = []
  const placed = new Set<StepNodeDraft>()
  const visit = (node: StepNodeDraft) => {
    if (placed.has(node)) return
    placed.add(node)
    for (const input of inputsOf(node)) visit(input)
    nodes.push(node)
  }
  // Passes first: a loss that is written before a pass of another branch must not change their order.
  for (const root of roots) if (root.make.op === 'forward') visit(root)
  for (const root of roots) visit(root)

  const heads = new Map<StepNodeDraft, Set<string>>()
  let certain = true
  const streamed = new Set<DatasetNode>()
  const memories = new Set<MemoryValue>()
  for (const { make } of nodes) {
    if (make.op === 'unknown') {
      certain = false
      continue
    }
    if (make.op === 'head') heads.set(make.pass, (heads.get(make.pass) ?? new Set()).add(make.head))
    for (const { dataset } of referencesOf<StepDraft, 'stream'>(make, 'stream')) streamed.add(dataset)
    for (const memory of referencesOf<StepDraft, 'memory'>(make, 'memory')) memories.add(memory)
  }
  const feeding = nodes.flatMap((node) =>
    node.make.op === 'forward'
      ? [
          {
            network: node.make.network,
            heads: heads.get(node) ?? new Set<string>(),
            batches: batchesBehind(node.make.batch),
          },
        ]
      : [],
  )
  return { nodes, feeding, streamed: [...streamed], memories: [...memories], certain }
}

/** The data whose batches a node is computed from. */
export function batchesBehind(node: StepNodeDraft): readonly FedBatch[] {
  const { make } = node
  if (make.op === 'batch') return [{ view: make.view, dataset: make.stream.dataset }]
  return inputsOf(node).flatMap(batchesBehind)
}
