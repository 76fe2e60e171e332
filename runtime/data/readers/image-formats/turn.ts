// Turns an image upright.
import type { Orientation } from './header.js'

export interface Colours {
  /** Red, green and blue in rows. */
  readonly pixels: Uint8Array
  readonly height: number
  readonly width: number
}

/** The image as it is to be seen, from how it lies in its file. */
export function upright(image: Colours, orientation: Orientation): Colours {
  if (orientation === 1) return image
  const { pixels, height, width } = image
  const isOnSide = orientation >= 5
  const [outHeight, outWidth] = isOnSide ? [width, height] : [height, width]
  // A step right and a step down in the upright image are these steps in the file's, in pixels.
  const fromRight = [3, 2, 7, 8].includes(orientation)
  const fromBottom = [3, 4, 6, 7].includes(orientation)
  const start = (fromBottom ? (height - 1) * width : 0) + (fromRight ? width - 1 : 0)
  const along = fromRight ? -1 : 1
  const down = fromBottom ? -width : width
  const [right, below] = isOnSide ? [down, along] : [along, down]
  const turned = new Uint8Array(pixels.length)
  let at = 0
  for (let y = 0; y < outHeight; y++) {
    let from = 3 * (start + y * below)
    for (let x = 0; x < outWidth; x++, from += 3 * right, at += 3) {
      turned[at] = pixels[from] as number
      turned[at + 1] = pixels[from + 1] as number
      turned[at + 2] = pixels[from + 2] as number
    }
  }
  return { pixels: turned, height: outHeight, width: outWidth }
}
