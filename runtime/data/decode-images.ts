// Decodes the files of a listing into one store, several at a time.
import { availableParallelism } from 'node:os'
import type { SourceFailure } from '../../compiler/host.js'
import type { DecodedStore } from './dataset.js'
import { decodeImage } from './readers/decode-image.js'
import { type ImageListing, imagePath, readImageHeader } from './readers/image-listing.js'
import { failure } from './readers/reading.js'
import { createVariedStore, imageOf } from './store.js'

export interface DecodeOptions {
  /** Images decoded at the same time. */
  readonly threads?: number
  readonly onProgress?: (done: number, total: number) => void
  /** Gets the bytes of file `i` of the listing as they were read, before they are decoded. */
  readonly onEncoded?: (i: number, bytes: Uint8Array) => void
}

/** Images in flight: sharp's work runs on libuv's four threads; a few more keep them busy. */
export function decodingLanes(): number {
  return Math.min(8, availableParallelism() + 2)
}

/**
 * Record i of the store is file i of the listing. The first failure in the order of the files is the one
 * reported.
 */
export async function decodeImages(
  folder: string,
  listing: ImageListing,
  options: DecodeOptions = {},
): Promise<{ readonly ok: true; readonly store: DecodedStore } | SourceFailure> {
  const { count } = listing.files
  const shapes: [height: number, width: number][] = []
  for (let i = 0; i < count; i++) {
    const header = readImageHeader(folder, listing, i)
    if (!header.ok) return header
    shapes.push([header.height, header.width])
  }
  const store = createVariedStore(shapes, 3)
  const decodeInto = async (i: number): Promise<SourceFailure | undefined> => {
    const path = imagePath(folder, listing, i)
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
    while (next < count && failures.size === 0) {
      const i = next++
      const failed = await decodeInto(i)
      if (failed !== undefined) failures.set(i, failed)
      done += 1
      if (done % 256 === 0 || done === count) options.onProgress?.(done, count)
    }
  }
  const lanes = options.threads ?? decodingLanes()
  await Promise.all(Array.from({ length: lanes }, work))
  const [first] = [...failures].sort(([a], [b]) => a - b)
  return first === undefined ? { ok: true, store } : first[1]
}
