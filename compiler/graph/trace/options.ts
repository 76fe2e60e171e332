// How a Plan is to be traced.
import type { NetworkPrecision } from '../../plan/plan.js'
import type { Layout } from '../graph.js'
import type { ImageFeed } from './batch.js'
import type { NormalizationSettings } from './pass.js'

export interface TraceOptions {
  readonly layout: Layout
  /** `uint8` (the default): images as the data pipeline makes them. `float32`: already normalized. */
  readonly images?: ImageFeed
  /** Also hand out `gradient:<variable>` of every weight, and `corrected:<k>` labels of every correction. */
  readonly gradients?: boolean
  /** In place of the Plan's own. */
  readonly precision?: NetworkPrecision
  readonly normalization?: NormalizationSettings
  /** Whether the optimization passes run; true where it is not given. */
  readonly optimize?: boolean
}
