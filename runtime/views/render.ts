// Renders images through views: the work of one worker thread, or of the main thread where there are no workers.
import type { ViewOperation } from '../../compiler/plan/plan.js'
import type { ImageStore } from '../data/dataset.js'
import { drawsOf } from '../random/draws.js'
import { foldKey, type Key } from '../random/random.js'
import { drawOperations } from './draws.js'
import { applyOperations } from './operations.js'
import { Canvas } from './pixels/canvas.js'

/** A view, or the operations of an evaluation, with the size of what it yields. */
export interface RenderedView {
  readonly name: string
  readonly operations: readonly ViewOperation[]
  readonly output: { readonly height: number; readonly width: number; readonly channels: number }
}

/** Where the pixels of each record of a dataset lie. */
export interface RecordPlaces {
  readonly store: Uint16Array
  readonly record: Uint32Array
}

/** What a renderer works on; can be sent to a thread, the stores without a copy. */
export interface RenderInput {
  readonly views: readonly RenderedView[]
  readonly datasets: readonly RecordPlaces[]
  readonly stores: readonly ImageStore[]
}

/** Some records of a dataset, each through one view. */
export interface RenderJob {
  /** Position in `RenderInput.views`. */
  readonly view: number
  /** Position in `RenderInput.datasets`. */
  readonly dataset: number
  readonly records: Int32Array
  /** Pass of its stream that each record belongs to. */
  readonly passes: Int32Array
  /** Key of the draws, for all but pass and record. */
  readonly key: Key
}

/** Number of bytes that a job yields. */
export function renderedBytes(input: RenderInput, job: RenderJob): number {
  const output = input.views[job.view]?.output
  return output === undefined ? 0 : output.height * output.width * output.channels * job.records.length
}

/** Renders jobs one after the other; holds the scratch memory of one thread. */
export class Renderer {
  readonly #views: readonly RenderedView[]
  readonly #datasets: readonly RecordPlaces[]
  readonly #stores: readonly { pixels: Uint8Array; geometry: Float64Array; channels: number }[]
  readonly #canvas = new Canvas()

  constructor(input: RenderInput) {
    this.#views = input.views
    this.#datasets = input.datasets
    this.#stores = input.stores.map((store) => ({
      pixels: new Uint8Array(store.pixels),
      geometry: new Float64Array(store.geometry),
      channels: store.channels,
    }))
  }

  /** Writes the images, HWC one after the other, into `target`. */
  render(job: RenderJob, target: Uint8Array): void {
    const view = this.#views[job.view]
    const places = this.#datasets[job.dataset]
    if (view === undefined || places === undefined) throw new RangeError('no such view or dataset')
    const { height, width, channels } = view.output
    const canvas = this.#canvas
    const length = height * width * channels
    for (let i = 0; i < job.records.length; i++) {
      const record = job.records[i] as number
      this.#load(places, record)
      const draws = drawsOf(foldKey(foldKey(job.key, job.passes[i] as number), record))
      applyOperations(canvas, drawOperations(view.operations, canvas.height, canvas.width, draws))
      if (canvas.height !== height || canvas.width !== width || canvas.channels !== channels) {
        throw new Error(
          `view ${view.name} made ${canvas.height} x ${canvas.width} x ${canvas.channels} of record ${record}, not ${height} x ${width} x ${channels}`,
        )
      }
      target.set(canvas.pixels.subarray(0, length), i * length)
    }
  }

  #load(places: RecordPlaces, record: number): void {
    const store = this.#stores[places.store[record] as number]
    const place = 3 * (places.record[record] as number)
    if (store === undefined) throw new RangeError(`record ${record} is in no store`)
    const [offset = 0, height = 0, width = 0] = [
      store.geometry[place],
      store.geometry[place + 1],
      store.geometry[place + 2],
    ]
    this.#canvas.load(store.pixels, offset, height, width, store.channels)
  }
}
