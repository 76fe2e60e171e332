// From a Plan to its data in memory: every source read or drawn once, every dataset made from them in the Plan's order.
import type { SourceFailure, SourceRequest } from '../../compiler/host.js'
import type { Plan, SourcePlan } from '../../compiler/plan/plan.js'
import type { Dataset, ImageStore, LoadedData } from './dataset.js'
import { dataChanged, sourceError } from './errors.js'
import { makeDataset, type SourceData } from './operations.js'
import { decodeImages } from './readers/decode-images.js'
import { beginImageDigest, digestOfRecords } from './readers/digest.js'
import { listImages } from './readers/image-folder.js'
import type { Records } from './readers/reading.js'
import { readRecords } from './readers/records.js'
import { drawShapes } from './shapes/shapes.js'
import { createStore } from './store.js'

export interface LoadOptions {
  /** Images decoded at the same time; absent: by the machine. */
  readonly threads?: number
  readonly onProgress?: (progress: LoadProgress) => void
  /** Refuse data that is not the Plan's, by the digest of what was read itself: files can change under the reader. */
  readonly verify?: boolean
}

export interface LoadProgress {
  /** Position in `Plan.sources`, and how many there are. */
  readonly source: number
  readonly sources: number
  /** Images of it that are ready, of how many. */
  readonly done: number
  readonly total: number
}

/**
 * Reads or draws `plan.sources` and makes `plan.datasets`. `locations[i]` holds the absolute paths of source i in the
 * order in which the source names them (idx: images, labels), none for drawn data.
 *
 * @throws RunError SAU8001 (missing), SAU8002 (not the format, truncated), SAU8003 (label out of range), SAU8004 (class
 * without an image), SAU8005 (an image that does not decode), SAU8006 (not the data that the Plan was made from).
 */
export async function loadData(
  plan: Plan,
  locations: readonly (readonly string[])[],
  options: LoadOptions = {},
): Promise<LoadedData> {
  const sources = await loadSources(plan, locations, options)
  const stores: ImageStore[] = sources.map(({ store }) => store)
  const datasets: Dataset[] = []
  for (const dataset of plan.datasets) datasets.push(makeDataset(dataset, datasets, sources, stores))
  return { datasets, stores }
}

/** Reads or draws `plan.sources` alone. */
export async function loadSources(
  plan: Plan,
  locations: readonly (readonly string[])[],
  options: LoadOptions = {},
): Promise<readonly SourceData[]> {
  const sources: SourceData[] = []
  for (const [i, source] of plan.sources.entries()) {
    const report = (done: number, total: number) =>
      options.onProgress?.({ source: i, sources: plan.sources.length, done, total })
    const data = await loadSource(source, locations[i] ?? [], options, report)
    sources.push(data)
    report(data.store.count, data.store.count)
  }
  return sources
}

/** The request that reads `source` at `location`; undefined for drawn data. */
export function requestOf(source: SourcePlan, location: readonly string[]): SourceRequest | undefined {
  const [path = '', labelsPath = ''] = location
  switch (source.format) {
    case 'cifar10':
      return { format: 'cifar10', path, split: source.split }
    case 'cifar100':
      return { format: 'cifar100', path, split: source.split, labels: source.labels }
    case 'idx':
      return { format: 'idx', path, labelsPath }
    case 'image_folder':
      return { format: 'image_folder', path }
    case 'shapes':
      return undefined
  }
}

async function loadSource(
  source: SourcePlan,
  location: readonly string[],
  options: LoadOptions,
  report: (done: number, total: number) => void,
): Promise<SourceData> {
  const request = requestOf(source, location)
  if (request === undefined || source.format === 'shapes') {
    if (source.format !== 'shapes') throw new TypeError(`source ${source.format} without a request`)
    const { store, labels, shown } = drawShapes(source)
    return { store, labels, shown: source.noise > 0 ? shown : undefined, classes: undefined, path: undefined }
  }
  const { data, digest } =
    request.format === 'image_folder'
      ? await loadImages(request.path, options, report)
      : loadRecords(request, options)
  if (digest !== undefined && digest !== source.content) throw dataChanged(request.path)
  return data
}

interface ReadSource {
  readonly data: SourceData
  /** As `Host.digest` gives it; absent where nobody verifies. */
  readonly digest: string | undefined
}

async function loadImages(
  folder: string,
  options: LoadOptions,
  onProgress: (done: number, total: number) => void,
): Promise<ReadSource> {
  const listing = orThrow(listImages(folder))
  const digest = options.verify === true ? beginImageDigest(listing) : undefined
  const decoding = { onProgress, onEncoded: (i: number, bytes: Uint8Array) => digest?.add(i, bytes) }
  const { threads } = options
  const { store } = orThrow(
    await decodeImages(folder, listing, threads === undefined ? decoding : { ...decoding, threads }),
  )
  const labels = Int32Array.from(listing.files, ({ label }) => label)
  const data = { store, labels, shown: undefined, classes: listing.classes, path: folder }
  return { data, digest: digest?.hex() }
}

function loadRecords(
  request: Exclude<SourceRequest, { format: 'image_folder' }>,
  options: LoadOptions,
): ReadSource {
  const records = orThrow(readRecords(request))
  const { labels, classes } = records
  const data = { store: storeOf(records), labels, shown: undefined, classes, path: request.path }
  return { data, digest: options.verify === true ? digestOfRecords(records) : undefined }
}

/** The records' pixels in rows of interleaved channels. */
function storeOf(records: Records): ImageStore {
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
