// Pillow's shears and translations (Geometry.c). Both move whole rows or whole columns, so that pixels are
// taken from between others along one axis only. Pixels whose source lies outside of the image become the
// fill colour.
import type { Canvas } from './canvas.js'

/** How pixels are taken from between others, with two or four of them. */
export type Smooth = 'bilinear' | 'bicubic'

export type Sampling = 'nearest' | Smooth

/** Levels of red, green and blue, 0..255; an image of one channel takes the first. */
export type Colour = readonly [red: number, green: number, blue: number]

/** Output (x, y) comes from (x + slope y, y), measured at pixel centres. */
export function shearX(canvas: Canvas, slope: number, fill: Colour, sampling: Smooth): void {
  slideRows(canvas, slope, 0, fill, sampling)
}

/** Output (x, y) comes from (x, y + slope x), measured at pixel centres. */
export function shearY(canvas: Canvas, slope: number, fill: Colour, sampling: Smooth): void {
  slideColumns(canvas, slope, 0, fill, sampling)
}

/** Output (x, y) comes from (x + offset, y), `offset` in pixels, need not be whole. */
export function translateX(canvas: Canvas, offset: number, fill: Colour, sampling: Sampling): void {
  if (sampling === 'nearest') moveRows(canvas, offset, fill)
  else slideRows(canvas, 0, offset, fill, sampling)
}

/** Output (x, y) comes from (x, y + offset), `offset` in pixels, need not be whole. */
export function translateY(canvas: Canvas, offset: number, fill: Colour, sampling: Sampling): void {
  if (sampling === 'nearest') moveColumns(canvas, offset, fill)
  else slideColumns(canvas, 0, offset, fill, sampling)
}

/** Writes the colour to `count` pixels from byte `at` on. */
export function fillPixels(
  target: Uint8Array,
  at: number,
  count: number,
  fill: Colour,
  channels: number,
): void {
  if (channels === 1) {
    target.fill(fill[0], at, at + count)
    return
  }
  const [red, green, blue] = fill
  const end = at + 3 * count
  for (let to = at; to < end; to += 3) {
    target[to] = red
    target[to + 1] = green
    target[to + 2] = blue
  }
}

// Below, code is spelt out where a function would do: numbers that are not whole, given to a function that
// the engine does not inline, each take memory.

/** Every row by slope (y + 0.5) + offset to the left. */
function slideRows(canvas: Canvas, slope: number, offset: number, fill: Colour, sampling: Smooth): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const slideRow = sampling === 'bicubic' ? slideRowBicubic : slideRowBilinear
  for (let y = 0; y < height; y++) {
    const row = y * width * channels
    const shift = slope * (y + 0.5)
    // Pillow's own sums, x + 0.5 + shift + offset, so that the same pixels are inside.
    let first = Math.min(width, Math.max(0, Math.floor(-shift - offset) - 1))
    while (first < width && first + 0.5 + shift + offset < 0) first++
    let last = Math.max(first, Math.min(width, Math.ceil(width - shift - offset) + 1))
    while (last > first && last - 1 + 0.5 + shift + offset >= width) last--
    fillPixels(target, row, first, fill, channels)
    slideRow(pixels, target, row, width, channels, first, last, shift, offset)
    fillPixels(target, row + last * channels, width - last, fill, channels)
  }
  canvas.turn(height, width)
}

/** Pixels `first` .. `last` - 1 of the row that begins at byte `row`. */
function slideRowBilinear(
  pixels: Uint8Array,
  target: Uint8Array,
  row: number,
  width: number,
  channels: number,
  first: number,
  last: number,
  shift: number,
  offset: number,
): void {
  let to = row + first * channels
  for (let x = first; x < last; x++) {
    const at = x + 0.5 + shift + offset - 0.5
    const left = Math.floor(at)
    const along = at - left
    const a = row + Math.max(left, 0) * channels
    const b = row + Math.min(left + 1, width - 1) * channels
    for (let channel = 0; channel < channels; channel++) {
      const value = pixels[a + channel] as number
      target[to++] = value + ((pixels[b + channel] as number) - value) * along
    }
  }
}

function slideRowBicubic(
  pixels: Uint8Array,
  target: Uint8Array,
  row: number,
  width: number,
  channels: number,
  first: number,
  last: number,
  shift: number,
  offset: number,
): void {
  let to = row + first * channels
  for (let x = first; x < last; x++) {
    const at = x + 0.5 + shift + offset - 0.5
    const left = Math.floor(at)
    const along = at - left
    const place0 = row + Math.max(left - 1, 0) * channels
    const place1 = row + Math.max(left, 0) * channels
    const place2 = row + Math.min(left + 1, width - 1) * channels
    const place3 = row + Math.min(left + 2, width - 1) * channels
    for (let channel = 0; channel < channels; channel++) {
      const a = pixels[place0 + channel] as number
      const b = pixels[place1 + channel] as number
      const c = pixels[place2 + channel] as number
      const d = pixels[place3 + channel] as number
      // Cubic with coefficient -1 through four values, between the second and the third.
      const value = b + along * (c - a + along * (2 * (a - b) + c - d + along * (b - a + d - c)))
      target[to++] = value <= 0 ? 0 : value >= 255 ? 255 : value
    }
  }
}

/** Every column by slope (x + 0.5) + offset upwards. */
function slideColumns(canvas: Canvas, slope: number, offset: number, fill: Colour, sampling: Smooth): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const slideRow = sampling === 'bicubic' ? slideColumnsBicubic : slideColumnsBilinear
  for (let y = 0; y < height; y++) {
    slideRow(pixels, target, y, height, width, channels, slope, offset, fill)
  }
  canvas.turn(height, width)
}

/** Row `y` of the result. */
function slideColumnsBilinear(
  pixels: Uint8Array,
  target: Uint8Array,
  y: number,
  height: number,
  width: number,
  channels: number,
  slope: number,
  offset: number,
  fill: Colour,
): void {
  const rowLength = width * channels
  let to = y * rowLength
  for (let x = 0; x < width; x++) {
    const source = slope * (x + 0.5) + (y + 0.5) + offset
    if (source < 0 || source >= height) {
      for (let channel = 0; channel < channels; channel++) target[to++] = fill[channel] as number
      continue
    }
    const at = source - 0.5
    const above = Math.floor(at)
    const along = at - above
    const a = x * channels + Math.max(above, 0) * rowLength
    const b = x * channels + Math.min(above + 1, height - 1) * rowLength
    for (let channel = 0; channel < channels; channel++) {
      const value = pixels[a + channel] as number
      target[to++] = value + ((pixels[b + channel] as number) - value) * along
    }
  }
}

function slideColumnsBicubic(
  pixels: Uint8Array,
  target: Uint8Array,
  y: number,
  height: number,
  width: number,
  channels: number,
  slope: number,
  offset: number,
  fill: Colour,
): void {
  const rowLength = width * channels
  let to = y * rowLength
  for (let x = 0; x < width; x++) {
    const source = slope * (x + 0.5) + (y + 0.5) + offset
    if (source < 0 || source >= height) {
      for (let channel = 0; channel < channels; channel++) target[to++] = fill[channel] as number
      continue
    }
    const at = source - 0.5
    const above = Math.floor(at)
    const along = at - above
    const column = x * channels
    const place0 = column + Math.max(above - 1, 0) * rowLength
    const place1 = column + Math.max(above, 0) * rowLength
    const place2 = column + Math.min(above + 1, height - 1) * rowLength
    const place3 = column + Math.min(above + 2, height - 1) * rowLength
    for (let channel = 0; channel < channels; channel++) {
      const a = pixels[place0 + channel] as number
      const b = pixels[place1 + channel] as number
      const c = pixels[place2 + channel] as number
      const d = pixels[place3 + channel] as number
      const value = b + along * (c - a + along * (2 * (a - b) + c - d + along * (b - a + d - c)))
      target[to++] = value <= 0 ? 0 : value >= 255 ? 255 : value
    }
  }
}

function moveRows(canvas: Canvas, offset: number, fill: Colour): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const sources = sourcePositions(width, offset)
  let to = 0
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let x = 0; x < width; x++) {
      const source = sources[x] as number
      const from = (row + source) * channels
      for (let channel = 0; channel < channels; channel++) {
        target[to++] = (source < 0 ? fill[channel] : pixels[from + channel]) as number
      }
    }
  }
  canvas.turn(height, width)
}

function moveColumns(canvas: Canvas, offset: number, fill: Colour): void {
  const { pixels, height, width, channels } = canvas
  const rowLength = width * channels
  const target = canvas.spare(height * rowLength)
  const sources = sourcePositions(height, offset)
  for (let y = 0; y < height; y++) {
    const from = (sources[y] as number) * rowLength
    const to = y * rowLength
    if (from < 0) fillPixels(target, to, width, fill, channels)
    else for (let i = 0; i < rowLength; i++) target[to + i] = pixels[from + i] as number
  }
  canvas.turn(height, width)
}

let positions = new Int32Array(0)

/** Nearest source of every position of an axis, or -1 outside; summed up step by step, as Pillow does. */
function sourcePositions(size: number, offset: number): Int32Array {
  if (positions.length < size) positions = new Int32Array(size)
  let at = offset + 0.5
  for (let i = 0; i < size; i++) {
    positions[i] = at < 0 || at >= size ? -1 : Math.trunc(at)
    at += 1
  }
  return positions
}
