// Datasets as the runner holds them: labels and origins as arrays, pixels in memory that threads share, or
// the files that they are read from when they are drawn.
import type { DatasetPlan } from '../../compiler/plan/plan.js'
import type { StampTable } from './readers/file-stamp.js'
import type { ImageArray } from './readers/npy.js'
import type { PathTable } from './readers/path-table.js'

/**
 * Images, 8 bits a channel, rows of interleaved channels (HWC). Survives postMessage without a copy of the
 * images.
 */
export type ImageStore = DecodedStore | FileStore | ArrayStore | ResizedStore

/** Images in memory. */
export interface DecodedStore {
  readonly kind: 'decoded'
  readonly pixels: SharedArrayBuffer
  /** Byte offset, height and width of record i at [3 i], [3 i + 1], [3 i + 2]. */
  readonly geometry: SharedArrayBuffer // Float64Array
  readonly channels: number
  readonly count: number
}

/** Image files, decoded each time that they are drawn. */
export interface FileStore {
  readonly kind: 'files'
  readonly folder: string
  readonly files: PathTable
  /** What the run found of each file when it began. */
  readonly stamps: StampTable
  /** `shortHash` of each file, where it is known. */
  readonly hashes?: BigUint64Array
  readonly channels: 3
  readonly count: number
}

/** Images of one shape in one file, read each time that they are drawn. */
export interface ArrayStore extends Omit<ImageArray, 'ok'> {
  readonly kind: 'array'
  /** What the run found of the file when it began. */
  readonly stamp: BigUint64Array
  /** `shortHash` of each image, where it is known. */
  readonly hashes?: BigUint64Array
}

/** Images of other stores at size x size, resized each time that they are drawn. */
export interface ResizedStore {
  readonly kind: 'resized'
  /** Store and record in it of record i, at [2 i] and [2 i + 1]. */
  readonly places: SharedArrayBuffer // Uint32Array
  readonly size: number
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
  /**
   * The class each picture shows, where it is known to differ by planted noise; undefined where nothing was
   * planted.
   */
  readonly shown: Int32Array | undefined
  /** Which store and which record of it each record is. */
  readonly store: Uint16Array
  readonly record: Uint32Array
}

/** What an operation on datasets makes; what belongs to the Plan stands beside it. */
export type Columns = Omit<Dataset, 'plan' | 'count'>

export interface LoadedData {
  /** Positions as in `Plan.datasets`. */
  readonly datasets: readonly Dataset[]
  /** One for each of `Plan.sources`, then one for each `resize`. */
  readonly stores: readonly ImageStore[]
}
