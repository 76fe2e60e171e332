// Pillow's `Image.rotate` (Geometry.c): with nearest pixels positions have 16 fractional bits, else they are
// doubles.
import type { Colour, Sampling, Smooth } from './affine.js'
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

function turnSmoothly(canvas: Canvas, turn: Turn, fill: Colour, sampling: Smooth): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const turnRow = sampling === 'bicubic' ? turnRowBicubic : turnRowBilinear
  for (let y = 0; y < height; y++) turnRow(pixels, target, y, height, width, channels, turn, fill)
  canvas.turn(height, width)
}

/** Row `y` of the result; positions outside of the image repeat its border. */
function turnRowBilinear(
  pixels: Uint8Array,
  target: Uint8Array,
  y: number,
  height: number,
  width: number,
  channels: number,
  { cosine, sine, offsetX, offsetY }: Turn,
  fill: Colour,
): void {
  const rowLength = width * channels
  let to = y * rowLength
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
    const column0 = Math.max(left, 0) * channels
    const column1 = Math.min(left + 1, width - 1) * channels
    const row0 = Math.max(above, 0) * rowLength
    const row1 = Math.min(above + 1, height - 1) * rowLength
    for (let channel = 0; channel < channels; channel++) {
      const a = pixels[row0 + column0 + channel] as number
      const b = pixels[row0 + column1 + channel] as number
      const c = pixels[row1 + column0 + channel] as number
      const d = pixels[row1 + column1 + channel] as number
      const upper = a + (b - a) * alongX
      const lower = c + (d - c) * alongX
      target[to++] = upper + (lower - upper) * alongY
    }
  }
}

/** What the four rows of sixteen pixels give, for each channel. */
const across = new Float64Array(12)

function turnRowBicubic(
  pixels: Uint8Array,
  target: Uint8Array,
  y: number,
  height: number,
  width: number,
  channels: number,
  { cosine, sine, offsetX, offsetY }: Turn,
  fill: Colour,
): void {
  const rowLength = width * channels
  let to = y * rowLength
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
    const column0 = Math.max(left - 1, 0) * channels
    const column1 = Math.max(left, 0) * channels
    const column2 = Math.min(left + 1, width - 1) * channels
    const column3 = Math.min(left + 2, width - 1) * channels
    for (let i = 0; i < 4; i++) {
      const row = Math.max(0, Math.min(above - 1 + i, height - 1)) * rowLength
      for (let channel = 0; channel < channels; channel++) {
        const a = pixels[row + column0 + channel] as number
        const b = pixels[row + column1 + channel] as number
        const c = pixels[row + column2 + channel] as number
        const d = pixels[row + column3 + channel] as number
        // Cubic with coefficient -1 through four values, between the second and the third.
        across[4 * channel + i] =
          b + alongX * (c - a + alongX * (2 * (a - b) + c - d + alongX * (b - a + d - c)))
      }
    }
    for (let channel = 0; channel < channels; channel++) {
      const a = across[4 * channel] as number
      const b = across[4 * channel + 1] as number
      const c = across[4 * channel + 2] as number
      const d = across[4 * channel + 3] as number
      const value = b + alongY * (c - a + alongY * (2 * (a - b) + c - d + alongY * (b - a + d - c)))
      target[to++] = value <= 0 ? 0 : value >= 255 ? 255 : value
    }
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
