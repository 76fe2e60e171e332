// Windows bitmaps: headers of OS/2 (12 and 64 bytes) and of versions 3 to 5, of 1 to 32 bits, bare,
// run-length encoded or with bit fields, to the colours that Pillow makes of them.
import { type ImageBytes, littleEndian16, littleEndian32, startsWith } from './bytes.js'
import { headerOf, type ImageHeader } from './header.js'

export function isBmp(first: Uint8Array): boolean {
  return startsWith(first, 'BM')
}

interface Bitmap {
  readonly height: number
  readonly width: number
  readonly bits: number
  /** Rows from the top, instead of from the bottom. */
  readonly isTopDown: boolean
  readonly packing: 'none' | 'runs of 8 bits' | 'runs of 4 bits'
  /** Where red, green and blue lie in a pixel of 16 bits or more. */
  readonly layout: Layout | undefined
  readonly palette: Uint8Array
  readonly dataAt: number
}

/** Bytes of red, green and blue in a pixel, or the bits of each in one of 16 bits. */
type Layout = { readonly bytes: readonly [number, number, number] } | { readonly bits: '555' | '565' }

export function bmpHeader(file: ImageBytes): ImageHeader | string {
  const bitmap = bitmapOf(file)
  return typeof bitmap === 'string' ? bitmap : headerOf('bmp', bitmap, 'own')
}

/** By the masks of red, green, blue and alpha. */
const layoutsOf32: Readonly<Record<string, Layout>> = {
  'ff0000 ff00 ff 0': { bytes: [2, 1, 0] },
  'ff000000 ff0000 ff00 0': { bytes: [3, 2, 1] },
  'ff000000 ff00 ff 0': { bytes: [3, 1, 0] },
  'ff000000 ff0000 ff00 ff': { bytes: [3, 2, 1] },
  'ff ff00 ff0000 ff000000': { bytes: [0, 1, 2] },
  'ff0000 ff00 ff ff000000': { bytes: [2, 1, 0] },
  'ff000000 ff00 ff ff0000': { bytes: [3, 1, 0] },
  '0 0 0 0': { bytes: [2, 1, 0] },
}
const layoutsOf16: Readonly<Record<string, Layout>> = {
  'f800 7e0 1f': { bits: '565' },
  '7c00 3e0 1f': { bits: '555' },
}
const blueFirst: Layout = { bytes: [2, 1, 0] }

function bitmapOf({ read }: ImageBytes): Bitmap | string {
  const start = Uint8Array.from(read(0, 18))
  if (start.length < 18) return 'ends inside its header'
  const headerSize = littleEndian32(start, 14)
  const isOld = headerSize === 12
  if (!isOld && ![40, 52, 56, 64, 108, 124].includes(headerSize)) return 'has a BMP header of an unknown kind'
  const head = Uint8Array.from(read(18, headerSize - 4))
  if (head.length < headerSize - 4) return 'ends inside its header'
  const isTopDown = !isOld && head[7] === 0xff
  const [width, height, bits] = isOld
    ? [littleEndian16(head, 0), littleEndian16(head, 2), littleEndian16(head, 6)]
    : [
        littleEndian32(head, 0),
        isTopDown ? 2 ** 32 - littleEndian32(head, 4) : littleEndian32(head, 4),
        littleEndian16(head, 10),
      ]
  if (![1, 4, 8, 16, 24, 32].includes(bits)) return `has ${bits} bits for a pixel, which no BMP image has`
  const compression = isOld ? 0 : littleEndian32(head, 12)
  let at = 14 + headerSize
  let layout: Layout | undefined = bits === 16 ? { bits: '555' } : bits > 16 ? blueFirst : undefined
  if (compression === 3) {
    const masks: number[] = []
    if (head.length >= 48)
      for (let i = 0; i < (head.length >= 52 ? 4 : 3); i++) masks.push(littleEndian32(head, 36 + 4 * i))
    else {
      const behind = read(at, 12)
      if (behind.length < 12) return 'ends inside its header'
      for (let i = 0; i < 3; i++) masks.push(littleEndian32(behind, 4 * i))
      at += 12
    }
    const names = [...masks, 0].slice(0, 4).map((mask) => mask.toString(16))
    const three = names.slice(0, 3).join(' ')
    if (bits === 32) layout = layoutsOf32[names.join(' ')]
    else if (bits === 16) layout = layoutsOf16[three]
    else layout = bits === 24 && three === 'ff0000 ff00 ff' ? blueFirst : undefined
    if (layout === undefined) return 'has a layout of bits that is not read'
  } else if (compression > 2) return 'is compressed in a way that is not read'
  const offset = littleEndian32(start, 10)
  const colours = (isOld ? 0 : littleEndian32(head, 28)) || 2 ** bits
  const entry = isOld ? 3 : 4
  const usesPalette = bits <= 8
  if (usesPalette && colours > 65_536) return 'has a palette that is too long'
  const palette = usesPalette
    ? paletteFrom(Uint8Array.from(read(at, entry * colours)), colours, entry, bits, compression !== 0)
    : empty
  if (typeof palette === 'string') return palette
  // Some programs leave the palette out of the offset.
  const isShort = offset === 14 + headerSize && usesPalette
  return {
    height,
    width,
    bits,
    isTopDown,
    packing: compression === 1 ? 'runs of 8 bits' : compression === 2 ? 'runs of 4 bits' : 'none',
    layout,
    palette,
    dataAt:
      (offset === 0 ? at + (usesPalette ? entry * colours : 0) : offset) + (isShort ? entry * colours : 0),
  }
}

const empty = new Uint8Array()

/** Red, green and blue of each of 256 colours, or in words why there are none. */
function paletteFrom(
  bytes: Uint8Array,
  colours: number,
  entry: number,
  bits: number,
  isPacked: boolean,
): Uint8Array | string {
  const palette = new Uint8Array(3 * 256)
  // Pillow knows a palette of grey values by its entries, as far as it goes; what goes beyond it is grey too.
  const levels = colours === 2 ? [0, 255] : Array.from({ length: colours }, (_, i) => i)
  const isGrey = levels.every((level, i) => [0, 1, 2].every((c) => bytes[entry * i + c] === level))
  if (isGrey) {
    const isOfTwo = colours <= 2
    if (isOfTwo ? bits !== 1 || isPacked : bits !== 8 && !isPacked)
      return 'has a palette of grey values, which an image of its bits is not read with'
    return palette.map((_, i) => (isOfTwo ? (i < 3 ? 0 : 255) : Math.floor(i / 3)))
  }
  for (let i = 0; i < Math.min(colours, 256); i++)
    for (let c = 0; c < 3; c++) palette[3 * i + c] = bytes[entry * i + 2 - c] ?? 0
  return palette
}

/** Red, green and blue, rows from the top, or in words what is wrong. */
export function decodeBmp(bytes: Uint8Array): Uint8Array | string {
  const bitmap = bitmapOf({ read: (at, count) => bytes.subarray(at, at + count), size: bytes.length })
  if (typeof bitmap === 'string') return bitmap
  const { height, width, bits, packing, palette, dataAt, isTopDown } = bitmap
  const data = bytes.subarray(dataAt)
  const colours = new Uint8Array(3 * height * width)
  if (bits > 8 && packing !== 'none') return 'has runs of pixels that have no palette'
  const stride = strideOf(bitmap)
  if (packing === 'none' && data.length < stride * (height - 1) + Math.ceil((width * bits) / 8)) return cutOff
  const indices =
    bits > 8 ? empty : packing === 'none' ? unpacked(bitmap, data) : unrolled(bitmap, data, dataAt)
  if (typeof indices === 'string') return indices
  const paint: Paint =
    bits > 8
      ? painterOf(bitmap, data)
      : (row, x, _, at) => {
          const index = 3 * (indices[row * width + x] as number)
          colours.set(palette.subarray(index, index + 3), at)
        }
  for (let row = 0; row < height; row++) {
    let at = 3 * width * (isTopDown ? row : height - 1 - row)
    for (let x = 0; x < width; x++, at += 3) paint(row, x, colours, at)
  }
  return colours
}

/** Bytes of a row: whole words of 32 bits. */
function strideOf({ width, bits }: Bitmap): number {
  return Math.ceil((width * bits) / 32) * 4
}

const cutOff = 'ends before its last pixel'

type Paint = (row: number, x: number, colours: Uint8Array, at: number) => void

function painterOf(bitmap: Bitmap, data: Uint8Array): Paint {
  const { bits, layout } = bitmap
  const stride = strideOf(bitmap)
  if (layout !== undefined && 'bytes' in layout) {
    const size = bits / 8
    const [red, green, blue] = layout.bytes
    return (row, x, colours, at) => {
      const from = row * stride + size * x
      colours[at] = data[from + red] as number
      colours[at + 1] = data[from + green] as number
      colours[at + 2] = data[from + blue] as number
    }
  }
  const greenBits = layout?.bits === '565' ? 6 : 5
  const most = (1 << greenBits) - 1
  return (row, x, colours, at) => {
    const value = littleEndian16(data, row * stride + 2 * x)
    colours[at] = Math.floor((((value >> (5 + greenBits)) & 31) * 255) / 31)
    colours[at + 1] = Math.floor((((value >> 5) & most) * 255) / most)
    colours[at + 2] = Math.floor(((value & 31) * 255) / 31)
  }
}

/** Numbers of colours, rows in the order of the file. */
function unpacked(bitmap: Bitmap, data: Uint8Array): Uint8Array {
  const { height, width, bits } = bitmap
  const stride = strideOf(bitmap)
  const indices = new Uint8Array(height * width)
  const perByte: number = 8 / bits
  const mask = (1 << bits) - 1
  for (let row = 0, at = 0; row < height; row++)
    for (let x = 0; x < width; x++, at++) {
      const byte = data[row * stride + Math.floor(x / perByte)] as number
      indices[at] = (byte >> (8 - bits * ((x % perByte) + 1))) & mask
    }
  return indices
}

/** As `unpacked`, of runs. What a delta jumps over is colour 0. */
function unrolled({ height, width, packing }: Bitmap, data: Uint8Array, dataAt: number): Uint8Array | string {
  const isHalf = packing === 'runs of 4 bits'
  const total = height * width
  const indices = new Uint8Array(total)
  let done = 0
  let x = 0
  let at = 0
  const put = (value: number): void => {
    if (done < total) indices[done] = value
    done++
  }
  while (done < total) {
    const [count, value] = [data[at], data[at + 1]]
    if (count === undefined || value === undefined) break
    at += 2
    if (count > 0) {
      const run = x + count > width ? Math.max(0, width - x) : count
      for (let i = 0; i < run; i++) put(isHalf ? (i % 2 === 0 ? value >> 4 : value & 15) : value)
      x += run
    } else if (value === 0) {
      done = Math.ceil(done / width) * width
      x = 0
    } else if (value === 1) break
    else if (value === 2) {
      const [right, up] = [data[at], data[at + 1]]
      if (right === undefined || up === undefined) break
      at += 2
      done += Math.min(total - done, right + up * width)
      x = done % width
    } else {
      const literal = Math.min(total - done, value)
      const bytes = isHalf ? Math.ceil(literal / 2) : literal
      const there = Math.min(bytes, data.length - at)
      for (let i = 0; i < there; i++) {
        const byte = data[at + i] as number
        if (!isHalf) put(byte)
        else {
          put(byte >> 4)
          if (2 * i + 1 < literal) put(byte & 15)
        }
      }
      at += there
      if (there < bytes || done >= total) break
      x += value
      if ((dataAt + at) % 2 !== 0) at++
    }
  }
  return done < total ? cutOff : indices
}
