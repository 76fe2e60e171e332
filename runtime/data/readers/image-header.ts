// Height, width and kind of pixels of a JPEG or PNG image as it is shown, from its first bytes: JPEG frame header (ITU-T
// T.81, B.2.2) and the orientation in its EXIF part (which may lay it on its side), PNG image header and EXIF part (W3C PNG,
// 11.2.1 and 11.3.2.5).
import { closeSync, readSync } from 'node:fs'
import { openRegular } from '../../host/regular-file.js'

export interface ImageHeader {
  readonly format: 'jpeg' | 'png'
  readonly height: number
  readonly width: number
  /** `colour`: a JPEG image of three components, which needs no step but decoding; the last two need most. */
  readonly pixels: 'colour' | 'other' | 'grey 16 bit' | 'cmyk'
  /** Whether it has to be turned or mirrored to stand upright. */
  readonly turned: boolean
}

/** Shape of the image in `bytes`, or in one sentence without a subject why it has none. */
export function imageHeader(bytes: Uint8Array): ImageHeader | string {
  return headerFrom((at, count) => bytes.subarray(at, at + count))
}

/** Encoded; the largest photographs have a hundred times less. */
export const mostImageBytes = 2 ** 29

// One read of this size serves nearly all files; it is used again for each, which is safe as reading is synchronous.
const start = new Uint8Array(1024)

/** As `imageHeader`, reading no more of the file than its header parts. */
export function imageHeaderOfFile(path: string): ImageHeader | string {
  const { handle, facts } = openRegular(path)
  try {
    if (facts.size > mostImageBytes) return `has more than ${mostImageBytes.toLocaleString('en-US')} bytes`
    const got = readSync(handle, start, 0, start.length, 0)
    return headerFrom((at, count) => {
      if (at + count <= got || got < start.length)
        return start.subarray(Math.min(at, got), Math.min(at + count, got))
      // A long colour profile or preview in front of the frame.
      const further = new Uint8Array(count)
      return further.subarray(0, readSync(handle, further, 0, count, at))
    })
  } finally {
    closeSync(handle)
  }
}

/** Up to `count` bytes from `at` on; fewer at the end of the file. */
type ReadAt = (at: number, count: number) => Uint8Array

function headerFrom(read: ReadAt): ImageHeader | string {
  const first = read(0, 24)
  if (first.length === 0) return 'is empty'
  if (first[0] === 0xff && first[1] === 0xd8) return jpegHeader(read)
  if (first[0] === 0x89 && first[1] === 0x50 && first[2] === 0x4e && first[3] === 0x47) return pngHeader(read)
  return 'is neither a JPEG nor a PNG image'
}

function pngHeader(read: ReadAt): ImageHeader | string {
  const first = read(0, 33)
  if (first.length < 33) return 'ends inside its header'
  const pixels = first[24] === 16 && first[25] === 0 ? 'grey 16 bit' : 'other'
  const [height, width] = [bigEndian32(first, 20), bigEndian32(first, 16)]
  // Chunks up to the pixels: length, kind, data, four bytes of checksum.
  for (let at = first.length; ; ) {
    const chunk = read(at, 8)
    const kind = String.fromCharCode(...chunk.subarray(4))
    if (chunk.length < 8 || kind === 'IDAT' || kind === 'IEND') return shape('png', height, width, pixels, 1)
    const length = bigEndian32(chunk, 0)
    if (kind === 'eXIf')
      return shape(
        'png',
        height,
        width,
        pixels,
        orientationOf(read(at + 8, Math.min(length, longestExif))) ?? 1,
      )
    at += 12 + length
  }
}

/** What a JPEG segment can hold; a PNG chunk that is longer has its first directory in front. */
const longestExif = 65_533

function jpegHeader(read: ReadAt): ImageHeader | string {
  let orientation = 1
  let at = 2
  for (;;) {
    const segment = read(at, 10)
    if (segment.length < 4) return 'ends before its frame header'
    const marker = segment[1] as number
    // Bytes that belong to nothing are passed over, as decoders do; then fill bytes, and markers that stand alone.
    if (segment[0] !== 0xff || marker === 0xff || marker === 0) at += 1
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2
    else if (marker === 0xda || marker === 0xd9) return 'has no frame header'
    else {
      if (isFrame(marker)) {
        if (segment.length < 10) return 'ends inside its frame header'
        const pixels = segment[9] === 3 ? 'colour' : segment[9] === 4 ? 'cmyk' : 'other'
        return shape('jpeg', bigEndian16(segment, 5), bigEndian16(segment, 7), pixels, orientation)
      }
      const length = bigEndian16(segment, 2)
      if (length < 2) return 'has a damaged JPEG header'
      if (marker === 0xe1) orientation = exifOrientation(read(at + 4, length - 2)) ?? orientation
      at += 2 + length
    }
  }
}

/** Start of frame 0 .. 15, but for the three codes in between that mean something else. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

function shape(
  format: 'jpeg' | 'png',
  height: number,
  width: number,
  pixels: ImageHeader['pixels'],
  orientation: number,
): ImageHeader | string {
  if (height === 0 || width === 0) return 'has a size of zero'
  const turned = orientation !== 1
  return orientation >= 5
    ? { format, height: width, width: height, pixels, turned }
    : { format, height, width, pixels, turned }
}

/** The orientation in the EXIF part of a JPEG file; the first such part that has one counts. */
function exifOrientation(part: Uint8Array): number | undefined {
  if (part.length < 14 || String.fromCharCode(...part.subarray(0, 4)) !== 'Exif') return undefined
  return orientationOf(part.subarray(6))
}

/** The orientation tag (0x0112) of the first directory of a TIFF structure, 1 to 8. */
function orientationOf(part: Uint8Array): number | undefined {
  if (part.length < 8) return undefined
  const tiff = new DataView(part.buffer, part.byteOffset, part.length)
  const little = tiff.getUint16(0) === 0x4949
  const directory = tiff.getUint32(4, little)
  if (directory + 2 > tiff.byteLength) return undefined
  const entries = tiff.getUint16(directory, little)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i
    if (entry + 12 > tiff.byteLength) return undefined
    if (tiff.getUint16(entry, little) !== 0x0112) continue
    const value = tiff.getUint16(entry + 8, little)
    return value >= 1 && value <= 8 ? value : undefined
  }
  return undefined
}

function bigEndian16(bytes: Uint8Array, at: number): number {
  return (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) >>> 0
}

function bigEndian32(bytes: Uint8Array, at: number): number {
  return ((bigEndian16(bytes, at) << 16) | bigEndian16(bytes, at + 2)) >>> 0
}
