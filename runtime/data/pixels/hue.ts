// torchvision's adjust_hue: to Pillow's 8-bit HSV, the hue shifted around the circle of 256, and back
// (Convert.c). What Pillow computes per pixel in floats has few distinct arguments, so most of it is in
// tables, made on first use.
import type { Canvas } from './canvas.js'

interface HueTables {
  /**
   * Hue at [sector << 16 | (maximum - minimum) << 8 | (maximum - middle)]; sectors as `shiftHue` numbers
   * them.
   */
  readonly hue: Uint8Array
  /** Saturation at [maximum << 8 | (maximum - minimum)]. */
  readonly saturation: Uint8Array
  /** Lowest channel of a colour of value v and saturation s at [s << 8 | v]. */
  readonly lowest: Uint8Array
  /** Part of the way inside of its sixth of the circle, for every hue; float32. */
  readonly part: Float32Array
  /** Sixth of the circle, 0..5, of every hue. */
  readonly sixth: Uint8Array
}

let tables: HueTables | undefined

/** `shift` is the part of the circle, -0.5..0.5. Images of one channel stay as they are. */
export function shiftHue(canvas: Canvas, shift: number): void {
  if (canvas.channels !== 3) return
  tables ??= makeTables()
  const { hue, saturation, lowest, part, sixth } = tables
  const turn = Math.trunc(shift * 255) & 255
  const { pixels, length } = canvas
  for (let i = 0; i < length; i += 3) {
    const red = pixels[i] as number
    const green = pixels[i + 1] as number
    const blue = pixels[i + 2] as number
    const value = Math.max(red, green, blue)
    const minimum = Math.min(red, green, blue)
    const chroma = value - minimum
    const s = saturation[(value << 8) | chroma] as number
    if (s === 0) {
      pixels[i] = value
      pixels[i + 1] = value
      pixels[i + 2] = value
      continue
    }
    // Which channel is the largest (red before green before blue) and on which side of it the hue lies.
    let sector: number
    let middle: number
    if (red === value) {
      sector = green >= blue ? 0 : 1
      middle = Math.max(green, blue)
    } else if (green === value) {
      sector = red >= blue ? 2 : 3
      middle = Math.max(red, blue)
    } else {
      sector = green >= red ? 4 : 5
      middle = Math.max(green, red)
    }
    const h = ((hue[(sector << 16) | (chroma << 8) | (value - middle)] as number) + turn) & 255
    const low = lowest[(s << 8) | value] as number
    const share = saturationShare(s)
    const along = part[h] as number
    switch (sixth[h]) {
      case 0:
        pixels[i] = value
        pixels[i + 1] = rising(value, share, along)
        pixels[i + 2] = low
        break
      case 1:
        pixels[i] = falling(value, share, along)
        pixels[i + 1] = value
        pixels[i + 2] = low
        break
      case 2:
        pixels[i] = low
        pixels[i + 1] = value
        pixels[i + 2] = rising(value, share, along)
        break
      case 3:
        pixels[i] = low
        pixels[i + 1] = falling(value, share, along)
        pixels[i + 2] = value
        break
      case 4:
        pixels[i] = rising(value, share, along)
        pixels[i + 1] = low
        pixels[i + 2] = value
        break
      default:
        pixels[i] = value
        pixels[i + 1] = low
        pixels[i + 2] = falling(value, share, along)
    }
  }
}

/** Saturation 0..255 as a float32 in 0..1. */
function saturationShare(s: number): number {
  return Math.fround(s / 255)
}

function falling(value: number, share: number, along: number): number {
  return (value * (1 - Math.fround(share * along)) + 0.5) | 0
}

function rising(value: number, share: number, along: number): number {
  return (value * (1 - share * (1 - along)) + 0.5) | 0
}

function makeTables(): HueTables {
  const hue = new Uint8Array(6 << 16)
  const saturation = new Uint8Array(1 << 16)
  const lowest = new Uint8Array(1 << 16)
  const part = new Float32Array(256)
  const sixth = new Uint8Array(256)
  for (let chroma = 1; chroma < 256; chroma++) {
    for (let below = 0; below <= chroma; below++) {
      const share = Math.fround(below / chroma)
      const place = (chroma << 8) | below
      // (2 or 4) + the distances of the other two channels from the largest one, 1 for the smallest channel.
      hue[place] = hueOf(Math.fround(1 - share))
      hue[(1 << 16) | place] = hueOf(Math.fround(share - 1))
      hue[(2 << 16) | place] = hueOf(Math.fround(2 + share - 1))
      hue[(3 << 16) | place] = hueOf(Math.fround(2 + 1 - share))
      hue[(4 << 16) | place] = hueOf(Math.fround(4 + share - 1))
      hue[(5 << 16) | place] = hueOf(Math.fround(4 + 1 - share))
    }
    for (let value = chroma; value < 256; value++) {
      saturation[(value << 8) | chroma] = Math.trunc(Math.fround(chroma / value) * 255)
    }
  }
  for (let s = 0; s < 256; s++) {
    for (let value = 0; value < 256; value++) {
      lowest[(s << 8) | value] = Math.floor(value * (1 - saturationShare(s)) + 0.5)
    }
  }
  for (let h = 0; h < 256; h++) {
    const whole = Math.floor((h * 6) / 255)
    part[h] = Math.fround((h * 6) / 255 - whole)
    sixth[h] = whole % 6
  }
  return { hue, saturation, lowest, part, sixth }
}

/** Position on the circle of six, which may be below 0, as 0..255. */
function hueOf(position: number): number {
  return Math.trunc(Math.fround((position / 6 + 1) % 1) * 255)
}
