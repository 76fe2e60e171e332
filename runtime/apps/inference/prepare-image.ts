// From an image file of any size to what the network takes: what the evaluation does to the images of its
// dataset, done to one image alone.

import type { SourceFailure } from '../../../compiler/host.js'
import { inputsOf } from '../../../compiler/plan/dataset-operations.js'
import type { Plan, ViewOperation } from '../../../compiler/plan/plan.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import { Canvas } from '../../data/pixels/canvas.js'
import { luma } from '../../data/pixels/grayscale.js'
import { resizeBilinear } from '../../data/pixels/resize.js'
import { decodeImage } from '../../data/readers/decode-image.js'
import { imageHeaderOfFile } from '../../data/readers/image-header.js'
import { drawOperations } from '../../data/views/draws.js'
import { applyOperations } from '../../data/views/operations.js'
import { evaluationOf } from './trained-network.js'

interface Size {
  readonly height: number
  readonly width: number
}

export interface Preparation {
  /** Sizes of the `resize` operations that made the evaluated dataset, in order. */
  readonly resizes: readonly number[]
  /** What all evaluated images have; undefined where files differ. */
  readonly dataset: Size | undefined
  /** The evaluation's view; it draws nothing. */
  readonly operations: readonly ViewOperation[]
  /** What the network takes. */
  readonly input: Size & { readonly channels: number }
}

export interface PreparedImage {
  readonly ok: true
  /** height * width * channels bytes of the network's input, rows of interleaved channels. */
  readonly pixels: Uint8Array
  /**
   * The image's own size where neither dataset nor view says how to bring it to the network's, and it was
   * resized all the same.
   */
  readonly resizedFrom: Size | undefined
}

/** What evaluation `position` of the Plan does to an image. */
export function preparationOf(plan: Plan, position: number): Preparation {
  const { evaluation, network } = evaluationOf(plan, position)
  const image = plan.datasets[evaluation.dataset]?.image
  return {
    resizes: resizesOf(plan, evaluation.dataset),
    dataset: image === undefined || image === 'varied' ? undefined : image,
    operations: evaluation.view.operations,
    input: network.input,
  }
}

function resizesOf(plan: Plan, dataset: number): readonly number[] {
  const make = plan.datasets[dataset]?.make
  if (make === undefined || make.op === 'source') return []
  const [first] = inputsOf(make)
  const before = first === undefined ? [] : resizesOf(plan, first)
  return make.op === 'resize' ? [...before, make.size] : before
}

/**
 * Whether the view brings images of this size to that of the network by itself, without cutting a part out of
 * them blindly.
 */
export function viewTakes({ dataset, operations, input }: Preparation, { height, width }: Size): boolean {
  const isOfDataset = dataset === undefined || (dataset.height === height && dataset.width === width)
  if (!isOfDataset && !operations.some(({ op }) => op === 'resize')) return false
  let size: Size = { height, width }
  // Of deterministic operations these alone change the size.
  for (const operation of drawOperations(operations, height, width, noDraws)) {
    if (operation.op === 'crop') size = { height: operation.height, width: operation.width }
    if (operation.op === 'resized_crop') size = { height: operation.outHeight, width: operation.outWidth }
  }
  return size.height === input.height && size.width === input.width
}

/** The operations of an evaluation are deterministic: they ask for no number. */
const noDraws = drawsOf(keyOf(0, 'predict'))

/** Decodes an image file and brings it to the network's input. Failures name `file`. */
export async function prepareImage(
  preparation: Preparation,
  file: string,
  path: string,
): Promise<PreparedImage | SourceFailure> {
  const header = imageHeaderOfFile(path)
  if (!header.ok) return { ...header, path: file }
  const decoded = await decodeImage(path)
  if (!decoded.ok) return { ...decoded, path: file }
  return bringToInput(preparation, decoded.pixels, decoded)
}

/** A decoded image (red, green, blue) as the network takes it. */
export function bringToInput(preparation: Preparation, rgb: Uint8Array, from: Size): PreparedImage {
  const { operations, input, resizes } = preparation
  const { channels } = input
  const target = preparation.dataset ?? input
  let image = { pixels: channels === 1 ? grey(rgb) : rgb, height: from.height, width: from.width }
  const resize = ({ height, width }: Size): void => {
    if (image.height === height && image.width === width) return
    image = { pixels: resizeBilinear({ ...image, channels }, height, width), height, width }
  }
  for (const size of resizes) resize({ height: size, width: size })
  const isTaken = viewTakes(preparation, image)
  if (!isTaken) resize(target)
  const canvas = new Canvas()
  canvas.load(image.pixels, 0, image.height, image.width, channels)
  applyOperations(canvas, drawOperations(operations, canvas.height, canvas.width, noDraws))
  if (canvas.height !== input.height || canvas.width !== input.width || canvas.channels !== channels) {
    throw new TypeError(`the evaluation's view makes ${canvas.height} x ${canvas.width} pixels`)
  }
  return {
    ok: true,
    pixels: canvas.pixels.slice(0, canvas.length),
    resizedFrom: isTaken ? undefined : { height: from.height, width: from.width },
  }
}

/** One channel, as Pillow's `convert("L")`; a grey image stays what it is. */
function grey(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: rgb.length / 3 }, (_, i) =>
    luma(rgb[3 * i] as number, rgb[3 * i + 1] as number, rgb[3 * i + 2] as number),
  )
}
