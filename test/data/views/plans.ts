// Small Plans and drawn data for the tests of the views.
import type { Plan, StreamPlan, ViewOperation, ViewPlan } from '../../../compiler/plan/plan.js'
import type { StepOperation } from '../../../compiler/plan/step-operations.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import type { Dataset, LoadedData } from '../../../runtime/data/dataset.js'

export interface SmallPlan {
  /** Records of each dataset. */
  readonly counts: readonly number[]
  /** Dataset of each stream, by name. */
  readonly streams: Readonly<Record<string, number>>
  readonly views: Readonly<Record<string, readonly ViewOperation[]>>
  /** Batches that the step reads, `[stream, view]` by name. */
  readonly feeds: readonly (readonly [string, string])[]
  readonly batch: number
  readonly stepsPerEpoch: number
  readonly lastBatch: number
  readonly seed?: number
  readonly size?: number
  readonly evaluation?: readonly ViewOperation[]
}

/** A Plan that feeds batches and does nothing with them. */
export function planOf(small: SmallPlan): Plan {
  const size = small.size ?? 8
  const output = { height: size, width: size, channels: 3 }
  const streamNames = Object.keys(small.streams)
  const viewNames = Object.keys(small.views)
  const streams: StreamPlan[] = streamNames.map((name, i) => ({
    name,
    dataset: small.streams[name] ?? 0,
    seed: (small.seed ?? 7) * 100 + i,
  }))
  const views: ViewPlan[] = viewNames.map((name) => ({ name, operations: small.views[name] ?? [], output }))
  const step: StepOperation[] = small.feeds.map(([stream, view]) => ({
    op: 'batch',
    stream: streamNames.indexOf(stream),
    view: viewNames.indexOf(view),
  }))
  return {
    plan: 1,
    language: 1,
    title: 'views',
    seed: small.seed ?? 7,
    params: [],
    sources: [],
    datasets: small.counts.map((count, i) => datasetPlan(`data${i}`, count)),
    views,
    networks: [
      {
        name: 'net',
        backbone: { op: 'cifar_resnet', blocks: [1, 1, 1], width: 4, shortcut: 'pad' },
        heads: [],
        classes: 2,
        input: output,
        seed: 0,
      },
    ],
    streams,
    memories: [],
    step,
    losses: [],
    objective: { op: 'number', value: 0 },
    train: {
      epochs: 3,
      batch: small.batch,
      stepsPerEpoch: small.stepsPerEpoch,
      lastBatch: small.lastBatch,
      remainder: 'keep',
      precision: 'float32',
      optimizer: { op: 'sgd', rate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 },
      schedule: { per: 'epoch', factors: [] },
    },
    evaluations: [
      {
        dataset: 0,
        network: 0,
        head: 'logits',
        every: { value: 1, unit: 'epoch' },
        metrics: [],
        view: { operations: small.evaluation ?? [] },
      },
    ],
  }
}

function datasetPlan(name: string, count: number): Plan['datasets'][number] {
  return {
    name,
    make: { op: 'source', source: 0, origin: 'real' },
    classes: ['a', 'b'],
    real: [count, 0],
    synthetic: [0, 0],
    image: { height: 8, width: 8, channels: 3 },
  }
}

/**
 * Noise images of the given shapes, one store per dataset; the shapes of a dataset are repeated over its
 * records.
 */
export function dataOf(
  plan: Plan,
  shapes: readonly (readonly [height: number, width: number])[] = [[8, 8]],
): LoadedData {
  const stores = plan.datasets.map((dataset, position) => {
    const count = dataset.real[0] ?? 0
    const geometry = new SharedArrayBuffer(24 * count)
    const table = new Float64Array(geometry)
    let bytes = 0
    for (let i = 0; i < count; i++) {
      const [height, width] = shapes[i % shapes.length] ?? [8, 8]
      table.set([bytes, height, width], 3 * i)
      bytes += 3 * height * width
    }
    const pixels = new SharedArrayBuffer(bytes)
    const draws = drawsOf(keyOf(position, 'noise'))
    const values = new Uint8Array(pixels)
    for (let i = 0; i < values.length; i++) values[i] = draws.below(256)
    return { kind: 'decoded', pixels, geometry, channels: 3, count } as const
  })
  const datasets = plan.datasets.map((dataset, position): Dataset => {
    const count = dataset.real[0] ?? 0
    return {
      plan: dataset,
      count,
      labels: Int32Array.from({ length: count }, (_, i) => i % 2),
      origins: Uint8Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 0)),
      shown: undefined,
      store: new Uint16Array(count).fill(position),
      // Records lie backwards in the store, so that a mix-up of the two shows.
      record: Uint32Array.from({ length: count }, (_, i) => count - 1 - i),
    }
  })
  return { datasets, stores }
}

/** Everything that `source` yields. */
export async function collect<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of source) items.push(item)
  return items
}
