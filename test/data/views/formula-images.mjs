// Images for comparisons with Pillow, drawn by whole-number formulas, so that no picture has to be kept.

const formulas = {
  /** Gradients with a fold, all levels, smooth as a photograph. */
  ramps: (y, x, c, height, width) => {
    const level = Math.floor((x * (300 + 90 * c)) / width) + Math.floor((y * (250 - 70 * c)) / height)
    return level % 512 < 256 ? level % 256 : 255 - (level % 256)
  },
  noise: (y, x, c) => {
    let hash = Math.imul(y + 1, 0x9e3779b1) ^ Math.imul(x + 1, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    return ((hash ^ (hash >>> 13)) >>> 8) & 255
  },
  /** One colour. */
  flat: (_y, _x, c) => [37, 201, 118][c],
  /** A grey image in all its channels. */
  grey: (y, x) => (y * y + 3 * x * y + 11 * x) % 256,
  /** Nothing but the ends of the scale. */
  extremes: (y, x, c) => (((y >> 1) + (x >> (c + 1))) % 2 === 0 ? 0 : 255),
  /** Few levels near the middle: low contrast, gaps in the histogram. */
  dull: (y, x, c) => 96 + 7 * ((x * (c + 2) + y * 5) % 9),
}

export const formulaKinds = Object.keys(formulas)

export function formulaImage(kind, height, width, channels) {
  const pixels = new Uint8Array(height * width * channels)
  let at = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) pixels[at++] = formulas[kind](y, x, c, height, width)
    }
  }
  return { kind, height, width, channels, pixels }
}
