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
  slide(canvas, slope, 0, { along: 'x', fill, sampling })
}

/** Output (x, y) comes from (x, y + slope x), measured at pixel centres. */
export function shearY(canvas: Canvas, slope: number, fill: Colour, sampling: Smooth): void {
  slide(canvas, slope, 0, { along: 'y', fill, sampling })
}

/** Output (x, y) comes from (x + offset, y), `offset` in pixels, need not be whole. */
export function translateX(canvas: Canvas, offset: number, fill: Colour, sampling: Sampling): void {
  if (sampling === 'nearest') moveRows(canvas, offset, fill)
  else slide(canvas, 0, offset, { along: 'x', fill, sampling })
}

/** Output (x, y) comes from (x, y + offset), `offset` in pixels, need not be whole. */
export function translateY(canvas: Canvas, offset: number, fill: Colour, sampling: Sampling): void {
  if (sampling === 'nearest') moveColumns(canvas, offset, fill)
  else slide(canvas, 0, offset, { along: 'y', fill, sampling })
}

/** Writes the colour to `count` pixels from byte `at` on. */
function fillPixels(target: Uint8Array, at: number, count: number, fill: Colour, channels: number): void {
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

/**
 * Cubic with coefficient -1 through four values, `along` of the way from the second to the third; cut to
 * 0..255 by whoever takes it last. Short, so that the engine inlines it: else every number takes memory.
 */
export function cubic(a: number, b: number, c: number, d: number, along: number): number {
  return b + along * (c - a + along * (2 * (a - b) + c - d + along * (b - a + d - c)))
}

/** What slides and what is read there; no numbers, whose kinds (whole or not) the engine would tell apart. */
interface Slide {
  /** Rows slide along x, columns along y. */
  readonly along: 'x' | 'y'
  readonly fill: Colour
  readonly sampling: Smooth
}

/** Rows or columns pushed along themselves, each by `slope` times its own place (a centre) plus `offset`. */
function slide(canvas: Canvas, slope: number, offset: number, { along, fill, sampling }: Slide): void {
  const { pixels, height, width, channels } = canvas
  const target = canvas.spare(height * width * channels)
  const rowLength = width * channels
  const ofRows = along === 'x'
  const cubically = sampling === 'bicubic'
  // The pixels that an output is made of lie `step` bytes apart in a line of `size`.
  const size = ofRows ? width : height
  const step = ofRows ? channels : rowLength
  const nextLine = ofRows ? 0 : channels
  const byX = ofRows ? 1 : slope
  const byY = ofRows ? slope : 1
  let to = 0
  for (let y = 0; y < height; y++) {
    const shift = byY * (y + 0.5)
    let line = ofRows ? y * rowLength : 0
    for (let x = 0; x < width; x++, line += nextLine) {
      // Pillow's own sums, so that the same pixels are inside.
      const source = byX * (x + 0.5) + shift + offset
      if (source < 0 || source >= size) {
        for (let channel = 0; channel < channels; channel++) target[to++] = fill[channel] as number
        continue
      }
      const at = source - 0.5
      const before = Math.floor(at)
      const share = at - before
      const place1 = line + Math.max(before, 0) * step
      const place2 = line + Math.min(before + 1, size - 1) * step
      if (!cubically) {
        for (let channel = 0; channel < channels; channel++) {
          const value = pixels[place1 + channel] as number
          target[to++] = value + ((pixels[place2 + channel] as number) - value) * share
        }
        continue
      }
      const place0 = line + Math.max(before - 1, 0) * step
      const place3 = line + Math.min(before + 2, size - 1) * step
      for (let channel = 0; channel < channels; channel++) {
        const a = pixels[place0 + channel] as number
        const b = pixels[place1 + channel] as number
        const c = pixels[place2 + channel] as number
        const d = pixels[place3 + channel] as number
        const value = cubic(a, b, c, d, share)
        target[to++] = value <= 0 ? 0 : value >= 255 ? 255 : value
      }
    }
  }
  canvas.turn(height, width)
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
