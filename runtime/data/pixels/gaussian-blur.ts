// Pillow's GaussianBlur: three box blurs per axis with a fractional radius (BoxBlur.c; Gwosdek et al.,
// "Theoretical foundations of Gaussian convolution by extended box filtering", SSVM 2011). Weights have 24
// fractional bits, sums wrap at 32 bits, every pass rounds to 8 bits, and the border is repeated.
import type { Canvas } from './canvas.js'

const passes = 3
const rounding = 1 << 23

/** Standard deviation `sigma` in pixels (Pillow's `radius`), >= 0. */
export function gaussianBlur(canvas: Canvas, sigma: number): void {
  const box = boxOf(sigma)
  if (box.radius === 0) {
    blurNarrow(canvas, box)
  } else {
    blurRows(canvas, box)
    for (let pass = 0; pass < passes; pass++) blurColumns(canvas, box)
  }
}

/** One box: the pixels up to `radius` away weigh `whole` each, the two beyond them `end`. */
interface BoxFilter {
  readonly radius: number
  readonly whole: number
  readonly end: number
}

function boxOf(sigma: number): BoxFilter {
  const fractional = boxRadius(sigma)
  const radius = Math.trunc(fractional)
  const whole = Math.trunc(Math.fround(16777216 / Math.fround(Math.fround(fractional * 2) + 1)))
  return { radius, whole, end: (16777216 - (radius * 2 + 1) * whole) >>> 1 }
}

/** Fractional radius of one of the three boxes; every step in float32, as in C. */
function boxRadius(sigma: number): number {
  const f = Math.fround
  const radius = f(sigma)
  const variance = f(f(radius * radius) / passes)
  const boxLength = f(Math.sqrt(12 * variance + 1))
  const l = Math.floor((boxLength - 1) / 2)
  const upper = f(f(2 * l + 1) * f(f(l * f(l + 1)) - f(3 * variance)))
  const lower = f(6 * f(variance - f(f(l + 1) * f(l + 1))))
  return f(l + f(upper / lower))
}

/** All passes where the box is a pixel and parts of its two neighbours: sigma below 1.41. */
function blurNarrow(canvas: Canvas, box: BoxFilter): void {
  const { pixels, height, width, channels } = canvas
  const rowLength = width * channels
  if (width > 1) {
    const row = { step: channels, count: width }
    for (let y = 0; y < height; y++) {
      for (let channel = 0; channel < channels; channel++) {
        blurLineNarrow(pixels, y * rowLength + channel, row, box)
      }
    }
  }
  if (height > 1) {
    const column = { step: rowLength, count: height }
    for (let i = 0; i < rowLength; i++) blurLineNarrow(pixels, i, column, box)
  }
}

/** `count` >= 2 values, `step` bytes apart. */
interface Line {
  readonly step: number
  readonly count: number
}

/**
 * The three passes of the line that begins at byte `start`, in place: each pass follows one value behind the
 * one before it, so that no line is stored in between.
 */
function blurLineNarrow(pixels: Uint8Array, start: number, { step, count }: Line, box: BoxFilter): void {
  const { whole, end } = box
  let before = pixels[start] as number
  let at = pixels[start + step] as number
  let read = start + 2 * step
  let write = start
  let after = count > 2 ? (pixels[read] as number) : at
  // Values of the first and of the second pass, the last but one and the last.
  let onceBefore = (Math.imul(before, whole) + Math.imul(before + at, end) + rounding) >>> 24
  let once = (Math.imul(at, whole) + Math.imul(before + after, end) + rounding) >>> 24
  let twice = (Math.imul(onceBefore, whole) + Math.imul(onceBefore + once, end) + rounding) >>> 24
  let twiceBefore = twice
  for (let i = 2; i < count; i++) {
    before = at
    at = after
    read += step
    if (i + 1 < count) after = pixels[read] as number
    const onceAfter = (Math.imul(at, whole) + Math.imul(before + after, end) + rounding) >>> 24
    const twiceAfter = (Math.imul(once, whole) + Math.imul(onceBefore + onceAfter, end) + rounding) >>> 24
    pixels[write] = (Math.imul(twice, whole) + Math.imul(twiceBefore + twiceAfter, end) + rounding) >>> 24
    write += step
    onceBefore = once
    once = onceAfter
    twiceBefore = twice
    twice = twiceAfter
  }
  const last = (Math.imul(once, whole) + Math.imul(onceBefore + once, end) + rounding) >>> 24
  pixels[write] = (Math.imul(twice, whole) + Math.imul(twiceBefore + last, end) + rounding) >>> 24
  pixels[write + step] = (Math.imul(last, whole) + Math.imul(twice + last, end) + rounding) >>> 24
}

let line = new Uint8Array(0)
let blurredLine = new Uint8Array(0)

/** A row of pixels with `margin` bytes before and behind it. */
interface PaddedRow {
  readonly margin: number
  readonly rowLength: number
  readonly channels: number
}

/** All passes of every row, in a line that holds `radius` + 1 repeated pixels at both ends. */
function blurRows(canvas: Canvas, box: BoxFilter): void {
  const { pixels, height, width, channels } = canvas
  const rowLength = width * channels
  const margin = (box.radius + 1) * channels
  const row = { margin, rowLength, channels }
  if (line.length < rowLength + 2 * margin) {
    line = new Uint8Array(rowLength + 2 * margin)
    blurredLine = new Uint8Array(rowLength + 2 * margin)
  }
  let from = line
  let to = blurredLine
  for (let y = 0; y < height; y++) {
    const start = y * rowLength
    for (let i = 0; i < rowLength; i++) from[margin + i] = pixels[start + i] as number
    for (let pass = 0; pass < passes; pass++) {
      repeatEnds(from, row)
      blurPadded(from, to, row, box)
      const blurred = to
      to = from
      from = blurred
    }
    for (let i = 0; i < rowLength; i++) pixels[start + i] = from[margin + i] as number
  }
}

function repeatEnds(padded: Uint8Array, { margin, rowLength, channels }: PaddedRow): void {
  const behind = margin + rowLength
  for (let i = 0; i < margin; i += channels) {
    for (let channel = 0; channel < channels; channel++) {
      padded[i + channel] = padded[margin + channel] as number
      padded[behind + i + channel] = padded[behind - channels + channel] as number
    }
  }
}

function blurPadded(from: Uint8Array, to: Uint8Array, row: PaddedRow, box: BoxFilter): void {
  const { margin, rowLength, channels } = row
  const { whole, end } = box
  const reach = box.radius * channels
  const last = margin + rowLength
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0
    for (let i = channel; i < channel + 2 * reach + channels; i += channels) sum += from[i] as number
    for (let i = margin + channel; i < last; i += channels) {
      const before = from[i - reach - channels] as number
      sum += (from[i + reach] as number) - before
      const ends = before + (from[i + reach + channels] as number)
      to[i] = (Math.imul(sum, whole) + Math.imul(ends, end) + rounding) >>> 24
    }
  }
}

let columnSums = new Int32Array(0)

/** One pass down all columns at once, row by row. */
function blurColumns(canvas: Canvas, { radius, whole, end }: BoxFilter): void {
  const { pixels, height, width, channels } = canvas
  const rowLength = width * channels
  const target = canvas.spare(height * rowLength)
  const rowAt = (y: number): number => Math.min(Math.max(y, 0), height - 1) * rowLength
  if (columnSums.length < rowLength) columnSums = new Int32Array(rowLength)
  const sums = columnSums.fill(0)
  for (let y = -radius - 1; y < radius; y++) {
    const row = rowAt(y)
    for (let i = 0; i < rowLength; i++) sums[i] = (sums[i] as number) + (pixels[row + i] as number)
  }
  for (let y = 0; y < height; y++) {
    const before = rowAt(y - radius - 1)
    const added = rowAt(y + radius)
    const after = rowAt(y + radius + 1)
    const to = y * rowLength
    for (let i = 0; i < rowLength; i++) {
      const left = pixels[before + i] as number
      const sum = (sums[i] as number) + (pixels[added + i] as number) - left
      sums[i] = sum
      const ends = left + (pixels[after + i] as number)
      target[to + i] = (Math.imul(sum, whole) + Math.imul(ends, end) + rounding) >>> 24
    }
  }
  canvas.turn(height, width)
}
