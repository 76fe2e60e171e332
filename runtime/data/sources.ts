// A source of the Plan, opened: its labels, and where its images are. Images in files of their own, and in
// NumPy's files, are not read yet; what lies in records of other formats, or is drawn, is in memory from here
// on.
import type { SourceFailure, SourceRequest } from '../../compiler/host.js'
import { requestOf, type SourcePlan } from '../../compiler/plan/sources.js'
import type { ArrayStore, DecodedStore, FileStore, ImageStore } from './dataset.js'
import { sourceError } from './errors.js'
import type { SourceData } from './operations.js'
import { fileStamp } from './readers/file-stamp.js'
import {
  type ImageListing,
  type ImageRequest,
  isImageRequest,
  listSource,
  stampFiles,
} from './readers/image-listing.js'
import type { ImageArray } from './readers/npy.js'
import { type Records, unreadable } from './readers/reading.js'
import { type RecordsRequest, readRecords } from './readers/records.js'
import { drawShapes } from './shapes/shapes.js'
import { createStore } from './store.js'

export interface OpenSource extends SourceData {
  /** What was read; undefined for drawn data. */
  readonly request: SourceRequest | undefined
  /** Digest in the Plan. */
  readonly content: string | undefined
  readonly files: { readonly request: ImageRequest; readonly listing: ImageListing } | undefined
  readonly records: Records | undefined
}

/** @throws RunError SAU8001 - SAU8004 where what lies there is not what `source` reads */
export function openSource(source: SourcePlan, location: readonly string[]): OpenSource {
  if (source.format === 'shapes') {
    const { store, labels, shown } = drawShapes(source)
    return {
      store,
      labels,
      shown: source.noise > 0 ? shown : undefined,
      classes: undefined,
      path: undefined,
      request: undefined,
      content: undefined,
      files: undefined,
      records: undefined,
    }
  }
  const request = requestOf(source, location)
  if (request === undefined) throw new TypeError(`source ${source.format} without a request`)
  const { content } = source
  return isImageRequest(request) ? openFiles(request, content) : openRecords(request, content)
}

function openFiles(request: ImageRequest, content: string): OpenSource {
  const listing = orThrow(listSource(request))
  const { stamps } = orThrow(stampFiles(request, listing))
  const { classes, labels, files } = listing
  const { path } = request
  const store: FileStore = { kind: 'files', folder: path, files, stamps, channels: 3, count: files.count }
  return {
    store,
    labels,
    shown: undefined,
    classes,
    path,
    request,
    content,
    files: { request, listing },
    records: undefined,
  }
}

function openRecords(request: RecordsRequest, content: string): OpenSource {
  const records = orThrow(readRecords(request))
  const { labels, classes, array } = records
  const store: ImageStore = array === undefined ? decodedRecords(records) : arrayStore(array)
  const { path } = request
  return {
    store,
    labels,
    shown: undefined,
    classes,
    path,
    request,
    content,
    files: undefined,
    records,
  }
}

function arrayStore({ ok: _, ...array }: ImageArray): ArrayStore {
  try {
    return { kind: 'array', ...array, stamp: fileStamp(array.path) }
  } catch (error) {
    throw sourceError(unreadable(array.path, error))
  }
}

/** The records' pixels in rows of interleaved channels. */
export function decodedRecords(records: Records): DecodedStore {
  const { height, width, channels, labels } = records
  const store = createStore(labels.length, height, width, channels)
  const pixels = new Uint8Array(store.pixels)
  const area = height * width
  for (let i = 0, at = 0; i < labels.length; i++, at += area * channels) {
    const image = records.pixels(i)
    if (records.arrangement === 'interleaved') pixels.set(image, at)
    else
      for (let c = 0; c < channels; c++)
        for (let p = 0; p < area; p++) pixels[at + p * channels + c] = image[c * area + p] as number
  }
  return store
}

function orThrow<T extends { readonly ok: true }>(result: T | SourceFailure): T {
  if (result.ok) return result
  throw sourceError(result)
}
