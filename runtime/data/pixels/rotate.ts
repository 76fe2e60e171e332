// Pillow's `Image.rotate` (Geometry.c): with nearest pixels positions have 16 fractional bits, else they are
// doubles.
import { type Colour, cubic, type Sampling, type Smooth } from './affine.js'
import type { Canvas } from './canvas.js'

/**
 * Turns the image counter-clockwise about its centre; it keeps its size, and what comes from outside becomes
 * `fill`.
 */
export function rotate(canvas: Canvas, degrees: number, fill: Colour, sampling: Sampling): void {
  const { height, width } = canvas
  // As Python's remainder: an angle within the circle stays as it is, to the last bit.
  const angle = degrees % 360 < 0 ? (degrees % 360) + 360 : degrees % 360
  if (angle === 0) return
  // Quarter turns are exact in Pillow; the others go by the matrix from output to input pixels.
  if (angle === 180) reorder(canvas, height * width - 1, -1, -width)
  else if (height === width && angle === 90) reorder(canvas, width - 1, width, -1)
  else if (height === width && angle === 270) reorder(canvas, (height - 1) * width, -width, 1)
  else if (sampling === 'nearest') turnPixels(canvas, turnBy(canvas, angle), fill)
  else turnSmoothly(canvas, turnBy(canvas, angle), fill, sampling)
}

/** Output (x, y) is input (cosine x + sine y + offsetX, -sine x + cosine y + offsetY). */
interface Turn {
  readonly cosine: number
  readonly sine: number
  readonly offsetX: number
  readonly offsetY: number
}

function turnBy({ height, width }: Canvas, degrees: number): Turn {
  const radians = -(degrees * (Math.PI / 180))
  const cosine = roundTo15(Math.cos(radians))
  const sine = roundTo15(Math.sin(radians))
  const centerX = width / 2
  const centerY = height / 2
  const offsetX = cosine * -centerX + sine * -centerY + centerX
  const offsetY = -sine * -centerX + cosine * -centerY + centerY
  return { cosine, sine, offsetX, offsetY }
}

function roundTo15(value: number): number {
  return Number(value.toFixed(15))
}

function fixed(value: number): number {
  return Math.floor(value * 65536 + 0.5)
}

function turnPixels(canvas: Canvas, { cosine, sine, offsetX, offsetY }: Turn, fill: Colour): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const stepX = fixed(cosine)
  const stepY = fixed(-sine)
  let rowX = fixed(offsetX + cosine * 0.5 + sine * 0.5)
  let rowY = fixed(offsetY - sine * 0.5 + cosine * 0.5)
  const rowStepX = fixed(sine)
  const rowStepY = fixed(cosine)
  let to = 0
  for (let y = 0; y < height; y++) {
    let atX = rowX
    let atY = rowY
    for (let x = 0; x < width; x++) {
      const fromX = atX >> 16
      const fromY = atY >> 16
      if (fromX >= 0 && fromX < width && fromY >= 0 && fromY < height) {
        const from = (fromY * width + fromX) * channels
        for (let channel = 0; channel < channels; channel++) target[to++] = pixels[from + channel] as number
      } else {
        for (let channel = 0; channel < channels; channel++) target[to++] = fill[channel] as number
      }
      atX = (atX + stepX) | 0
      atY = (atY + stepY) | 0
    }
    rowX = (rowX + rowStepX) | 0
    rowY = (rowY + rowStepY) | 0
  }
  canvas.turn(height, width)
}

/** What the four rows of sixteen pixels give, for each channel. */
const across = new Float64Array(12)

/** Pixels from between four others, or sixteen; beyond the border the image repeats it. */
function turnSmoothly(canvas: Canvas, turn: Turn, fill: Colour, sampling: Smooth): void {
  const { cosine, sine, offsetX, offsetY } = turn
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const rowLength = width * channels
  const cubically = sampling === 'bicubic'
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const atX = cosine * (x + 0.5) + sine * (y + 0.5) + offsetX
      const atY = -sine * (x + 0.5) + cosine * (y + 0.5) + offsetY
      if (atX < 0 || atX >= width || atY < 0 || atY >= height) {
        for (let channel = 0; channel < channels; channel++) target[to++] = fill[channel] as number
        continue
      }
      const left = Math.floor(atX - 0.5)
      const above = Math.floor(atY - 0.5)
      const alongX = atX - 0.5 - left
      const alongY = atY - 0.5 - above
      const column1 = Math.max(left, 0) * channels
      const column2 = Math.min(left + 1, width - 1) * channels
      if (!cubically) {
        const row1 = Math.max(above, 0) * rowLength
        const row2 = Math.min(above + 1, height - 1) * rowLength
        for (let channel = 0; channel < channels; channel++) {
          const a = pixels[row1 + column1 + channel] as number
          const b = pixels[row1 + column2 + channel] as number
          const c = pixels[row2 + column1 + channel] as number
          const d = pixels[row2 + column2 + channel] as number
          const upper = a + (b - a) * alongX
          const lower = c + (d - c) * alongX
          target[to++] = upper + (lower - upper) * alongY
        }
        continue
      }
      const column0 = Math.max(left - 1, 0) * channels
      const column3 = Math.min(left + 2, width - 1) * channels
      for (let i = 0; i < 4; i++) {
        const row = Math.max(0, Math.min(above - 1 + i, height - 1)) * rowLength
        for (let channel = 0; channel < channels; channel++) {
          const a = pixels[row + column0 + channel] as number
          const b = pixels[row + column1 + channel] as number
          const c = pixels[row + column2 + channel] as number
          const d = pixels[row + column3 + channel] as number
          across[4 * channel + i] = cubic(a, b, c, d, alongX)
        }
      }
      for (let channel = 0; channel < channels; channel++) {
        const a = across[4 * channel] as number
        const b = across[4 * channel + 1] as number
        const c = across[4 * channel + 2] as number
        const d = across[4 * channel + 3] as number
        const value = cubic(a, b, c, d, alongY)
        target[to++] = value <= 0 ? 0 : value >= 255 ? 255 : value
      }
    }
  }
  canvas.turn(height, width)
}

/** Output (x, y) is pixel `first` + x `byX` + y `byY` of the input, counted along its rows. */
function reorder(canvas: Canvas, first: number, byX: number, byY: number): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const step = byX * channels
  let to = 0
  for (let y = 0; y < height; y++) {
    let from = (first + y * byY) * channels
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) target[to++] = pixels[from + channel] as number
      from += step
    }
  }
  canvas.turn(height, width)
}
