// Renders images through views: the work of one worker thread, or of the main thread where there are no
// workers.
import type { ViewOperation } from '../../../compiler/plan/plan.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { foldKey, type Key } from '../../../compiler/random/random.js'
import type { ImageStore } from '../dataset.js'
import type { Raster } from '../pixels/canvas.js'
import { Canvas } from '../pixels/canvas.js'
import { type ImageReader, openImages } from '../stored-images.js'
import { drawOperations } from './draws.js'
import { applyOperations } from './operations.js'

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

/** Some records of a dataset, each through one or more views. */
export interface RenderJob {
  readonly views: readonly JobView[]
  /** Position in `RenderInput.datasets`. */
  readonly dataset: number
  readonly records: Int32Array
  /** Pass of its stream that each record belongs to. */
  readonly passes: Int32Array
}

export interface JobView {
  /** Position in `RenderInput.views`. */
  readonly view: number
  /** Key of the draws, for all but pass and record. */
  readonly key: Key
}

/** Number of bytes that one image of a view takes. */
export function imageBytes(input: RenderInput, view: number): number {
  const output = input.views[view]?.output
  return output === undefined ? 0 : output.height * output.width * output.channels
}

/** Number of bytes that a job yields. */
export function renderedBytes(input: RenderInput, job: RenderJob): number {
  return job.views.reduce((sum, { view }) => sum + imageBytes(input, view), 0) * job.records.length
}

/** Images that are being read while another one is rendered, on this thread. */
const readAhead = 3

/** Renders jobs one after the other; holds the scratch memory of one thread. */
export class Renderer {
  readonly #input: RenderInput
  readonly #images: ImageReader
  readonly #canvas = new Canvas()
  #last: Promise<void> = Promise.resolve()

  constructor(input: RenderInput) {
    this.#input = input
    this.#images = openImages(input.stores)
  }

  /**
   * Writes the images of the first view, HWC one after the other, into `target`, then those of the next. Jobs
   * take turns.
   * @throws RunError SAU8001, SAU8005, SAU8006 of images that are read now, SAU8501 where a crop does not fit
   */
  render(job: RenderJob, target: Uint8Array): Promise<void> {
    const rendered = this.#last.then(() => this.#render(job, target))
    this.#last = rendered.catch(() => undefined)
    return rendered
  }

  /** Closes files. */
  close(): void {
    this.#images.close()
  }

  async #render(job: RenderJob, target: Uint8Array): Promise<void> {
    const begun: (Raster | Promise<Raster>)[] = []
    try {
      for (let i = 0; i < job.records.length; i++) {
        // An image in memory takes no time, and none is read ahead of the others.
        for (let next = i + begun.length; next < job.records.length && begun.length <= readAhead; next++) {
          const read = this.#read(job, next)
          begun.push(read)
          if (!(read instanceof Promise)) break
          // Failures are thrown where the image is used; until then they are not unhandled.
          read.catch(() => undefined)
        }
        const read = begun.shift()
        if (read === undefined) throw new Error('an image was not begun')
        const image = read instanceof Promise ? await read : read
        this.#renderImage(job, i, image, target)
      }
    } finally {
      // Nothing goes on once a job has ended: its thread may be ended too.
      await Promise.allSettled(begun)
    }
  }

  #read(job: RenderJob, i: number): Raster | Promise<Raster> {
    const places = this.#input.datasets[job.dataset]
    if (places === undefined) throw new RangeError('no such dataset')
    const record = job.records[i] as number
    return this.#images.read(places.store[record] as number, places.record[record] as number)
  }

  /** One record through all views of the job. */
  #renderImage(job: RenderJob, i: number, image: Raster, target: Uint8Array): void {
    const canvas = this.#canvas
    const record = job.records[i] as number
    let first = 0
    for (const { view: position, key } of job.views) {
      const view = this.#input.views[position]
      if (view === undefined) throw new RangeError('no such view')
      const { height, width, channels } = view.output
      const length = height * width * channels
      canvas.load(image.pixels, 0, image.height, image.width, image.channels)
      const draws = drawsOf(foldKey(foldKey(key, job.passes[i] as number), record))
      applyOperations(canvas, drawOperations(view.operations, canvas.height, canvas.width, draws))
      if (canvas.height !== height || canvas.width !== width || canvas.channels !== channels) {
        throw new Error(
          `view ${view.name} made ${canvas.height} x ${canvas.width} x ${canvas.channels} of record ${record}, not ${height} x ${width} x ${channels}`,
        )
      }
      target.set(canvas.pixels.subarray(0, length), first + i * length)
      first += length * job.records.length
    }
  }
}
