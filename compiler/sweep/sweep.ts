// A sweep whose file is right: what its instances are made from.
import type { DeclaredParam, MeasuredData, ParamSetting } from '../checking/template.js'
import type { Location } from '../diagnostics/reporter.js'
import type { Direction, MetricName } from '../plan/metric-table.js'
import type { AshaOptions } from './pruners/asha.js'
import type { MedianOptions } from './pruners/median.js'
import type { Point, Space } from './space.js'

/** A number that the experiment measures: on which `evaluate` block, by position, and under which name. */
export interface MetricChoice {
  readonly evaluation: number
  readonly metric: MetricName
}

/** Settings that are drawn. */
export type Draw =
  | {
      readonly kind: 'random' | 'sobol'
      readonly trials: number
      readonly seed: number
      readonly space: Space
    }
  | {
      readonly kind: 'search'
      readonly trials: number
      readonly seed: number
      readonly space: Space
      readonly metric: MetricChoice
      readonly direction: Direction
      readonly startup: number
    }

export type Prune =
  | ({ readonly kind: 'asha'; readonly metric: MetricChoice } & AshaOptions)
  | ({ readonly kind: 'median'; readonly metric: MetricChoice } & MedianOptions)

export interface Limits {
  /** Runs at a time; as many as fit where left out. */
  readonly parallel: number | undefined
  /** Bytes of all runs together. */
  readonly memory: number | undefined
  /** Seconds of one run. */
  readonly time: number | undefined
  readonly retries: number
  readonly onFailure: 'continue' | 'stop'
}

/** What is left out. */
export interface Condition {
  readonly at: Location
  /** As a person wrote it. */
  readonly text: string
  /** @param settingOf the value that a param has in a setting */
  matches(settingOf: (name: string) => ParamSetting | undefined): boolean
}

/**
 * Instances of a sweep at most, so that a slip in a grid does not fill the disk: each is compiled before any
 * begins.
 */
export const mostInstances = 10_000

export interface Sweep {
  /** Absolute paths. */
  readonly file: string
  readonly experiment: string
  readonly params: ReadonlyMap<string, DeclaredParam>
  readonly measured: readonly MeasuredData[]
  /**
   * Params given for all instances, by `set` of the file and from the command line, as text for the compiler.
   */
  readonly set: Readonly<Record<string, string>>
  /**
   * What a param is in every instance where it is not varied: from the command line, `set`, or its default.
   */
  readonly fixed: ReadonlyMap<string, ParamSetting>
  /** Replace `train.seed`; the file's own where there are none. */
  readonly seeds: readonly number[]
  /**
   * Each list of points is one factor of the product: the values of a grid's param, the rows of `zip`, the
   * entries of `list`.
   */
  readonly factors: readonly (readonly Point[])[]
  readonly draw: Draw | undefined
  /** Params that differ between instances, in the order in which they are shown. */
  readonly varied: readonly string[]
  /** Where the file says a value of a varied param, by `placeKey`. */
  readonly places: ReadonlyMap<string, Location>
  readonly exclude: readonly Condition[]
  readonly prune: Prune | undefined
  readonly limits: Limits
  readonly compare: {
    readonly baseline: Point | undefined
    readonly metrics: readonly MetricChoice[]
  }
}

export function placeKey(param: string, value: ParamSetting): string {
  return `${param} ${typeof value} ${value}`
}
