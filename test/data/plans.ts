// Plans that hold nothing but data: sources, and datasets with their counts worked out as the compiler would.
import type { DatasetOperation } from '../../compiler/plan/dataset-operations.js'
import type { DatasetPlan, Origin, Plan } from '../../compiler/plan/plan.js'
import { shapeNames } from '../../compiler/plan/shapes.js'
import type { SourcePlan } from '../../compiler/plan/sources.js'
import type { DecodedStore, ImageStore } from '../../runtime/data/dataset.js'

export function planOf(sources: readonly SourcePlan[], datasets: readonly DatasetPlan[]): Plan {
  return {
    plan: 1,
    language: 1,
    title: 'data',
    seed: 0,
    params: [],
    sources,
    datasets,
    views: [],
    networks: [],
    streams: [],
    memories: [],
    step: [],
    losses: [],
    objective: { op: 'number', value: 0 },
    train: {
      epochs: 1,
      batch: 2,
      stepsPerEpoch: 1,
      lastBatch: 2,
      remainder: 'keep',
      precision: 'float32',
      optimizer: { op: 'sgd', rate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 },
      schedule: { per: 'epoch', factors: [] },
    },
    evaluations: [],
  }
}

export function shapesSource(overrides: Partial<Extract<SourcePlan, { format: 'shapes' }>> = {}): SourcePlan {
  return {
    format: 'shapes',
    classes: 3,
    perClass: 6,
    size: 8,
    seed: 1,
    origin: 'real',
    noise: 0,
    ...overrides,
  }
}

export function datasetOf(
  make: DatasetOperation,
  counts: { readonly real: readonly number[]; readonly synthetic?: readonly number[] },
  more: Partial<DatasetPlan> = {},
): DatasetPlan {
  const { real, synthetic = real.map(() => 0) } = counts
  const classes = shapeNames.slice(0, real.length)
  return {
    name: make.op,
    make,
    classes,
    real,
    synthetic,
    image: { height: 8, width: 8, channels: 3 },
    ...more,
  }
}

export function sourceDataset(source: number, origin: Origin, counts: readonly number[]): DatasetPlan {
  const none = counts.map(() => 0)
  const make = { op: 'source', source, origin } as const
  return datasetOf(make, origin === 'real' ? { real: counts } : { real: none, synthetic: counts })
}

/** A store whose images are in memory. */
export function decoded(store: ImageStore | undefined): DecodedStore {
  if (store?.kind !== 'decoded') throw new Error(`the store is ${store?.kind ?? 'not there'}`)
  return store
}
