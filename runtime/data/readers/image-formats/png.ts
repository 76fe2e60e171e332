// PNG: image header, and what the chunks around the pixels say about how the image lies (W3C PNG, 5.3,
// 11.2.1, 11.3.2.5 and 11.3.3): EXIF in a chunk of its own or, as ImageMagick wrote it, in hexadecimal digits
// as a text, and XMP as a text. Chunks in front of the pixels must be whole, checksums and all, as Pillow
// wants them; what follows them may end early.
import { constants, inflateSync } from 'node:zlib'
import { crc32 } from '../../../platform/crc32.js'
import { bigEndian32, type ImageBytes, lettersOf, startsWith } from './bytes.js'
import { headerOf, type ImageHeader, type PixelForm } from './header.js'
import { orientationOf } from './orientation.js'

export function isPng(first: Uint8Array): boolean {
  return startsWith(first, '\x89PNG\r\n\x1a\n')
}

/** Bits of a sample that each colour type may have. */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/**
 * Where text lies and what EXIF there is, from chunks in the order of the file: a later one replaces an
 * earlier one.
 */
interface Texts {
  exif?: Uint8Array
  profile?: string
  xmp?: Uint8Array
}

export function pngHeader(file: ImageBytes): ImageHeader | string {
  const { read } = file
  const first = Uint8Array.from(read(0, 33))
  if (first.length < 33) return 'ends inside its header'
  if (!startsWith(first, 'IHDR', 12) || bigEndian32(first, 8) < 13) return 'has a damaged PNG header'
  const [depth, colour] = [first[24] as number, first[25] as number]
  if (depths[colour]?.includes(depth) !== true) return 'has a damaged PNG header'
  const stored = { height: bigEndian32(first, 20), width: bigEndian32(first, 16) }
  const texts: Texts = {}
  const wrong = readChunks(file, stored, texts)
  if (wrong !== undefined) return wrong
  const pixels: PixelForm = colour === 0 && depth === 16 ? 'grey 16 bit' : 'other'
  let { exif } = texts
  if (exif === undefined && texts.profile !== undefined) {
    exif = bytesOfDigits(texts.profile)
    if (exif === undefined) return 'has a damaged EXIF part, which says how the image lies'
  }
  return headerOf('png', stored, pixels, orientationOf({ exif, xmp: texts.xmp }))
}

/** Goes through all chunks; in words what is wrong where one in front of the pixels is damaged. */
function readChunks(
  { read }: ImageBytes,
  { height, width }: { readonly height: number; readonly width: number },
  texts: Texts,
): string | undefined {
  let isBefore = true
  // Frames that are announced; the image itself may be one of them, or stand in front of them.
  let frames = 0
  let isFirstFrame = false
  for (let at = 8; ; ) {
    const start = read(at, 8)
    if (start.length < 8) return isBefore ? 'ends before its pixels' : undefined
    const length = bigEndian32(start, 0)
    const kind = lettersOf(start.subarray(4))
    if (!/^[A-Za-z0-9_]{4}$/.test(kind)) return isBefore ? 'has a damaged PNG chunk' : undefined
    if (kind === 'IEND') return isBefore ? 'has no pixels' : undefined
    if (kind === 'IDAT') isBefore = false
    // A frame of an animation after the pixels: what follows belongs to it.
    if (kind === 'fcTL' && !isBefore && frames > (isFirstFrame ? 1 : 0)) return undefined
    if (kind !== 'IDAT' && (isBefore || isText(kind))) {
      if (length > mostChunkBytes) return `has a PNG chunk of ${length} bytes beside its pixels`
      const chunk = Uint8Array.from(read(at + 4, length + 8))
      if (chunk.length < length + 8) return 'ends inside a PNG chunk'
      if (isBefore && crc32(chunk.subarray(0, length + 4)) !== bigEndian32(chunk, length + 4))
        return `has a damaged PNG chunk (the checksum of ${kind} is wrong)`
      const data = chunk.subarray(4, length + 4)
      if (kind === 'acTL' && length >= 8) frames = bigEndian32(data, 0)
      if (kind === 'fcTL' && length >= 26) {
        isFirstFrame = true
        if (bigEndian32(data, 4) !== width || bigEndian32(data, 8) !== height)
          return 'is an animation whose first frame is a part of the image'
      }
      const wrong = addText(texts, kind, data)
      if (wrong !== undefined) return wrong
    }
    at += 12 + length
  }
}

/** Colour profiles and texts are far smaller. */
const mostChunkBytes = 2 ** 26

function isText(kind: string): boolean {
  return kind === 'eXIf' || kind === 'tEXt' || kind === 'zTXt' || kind === 'iTXt'
}

/** Text that one chunk may hold, unpacked: Pillow refuses more. */
const mostTextBytes = 2 ** 20

function addText(texts: Texts, kind: string, data: Uint8Array): string | undefined {
  if (kind === 'eXIf') {
    texts.exif = data
    return undefined
  }
  if (!isText(kind)) return undefined
  const end = data.indexOf(0)
  const key = lettersOf(end < 0 ? data : data.subarray(0, end))
  const rest = end < 0 ? new Uint8Array() : data.subarray(end + 1)
  if (kind === 'tEXt') addKeyed(texts, key, rest)
  if (kind === 'zTXt') {
    if (rest.length > 0 && rest[0] !== 0) return 'has a PNG text of an unknown compression'
    const text = unpacked(rest.subarray(1))
    if (text === 'more') return 'has a PNG text that is too long'
    addKeyed(texts, key, text ?? new Uint8Array())
  }
  if (kind === 'iTXt' && rest.length >= 2) {
    // Whether and how it is packed, the language, the translated key.
    const language = rest.indexOf(0, 2)
    const translated = language < 0 ? -1 : rest.indexOf(0, language + 1)
    if (end < 0 || translated < 0) return undefined
    const packed = rest.subarray(translated + 1)
    if (rest[0] !== 0 && rest[1] !== 0) return undefined
    const text = rest[0] === 0 ? packed : unpacked(packed)
    if (text === 'more') return 'has a PNG text that is too long'
    if (text !== undefined) addKeyed(texts, key, text)
  }
  return undefined
}

function addKeyed(texts: Texts, key: string, text: Uint8Array): void {
  if (key === 'XML:com.adobe.xmp') texts.xmp = text
  if (key === 'Raw profile type exif') texts.profile = lettersOf(text)
  if (key === 'exif') texts.exif = text
}

/** Unpacked as far as the bytes go; undefined where they are no packed text. */
function unpacked(packed: Uint8Array): Uint8Array | 'more' | undefined {
  try {
    const text = inflateSync(packed, {
      maxOutputLength: mostTextBytes + 1,
      finishFlush: constants.Z_SYNC_FLUSH,
    })
    return text.length > mostTextBytes ? 'more' : text
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'more' : undefined
  }
}

/** The bytes of `\nexif\n   length\ndigits...`; undefined where they are not digits in pairs. */
function bytesOfDigits(profile: string): Uint8Array | undefined {
  const digits = profile.split('\n').slice(3).join('')
  // Blanks may stand between pairs.
  return /^(?:[ \t\r\v\f]*[0-9A-Fa-f]{2})*[ \t\r\v\f]*$/.test(digits)
    ? Buffer.from(digits.replace(/\s/g, ''), 'hex')
    : undefined
}
