// Grey and colour maps of Netpbm in their binary forms, PGM (P5) and PPM (P6): a header in words, then
// samples of one byte, or of two, high one first, where the largest value is above 255.
import { bigEndian16, type ImageBytes } from './bytes.js'
import { headerOf, type ImageHeader } from './header.js'

export function isNetpbm(first: Uint8Array): boolean {
  return first[0] === 0x50 && (first[1] === 0x35 || first[1] === 0x36) && isBlank(first[2])
}

interface PixelMap {
  readonly height: number
  readonly width: number
  readonly channels: 1 | 3
  readonly largest: number
  readonly dataAt: number
}

export function netpbmHeader(file: ImageBytes): ImageHeader | string {
  const map = mapOf(file)
  return typeof map === 'string' ? map : headerOf('netpbm', map, 'own')
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)
}

/** Letters in which the header must end, remarks and all. */
const longestHeader = 4096

function mapOf({ read }: ImageBytes): PixelMap | string {
  const start = Uint8Array.from(read(0, longestHeader))
  const numbers: number[] = []
  let at = 2
  while (numbers.length < 3) {
    while (isBlank(start[at]) || start[at] === 0x23) {
      if (start[at] === 0x23) while (at < start.length && start[at] !== 0x0a && start[at] !== 0x0d) at++
      else at++
    }
    const from = at
    while (at < start.length && (start[at] as number) >= 0x30 && (start[at] as number) <= 0x39) at++
    if (at === from || at - from > 10 || !isBlank(start[at])) return 'has a damaged header'
    numbers.push(Number(Buffer.from(start.subarray(from, at)).toString('latin1')))
  }
  const [width = 0, height = 0, largest = 0] = numbers
  if (largest < 1 || largest > 65_535) return `has ${largest} as the largest value of its header`
  return { height, width, channels: start[1] === 0x36 ? 3 : 1, largest, dataAt: at + 1 }
}

/** Red, green and blue, or in words what is wrong. */
export function decodeNetpbm(bytes: Uint8Array): Uint8Array | string {
  const map = mapOf({ read: (at, count) => bytes.subarray(at, at + count), size: bytes.length })
  if (typeof map === 'string') return map
  const { height, width, channels, largest, dataAt } = map
  const size = largest > 255 ? 2 : 1
  const data = bytes.subarray(dataAt)
  const samples = height * width * channels
  if (data.length < size * samples) return 'ends before its last pixel'
  // Grey of more than 8 bits is cut off at 255 and not scaled, as in other formats.
  const outLargest = size === 2 && channels === 1 ? 65_535 : 255
  const colours = new Uint8Array(3 * height * width)
  for (let i = 0; i < samples; i++) {
    const sample = size === 2 ? bigEndian16(data, 2 * i) : (data[i] as number)
    const value = Math.min(255, outLargest, rounded((sample / largest) * outLargest))
    if (channels === 3) colours[i] = value
    else colours.fill(value, 3 * i, 3 * i + 3)
  }
  return colours
}

/** To the even one of two numbers that are as near, as Python rounds. */
function rounded(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}
