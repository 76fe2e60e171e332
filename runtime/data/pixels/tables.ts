// Operations that map every value by a table: Pillow's ImageOps (invert, posterize, solarize, autocontrast,
// equalize).
import type { Canvas } from './canvas.js'

/** Maps every value by one table of 256 for all channels. */
export function applyTable(canvas: Canvas, table: Uint8Array): void {
  const { pixels, length } = canvas
  for (let i = 0; i < length; i++) pixels[i] = table[pixels[i] as number] as number
}

const table = new Uint8Array(256)

export function invert(canvas: Canvas): void {
  for (let value = 0; value < 256; value++) table[value] = 255 - value
  applyTable(canvas, table)
}

/** Keeps the upper `bits` (0..8) of every value. */
export function posterize(canvas: Canvas, bits: number): void {
  const mask = ~(2 ** (8 - bits) - 1)
  for (let value = 0; value < 256; value++) table[value] = value & mask
  applyTable(canvas, table)
}

/** Inverts the values from `threshold` (0..256, need not be whole) on. */
export function solarize(canvas: Canvas, threshold: number): void {
  for (let value = 0; value < 256; value++) table[value] = value < threshold ? value : 255 - value
  applyTable(canvas, table)
}

const histograms = new Int32Array(3 * 256)
const channelTables = new Uint8Array(3 * 256)

/** Adds a level to the values below 128, up to 255: timm's SolarizeAdd. */
export function solarizeAdd(canvas: Canvas, added: number): void {
  for (let value = 0; value < 256; value++) table[value] = value < 128 ? Math.min(255, value + added) : value
  applyTable(canvas, table)
}

/** Stretches each channel to 0..255. */
export function autocontrast(canvas: Canvas): void {
  countValues(canvas)
  for (let channel = 0; channel < canvas.channels; channel++) {
    const first = channel * 256
    let low = 0
    while (low < 255 && histograms[first + low] === 0) low++
    let high = 255
    while (high > 0 && histograms[first + high] === 0) high--
    const stretched = high > low
    const scale = stretched ? 255 / (high - low) : 1
    const offset = stretched ? -low * scale : 0
    for (let value = 0; value < 256; value++) {
      channelTables[first + value] = Math.min(255, Math.max(0, Math.trunc(value * scale + offset)))
    }
  }
  applyChannelTables(canvas)
}

/** Makes the histogram of each channel as flat as a table can. */
export function equalize(canvas: Canvas): void {
  countValues(canvas)
  const total = canvas.height * canvas.width
  for (let channel = 0; channel < canvas.channels; channel++) {
    const first = channel * 256
    let last = 255
    while (last > 0 && histograms[first + last] === 0) last--
    const step = Math.floor((total - (histograms[first + last] as number)) / 255)
    let sum = step >> 1
    for (let value = 0; value < 256; value++) {
      channelTables[first + value] = step === 0 ? value : Math.min(255, Math.floor(sum / step))
      sum += histograms[first + value] as number
    }
  }
  applyChannelTables(canvas)
}

function countValues(canvas: Canvas): void {
  const { pixels, length, channels } = canvas
  histograms.fill(0)
  if (channels === 3) {
    for (let i = 0; i < length; i += 3) {
      const red = pixels[i] as number
      const green = 256 + (pixels[i + 1] as number)
      const blue = 512 + (pixels[i + 2] as number)
      histograms[red] = (histograms[red] as number) + 1
      histograms[green] = (histograms[green] as number) + 1
      histograms[blue] = (histograms[blue] as number) + 1
    }
  } else {
    for (let i = 0; i < length; i++) {
      const value = pixels[i] as number
      histograms[value] = (histograms[value] as number) + 1
    }
  }
}

function applyChannelTables(canvas: Canvas): void {
  const { pixels, length, channels } = canvas
  if (channels === 3) {
    for (let i = 0; i < length; i += 3) {
      pixels[i] = channelTables[pixels[i] as number] as number
      pixels[i + 1] = channelTables[256 + (pixels[i + 1] as number)] as number
      pixels[i + 2] = channelTables[512 + (pixels[i + 2] as number)] as number
    }
  } else {
    for (let i = 0; i < length; i++) pixels[i] = channelTables[pixels[i] as number] as number
  }
}
