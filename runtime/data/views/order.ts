// In which order a stream yields the records of its dataset: a fresh permutation per pass, a function of the
// stream's seed and the number of the pass alone.
import type { Plan } from '../../../compiler/plan/plan.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'

/** The records of one batch of a stream and the pass of the stream that each belongs to. */
export interface BatchRecords {
  readonly records: Int32Array
  readonly passes: Int32Array
}

/** Number of images in step `step` of an epoch. */
export function batchSize(plan: Plan, step: number): number {
  return step === plan.train.stepsPerEpoch - 1 ? plan.train.lastBatch : plan.train.batch
}

/**
 * What stream `stream` of `count` records yields at `step` of `epoch`. A stream that is long enough for an
 * epoch makes one pass per epoch; a shorter one goes on where it was, pass after pass, through all epochs,
 * also inside of a batch.
 */
export function batchRecords(
  plan: Plan,
  orders: StreamOrders,
  stream: number,
  count: number,
  epoch: number,
  step: number,
): BatchRecords {
  const size = batchSize(plan, step)
  const perEpoch = (plan.train.stepsPerEpoch - 1) * plan.train.batch + plan.train.lastBatch
  const records = new Int32Array(size)
  const passes = new Int32Array(size)
  const start = count >= perEpoch ? epoch * count : epoch * perEpoch
  for (let i = 0; i < size; i++) {
    const position = start + step * plan.train.batch + i
    const pass = Math.floor(position / count)
    passes[i] = pass
    records[i] = orders.order(stream, pass)[position - pass * count] ?? 0
  }
  return { records, passes }
}

/** The permutations of the passes that are being read; the last two of each stream are kept. */
export class StreamOrders {
  readonly #seeds: readonly number[]
  readonly #counts: readonly number[]
  readonly #kept: { pass: number; order: Uint32Array }[][]

  /** Seed and number of records of each stream. */
  constructor(streams: readonly { readonly seed: number; readonly count: number }[]) {
    this.#seeds = streams.map((stream) => stream.seed)
    this.#counts = streams.map((stream) => stream.count)
    this.#kept = streams.map(() => [])
  }

  /** Records of `stream` in the order of its pass number `pass`. */
  order(stream: number, pass: number): Uint32Array {
    const kept = this.#kept[stream] ?? []
    const known = kept.find((entry) => entry.pass === pass)
    if (known !== undefined) return known.order
    const order = drawsOf(keyOf(this.#seeds[stream] ?? 0, 'shuffle', pass)).permutation(
      this.#counts[stream] ?? 0,
    )
    kept.push({ pass, order })
    if (kept.length > 2) kept.shift()
    return order
  }
}
