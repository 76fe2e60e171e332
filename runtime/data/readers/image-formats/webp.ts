// WebP (RFC 9649): sizes from the first chunk, EXIF and XMP from chunks of their own, which count where the
// header of the extended format announces them. Of an animation the first frame is the image.
import { type ImageBytes, littleEndian16, littleEndian32, startsWith } from './bytes.js'
import { headerOf, type ImageHeader } from './header.js'
import { orientationOf } from './orientation.js'

export function isWebp(first: Uint8Array): boolean {
  return startsWith(first, 'RIFF') && startsWith(first, 'WEBP', 8)
}

const flags = { animation: 0x02, xmp: 0x04, exif: 0x08, alpha: 0x10 } as const

export function webpHeader({ read, size }: ImageBytes): ImageHeader | string {
  const first = Uint8Array.from(read(0, 30))
  if (first.length < 25) return 'ends inside its header'
  const end = littleEndian32(first, 4) + 8
  if (end > size) return 'is cut off'
  if (startsWith(first, 'VP8 ', 12)) {
    if (first.length < 30) return 'ends inside its header'
    if (!startsWith(first, '\x9d\x01\x2a', 23)) return 'has a damaged WebP header'
    const stored = { height: littleEndian16(first, 28) & 0x3fff, width: littleEndian16(first, 26) & 0x3fff }
    return headerOf('webp', stored, 'other')
  }
  if (startsWith(first, 'VP8L', 12)) {
    if (first[20] !== 0x2f) return 'has a damaged WebP header'
    const bits = littleEndian32(first, 21)
    return headerOf('webp', { height: ((bits >>> 14) & 0x3fff) + 1, width: (bits & 0x3fff) + 1 }, 'other')
  }
  if (!startsWith(first, 'VP8X', 12)) return 'has a damaged WebP header'
  if (first.length < 30) return 'ends inside its header'
  const announced = first[20] as number
  const stored = { height: threeBytes(first, 27) + 1, width: threeBytes(first, 24) + 1 }
  let exif: Uint8Array | undefined
  let xmp: Uint8Array | undefined
  for (let at = 12; at + 8 <= end; ) {
    const start = read(at, 8)
    if (start.length < 8) break
    const length = littleEndian32(start, 4)
    if (length > end - at - 8) return 'has a damaged WebP chunk'
    const part = (): Uint8Array => Uint8Array.from(read(at + 8, length))
    if (startsWith(start, 'EXIF') && (announced & flags.exif) !== 0) exif ??= part()
    else if (startsWith(start, 'XMP ') && (announced & flags.xmp) !== 0) xmp ??= part()
    at += 8 + length + (length % 2)
  }
  // The decoder puts frames together in ways of its own: the first one is taken out for it.
  const pixels = (announced & flags.animation) === 0 ? 'other' : 'own'
  return headerOf('webp', stored, pixels, orientationOf({ exif, xmp }))
}

function threeBytes(bytes: Uint8Array, at: number): number {
  return littleEndian16(bytes, at) | ((bytes[at + 2] as number) << 16)
}

/** The first frame of an animation as a file of its own, and where it lies on the canvas. */
export interface FirstFrame {
  readonly file: Uint8Array
  readonly left: number
  readonly top: number
  readonly height: number
  readonly width: number
}

export function firstFrame(bytes: Uint8Array): FirstFrame | undefined {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = littleEndian32(bytes, at + 4)
    if (startsWith(bytes, 'ANMF', at) && length >= 24 && at + 8 + length <= bytes.length) {
      const from = at + 8
      const [width, height] = [threeBytes(bytes, from + 6) + 1, threeBytes(bytes, from + 9) + 1]
      const parts = bytes.subarray(from + 16, from + length)
      return {
        file: riff([extended(width, height, startsWith(parts, 'ALPH')), parts]),
        left: 2 * threeBytes(bytes, from),
        top: 2 * threeBytes(bytes, from + 3),
        height,
        width,
      }
    }
    at += 8 + length + (length % 2)
  }
  return undefined
}

function extended(width: number, height: number, hasAlpha: boolean): Uint8Array {
  const chunk = Buffer.alloc(18)
  chunk.write('VP8X', 'latin1')
  chunk.writeUInt32LE(10, 4)
  chunk[8] = hasAlpha ? flags.alpha : 0
  chunk.writeUIntLE(width - 1, 12, 3)
  chunk.writeUIntLE(height - 1, 15, 3)
  return chunk
}

function riff(chunks: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(chunks)
  const head = Buffer.alloc(12)
  head.write('RIFF', 'latin1')
  head.writeUInt32LE(4 + body.length, 4)
  head.write('WEBP', 8, 'latin1')
  return Buffer.concat([head, body])
}
