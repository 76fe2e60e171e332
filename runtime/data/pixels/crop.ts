// Cutting out a part, with zeros around the image: torchvision's RandomCrop, CenterCrop and hflip.
import type { Box, Canvas } from './canvas.js'

/** Cuts out the box; what of it lies outside of the image is 0. `mirror` flips it left to right. */
export function crop(canvas: Canvas, { top, left, height, width }: Box, mirror: boolean): void {
  const { pixels, channels } = canvas
  const sourceHeight = canvas.height
  const sourceWidth = canvas.width
  const target = canvas.spare(height * width * channels)
  const firstRow = Math.max(0, -top)
  const lastRow = Math.min(height, sourceHeight - top)
  const firstColumn = Math.max(0, -left)
  const lastColumn = Math.min(width, sourceWidth - left)
  const inside = firstRow === 0 && lastRow === height && firstColumn === 0 && lastColumn === width
  if (!inside) target.fill(0, 0, height * width * channels)
  for (let y = firstRow; y < lastRow; y++) {
    let from = ((top + y) * sourceWidth + left + firstColumn) * channels
    if (!mirror) {
      let to = (y * width + firstColumn) * channels
      const end = (y * width + lastColumn) * channels
      while (to < end) target[to++] = pixels[from++] as number
    } else if (channels === 3) {
      let to = (y * width + width - 1 - firstColumn) * 3
      for (let x = firstColumn; x < lastColumn; x++) {
        target[to] = pixels[from] as number
        target[to + 1] = pixels[from + 1] as number
        target[to + 2] = pixels[from + 2] as number
        from += 3
        to -= 3
      }
    } else {
      let to = (y * width + width - 1 - firstColumn) * channels
      for (let x = firstColumn; x < lastColumn; x++) {
        for (let channel = 0; channel < channels; channel++) {
          target[to + channel] = pixels[from + channel] as number
        }
        from += channels
        to -= channels
      }
    }
  }
  canvas.turn(height, width)
}

/** Left to right. */
export function flip(canvas: Canvas): void {
  crop(canvas, { top: 0, left: 0, height: canvas.height, width: canvas.width }, true)
}
