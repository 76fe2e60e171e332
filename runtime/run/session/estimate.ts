// What a run will take, before it begins, from the Plan and the program alone.
import { type Program, programCost } from '../../../compiler/graph/index.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { olderCheckpoints } from '../folder/checkpoint.js'
import { entryOf } from '../loop/feeding.js'

export interface Estimate {
  /** Numbers that are trained. */
  readonly parameters: number
  /** Floating-point operations of one training step; a multiply-add counts two. */
  readonly flopsPerStep: number
  /** Bytes of intermediate values of a training step at most, and of all state beside them. */
  readonly stepBytes: number
  readonly stateBytes: number
  readonly epochs: number
  readonly stepsPerEpoch: number
  readonly steps: number
  /** Images that a step takes from the data pipeline: batch times views drawn. */
  readonly imagesPerStep: number
  readonly batch: number
  readonly lastBatch: number
  /** Bytes of one checkpoint, how many are kept at most, and what they take together. */
  readonly checkpointBytes: number
  readonly checkpoints: number
  readonly diskBytes: number
  /** Times each evaluation and each memory runs. */
  readonly evaluations: readonly {
    readonly dataset: string
    readonly times: number
    readonly images: number
  }[]
  readonly memories: readonly { readonly name: string; readonly times: number; readonly images: number }[]
}

/** Names, shapes and hashes beside the numbers of a checkpoint, per variable and for the rest, bytes. */
const headerPerVariable = 120
const checkpointExtra = 2048

export function estimate(plan: Plan, program: Program): Estimate {
  const { epochs, stepsPerEpoch, batch, lastBatch } = plan.train
  const cost = programCost(program)
  const checkpointBytes = cost.stateBytes + program.variables.length * headerPerVariable + checkpointExtra
  const checkpoints = checkpointsKept(plan)
  const feeds = entryOf(program, 'train').inputs.filter(({ name }) => name.startsWith('batch:')).length
  return {
    parameters: cost.parameters,
    flopsPerStep: cost.entries.train?.flops ?? 0,
    stepBytes: cost.entries.train?.peakBytes ?? 0,
    stateBytes: cost.stateBytes,
    epochs,
    stepsPerEpoch,
    steps: epochs * stepsPerEpoch,
    imagesPerStep: feeds * batch,
    batch,
    lastBatch,
    checkpointBytes,
    checkpoints,
    // One more while it is written.
    diskBytes: (checkpoints + 1) * checkpointBytes,
    evaluations: plan.evaluations.map(({ dataset, every }) => ({
      dataset: plan.datasets[dataset]?.name ?? '',
      // After every n-th epoch, and after the last.
      times: Math.ceil(epochs / every.value),
      images: imageCount(plan, dataset),
    })),
    memories: plan.memories.map(({ name, over, every, views }) => ({
      name,
      times: Math.ceil(epochs / every.value),
      images: imageCount(plan, over) * views.length,
    })),
  }
}

/**
 * Checkpoints that a run keeps: the last, those before it, and one per evaluation that chooses a best epoch.
 */
export function checkpointsKept({ evaluations, train }: Plan): number {
  const best = evaluations.filter((evaluation) => evaluation.best !== undefined).length
  return Math.min(train.epochs, 1 + olderCheckpoints + best)
}

/** Images of a dataset, by position. */
export function imageCount(plan: Plan, dataset: number): number {
  const { real = [], synthetic = [] } = plan.datasets[dataset] ?? {}
  return [...real, ...synthetic].reduce((total, count) => total + count, 0)
}
