// Datasets whose classes are counted, and where their images come from.
import type { Location } from '../diagnostics/reporter.js'
import type { DatasetOperation } from '../plan/dataset-operations.js'
import type { ImageShape, Origin } from '../plan/plan.js'
import type { SourceRequest, WrittenSource } from '../plan/sources.js'

export type DatasetMake =
  | DatasetOperation<DatasetNode, SourceDraft>
  /** Wrong, and reported. */
  | { readonly op: 'unknown' }

/** A source of the Plan without its digest, and what a host is asked about it; nothing for drawn images. */
export interface SourceDraft {
  readonly plan: WrittenSource
  readonly request?: SourceRequest
}

/** A dataset whose classes are counted. */
export interface DatasetNode {
  readonly name: string
  readonly make: DatasetMake
  readonly classes: readonly string[]
  readonly real: readonly number[]
  readonly synthetic: readonly number[]
  /** Different real images per class, at most; undefined where no image is in it twice. */
  readonly different?: readonly number[] | undefined
  readonly image: ImageShape
  readonly split: 'train' | 'test' | undefined
  readonly at: Location
  /** What is in it, for finding images that two datasets share. */
  readonly pieces: readonly Piece[]
  /** What is not known of it because something is wrong; empty for a dataset without an error behind it. */
  readonly unknown: UnknownFacts
}

export interface UnknownFacts {
  /** Nothing of the classes is known, or only how many there are. */
  readonly classes?: 'all' | 'names'
  /** How many images there are, and of which origin. */
  readonly counts?: true
  readonly image?: true
}

/** How many classes a dataset has; undefined where that is not known. */
export function classCountOf(node: DatasetNode): number | undefined {
  return node.unknown.classes === 'all' ? undefined : node.classes.length
}

/** Images of one source, after every choice that two datasets can be told apart by. */
export interface Piece {
  /** Equal for sources that hold the same images in the same order. */
  readonly source: string
  /** What a host is asked about the source; undefined for drawn images. */
  readonly request: SourceRequest | undefined
  readonly origin: Origin
  /** The only records of the source that may be in it, where an index file names them. */
  readonly records?: ReadonlySet<number>
  /** Intervals of seeded permutations that the images were taken from. */
  readonly cuts: readonly { readonly of: string; readonly from: number; readonly to: number }[]
}
