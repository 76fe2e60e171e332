// GIF (specification of version 89a): the first frame, on the screen that the header announces, or on a
// larger one where the frame goes beyond it. What the frame leaves free shows the transparent colour, else
// colour 0, as Pillow has it.
import { type ImageBytes, littleEndian16, startsWith } from './bytes.js'
import { headerOf, type ImageHeader } from './header.js'

export function isGif(first: Uint8Array): boolean {
  return startsWith(first, 'GIF87a') || startsWith(first, 'GIF89a')
}

interface Frame {
  readonly screenHeight: number
  readonly screenWidth: number
  readonly left: number
  readonly top: number
  readonly height: number
  readonly width: number
  readonly isInterlaced: boolean
  /** Red, green and blue of each colour; undefined: colours are grey values. */
  readonly palette: Uint8Array | undefined
  readonly transparent: number | undefined
  /** Bits of the shortest code but one. */
  readonly bits: number
  /** Where the blocks of codes begin. */
  readonly dataAt: number
}

export function gifHeader(file: ImageBytes): ImageHeader | string {
  const frame = frameOf(file)
  return typeof frame === 'string'
    ? frame
    : headerOf('gif', { height: frame.screenHeight, width: frame.screenWidth }, 'own')
}

const cutOff = 'ends before its first frame'

function frameOf({ read }: ImageBytes): Frame | string {
  const screen = Uint8Array.from(read(0, 13))
  if (screen.length < 13) return 'ends inside its header'
  const flags = screen[10] as number
  let at = 13
  let palette: Uint8Array | undefined
  if ((flags & 0x80) !== 0) {
    const length = 3 << ((flags & 7) + 1)
    palette = paletteFrom(read(at, length))
    at += length
  }
  let transparent: number | undefined
  for (;;) {
    const [mark] = read(at++, 1)
    if (mark === undefined || mark === 0x3b) return cutOff
    if (mark === 0x21) {
      const start = read(at, 6)
      if (start.length < 2) return cutOff
      const [label = 0, length = 0, set = 0] = start
      if (label === 0xf9 && length > 0) {
        if (start.length < 6 || length < 4) return 'has a damaged GIF extension'
        if ((set & 1) !== 0) transparent = start[5]
      }
      const behind = behindBlocks(read, at + 1)
      if (behind === undefined) return cutOff
      at = behind
    } else if (mark === 0x2c) {
      const place = Uint8Array.from(read(at, 9))
      if (place.length < 9) return cutOff
      at += 9
      const own = place[8] as number
      if ((own & 0x80) !== 0) {
        const length = 3 << ((own & 7) + 1)
        palette = paletteFrom(read(at, length))
        at += length
      }
      const [bits] = read(at, 1)
      if (bits === undefined) return cutOff
      const [left, top] = [littleEndian16(place, 0), littleEndian16(place, 2)]
      const [width, height] = [littleEndian16(place, 4), littleEndian16(place, 6)]
      return {
        screenHeight: Math.max(littleEndian16(screen, 8), top + height),
        screenWidth: Math.max(littleEndian16(screen, 6), left + width),
        left,
        top,
        height,
        width,
        isInterlaced: (own & 0x40) !== 0,
        palette,
        transparent,
        bits,
        dataAt: at + 1,
      }
    }
  }
}

/** A palette whose colours are their own numbers as grey values is none. */
function paletteFrom(bytes: Uint8Array): Uint8Array | undefined {
  const isGrey = bytes.every((value, i) => value === Math.floor(i / 3))
  return isGrey ? undefined : Uint8Array.from(bytes)
}

function behindBlocks(read: ImageBytes['read'], from: number): number | undefined {
  for (let at = from; ; ) {
    const [length] = read(at, 1)
    if (length === undefined) return undefined
    at += 1 + length
    if (length === 0) return at
  }
}

/** Red, green and blue of the whole screen, or in words what is wrong. */
export function decodeGif(file: ImageBytes): Uint8Array | string {
  const frame = frameOf(file)
  if (typeof frame === 'string') return frame
  const { screenHeight, screenWidth, palette, transparent } = frame
  const screen = new Uint8Array(screenHeight * screenWidth).fill(transparent ?? 0)
  const wrong = drawFrame(file, frame, screen)
  if (wrong !== undefined) return wrong
  const colours = new Uint8Array(3 * screen.length)
  for (let i = 0; i < screen.length; i++) {
    const index = screen[i] as number
    for (let c = 0; c < 3; c++)
      colours[3 * i + c] = palette === undefined ? index : (palette[3 * index + c] ?? 0)
  }
  return colours
}

const mostCodes = 4096
/** First row and distance of rows of the four passes of an interlaced frame. */
const passes = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const

/** Unpacks the frame's codes (Appendix F) into its place on the screen. */
function drawFrame({ read }: ImageBytes, frame: Frame, screen: Uint8Array): string | undefined {
  const { height, width, bits, left, top, screenWidth, dataAt } = frame
  if (bits > 12) return 'has codes of more than 12 bits'
  const rows = rowsOf(frame)
  const [clear, end] = [1 << bits, (1 << bits) + 1]
  const before = new Uint16Array(mostCodes)
  const last = new Uint8Array(mostCodes)
  const text = new Uint8Array(mostCodes + 1)
  let [codeBits, next, previous] = [bits + 1, end + 1, -1]
  let [held, heldBits] = [0, 0]
  let drawn = 0
  const total = height * width
  if (total === 0) return 'has a frame without pixels'
  for (let at = dataAt; ; ) {
    const [length] = read(at, 1)
    if (length === undefined || length === 0) return 'ends inside its first frame'
    const block = Uint8Array.from(read(at + 1, length))
    at += 1 + length
    for (const byte of block) {
      held |= byte << heldBits
      heldBits += 8
      while (heldBits >= codeBits) {
        const code = held & ((1 << codeBits) - 1)
        held >>>= codeBits
        heldBits -= codeBits
        if (code === clear) {
          ;[codeBits, next, previous] = [bits + 1, end + 1, -1]
          continue
        }
        if (code === end) return 'ends inside its first frame'
        if (code > next || (previous < 0 && code >= clear)) return 'has damaged codes'
        // The new code of a text that begins with itself is that of the text before and its first letter.
        let letters = 0
        let from = code
        if (code === next) {
          if (previous < 0 || next >= mostCodes) return 'has damaged codes'
          letters = 1
          from = previous
        }
        while (from > end) {
          text[letters++] = last[from] as number
          from = before[from] as number
        }
        const first = from
        text[letters++] = first
        if (code === next) text[0] = first
        if (previous >= 0 && next < mostCodes) {
          before[next] = previous
          last[next] = first
          next++
          if (next === 1 << codeBits && codeBits < 12) codeBits++
        }
        previous = code
        while (letters > 0 && drawn < total) {
          const row = rows[Math.floor(drawn / width)] as number
          screen[(top + row) * screenWidth + left + (drawn % width)] = text[--letters] as number
          drawn++
        }
        if (drawn === total) return undefined
      }
    }
  }
}

/** Rows of the frame in the order of its codes. */
function rowsOf({ height, isInterlaced }: Frame): readonly number[] {
  const order = isInterlaced ? passes : ([[0, 1]] as const)
  return order.flatMap(([first, step]) =>
    Array.from({ length: Math.ceil(Math.max(0, height - first) / step) }, (_, i) => first + i * step),
  )
}
