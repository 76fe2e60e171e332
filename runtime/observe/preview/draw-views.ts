// The material of a preview: some images of the experiment's data, and what each view makes of them.
import type { Plan } from '../../../compiler/plan/plan.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { dataPart } from '../../apps/inference/evaluated-data.js'
import type { Dataset } from '../../data/dataset.js'
import { loadData } from '../../data/load.js'
import { Canvas } from '../../data/pixels/canvas.js'
import { resizeBilinear } from '../../data/pixels/resize.js'
import { type ImageReader, openImages } from '../../data/stored-images.js'
import { drawOperations } from '../../data/views/draws.js'
import { applyOperations, type PixelOperation } from '../../data/views/operations.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { chooseImages } from './choose-images.js'
import { occurrences } from './occurrences.js'
import { type ViewUse, viewUses } from './view-use.js'

/** 8 bits a channel, rows of interleaved channels. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly pixels: Uint8Array
}

export interface PreviewedDraw {
  /** Epoch in which training draws it, from 0. */
  readonly epoch: number
  /** What is done, with the numbers that were drawn. */
  readonly operations: readonly PixelOperation[]
  readonly picture: Picture
}

export interface PreviewedImage {
  /** Record of the dataset. */
  readonly record: number
  readonly class: string
  readonly origin: 'real' | 'synthetic'
  /** The class that the picture shows, where planted noise makes that known. */
  readonly shows: string | undefined
  /** Real and synthetic images of the class. */
  readonly real: number
  readonly synthetic: number
  /** Of the image before the view. */
  readonly height: number
  readonly width: number
  /** The image, smaller where it is large. */
  readonly original: Picture
  readonly draws: readonly PreviewedDraw[]
}

export interface PreviewedView {
  readonly name: string
  readonly usedBy: readonly string[]
  readonly dataset: string
  readonly normalized: boolean
  readonly output: { readonly height: number; readonly width: number; readonly channels: number }
  readonly images: readonly PreviewedImage[]
}

export interface PreviewRequest {
  readonly plan: Plan
  /** Of each source of the Plan. */
  readonly locations: readonly (readonly string[])[]
  /** Names of views; none: all. */
  readonly views: readonly string[]
  /** Images of each view, and draws of each image. */
  readonly images: number
  readonly draws: number
}

/** Pixels on the longer side of an original, at most. */
const largestSide = 192

/**
 * @throws RunError SAU7651 (no such view), SAU7652 (nothing to show), SAU8xxx (data that is not as the Plan
 * says), SAU8501.
 */
export async function drawViews(request: PreviewRequest): Promise<readonly PreviewedView[]> {
  const { plan, locations } = request
  const uses = viewUses(plan, request.views)
  if (uses.length === 0) {
    throw new RunError('SAU7652', 'no image passes a view', 'use a view in a branch', exitCodes.usage)
  }
  const part = dataPart(
    plan,
    locations,
    uses.map(({ dataset }) => dataset),
  )
  // Without memory for images, those that are shown are the only ones that are decoded.
  const data = await loadData({ ...part.plan, evaluations: [] }, part.locations, { memory: 0 })
  const reader = openImages(data.stores)
  try {
    const previewed: PreviewedView[] = []
    for (const use of uses) {
      const dataset = data.datasets[part.dataset(use.dataset)]
      previewed.push(await drawView(request, use, reader, dataset))
    }
    return previewed
  } finally {
    reader.close()
  }
}

async function drawView(
  { plan, images, draws }: PreviewRequest,
  use: ViewUse,
  reader: ImageReader,
  dataset: Dataset | undefined,
): Promise<PreviewedView> {
  const view = plan.views[use.view]
  if (view === undefined || dataset === undefined) throw new RangeError('no such view, or no data of it')
  const records = chooseImages(dataset, images, plan.seed)
  const times = occurrences(plan, use, dataset.count, records, draws)
  const canvas = new Canvas()
  const previewed: PreviewedImage[] = []
  for (const record of records) {
    const picture = await reader.read(dataset.store[record] ?? -1, dataset.record[record] ?? 0)
    const { height, width } = picture
    const label = dataset.labels[record] ?? 0
    const shown = dataset.shown?.[record]
    const { classes, real, synthetic } = dataset.plan
    previewed.push({
      record,
      class: classes[label] ?? '',
      origin: dataset.origins[record] === 1 ? 'synthetic' : 'real',
      shows: shown === undefined || shown === label ? undefined : classes[shown],
      real: real[label] ?? 0,
      synthetic: synthetic[label] ?? 0,
      height,
      width,
      original: smaller(picture),
      draws: (times.get(record) ?? []).map(({ epoch, key }) => {
        const operations = drawOperations(view.operations, height, width, drawsOf(key))
        canvas.load(picture.pixels, 0, height, width, picture.channels)
        applyOperations(canvas, operations)
        return { epoch, operations, picture: pictureOn(canvas) }
      }),
    })
  }
  return {
    name: view.name,
    usedBy: use.usedBy,
    dataset: dataset.plan.name,
    normalized: view.normalize !== undefined,
    output: view.output,
    images: previewed,
  }
}

function pictureOn(canvas: Canvas): Picture {
  const { width, height, channels, length } = canvas
  return { width, height, channels, pixels: canvas.pixels.slice(0, length) }
}

function smaller(picture: Picture): Picture {
  const { width, height, channels, pixels } = picture
  const scale = Math.min(1, largestSide / Math.max(width, height))
  if (scale === 1) return { ...picture, pixels: pixels.slice() }
  const [toWidth, toHeight] = [width, height].map((side) => Math.max(1, Math.round(scale * side)))
  const [w = 1, h = 1] = [toWidth, toHeight]
  return { width: w, height: h, channels, pixels: resizeBilinear(picture, h, w) }
}
