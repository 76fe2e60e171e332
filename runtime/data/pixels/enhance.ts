// Pillow's ImageEnhance: a blend of the image with a degenerate one, in float32, cut off towards zero
// (Blend.c). Factor 0 gives the degenerate image, 1 the image, more than 1 goes beyond it.

import type { Canvas } from './canvas.js'
import { luma, meanLuma } from './grayscale.js'
import { type Kernels, kernels } from './simd/instance.js'
import { applyTable } from './tables.js'

const table = new Uint8Array(256)

/** Away from black. */
export function brightness(canvas: Canvas, factor: number): void {
  blendLevels(canvas, 0, factor)
}

/** Away from the mean grey of the image. */
export function contrast(canvas: Canvas, factor: number): void {
  blendLevels(canvas, meanLuma(canvas), factor)
}

/** Away from the grey image; an image of one channel stays as it is. */
export function saturation(canvas: Canvas, factor: number): void {
  if (canvas.channels !== 3) return
  const { pixels, length } = canvas
  const simd = kernels()
  if (simd !== undefined) {
    simd.change('blendGrey', pixels, length, factor)
    return
  }
  const alpha = Math.fround(factor)
  for (let i = 0; i < length; i += 3) {
    const red = pixels[i] as number
    const green = pixels[i + 1] as number
    const blue = pixels[i + 2] as number
    const grey = luma(red, green, blue)
    pixels[i] = blend(grey, red, alpha)
    pixels[i + 1] = blend(grey, green, alpha)
    pixels[i + 2] = blend(grey, blue, alpha)
  }
}

// Sums of the SMOOTH kernel (1 1 1, 1 5 1, 1 1 1) by 13, rounded: entry s is s / 13 rounded. A sum never lies
// within 1/26 of the border between two results, so that Pillow's float32 sums give the same.
const thirteenths = new Uint8Array(13 * 255 + 1)
for (let sum = 0; sum < thirteenths.length; sum++) thirteenths[sum] = Math.floor(sum / 13 + 0.5)

/** Away from the smoothed image; its border is not smoothed. */
export function sharpness(canvas: Canvas, factor: number): void {
  const { pixels, height, width, channels } = canvas
  if (height < 3 || width < 3) return
  const simd = channels === 3 ? kernels() : undefined
  if (simd !== undefined) {
    sharpenWithVectors(simd, canvas, factor)
    return
  }
  const alpha = Math.fround(factor)
  const rowLength = width * channels
  const target = canvas.spare(height * rowLength)
  const copyRow = (row: number): void => {
    const end = (row + 1) * rowLength
    for (let i = row * rowLength; i < end; i++) target[i] = pixels[i] as number
  }
  copyRow(0)
  copyRow(height - 1)
  for (let y = 1; y < height - 1; y++) {
    const start = y * rowLength
    const end = start + rowLength
    for (let channel = 0; channel < channels; channel++) {
      target[start + channel] = pixels[start + channel] as number
      target[end - 1 - channel] = pixels[end - 1 - channel] as number
    }
    for (let i = start + channels; i < end - channels; i++) {
      const above = i - rowLength
      const below = i + rowLength
      const value = pixels[i] as number
      const sum =
        (pixels[above - channels] as number) +
        (pixels[above] as number) +
        (pixels[above + channels] as number) +
        (pixels[i - channels] as number) +
        5 * value +
        (pixels[i + channels] as number) +
        (pixels[below - channels] as number) +
        (pixels[below] as number) +
        (pixels[below + channels] as number)
      target[i] = blend(thirteenths[sum] as number, value, alpha)
    }
  }
  canvas.turn(height, width)
}

function sharpenWithVectors(simd: Kernels, canvas: Canvas, factor: number): void {
  const { pixels, length, height, width } = canvas
  const rowLength = 3 * width
  // The inner rows, with as much memory in front as the loads need, and the result behind the image.
  const source = 16
  const target = Math.ceil((source + length) / 16) * 16 + 16
  const memory = simd.reserve(target + length)
  memory.set(pixels.subarray(0, length), source)
  simd.run('sharpen', source + rowLength, target + rowLength, rowLength, height - 2, factor)
  memory.copyWithin(target, source, source + rowLength)
  memory.copyWithin(target + length - rowLength, source + length - rowLength, source + length)
  for (let start = rowLength; start < length - rowLength; start += rowLength) {
    const end = start + rowLength
    for (let channel = 0; channel < 3; channel++) {
      memory[target + start + channel] = pixels[start + channel] as number
      memory[target + end - 1 - channel] = pixels[end - 1 - channel] as number
    }
  }
  pixels.set(memory.subarray(target, target + length))
}

/** `from` + alpha (`to` - `from`) with every step rounded to float32, then cut off to 0..255. */
function blend(from: number, to: number, alpha: number): number {
  const value = Math.fround(from + Math.fround(alpha * (to - from)))
  return value <= 0 ? 0 : value >= 255 ? 255 : value | 0
}

/** Every level away from one. */
function blendLevels(canvas: Canvas, from: number, factor: number): void {
  const { pixels, length } = canvas
  const simd = kernels()
  if (simd !== undefined) {
    simd.change('blendLevels', pixels, length, from, factor)
    return
  }
  const alpha = Math.fround(factor)
  for (let value = 0; value < 256; value++) table[value] = blend(from, value, alpha)
  applyTable(canvas, table)
}
