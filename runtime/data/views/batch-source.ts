// What the training loop asks of the data pipeline: the batches of an epoch, in order, ready ahead of time.
import type { Tensors } from '../../platform/tensor.js'

/** Everything one training step is fed from data. */
export interface StepBatch {
  /** Step inside the epoch, from 0. */
  readonly step: number
  readonly size: number
  /**
   * Graph inputs: `batch:<stream>.<view>` uint8 [size, h, w, c], `labels:<stream>`, `origin:<stream>`,
   * `index:<stream>` int32 [size].
   */
  readonly inputs: Tensors
}

export interface BatchSource {
  /**
   * Batches of one epoch from step `fromStep` on. Every number in them depends on (seed, epoch, step) alone.
   */
  epoch(epoch: number, fromStep: number): AsyncIterable<StepBatch>
  /**
   * Images of a whole dataset in record order through one view (drawn under `purpose` and `epoch`), for
   * evaluation and memories: uint8 [size, h, w, c] and the records' positions. The last batch may be smaller.
   */
  sweep(request: SweepRequest): AsyncIterable<{ readonly indices: Int32Array; readonly images: Uint8Array }>
  dispose(): Promise<void>
}

export interface SweepRequest {
  readonly dataset: number
  /** Position in `Plan.views`, or the evaluation (by position) whose own operations apply. */
  readonly view: { readonly view: number } | { readonly evaluation: number }
  readonly purpose: 'memory' | 'evaluation'
  readonly epoch: number
  readonly batch: number
}
