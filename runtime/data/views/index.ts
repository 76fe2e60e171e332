// What the rest of the runtime uses of the views.

export { resizeBilinear } from '../pixels/resize.js'
export type { BatchSource, StepBatch, SweepRequest } from './batch-source.js'
export { type AugmentParity, type AugmentQuantity, augmentParity } from './parity.js'
export { type BatchSourceOptions, createBatchSource, defaultWorkers } from './source.js'
