// A confusion matrix as a picture: a row per true class, a column per predicted one.
import { type Colour, palettePng } from './png.js'

/** From none to all of a row, in colours that grow lighter evenly and that colour-blind people tell apart (viridis). */
const anchors: readonly Colour[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
]
const palette: readonly Colour[] = Array.from({ length: 256 }, (_, i) => colourAt(i / 255))

/** Pixels on a side that a picture comes near to where its cells are larger than a pixel. */
const side = 320

export interface ConfusionImage {
  readonly width: number
  readonly height: number
  readonly png: Uint8Array
}

/** @param confusion [true class][predicted class], counts; a cell's colour is its share of its row. */
export function confusionImage(confusion: readonly (readonly number[])[]): ConfusionImage {
  const classes = confusion.length
  const cell = Math.max(1, Math.floor(side / classes))
  const size = classes * cell
  const pixels = new Uint8Array(size * size)
  for (const [label, row] of confusion.entries()) {
    const images = row.reduce((sum, count) => sum + count, 0)
    for (const [predicted, count] of row.entries()) {
      const shade = images === 0 ? 0 : Math.round((255 * count) / images)
      for (let y = label * cell; y < (label + 1) * cell; y++)
        pixels.fill(shade, y * size + predicted * cell, y * size + (predicted + 1) * cell)
    }
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
