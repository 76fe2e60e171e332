// The data pipeline of a run: batches of an epoch and sweeps over a dataset, prepared ahead of the training
// step.
import { availableParallelism } from 'node:os'
import type { Plan, StreamPlan, ViewPlan } from '../../../compiler/plan/plan.js'
import { referencesOf, type StepPositions } from '../../../compiler/plan/step-operations.js'
import { type Key, keyOf } from '../../../compiler/random/random.js'
import type { Tensor } from '../../platform/tensor.js'
import type { Dataset, LoadedData } from '../dataset.js'
import type { BatchSource, StepBatch, SweepRequest } from './batch-source.js'
import { type BatchRecords, batchRecords, batchSize, StreamOrders } from './order.js'
import {
  imageBytes,
  type JobView,
  type RenderedView,
  Renderer,
  type RenderInput,
  type RenderJob,
  renderedBytes,
} from './render.js'
import { WorkerPool } from './worker-pool.js'

export interface BatchSourceOptions {
  /**
   * Threads that render images; 0 renders on the calling thread when a batch is asked for. Changes no number.
   */
  readonly workers?: number
  /** Batches that are prepared ahead of the one in use; absent: four, or fewer where they are large. */
  readonly prefetch?: number
}

const mostPrefetch = 4
/** Bytes of images that are prepared ahead, where more than one batch is. */
const prefetchedBytes = 256 * 2 ** 20
const mostWorkers = 4

/** Threads used where nobody says how many: one core is left to the training step. */
export function defaultWorkers(): number {
  return Math.max(1, Math.min(mostWorkers, availableParallelism() - 1))
}

/**
 * The batches and sweeps of a Plan over its data. Call `dispose` when done.
 * @throws RunError (from its iterables) SAU7701 where a thread died, SAU8501 where a crop does not fit into
 * an image.
 */
export function createBatchSource(
  plan: Plan,
  data: LoadedData,
  options: BatchSourceOptions = {},
): BatchSource {
  return new PlannedBatchSource(plan, data, options)
}

/** A view of a stream that the step reads; drawn once per step wherever it is written. */
interface Feed {
  readonly stream: number
  readonly view: number
  readonly name: string
}

class PlannedBatchSource implements BatchSource {
  readonly #plan: Plan
  readonly #datasets: readonly Dataset[]
  readonly #feeds: readonly Feed[]
  /** Streams that the step reads. */
  readonly #streams: readonly number[]
  readonly #orders: StreamOrders
  readonly #input: RenderInput
  readonly #renderer: Renderer | undefined
  readonly #pool: WorkerPool | undefined
  readonly #prefetch: number | undefined
  /** Feeds that are rendered together. */
  readonly #groups: readonly (readonly [Feed, ...Feed[]])[]

  constructor(plan: Plan, data: LoadedData, options: BatchSourceOptions) {
    this.#plan = plan
    this.#datasets = data.datasets
    this.#feeds = feedsOf(plan)
    this.#streams = streamsOf(plan)
    this.#orders = new StreamOrders(
      plan.streams.map((stream) => ({ seed: stream.seed, count: data.datasets[stream.dataset]?.count ?? 0 })),
    )
    this.#input = {
      views: [...plan.views, ...plan.evaluations.map((_, position) => evaluationView(plan, position))].map(
        ({ name, operations, output }) => ({ name, operations, output }),
      ),
      datasets: data.datasets.map(({ store, record }) => ({ store, record })),
      stores: data.stores,
    }
    this.#groups = groupsOf(plan, data, this.#feeds)
    const workers = options.workers ?? defaultWorkers()
    this.#renderer = workers === 0 ? new Renderer(this.#input) : undefined
    this.#pool = workers === 0 ? undefined : new WorkerPool(this.#input, workers)
    this.#prefetch = workers === 0 ? 0 : options.prefetch
  }

  epoch(epoch: number, fromStep: number): AsyncIterable<StepBatch> {
    const steps = this.#plan.train.stepsPerEpoch
    const bytes = this.#feeds.reduce((sum, { view }) => sum + imageBytes(this.#input, view), 0)
    return ahead(this.#ahead(bytes * this.#plan.train.batch), fromStep, steps, (step) =>
      this.#batch(epoch, step),
    )
  }

  sweep(request: SweepRequest): AsyncIterable<{ readonly indices: Int32Array; readonly images: Uint8Array }> {
    const count = this.#dataset(request.dataset).count
    const view =
      'view' in request.view ? request.view.view : this.#plan.views.length + request.view.evaluation
    const key = keyOf(
      this.#plan.seed,
      request.purpose,
      this.#dataset(request.dataset).plan.name,
      this.#input.views[view]?.name ?? '',
      request.epoch,
    )
    const bytes = imageBytes(this.#input, view) * request.batch
    return ahead(this.#ahead(bytes), 0, Math.ceil(count / request.batch), async (part) => {
      const first = part * request.batch
      const indices = Int32Array.from({ length: Math.min(request.batch, count - first) }, (_, i) => first + i)
      const passes = new Int32Array(indices.length)
      const job = { views: [{ view, key }], dataset: request.dataset, records: indices, passes }
      return { indices, images: await this.#render(job) }
    })
  }

  async dispose(): Promise<void> {
    this.#renderer?.close()
    await this.#pool?.dispose()
  }

  /** Batches of so many bytes that are prepared ahead. */
  #ahead(bytes: number): number {
    if (this.#prefetch !== undefined) return this.#prefetch
    return Math.max(1, Math.min(mostPrefetch, Math.floor(prefetchedBytes / Math.max(1, bytes))))
  }

  async #batch(epoch: number, step: number): Promise<StepBatch> {
    const size = batchSize(this.#plan, step)
    const inputs: Record<string, Tensor> = {}
    const drawn = new Map<number, BatchRecords>()
    for (const position of this.#streams) {
      const stream = this.#stream(position)
      const dataset = this.#dataset(stream.dataset)
      const batch = batchRecords(this.#plan, this.#orders, position, dataset.count, epoch, step)
      drawn.set(position, batch)
      const { records } = batch
      inputs[`labels:${stream.name}`] = vector(records.map((record) => dataset.labels[record] as number))
      inputs[`origin:${stream.name}`] = vector(records.map((record) => dataset.origins[record] as number))
      inputs[`index:${stream.name}`] = vector(records)
    }
    const groups = this.#groups.map((feeds) => this.#views(feeds, epoch, drawn))
    for (const views of await Promise.all(groups)) {
      for (const { feed, images } of views) {
        const { height, width, channels } = this.#view(feed.view).output
        inputs[feed.name] = { dtype: 'uint8', shape: [size, height, width, channels], data: images }
      }
    }
    return { step, size, inputs }
  }

  /** Feeds of one stream, rendered together. */
  async #views(
    feeds: readonly [Feed, ...Feed[]],
    epoch: number,
    drawn: ReadonlyMap<number, BatchRecords>,
  ): Promise<readonly { readonly feed: Feed; readonly images: Uint8Array }[]> {
    const [{ stream: position, name }] = feeds
    const batch = drawn.get(position)
    if (batch === undefined) throw new Error(`the step reads ${name} of a stream that was not drawn`)
    const stream = this.#stream(position)
    const views = feeds.map(({ view }): JobView => {
      const key: Key = keyOf(this.#plan.seed, 'view', stream.name, this.#view(view).name, epoch)
      return { view, key }
    })
    const images = await this.#render({ views, dataset: stream.dataset, ...batch })
    let end = 0
    return feeds.map((feed) => {
      const from = end
      end += imageBytes(this.#input, feed.view) * batch.records.length
      return { feed, images: images.subarray(from, end) }
    })
  }

  async #render(job: RenderJob): Promise<Uint8Array> {
    if (this.#pool !== undefined) return this.#pool.render(job)
    const images = new Uint8Array(renderedBytes(this.#input, job))
    await this.#renderer?.render(job, images)
    return images
  }

  #stream(position: number): StreamPlan {
    return existing(this.#plan.streams[position], 'stream', position)
  }

  #view(position: number): ViewPlan {
    return existing(this.#plan.views[position], 'view', position)
  }

  #dataset(position: number): Dataset {
    return existing(this.#datasets[position], 'dataset', position)
  }
}

/**
 * Results of `make(from)` .. `make(end - 1)` in order, with up to `count` more begun than asked for. A
 * failure comes out at its own place; whoever stops early waits for what was begun.
 */
async function* ahead<Result>(
  count: number,
  from: number,
  end: number,
  make: (number: number) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = []
  let next = from
  const begin = (limit: number): void => {
    while (next < end && begun.length < limit) {
      const result = make(next++)
      // Failures are thrown where the result is asked for; until then they are not unhandled.
      result.catch(() => undefined)
      begun.push(result)
    }
  }
  try {
    for (;;) {
      begin(count + 1)
      const first = begun.shift()
      if (first === undefined) return
      const result = await first
      begin(count)
      yield result
    }
  } finally {
    await Promise.allSettled(begun)
  }
}

/** Every view of a stream that the step reads, once. */
function feedsOf(plan: Plan): readonly Feed[] {
  const feeds = new Map<string, Feed>()
  for (const node of plan.step) {
    if (node.op !== 'batch') continue
    const stream = existing(plan.streams[node.stream], 'stream', node.stream)
    const view = existing(plan.views[node.view], 'view', node.view)
    const name = `batch:${stream.name}.${view.name}`
    feeds.set(name, { stream: node.stream, view: node.view, name })
  }
  return [...feeds.values()]
}

/**
 * Feeds of a stream whose images are read when they are drawn stand together, so that an image is read once
 * for all its views. Others stand alone: more threads can work on a batch.
 */
function groupsOf(
  plan: Plan,
  data: LoadedData,
  feeds: readonly Feed[],
): readonly (readonly [Feed, ...Feed[]])[] {
  const groups: [Feed, ...Feed[]][] = []
  for (const feed of feeds) {
    const dataset = data.datasets[plan.streams[feed.stream]?.dataset ?? -1]
    const reads = [...new Set(dataset?.store)].some((store) => data.stores[store]?.kind !== 'decoded')
    const group = reads ? groups.find(([first]) => first.stream === feed.stream) : undefined
    if (group === undefined) groups.push([feed])
    else group.push(feed)
  }
  return groups
}

function streamsOf(plan: Plan): readonly number[] {
  const streams = new Set(plan.step.flatMap((node) => referencesOf<StepPositions, 'stream'>(node, 'stream')))
  return [...streams].sort((a, b) => a - b)
}

/** The operations before the network that an evaluation applies; they yield the network's input. */
function evaluationView(plan: Plan, position: number): RenderedView {
  const evaluation = existing(plan.evaluations[position], 'evaluation', position)
  const network = existing(plan.networks[evaluation.network], 'network', evaluation.network)
  return {
    name: `evaluation ${position}`,
    operations: evaluation.view.operations,
    output: network.input,
  }
}

function existing<Value>(value: Value | undefined, kind: string, position: number): Value {
  if (value === undefined) throw new RangeError(`the Plan has no ${kind} at position ${position}`)
  return value
}

function vector(data: Int32Array): Tensor {
  return { dtype: 'int32', shape: [data.length], data }
}
