// Datasets as the runner holds them: labels and origins as arrays, pixels in memory that threads share.
import type { DatasetPlan } from '../../compiler/plan/plan.js'

/** Decoded images of one source, 8 bits a channel, rows of interleaved channels (HWC). Survives postMessage without a copy. */
export interface ImageStore {
  readonly pixels: SharedArrayBuffer
  /** Byte offset, height and width of record i at [3 i], [3 i + 1], [3 i + 2]. */
  readonly geometry: SharedArrayBuffer // Float64Array
  readonly channels: number
  readonly count: number
}

/** One dataset of the Plan with its data. Record i is what `index` means everywhere. */
export interface Dataset {
  readonly plan: DatasetPlan
  readonly count: number
  /** Class of each record. */
  readonly labels: Int32Array
  /** 0 real, 1 synthetic. */
  readonly origins: Uint8Array
  /** The class each picture shows, where it is known to differ by planted noise; undefined where nothing was planted. */
  readonly shown: Int32Array | undefined
  /** Which store and which record of it each record is. */
  readonly store: Uint16Array
  readonly record: Uint32Array
}

export interface LoadedData {
  /** Positions as in `Plan.datasets`. */
  readonly datasets: readonly Dataset[]
  readonly stores: readonly ImageStore[]
}
