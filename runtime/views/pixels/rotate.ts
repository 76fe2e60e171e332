// Pillow's `Image.rotate` with nearest pixels (Geometry.c, affine_fixed): 16 fractional bits.
import type { Canvas } from './canvas.js'

/** Turns the image counter-clockwise about its centre; it keeps its size, and what comes from outside becomes `fill`. */
export function rotate(canvas: Canvas, degrees: number, fill: number): void {
  const { height, width } = canvas
  const angle = ((degrees % 360) + 360) % 360
  if (angle === 0) return
  // Quarter turns are exact in Pillow; the others go by the matrix from output to input pixels.
  if (angle === 180) mapPixels(canvas, -1, 0, width - 1, 0, -1, height - 1)
  else if (height === width && angle === 90) mapPixels(canvas, 0, -1, width - 1, 1, 0, 0)
  else if (height === width && angle === 270) mapPixels(canvas, 0, 1, 0, -1, 0, height - 1)
  else turnPixels(canvas, angle, fill)
}

function roundTo15(value: number): number {
  return Number(value.toFixed(15))
}

function fixed(value: number): number {
  return Math.floor(value * 65536 + 0.5)
}

function turnPixels(canvas: Canvas, degrees: number, fill: number): void {
  const { pixels, height, width, channels } = canvas
  const radians = -(degrees * (Math.PI / 180))
  const cosine = roundTo15(Math.cos(radians))
  const sine = roundTo15(Math.sin(radians))
  const centerX = width / 2
  const centerY = height / 2
  const offsetX = cosine * -centerX + sine * -centerY + centerX
  const offsetY = -sine * -centerX + cosine * -centerY + centerY
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
        for (let channel = 0; channel < channels; channel++) target[to++] = fill
      }
      atX = (atX + stepX) | 0
      atY = (atY + stepY) | 0
    }
    rowX = (rowX + rowStepX) | 0
    rowY = (rowY + rowStepY) | 0
  }
  canvas.turn(height, width)
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
