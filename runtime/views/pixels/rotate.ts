// Pillow's `Image.rotate` (Geometry.c): with nearest pixels positions have 16 fractional bits, else they are doubles.
import { type Colour, cubic, fillPixels, type Sampling, type Smooth } from './affine.js'
import type { Canvas } from './canvas.js'

/** Turns the image counter-clockwise about its centre; it keeps its size, and what comes from outside becomes `fill`. */
export function rotate(canvas: Canvas, degrees: number, fill: Colour, sampling: Sampling): void {
  const { height, width } = canvas
  // As Python's remainder: an angle within the circle stays as it is, to the last bit.
  const angle = degrees % 360 < 0 ? (degrees % 360) + 360 : degrees % 360
  if (angle === 0) return
  // Quarter turns are exact in Pillow; the others go by the matrix from output to input pixels.
  if (angle === 180) mapPixels(canvas, -1, 0, width - 1, 0, -1, height - 1)
  else if (height === width && angle === 90) mapPixels(canvas, 0, -1, width - 1, 1, 0, 0)
  else if (height === width && angle === 270) mapPixels(canvas, 0, 1, 0, -1, 0, height - 1)
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

function turnSmoothly(
  canvas: Canvas,
  { cosine, sine, offsetX, offsetY }: Turn,
  fill: Colour,
  sampling: Smooth,
): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const mixAt = sampling === 'bilinear' ? mixFour : mixSixteen
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const atX = cosine * (x + 0.5) + sine * (y + 0.5) + offsetX
      const atY = -sine * (x + 0.5) + cosine * (y + 0.5) + offsetY
      if (atX >= 0 && atX < width && atY >= 0 && atY < height)
        mixAt(pixels, height, width, channels, atX - 0.5, atY - 0.5, target, to)
      else fillPixels(target, to, 1, fill, channels)
      to += channels
    }
  }
  canvas.turn(height, width)
}

/** Writes the bilinear mix of the four pixels about (x, y) to `to`; positions outside repeat the border. */
function mixFour(
  pixels: Uint8Array,
  height: number,
  width: number,
  channels: number,
  x: number,
  y: number,
  target: Uint8Array,
  to: number,
): void {
  const left = Math.floor(x)
  const above = Math.floor(y)
  const alongX = x - left
  const alongY = y - above
  const x0 = Math.max(left, 0) * channels
  const x1 = Math.min(left + 1, width - 1) * channels
  const row0 = Math.max(above, 0) * width * channels
  const row1 = Math.min(above + 1, height - 1) * width * channels
  for (let channel = 0; channel < channels; channel++) {
    const a = pixels[row0 + x0 + channel] as number
    const b = pixels[row0 + x1 + channel] as number
    const c = pixels[row1 + x0 + channel] as number
    const d = pixels[row1 + x1 + channel] as number
    const upper = a + (b - a) * alongX
    const lower = c + (d - c) * alongX
    target[to + channel] = upper + (lower - upper) * alongY
  }
}

const rowOffsets = new Int32Array(4)

/** Writes the bicubic mix of the sixteen pixels about (x, y) to `to`; positions outside repeat the border. */
function mixSixteen(
  pixels: Uint8Array,
  height: number,
  width: number,
  channels: number,
  x: number,
  y: number,
  target: Uint8Array,
  to: number,
): void {
  const left = Math.floor(x)
  const above = Math.floor(y)
  const alongX = x - left
  const alongY = y - above
  const x0 = Math.max(left - 1, 0) * channels
  const x1 = Math.max(left, 0) * channels
  const x2 = Math.min(left + 1, width - 1) * channels
  const x3 = Math.min(left + 2, width - 1) * channels
  for (let i = 0; i < 4; i++) {
    rowOffsets[i] = Math.max(0, Math.min(above - 1 + i, height - 1)) * width * channels
  }
  for (let channel = 0; channel < channels; channel++) {
    const across = (row: number): number => {
      const start = (rowOffsets[row] as number) + channel
      return cubic(
        pixels[start + x0] as number,
        pixels[start + x1] as number,
        pixels[start + x2] as number,
        pixels[start + x3] as number,
        alongX,
      )
    }
    const value = cubic(across(0), across(1), across(2), across(3), alongY)
    target[to + channel] = value <= 0 ? 0 : value >= 255 ? 255 : value
  }
}

/** Output (x, y) is input (xx x + xy y + x0, yx x + yy y + y0), which lies inside of the image. */
function mapPixels(
  canvas: Canvas,
  xx: number,
  xy: number,
  x0: number,
  yx: number,
  yy: number,
  y0: number,
): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((yx * x + yy * y + y0) * width + xx * x + xy * y + x0) * channels
      for (let channel = 0; channel < channels; channel++) target[to++] = pixels[from + channel] as number
    }
  }
  canvas.turn(height, width)
}
