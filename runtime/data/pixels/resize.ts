// Pillow's antialiased resize (Resample.c, 8 bits per channel): two passes, horizontal first, with filter
// weights of 22 fractional bits. Newer Pillows (13 does) go down first where an image grows wider and lower;
// up to 9.4 none did.

import type { Box, Canvas, Raster } from './canvas.js'
import {
  fractionBits,
  half,
  type PackedWeights,
  packed,
  type ResizeFilter,
  type Weights,
  weightsOf,
} from './resize-weights.js'
import { type Kernels, kernels } from './simd/instance.js'
import { mostUnrolled } from './simd/resize-kernels.js'

export type { ResizeFilter } from './resize-weights.js'

/**
 * Pixels of `image` at `height` x `width`, bilinear and antialiased as Pillow's
 * `Image.resize(size, BILINEAR)`. The result is a new array.
 */
export function resizeBilinear(image: Raster, height: number, width: number): Uint8Array {
  const { channels } = image
  const pixels = new Uint8Array(height * width * channels)
  const box = { top: 0, left: 0, height: image.height, width: image.width }
  resample(image, { pixels, height, width, channels }, { box, filter: 'bilinear', mirror: false })
  return pixels
}

/**
 * Cuts out the box, which lies inside of the image, and brings it to `height` x `width`: torchvision's
 * resized_crop.
 */
export function resizedCrop(canvas: Canvas, height: number, width: number, resampling: Resampling): void {
  const { channels } = canvas
  const pixels = canvas.spare(height * width * channels)
  resample(canvas, { pixels, height, width, channels }, resampling)
  canvas.turn(height, width)
}

/** What is brought to the size of the result, and how; `mirror` flips it left to right. */
export interface Resampling {
  readonly box: Box
  readonly filter: ResizeFilter
  readonly mirror: boolean
}

let between = new Uint8Array(0)

function resample(source: Raster, result: Raster, resampling: Resampling): void {
  const simd = source.channels === 3 ? kernels() : undefined
  if (simd === undefined) resamplePlainly(source, result, resampling)
  else resampleWithVectors(simd, source, result, resampling)
}

/** Three channels, with the kernels of ../simd/resize-kernels.ts. */
function resampleWithVectors(simd: Kernels, source: Raster, result: Raster, resampling: Resampling): void {
  const { box, filter, mirror } = resampling
  const { pixels: target, height: outHeight, width: outWidth } = result
  const rowLength = outWidth * 3
  const stride = source.width * 3
  const first = box.top * stride + box.left * 3
  const across = outWidth !== box.width
  const down = outHeight !== box.height
  const sourceLength = across ? (box.height - 1) * stride + box.width * 3 : 0
  const acrossWeights = packed(weightsOf(box.width, outWidth, filter, false))
  const downWeights = packed(weightsOf(box.height, outHeight, filter, false))
  // Rows that weigh nothing are read as well.
  const betweenLength = (box.height + 2 * downWeights.pairs) * rowLength
  // In this order, each on a boundary of 16 bytes: weights, source, rows between the passes, result.
  const acrossAt = 0
  const downAt = aligned(acrossAt + packedLength(acrossWeights))
  const sourceAt = aligned(downAt + packedLength(downWeights))
  const betweenAt = aligned(sourceAt + sourceLength + 12 * acrossWeights.pairs)
  const targetAt = aligned(betweenAt + betweenLength)
  const memory = simd.reserve(targetAt + outHeight * rowLength)
  if (across) {
    memory.set(source.pixels.subarray(first, first + sourceLength), sourceAt)
    const { starts, weights } = place(memory, acrossAt, acrossWeights, 3, mirror)
    const name = acrossWeights.pairs > mostUnrolled ? 'across' : `across${acrossWeights.pairs}`
    simd.run(name, sourceAt, stride, box.height, betweenAt, outWidth, starts, weights, acrossWeights.pairs)
  } else {
    copyBox(source, box, mirror, memory, betweenAt)
  }
  if (!down) {
    target.set(memory.subarray(betweenAt, betweenAt + outHeight * rowLength))
    return
  }
  const { starts, weights } = place(memory, downAt, downWeights, rowLength, false)
  const name = downWeights.pairs > mostUnrolled ? 'down' : `down${downWeights.pairs}`
  simd.run(name, betweenAt, rowLength, targetAt, outHeight, starts, weights, downWeights.pairs)
  target.set(memory.subarray(targetAt, targetAt + outHeight * rowLength))
}

function aligned(address: number): number {
  return Math.ceil(address / 16) * 16
}

function packedLength({ starts, halves }: PackedWeights): number {
  return 4 * starts.length + 2 * halves.length
}

/**
 * Copies weights of inputs of `inputLength` bytes to an address, `mirror` in reverse; gives where starts and
 * weights lie.
 */
function place(
  memory: Uint8Array,
  address: number,
  { starts, halves, pairs }: PackedWeights,
  inputLength: number,
  mirror: boolean,
): { readonly starts: number; readonly weights: number } {
  const count = starts.length
  const placedStarts = new Int32Array(memory.buffer, address, count)
  const weights = address + 4 * count
  const placedHalves = new Int16Array(memory.buffer, weights, halves.length)
  if (!mirror) placedHalves.set(halves)
  for (let i = 0; i < count; i++) {
    const from = mirror ? count - 1 - i : i
    placedStarts[i] = (starts[from] as number) * inputLength
    if (!mirror) continue
    for (let k = 0; k < 4 * pairs; k++)
      placedHalves[4 * pairs * i + k] = halves[4 * pairs * from + k] as number
  }
  return { starts: address, weights }
}

/** Any number of channels, without vectors. */
function resamplePlainly(source: Raster, result: Raster, { box, filter, mirror }: Resampling): void {
  const { pixels: target, height: outHeight, width: outWidth, channels } = result
  const rowLength = outWidth * channels
  const vertical = outHeight !== box.height
  if (vertical && between.length < box.height * rowLength) between = new Uint8Array(box.height * rowLength)
  const rows = vertical ? between : target
  if (outWidth !== box.width) {
    const weights = weightsOf(box.width, outWidth, filter, mirror)
    if (weights.pairs && channels === 3) blendColumns(source, box, weights, rows)
    else sumColumns(source, box, weights, rows)
  } else {
    copyBox(source, box, mirror, rows, 0)
  }
  if (!vertical) return
  const weights = weightsOf(box.height, outHeight, filter, false)
  if (weights.pairs) blendRows(rows, rowLength, weights, target)
  else sumRows(rows, rowLength, weights, target)
}

/** Copies the box to byte `targetAt` on. */
function copyBox(source: Raster, box: Box, mirror: boolean, target: Uint8Array, targetAt: number): void {
  const { pixels, channels } = source
  const { height, width } = box
  const step = mirror ? -channels : channels
  for (let y = 0; y < height; y++) {
    let from = ((box.top + y) * source.width + box.left) * channels
    let to = targetAt + (mirror ? y * width + width - 1 : y * width) * channels
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++)
        target[to + channel] = pixels[from + channel] as number
      from += channels
      to += step
    }
  }
}

/** Horizontal pass of three channels where every output is made of two inputs. */
function blendColumns(source: Raster, box: Box, axis: Weights, target: Uint8Array): void {
  const { pixels } = source
  const { starts, weights } = axis
  const outWidth = starts.length
  const bottom = box.top + box.height
  let to = 0
  for (let y = box.top; y < bottom; y++) {
    const row = (y * source.width + box.left) * 3
    for (let x = 0; x < outWidth; x++) {
      const from = row + (starts[x] as number) * 3
      const a = weights[2 * x] as number
      const b = weights[2 * x + 1] as number
      target[to] =
        (Math.imul(pixels[from] as number, a) + Math.imul(pixels[from + 3] as number, b) + half) >>
        fractionBits
      target[to + 1] =
        (Math.imul(pixels[from + 1] as number, a) + Math.imul(pixels[from + 4] as number, b) + half) >>
        fractionBits
      target[to + 2] =
        (Math.imul(pixels[from + 2] as number, a) + Math.imul(pixels[from + 5] as number, b) + half) >>
        fractionBits
      to += 3
    }
  }
}

function sumColumns(source: Raster, box: Box, axis: Weights, target: Uint8Array): void {
  const { pixels, channels } = source
  const { starts, counts, weights } = axis
  const outWidth = starts.length
  const bottom = box.top + box.height
  let to = 0
  for (let y = box.top; y < bottom; y++) {
    const row = (y * source.width + box.left) * channels
    for (let x = 0; x < outWidth; x++) {
      const start = row + (starts[x] as number) * channels
      const count = counts[x] as number
      const weight = x * axis.stride
      for (let channel = 0; channel < channels; channel++) {
        let sum = half
        let from = start + channel
        for (let i = 0; i < count; i++) {
          sum = (sum + Math.imul(pixels[from] as number, weights[weight + i] as number)) | 0
          from += channels
        }
        target[to++] = clip(sum >> fractionBits)
      }
    }
  }
}

/** Vertical pass where every output row is made of two input rows. */
function blendRows(source: Uint8Array, rowLength: number, axis: Weights, target: Uint8Array): void {
  const outHeight = axis.starts.length
  let to = 0
  for (let y = 0; y < outHeight; y++) {
    let above = (axis.starts[y] as number) * rowLength
    let below = above + rowLength
    const a = axis.weights[2 * y] as number
    const b = axis.weights[2 * y + 1] as number
    for (let i = 0; i < rowLength; i++) {
      target[to++] =
        (Math.imul(source[above++] as number, a) + Math.imul(source[below++] as number, b) + half) >>
        fractionBits
    }
  }
}

function sumRows(source: Uint8Array, rowLength: number, axis: Weights, target: Uint8Array): void {
  const { starts, counts, weights } = axis
  const outHeight = starts.length
  const sums = new Int32Array(rowLength)
  let to = 0
  for (let y = 0; y < outHeight; y++) {
    sums.fill(half)
    let from = (starts[y] as number) * rowLength
    const count = counts[y] as number
    for (let row = 0; row < count; row++) {
      const weight = weights[y * axis.stride + row] as number
      for (let i = 0; i < rowLength; i++) {
        sums[i] = (sums[i] as number) + Math.imul(source[from++] as number, weight)
      }
    }
    for (let i = 0; i < rowLength; i++) target[to++] = clip((sums[i] as number) >> fractionBits)
  }
}

function clip(value: number): number {
  return Math.max(0, Math.min(value, 255))
}
