// What `saurun data check` finds, as data; `--json` prints it.
import type { PassedOver } from '../../../compiler/host.js'
import type { ChannelStatistics } from './statistics.js'

export interface DataFindings {
  readonly images: number
  readonly sources: readonly SourceFindings[]
  /** Over all sources of an origin whose images have as many channels. */
  readonly origins: readonly ({
    readonly origin: 'real' | 'synthetic'
    readonly images: number
  } & Partial<ChannelStatistics>)[]
  readonly duplicates: DuplicateFindings
  readonly undecodable: number
  readonly seconds: number
}

export interface SourceFindings {
  /** Datasets that are made of it. */
  readonly datasets: readonly string[]
  readonly format: string
  /** As the file names it; absent for drawn images. */
  readonly path: string | undefined
  readonly origin: 'real' | 'synthetic'
  readonly split: 'train' | 'test' | undefined
  readonly images: number
  readonly classes: readonly { readonly name: string; readonly images: number }[]
  /** Records that the experiment trains on, evaluates on, and neither; absent for a library. */
  readonly used:
    | { readonly training: number; readonly evaluation: number; readonly nothing: number }
    | undefined
  /** The commonest sizes, most images first, and how many sizes there are. */
  readonly sizes: readonly { readonly height: number; readonly width: number; readonly images: number }[]
  readonly differentSizes: number
  readonly smallest: readonly [height: number, width: number] | undefined
  readonly largest: readonly [height: number, width: number] | undefined
  /** In 0..255, over all pixels of all images. */
  readonly mean: readonly number[] | undefined
  readonly deviation: readonly number[] | undefined
  /** Images of which no channel has a standard deviation above 2 of 255. */
  readonly nearConstant: readonly (ImagePlace & { readonly deviation: number })[]
  readonly undecodable: readonly (ImagePlace & { readonly reason: string })[]
  /** Image files of kinds that are not read, by class. */
  readonly passedOver: readonly PassedOver[]
}

/** One image of a source. */
export interface ImagePlace {
  /** Position in `sources`. */
  readonly source: number
  readonly record: number
  /** Below the source's folder, where each image is a file. */
  readonly file: string | undefined
  readonly class: string
  readonly trained: boolean
  readonly evaluated: boolean
}

export interface DuplicateFindings {
  /** Images with the same pixels, two or more in each. */
  readonly groups: readonly (readonly ImagePlace[])[]
  /** Per source: groups inside it, and images that repeat an earlier one of it. */
  readonly within: readonly { readonly source: number; readonly groups: number; readonly repeats: number }[]
  /** Per pair of sources: how many images of the one stand in the other too, and the other way round. */
  readonly between: readonly {
    readonly sources: readonly [number, number]
    readonly kind: 'splits' | 'origins' | 'sources'
    readonly images: readonly [number, number]
  }[]
  /** Groups whose images are of classes with different names. */
  readonly labelsDiffer: number
  /** Images that are evaluated on and whose pixels are also trained on. */
  readonly evaluatedAndTrained: number
}
