// A confusion matrix as a picture: a row per true class, a column per predicted one.

import { type Colour, palettePng } from '../../platform/png.js'
import { type ConfusionMatrix, imagesOf } from '../../run/journal/confusion-matrix.js'

/**
 * From none to all of a row, in colours that grow lighter evenly and that colour-blind people tell apart
 * (viridis).
 */
const anchors: readonly Colour[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
]
const palette: readonly Colour[] = Array.from({ length: 256 }, (_, i) => colourAt(i / 255))

/**
 * Pixels on a side that a picture comes near to where its cells are larger than a pixel, and that none
 * exceeds.
 */
const side = 320
const largestSide = 1024

export interface ConfusionImage {
  readonly width: number
  readonly height: number
  readonly png: Uint8Array
}

/**
 * A cell's colour is its share of its row. Where there are more classes than pixels, neighbours share one:
 * its colour is the share of their images together.
 */
export function confusionImage(matrix: ConfusionMatrix): ConfusionImage {
  const { classes } = matrix
  const merged = Math.ceil(classes / largestSide)
  const cells = Math.ceil(classes / merged)
  const cell = Math.max(1, Math.floor(side / cells))
  const size = cells * cell
  const images = new Float64Array(cells)
  for (const [label, count] of imagesOf(matrix).entries()) {
    const row = Math.floor(label / merged)
    images[row] = (images[row] ?? 0) + count
  }
  const counts = new Float64Array(cells * cells)
  for (const [label, predicted, count] of matrix.cells) {
    const at = Math.floor(label / merged) * cells + Math.floor(predicted / merged)
    counts[at] = (counts[at] ?? 0) + count
  }
  const pixels = new Uint8Array(size * size)
  for (const [at, count] of counts.entries()) {
    if (count === 0) continue
    const [row, column] = [Math.floor(at / cells), at % cells]
    const shade = Math.round((255 * count) / (images[row] ?? 1))
    for (let y = row * cell; y < (row + 1) * cell; y++)
      pixels.fill(shade, y * size + column * cell, y * size + (column + 1) * cell)
  }
  return { width: size, height: size, png: palettePng(size, size, palette, pixels) }
}

function colourAt(share: number): Colour {
  const place = share * (anchors.length - 1)
  const before = Math.min(anchors.length - 2, Math.floor(place))
  const [from, to] = [anchors[before], anchors[before + 1]]
  const between = (channel: 0 | 1 | 2): number => {
    const start = from?.[channel] ?? 0
    return Math.round(start + (place - before) * ((to?.[channel] ?? 0) - start))
  }
  return [between(0), between(1), between(2)]
}
