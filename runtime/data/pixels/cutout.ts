// Cutout: DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout", 2017.
import type { Canvas } from './canvas.js'

/**
 * Blackens the square of `size` (its half rounded down to each side) about (y, x), as far as it lies in the
 * image.
 */
export function cutout(canvas: Canvas, y: number, x: number, size: number): void {
  const { pixels, height, width, channels } = canvas
  const reach = Math.floor(size / 2)
  const top = Math.max(0, y - reach)
  const bottom = Math.min(height, y + reach)
  const left = Math.max(0, x - reach) * channels
  const right = Math.min(width, x + reach) * channels
  for (let row = top; row < bottom; row++) {
    pixels.fill(0, row * width * channels + left, row * width * channels + right)
  }
}
