// Images by store and record, wherever they are: in memory at once, from files as they are asked for. What a
// file gives must be what the run found when it began: where something was done to it since, its hash
// decides.
import { closeSync, fstatSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { openRegular, openRegularLater, RefusedFile } from '../platform/host/regular-file.js'
import type { ArrayStore, FileStore, ImageStore, ResizedStore } from './dataset.js'
import { dataChanged, sourceError } from './errors.js'
import type { Raster } from './pixels/canvas.js'
import { resizeBilinear } from './pixels/resize.js'
import { decodeBytes } from './readers/decode-image.js'
import { sameStamp, stampAt, stampFrom } from './readers/file-stamp.js'
import { hashOfBytes, hashOfPixels, shortHash } from './readers/image-hash.js'
import { imageHeaderOfFile } from './readers/image-header.js'
import { pathAt } from './readers/path-table.js'
import { unreadable } from './readers/reading.js'

export interface ImageReader {
  /**
   * The image of a record, to be read and not written: at once where it is in memory, else once it is read.
   * @throws RunError (or rejects with it) SAU8001 a file is gone, SAU8005 it does not decode, SAU8006 it has
   * changed.
   */
  read(store: number, record: number): Raster | Promise<Raster>
  /** Height and width alone, which cost a file's header at most. @throws RunError as `read` */
  size(store: number, record: number): { readonly height: number; readonly width: number }
  /** Closes files. */
  close(): void
}

interface StoreReader {
  readonly read: (record: number) => Raster | Promise<Raster>
  readonly size: (record: number) => { readonly height: number; readonly width: number }
  readonly close?: () => void
}

/** A reader of these stores, which refer to each other by position. One per thread. */
export function openImages(stores: readonly ImageStore[]): ImageReader {
  const readers: StoreReader[] = []
  const of = (store: number): StoreReader => {
    const reader = readers[store]
    if (reader === undefined) throw new RangeError(`store ${store} of ${stores.length}`)
    return reader
  }
  for (const store of stores) readers.push(readerOf(store, of))
  return {
    read: (store, record) => of(store).read(record),
    size: (store, record) => of(store).size(record),
    close() {
      for (const { close } of readers) close?.()
    },
  }
}

function readerOf(store: ImageStore, of: (store: number) => StoreReader): StoreReader {
  switch (store.kind) {
    case 'decoded': {
      const { channels, count } = store
      const pixels = new Uint8Array(store.pixels)
      const geometry = new Float64Array(store.geometry)
      const read = (record: number): Raster => {
        if (record < 0 || record >= count) throw new RangeError(`record ${record} of ${count}`)
        const [at, height, width] = [
          geometry[3 * record] as number,
          geometry[3 * record + 1] as number,
          geometry[3 * record + 2] as number,
        ]
        return { pixels: pixels.subarray(at, at + height * width * channels), height, width, channels }
      }
      return { read, size: read }
    }
    case 'files':
      return filesReader(store)
    case 'array':
      return arrayReader(store)
    case 'resized':
      return resizedReader(store, of)
  }
}

function filesReader({ folder, files, stamps, hashes, channels }: FileStore): StoreReader {
  return {
    async read(record) {
      const path = join(folder, pathAt(files, record))
      const encoded = await readUnchanged(path, stampAt(stamps, record), hashes?.[record])
      const decoded = await decodeBytes(path, encoded)
      if (!decoded.ok) throw sourceError(decoded)
      return { pixels: decoded.pixels, height: decoded.height, width: decoded.width, channels }
    },
    size(record) {
      const path = join(folder, pathAt(files, record))
      const header = imageHeaderOfFile(path)
      if (!header.ok) throw sourceError(header)
      return header
    },
  }
}

/** All bytes of a file that must be as it was. */
async function readUnchanged(path: string, stamp: BigUint64Array, hash: bigint | undefined): Promise<Buffer> {
  try {
    const { handle } = await openRegularLater(path)
    try {
      const found = stampFrom(await handle.stat({ bigint: true }))
      const bytes = await handle.readFile()
      if (!sameStamp(found, stamp) && shortHash(hashOfBytes(bytes)) !== hash) throw dataChanged(path)
      return bytes
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw asSourceError(path, error)
  }
}

function arrayReader(store: ArrayStore): StoreReader {
  const { path, dataAt, count, height, width, channels, stamp, hashes } = store
  const bytes = height * width * channels
  let handle: number | undefined
  return {
    read(record) {
      if (record < 0 || record >= count) throw new RangeError(`record ${record} of ${count}`)
      try {
        handle ??= openRegular(path).handle
        const isUntouched = sameStamp(stampFrom(fstatSync(handle, { bigint: true })), stamp)
        const pixels = new Uint8Array(bytes)
        const got = readSync(handle, pixels, 0, bytes, dataAt + record * bytes)
        if (got < bytes) throw dataChanged(path)
        const image = { pixels, height, width, channels }
        if (!isUntouched && shortHash(hashOfPixels(image)) !== hashes?.[record]) throw dataChanged(path)
        return image
      } catch (error) {
        throw asSourceError(path, error)
      }
    },
    size: () => ({ height, width }),
    close() {
      if (handle !== undefined) closeSync(handle)
      handle = undefined
    },
  }
}

function resizedReader(
  { places, size, channels }: ResizedStore,
  of: (store: number) => StoreReader,
): StoreReader {
  const table = new Uint32Array(places)
  const resized = (image: Raster): Raster => ({
    pixels: resizeBilinear({ ...image, channels }, size, size),
    height: size,
    width: size,
    channels,
  })
  return {
    read(record) {
      const image = of(table[2 * record] as number).read(table[2 * record + 1] as number)
      return image instanceof Promise ? image.then(resized) : resized(image)
    },
    size: () => ({ height: size, width: size }),
  }
}

/** An error of the file system as the error of the run that it is; any other one as it is. */
function asSourceError(path: string, error: unknown): unknown {
  const isSystem = error instanceof Error && 'code' in error && 'syscall' in error
  return isSystem || error instanceof RefusedFile ? sourceError(unreadable(path, error)) : error
}
