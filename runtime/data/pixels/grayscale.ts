// Luma of ITU-R 601-2 as Pillow computes it for `convert("L")`: 16 fractional bits, rounded.

import type { Canvas } from './canvas.js'
import { kernels } from './simd/instance.js'

/** Luma of an 8-bit colour, 0..255. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
}

/** Every pixel becomes its luma in all three channels; an image of one channel is grey already. */
export function grayscale(canvas: Canvas): void {
  if (canvas.channels !== 3) return
  const { pixels, length } = canvas
  const simd = kernels()
  if (simd !== undefined) {
    simd.change('grey', pixels, length)
    return
  }
  for (let i = 0; i < length; i += 3) {
    const grey = luma(pixels[i] as number, pixels[i + 1] as number, pixels[i + 2] as number)
    pixels[i] = grey
    pixels[i + 1] = grey
    pixels[i + 2] = grey
  }
}

/** Bytes of an image whose lumas sum up to less than 2^32. */
const mostSummed = 3 * 2 ** 24

/** Mean luma of the image, rounded half up: the grey that Pillow's contrast moves every pixel away from. */
export function meanLuma(canvas: Canvas): number {
  const { pixels, length, channels } = canvas
  const simd = channels === 3 && length <= mostSummed ? kernels() : undefined
  let sum = 0
  if (simd !== undefined) {
    const memory = simd.reserve(length)
    memory.set(pixels.subarray(0, length))
    memory.fill(0, length, length + 48)
    sum = simd.run('sumLuma', 0, length) >>> 0
  } else if (channels === 3) {
    for (let i = 0; i < length; i += 3) {
      sum += luma(pixels[i] as number, pixels[i + 1] as number, pixels[i + 2] as number)
    }
  } else {
    for (let i = 0; i < length; i++) sum += pixels[i] as number
  }
  return Math.floor(sum / (canvas.height * canvas.width) + 0.5)
}
