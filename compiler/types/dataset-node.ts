// Datasets whose classes are counted, and where their images come from.
import type { Location } from '../diagnostics/reporter.js'
import type { SourceRequest } from '../host.js'
import type { ImageShape, Origin, SourcePlan } from '../plan/plan.js'

export type DatasetMake =
  | { readonly op: 'source'; readonly source: SourceDraft; readonly origin: Origin }
  | {
      readonly op: 'longtail'
      readonly input: DatasetNode
      readonly profile: 'exp' | 'step'
      readonly factor: number
      readonly counts: readonly number[]
      readonly draw: 'without_replacement' | 'with_replacement' | 'first'
      readonly seed: number
    }
  /** A long-tailed draw that an index file names: record numbers of the whole source behind `input`, class after class. */
  | {
      readonly op: 'indexed'
      readonly input: DatasetNode
      readonly path: string
      readonly sha256: string
      readonly counts: readonly number[]
      readonly records: readonly number[]
    }
  | {
      readonly op: 'fill'
      readonly base: DatasetNode
      readonly from: DatasetNode
      readonly counts: readonly number[]
      readonly seed: number
    }
  | { readonly op: 'both'; readonly first: DatasetNode; readonly second: DatasetNode }
  | { readonly op: 'take'; readonly input: DatasetNode; readonly perClass: number; readonly seed: number }
  | { readonly op: 'only'; readonly input: DatasetNode; readonly origin: Origin }
  | {
      readonly op: 'split'
      readonly input: DatasetNode
      readonly share: number
      readonly part: 'first' | 'rest'
      readonly seed: number
    }
  | { readonly op: 'resize'; readonly input: DatasetNode; readonly size: number }
  /** Wrong, and reported. */
  | { readonly op: 'unknown' }

/** A source of the Plan without its digest, and where it lies on this machine. */
export interface SourceDraft {
  readonly plan: DistributiveOmit<SourcePlan, 'content'>
  /** Absolute paths in the order in which the source names them; none for drawn images. */
  readonly locations: readonly string[]
  /** What a host is asked about it; absent for drawn images. */
  readonly request?: SourceRequest
}

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never

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
