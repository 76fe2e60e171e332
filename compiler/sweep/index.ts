// Sweeps: the text of a sweep file in; diagnostics, settings and compiled instances out. Samplers and pruners
// are pure functions of what is known, for whoever runs the instances. Not part of `compiler/index.ts`, so
// that no other command loads a YAML reader.
export {
  type CompiledInstance,
  type CompiledSweep,
  compileInstances,
  instanceCompiler,
} from './compile-instances.js'
export {
  type Expansion,
  expandSweep,
  type Instance,
  instanceName,
  instancesOf,
  type Setting,
  searchEdges,
  searchSetting,
} from './expand.js'
export { findMetric, metricNames } from './metrics.js'
export { type AshaOptions, ashaVerdict, nextPromotion, type Promotion, rungsOf } from './pruners/asha.js'
export { type Curve, meanCurve } from './pruners/curve.js'
export { type MedianOptions, medianVerdict } from './pruners/median.js'
export { readSweep, type SweepOptions, type SweepResult } from './read-sweep.js'
export { randomTrial } from './samplers/random.js'
export { sobolTrial, sobolWord } from './samplers/sobol.js'
export { type PastTrial, type TpeOptions, tpeTrial } from './samplers/tpe.js'
export { sweepSchema } from './schema.js'
export type { Dimension, Point, Space } from './space.js'
export type { Condition, Draw, Limits, MetricChoice, Prune, Sweep } from './sweep.js'
