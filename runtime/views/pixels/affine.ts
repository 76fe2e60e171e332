// Pillow's affine transforms of AutoAugment (Geometry.c): shears with bicubic, translations with nearest pixels.
// Pixels whose source lies outside of the image become `fill`.
import type { Canvas } from './canvas.js'

/** Output (x, y) comes from (x + slope y, y), measured at pixel centres. */
export function shearX(canvas: Canvas, slope: number, fill: number): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  let to = 0
  for (let y = 0; y < height; y++) {
    const row = y * width * channels
    for (let x = 0; x < width; x++) {
      const at = x + 0.5 + slope * (y + 0.5)
      if (at < 0 || at >= width) {
        for (let channel = 0; channel < channels; channel++) target[to++] = fill
        continue
      }
      const left = Math.floor(at - 0.5)
      const along = at - 0.5 - left
      const a = row + Math.max(left - 1, 0) * channels
      const b = row + Math.max(left, 0) * channels
      const c = row + Math.min(left + 1, width - 1) * channels
      const d = row + Math.min(left + 2, width - 1) * channels
      for (let channel = 0; channel < channels; channel++) {
        target[to++] = cubic(
          pixels[a + channel] as number,
          pixels[b + channel] as number,
          pixels[c + channel] as number,
          pixels[d + channel] as number,
          along,
        )
      }
    }
  }
  canvas.turn(height, width)
}

/** Output (x, y) comes from (x, y + slope x), measured at pixel centres. */
export function shearY(canvas: Canvas, slope: number, fill: number): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const rowLength = width * channels
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = slope * (x + 0.5) + (y + 0.5)
      if (at < 0 || at >= height) {
        for (let channel = 0; channel < channels; channel++) target[to++] = fill
        continue
      }
      const above = Math.floor(at - 0.5)
      const along = at - 0.5 - above
      const column = x * channels
      const a = column + Math.max(above - 1, 0) * rowLength
      const b = column + Math.max(above, 0) * rowLength
      const c = column + Math.min(above + 1, height - 1) * rowLength
      const d = column + Math.min(above + 2, height - 1) * rowLength
      for (let channel = 0; channel < channels; channel++) {
        target[to++] = cubic(
          pixels[a + channel] as number,
          pixels[b + channel] as number,
          pixels[c + channel] as number,
          pixels[d + channel] as number,
          along,
        )
      }
    }
  }
  canvas.turn(height, width)
}

/** Cubic through four values (coefficient -1), `along` 0..1 between the second and the third; cut off to 0..255. */
function cubic(a: number, b: number, c: number, d: number, along: number): number {
  const value = b + along * (c - a + along * (2 * (a - b) + c - d + along * (b - a + d - c)))
  return value <= 0 ? 0 : value >= 255 ? 255 : value | 0
}

/** Output (x, y) comes from (x + offset, y), `offset` in pixels, need not be whole. */
export function translateX(canvas: Canvas, offset: number, fill: number): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const sources = sourcePositions(width, offset)
  let to = 0
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let x = 0; x < width; x++) {
      const source = sources[x] as number
      const from = (row + source) * channels
      for (let channel = 0; channel < channels; channel++) {
        target[to++] = source < 0 ? fill : (pixels[from + channel] as number)
      }
    }
  }
  canvas.turn(height, width)
}

/** Output (x, y) comes from (x, y + offset), `offset` in pixels, need not be whole. */
export function translateY(canvas: Canvas, offset: number, fill: number): void {
  const { pixels, height, width, channels } = canvas
  const rowLength = width * channels
  const target = canvas.spare(height * rowLength)
  const sources = sourcePositions(height, offset)
  for (let y = 0; y < height; y++) {
    const from = (sources[y] as number) * rowLength
    const to = y * rowLength
    if (from < 0) target.fill(fill, to, to + rowLength)
    else for (let i = 0; i < rowLength; i++) target[to + i] = pixels[from + i] as number
  }
  canvas.turn(height, width)
}

let positions = new Int32Array(0)

/** Nearest source of every position of an axis, or -1 outside; summed up step by step, as Pillow does. */
function sourcePositions(size: number, offset: number): Int32Array {
  if (positions.length < size) positions = new Int32Array(size)
  let at = offset + 0.5
  for (let i = 0; i < size; i++) {
    positions[i] = at < 0 || at >= size ? -1 : Math.trunc(at)
    at += 1
  }
  return positions
}
