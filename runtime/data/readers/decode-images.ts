// Decodes the files of an image folder with sharp (libvips) into one store: 8 bits, red, green, blue, turned upright as
// their EXIF part says, grey spread to three channels, transparency dropped, colour profiles ignored as Pillow does.
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { SourceFailure } from '../../../compiler/host.js'
import type { ImageStore } from '../dataset.js'
import { createVariedStore, imageOf } from '../store.js'
import { type ImageListing, readImageHeader } from './image-folder.js'
import { failure, unreadable } from './reading.js'

export interface DecodeOptions {
  /** Images decoded at the same time. */
  readonly threads?: number
  readonly onProgress?: (done: number, total: number) => void
  /** Gets the bytes of file `i` of the listing as they were read, before they are decoded. */
  readonly onEncoded?: (i: number, bytes: Uint8Array) => void
}

/** Record i of the store is file i of the listing. The first failure in the order of the files is the one reported. */
export async function decodeImages(
  folder: string,
  listing: ImageListing,
  options: DecodeOptions = {},
): Promise<{ readonly ok: true; readonly store: ImageStore } | SourceFailure> {
  const shapes: [height: number, width: number][] = []
  for (const { file } of listing.files) {
    const header = readImageHeader(folder, file)
    if (!header.ok) return header
    shapes.push([header.height, header.width])
  }
  const store = createVariedStore(shapes, 3)
  const decodeInto = async (i: number): Promise<SourceFailure | undefined> => {
    const path = join(folder, listing.files[i]?.file ?? '')
    const decoded = await decodeImage(path, (bytes) => options.onEncoded?.(i, bytes))
    if (!decoded.ok) return decoded
    const { pixels, height, width } = imageOf(store, i)
    if (decoded.height !== height || decoded.width !== width)
      return failure(
        'format',
        path,
        `decodes to ${decoded.height} x ${decoded.width} pixels, but its header says ${height} x ${width}`,
      )
    pixels.set(decoded.pixels)
    return undefined
  }

  let next = 0
  let done = 0
  const failures = new Map<number, SourceFailure>()
  const work = async () => {
    while (next < shapes.length && failures.size === 0) {
      const i = next++
      const failed = await decodeInto(i)
      if (failed !== undefined) failures.set(i, failed)
      done += 1
      if (done % 256 === 0 || done === shapes.length) options.onProgress?.(done, shapes.length)
    }
  }
  // Sharp's work runs on libuv's four threads; a few more images in flight keep them busy.
  const lanes = options.threads ?? Math.min(8, availableParallelism() + 2)
  await Promise.all(Array.from({ length: lanes }, work))
  const [first] = [...failures].sort(([a], [b]) => a - b)
  return first === undefined ? { ok: true, store } : first[1]
}

/** An image file, 8 bits, red, green, blue, rows of interleaved channels. */
export interface DecodedImage {
  readonly ok: true
  readonly pixels: Uint8Array
  readonly height: number
  readonly width: number
}

/** Decodes one file, whose bytes `onEncoded` gets first. The failure names `path`. */
export async function decodeImage(
  path: string,
  onEncoded: (bytes: Uint8Array) => void = () => {},
): Promise<DecodedImage | SourceFailure> {
  const { default: sharp } = await import('sharp')
  // Small images: many at a time, each on one thread, none remembered.
  sharp.concurrency(1)
  sharp.cache(false)
  let encoded: Buffer
  try {
    encoded = await readFile(path)
  } catch (error) {
    return unreadable(path, error)
  }
  onEncoded(encoded)
  try {
    const { data, info } = await sharp(encoded, { failOn: 'warning', ignoreIcc: true })
      .autoOrient()
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const { height, width, channels } = info
    if (channels !== 3) return failure('format', path, `decodes to ${channels} channels instead of 3`)
    return { ok: true, pixels: data, height, width }
  } catch (error) {
    return failure('format', path, `does not decode (${firstLine(error)})`)
  }
}

function firstLine(error: unknown): string {
  if (!(error instanceof Error)) throw error
  return error.message.split('\n', 1)[0] ?? ''
}
