// What label correction did in an epoch, counted over the synthetic samples that passed.
import type { Plan } from '../../../compiler/plan/plan.js'
import { lossesRead, nodesRead } from '../../../compiler/plan/step-operations.js'
import type { Dataset, LoadedData } from '../../data/dataset.js'
import type { Tensors } from '../../platform/tensor.js'
import type { Correction } from '../journal/events.js'

/** Counts of one `correct` node. Plain JSON: they are part of a checkpoint taken inside an epoch. */
export interface CorrectionCounts {
  /** Position of the node in `Plan.step`. */
  readonly node: number
  /** Per class: synthetic samples that passed, and how many of them were called noise. */
  readonly synthetic: number[]
  readonly calledNoise: number[]
  /** Samples with planted noise that passed, and how many of them were called noise. */
  noisy: number
  truePositives: number
}

/** A `correct` node, with the branch that uses it and the data that flows into it. */
export interface CorrectionSite {
  readonly node: number
  readonly branch: string
  readonly stream: string
  readonly dataset: Dataset
}

/** All `correct` nodes of the step, in textual order. */
export function correctionSites(plan: Plan, data: LoadedData): readonly CorrectionSite[] {
  return plan.step.flatMap((node, k): CorrectionSite[] => {
    if (node.op !== 'correct') return []
    const stream = plan.streams[streamOf(plan, node.labels)]
    const dataset = stream === undefined ? undefined : data.datasets[stream.dataset]
    if (stream === undefined || dataset === undefined)
      throw new TypeError(`node ${k} of the step has no stream`)
    const loss = plan.losses.find((candidate) => dependsOn(plan, candidate.value, k))
    return [{ node: k, branch: loss?.branch ?? '', stream: stream.name, dataset }]
  })
}

/** Counts before the first step of an epoch. */
export function noCorrections(sites: readonly CorrectionSite[]): CorrectionCounts[] {
  return sites.map(({ node, dataset }) => ({
    node,
    synthetic: dataset.plan.classes.map(() => 0),
    calledNoise: dataset.plan.classes.map(() => 0),
    noisy: 0,
    truePositives: 0,
  }))
}

/**
 * Adds one step: `noise:<node>` of its outputs (1 where a synthetic sample was called noise) against the
 * batch's `index:<stream>`.
 */
export function countCorrections(
  sites: readonly CorrectionSite[],
  counts: readonly CorrectionCounts[],
  inputs: Tensors,
  outputs: Tensors,
): void {
  for (const [position, { node, stream, dataset }] of sites.entries()) {
    const sums = counts[position]
    const noise = outputs[`noise:${node}`]?.data
    const index = inputs[`index:${stream}`]?.data
    if (sums === undefined || noise === undefined || index === undefined) {
      throw new TypeError(`the step gives no noise:${node}, or its batch no index:${stream}`)
    }
    for (const [row, record] of index.entries()) {
      if (dataset.origins[record] !== 1) continue
      const label = dataset.labels[record] as number
      const called = noise[row] !== 0
      const noisy = dataset.shown !== undefined && dataset.shown[record] !== label
      sums.synthetic[label] = (sums.synthetic[label] ?? 0) + 1
      if (called) sums.calledNoise[label] = (sums.calledNoise[label] ?? 0) + 1
      if (noisy) sums.noisy++
      if (noisy && called) sums.truePositives++
    }
  }
}

/** The event's form. Precision and recall are there where noise was planted in the data. */
export function corrections(
  sites: readonly CorrectionSite[],
  counts: readonly CorrectionCounts[],
): readonly Correction[] {
  return sites.flatMap(({ branch, dataset }, position) => {
    const sums = counts[position]
    if (sums === undefined) return []
    const { synthetic, calledNoise, noisy, truePositives } = sums
    const called = calledNoise.reduce((total, count) => total + count, 0)
    return [
      {
        branch,
        synthetic: synthetic.reduce((total, count) => total + count, 0),
        calledNoise: called,
        perClass: synthetic.map((count, c) => ({ synthetic: count, calledNoise: calledNoise[c] ?? 0 })),
        planted:
          dataset.shown === undefined
            ? undefined
            : {
                truePositives,
                noisy,
                precision: called === 0 ? null : truePositives / called,
                recall: noisy === 0 ? null : truePositives / noisy,
              },
      },
    ]
  })
}

/** Stream (by position) that a label, origin or index value comes from. */
function streamOf(plan: Plan, reference: number): number {
  const node = plan.step[reference]
  switch (node?.op) {
    case 'batch':
    case 'stream_field':
      return node.stream
    case 'batch_field':
      return streamOf(plan, node.batch)
    default:
      throw new TypeError(`node ${reference} of the step (${node?.op}) comes from no single stream`)
  }
}

/** Whether the value of node `from` reads node `target`. */
function dependsOn(plan: Plan, from: number, target: number): boolean {
  if (from === target) return true
  // References point to earlier nodes only.
  if (from < target) return false
  const node = plan.step[from]
  if (node === undefined) return false
  const losses = lossesRead<number, number>(node).flatMap((loss) => plan.losses[loss]?.value ?? [])
  return [...nodesRead<number, number>(node), ...losses].some((input) => dependsOn(plan, input, target))
}
