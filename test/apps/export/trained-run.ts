// A run as training leaves it, with checkpoints that were made without training, and what its network gives
// by the reference engine.
import { traceProgram } from '../../../compiler/graph/index.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { createReferenceEngine } from '../../../runtime/engines/reference/index.js'
import type { Tensor, Tensors } from '../../../runtime/platform/tensor.js'
import { writeCheckpoint } from '../../../runtime/run/folder/checkpoint.js'
import { emptySums, type Progress } from '../../../runtime/run/loop/progress.js'
import { readState } from '../../../runtime/run/loop/state.js'
import { madeState } from '../../engines/small-step.js'
import { type MadeRun, makeRun, seededPlan } from '../comparison/made-runs.js'

export interface TrainedRun {
  readonly folder: string
  readonly plan: Plan
  /** Weights of the last checkpoint, by their names in the program. */
  readonly state: Tensors
  /**
   * Logits of the evaluation for at most 9 images, bytes [n, 8, 8, 3], by the weights of the last checkpoint.
   */
  evaluate(images: Uint8Array): Promise<readonly number[]>
  /** What a memory's entry gives for at most 9 images: the embedding. */
  embed(images: Uint8Array): Promise<readonly number[]>
}

const pixels = 8 * 8 * 3

/** Two epochs of three steps; the checkpoint after the first is the best where the file chooses one. */
export async function trainedRun(root: string, options: Omit<MadeRun, 'top1'>): Promise<TrainedRun> {
  const run = { ...options, top1: [0.75, 0.5] }
  const folder = makeRun(root, run)
  const plan = seededPlan(run)
  const program = traceProgram(plan, { layout: 'NCHW' })
  const executable = await createReferenceEngine().load(program)
  const last = madeState(program)
  for (const step of [3, 6]) {
    // The weights of the first epoch are half those of the last.
    await executable.write(step === 6 ? last : scaled(last, 0.5))
    writeCheckpoint<Progress>(folder, step, await readState(program, executable), {
      planHash: 'made',
      step,
      sums: emptySums(plan, []),
      best: options.best === true ? [{ evaluation: 0, metric: 'top1', value: 0.75, epoch: 0, step: 3 }] : [],
      seconds: 1,
      engine: 'reference',
    })
  }
  const give = async (entry: string, images: Uint8Array, size: number): Promise<readonly number[]> => {
    const padded = new Uint8Array(9 * pixels)
    padded.set(images)
    const { output } = await executable.run(entry, {
      images: { dtype: 'uint8', shape: [9, 8, 8, 3], data: padded },
    })
    return [...(output?.data ?? [])].slice(0, (images.length / pixels) * size)
  }
  return {
    folder,
    plan,
    state: last,
    evaluate: (images) => give('evaluate:0', images, 3),
    embed: (images) => give('memory:0:0', images, 4),
  }
}

function scaled(state: Tensors, factor: number): Tensors {
  return Object.fromEntries(
    Object.entries(state).map(([name, { dtype, shape, data }]): [string, Tensor] => [
      name,
      { dtype, shape, data: Float32Array.from(data, (value) => value * factor) },
    ]),
  )
}

/** Bytes of `count` images, the same at every call. */
export function madeImages(count: number): Uint8Array {
  let state = 7
  return Uint8Array.from({ length: count * pixels }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

/** Rows of `size` logits as probabilities. */
export function probabilitiesOf(logits: readonly number[], size: number): readonly number[] {
  return logits.map((logit, place) => {
    const start = place - (place % size)
    const row = logits.slice(start, start + size)
    return Math.exp(logit) / row.reduce((sum, other) => sum + Math.exp(other), 0)
  })
}

/** The largest difference of two lists of one length. */
export function largestDifference(a: readonly number[], b: readonly number[]): number {
  return a.length === b.length
    ? Math.max(...a.map((value, place) => Math.abs(value - (b[place] ?? Number.NaN))))
    : Number.NaN
}
