// Height, width and kind of pixels of an image as it is shown, from the header parts of its file. What the
// bytes are decides, and not the name of the file: a WebP image that is called .jpg is a WebP image, as for
// Pillow.
import { closeSync, readSync } from 'node:fs'
import type { SourceFailure } from '../../../compiler/host.js'
import { openRegular } from '../../platform/host/regular-file.js'
import { defaultDataMemory } from '../memory-budget.js'
import { bmpHeader, isBmp } from './image-formats/bmp.js'
import { bytesInMemory, type ImageBytes } from './image-formats/bytes.js'
import { gifHeader, isGif } from './image-formats/gif.js'
import type { ImageHeader } from './image-formats/header.js'
import { isJpeg, jpegHeader } from './image-formats/jpeg.js'
import { isNetpbm, netpbmHeader } from './image-formats/netpbm.js'
import { otherKind } from './image-formats/other-kinds.js'
import { isPng, pngHeader } from './image-formats/png.js'
import { isTiff, tiffHeader } from './image-formats/tiff.js'
import { isWebp, webpHeader } from './image-formats/webp.js'
import { failure, thousands, unreadable } from './reading.js'

export type { ImageHeader } from './image-formats/header.js'

type HeaderResult = ({ readonly ok: true } & ImageHeader) | SourceFailure

/** Endings of the names of images, in the order in which people think of them. Case does not matter. */
export const imageEndings = [
  'jpg',
  'jpeg',
  'jfif',
  'jpe',
  'png',
  'webp',
  'gif',
  'bmp',
  'tif',
  'tiff',
  'ppm',
  'pgm',
] as const

const formats: readonly (readonly [
  is: (first: Uint8Array) => boolean,
  header: (file: ImageBytes) => ImageHeader | string,
])[] = [
  [isJpeg, jpegHeader],
  [isPng, pngHeader],
  [isWebp, webpHeader],
  [isGif, gifHeader],
  [isBmp, bmpHeader],
  [isTiff, tiffHeader],
  [isNetpbm, netpbmHeader],
]

/** Encoded; the largest photographs have a hundred times less. */
export const mostImageBytes = 2 ** 29

/**
 * Pixels above which Pillow takes an image for one that was made to fill the memory: twice its
 * MAX_IMAGE_PIXELS. The decoded image takes three bytes for each, and no more than data may take on this
 * machine.
 */
export function mostPixels(memory?: number): number {
  return Math.min(178_956_970, Math.floor((memory ?? memoryOfData()) / 3))
}

let known: number | undefined

/** Asking the system costs more than reading a header. */
function memoryOfData(): number {
  known ??= defaultDataMemory()
  return known
}

/** Shape of the image in `bytes`; the failure names `path`. */
export function imageHeader(path: string, bytes: Uint8Array): HeaderResult {
  return headerFrom(path, bytesInMemory(bytes))
}

// One read of this size serves nearly all files; it is used again for each, which is safe as reading is
// synchronous.
const start = new Uint8Array(1024)

/** As `imageHeader`, reading no more of the file than its header parts. */
export function imageHeaderOfFile(path: string): HeaderResult {
  try {
    const { handle, facts } = openRegular(path)
    try {
      if (facts.size > mostImageBytes)
        return failure('format', path, `has more than ${thousands(mostImageBytes)} bytes`)
      const got = readSync(handle, start, 0, start.length, 0)
      const read = (at: number, count: number): Uint8Array => {
        if (at + count <= got || got < start.length)
          return start.subarray(Math.min(at, got), Math.min(at + count, got))
        // A long colour profile or preview in front of the frame, or what follows the pixels.
        const further = new Uint8Array(Math.max(0, Math.min(count, facts.size - at)))
        return further.subarray(
          0,
          further.length === 0 ? 0 : readSync(handle, further, 0, further.length, at),
        )
      }
      return headerFrom(path, { read, size: facts.size })
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    return unreadable(path, error)
  }
}

function headerFrom(path: string, file: ImageBytes): HeaderResult {
  const first = Uint8Array.from(file.read(0, 32))
  if (first.length === 0) return failure('format', path, 'is empty')
  const format = formats.find(([is]) => is(first))
  if (format === undefined) return failure('format', path, otherKind(Uint8Array.from(file.read(0, 512))))
  const header = format[1](file)
  if (typeof header === 'string') return failure('format', path, header)
  const { height, width } = header
  const most = mostPixels()
  if (height * width > most)
    return failure(
      'large',
      path,
      `has ${thousands(height)} x ${thousands(width)} pixels, and images of up to ${thousands(most)} are read`,
      'make it smaller, or take it away: decoded it fills the memory of this machine',
    )
  return { ok: true, ...header }
}
