// From a Plan to its data: every source listed, read or drawn once, every dataset made from them in the
// Plan's order. Images that fit into the memory that is allowed are decoded once and held; of others it is
// known where they lie.
import type { SourceFailure } from '../../compiler/host.js'
import type { Plan } from '../../compiler/plan/plan.js'
import type { Dataset, DecodedStore, ImageStore, LoadedData } from './dataset.js'
import { decodeImages } from './decode-images.js'
import { dataChanged, sourceError } from './errors.js'
import { holdResized } from './hold-resized.js'
import type { DataHost } from './host/data-host.js'
import { defaultDataMemory } from './memory-budget.js'
import { makeDataset } from './operations.js'
import { loadDecoder } from './readers/decode-image.js'
import { beginImageDigest, contentOfImages, digestOfRecords } from './readers/digest.js'
import { readImageHeader } from './readers/image-listing.js'
import { decideResidence, type Residence, type SizeOfSource } from './residence.js'
import { decodedRecords, type OpenSource, openSource } from './sources.js'

/** Whoever remembers what was read of sources. */
export type DataReader = Pick<DataHost, 'probe' | 'digest' | 'imageHashes' | 'forget'>

export interface LoadOptions {
  /** Images decoded at the same time; absent: by the machine. */
  readonly threads?: number
  readonly onProgress?: (progress: LoadProgress) => void
  /**
   * Refuse data that is not the Plan's: by the digest of what was read, or of what is there where images are
   * read later.
   */
  readonly verify?: boolean
  /** Bytes that decoded images may take; absent: `defaultDataMemory`. */
  readonly memory?: number
  /** Remembers sizes and digests of images that are not read now; absent: their files are read for both. */
  readonly host?: DataReader
}

export interface LoadProgress {
  /** Position in `Plan.sources`, and how many there are. */
  readonly source: number
  readonly sources: number
  /** Images of it that are ready, of how many. */
  readonly done: number
  readonly total: number
}

/** The data of a Plan, and what of it is in memory. */
export interface ResidentData extends LoadedData {
  readonly residence: Residence
}

/**
 * Opens `plan.sources` and makes `plan.datasets`. `locations[i]` holds the absolute paths of source i in the
 * order in which the source names them (idx: images, labels), none for drawn data.
 *
 * @throws RunError SAU8001 (missing), SAU8002 (not the format, truncated), SAU8003 (label out of range),
 * SAU8004 (class without an image), SAU8005 (an image that does not decode), SAU8006 (not the data that the
 * Plan was made from).
 */
export async function loadData(
  plan: Plan,
  locations: readonly (readonly string[])[],
  options: LoadOptions = {},
): Promise<ResidentData> {
  const sources = openSources(plan, locations)
  const stores: ImageStore[] = sources.map(({ store }) => store)
  const datasets: Dataset[] = []
  for (const dataset of plan.datasets) datasets.push(makeDataset(dataset, datasets, sources, stores))
  const residence = decideResidence(plan, sizesOf(sources, options), options.memory ?? defaultDataMemory())
  const held = new Set(residence.stores.filter((store) => store.held).map(({ store }) => store))
  for (const [i, source] of sources.entries()) {
    const report = (done: number, total: number) =>
      options.onProgress?.({ source: i, sources: sources.length, done, total })
    if (held.has(i)) stores[i] = await holdSource(source, options, report)
    else if (options.verify === true) stores[i] = verifiedSource(source, options)
    report(source.store.count, source.store.count)
  }
  for (const [i, store] of stores.entries())
    if (store.kind === 'resized' && held.has(i)) stores[i] = await holdResized(store, stores, options.threads)
  // Threads may load the decoder only after the process has.
  if (stores.some(({ kind }) => kind === 'files')) await loadDecoder()
  return { datasets, stores, residence }
}

/** Opens `plan.sources` alone and holds no image of those that have files of their own. */
export function loadSources(
  plan: Plan,
  locations: readonly (readonly string[])[],
  options: Pick<LoadOptions, 'verify' | 'host'> = {},
): readonly OpenSource[] {
  const sources = openSources(plan, locations)
  if (options.verify === true) for (const source of sources) verifiedSource(source, options)
  return sources
}

function openSources(plan: Plan, locations: readonly (readonly string[])[]): readonly OpenSource[] {
  return plan.sources.map((source, i) => openSource(source, locations[i] ?? []))
}

/**
 * Sizes of sources as the host remembers them, else from the headers of their files, up to the first that is
 * too much.
 */
function sizesOf(sources: readonly OpenSource[], { host }: LoadOptions): SizeOfSource {
  return (source, atMost) => {
    const files = sources[source]?.files
    if (files === undefined) throw new TypeError(`source ${source} has no files of varied size`)
    const facts = host?.probe(files.request)
    if (facts?.ok === true && facts.decodedBytes !== undefined) return facts.decodedBytes
    let bytes = 0
    for (let i = 0; i < files.listing.files.count; i++) {
      const { height, width } = orThrow(readImageHeader(files.request.path, files.listing, i))
      bytes += 3 * height * width
      if (bytes > atMost) return 'more'
    }
    return bytes
  }
}

/** The images of a source in memory; with `verify` what was read is what the Plan was made from. */
async function holdSource(
  source: OpenSource,
  options: LoadOptions,
  onProgress: (done: number, total: number) => void,
): Promise<DecodedStore> {
  const { store, files, records } = source
  const verify = options.verify === true
  if (files !== undefined) {
    const { request, listing } = files
    const digest = verify ? beginImageDigest(listing) : undefined
    const decoded = await decodeImages(request.path, listing, {
      onProgress,
      onEncoded: (i, bytes) => digest?.add(i, bytes),
      ...(options.threads === undefined ? {} : { threads: options.threads }),
    })
    const { store: made } = orThrow(decoded)
    checkDigest(source, digest?.hex(), options)
    return made
  }
  if (verify && records !== undefined) checkDigest(source, digestOfRecords(records), options)
  if (store.kind === 'decoded') return store
  if (records === undefined) throw new TypeError(`a store of kind ${store.kind} is no source`)
  return decodedRecords(records)
}

/**
 * Compares what is there with what the Plan was made from, without holding it; what is read later has hashes
 * from then on.
 */
function verifiedSource(source: OpenSource, options: LoadOptions): ImageStore {
  const { files, records, request, store } = source
  const { host } = options
  if (request === undefined) return store
  if (host !== undefined && (store.kind === 'files' || store.kind === 'array')) {
    checkDigest(source, host.digest(request), options)
    return { ...store, hashes: forThreads(host.imageHashes(request)) }
  }
  if (files !== undefined)
    checkDigest(source, contentOfImages(files.request.path, files.listing).digest, options)
  else if (records !== undefined) checkDigest(source, digestOfRecords(records), options)
  return store
}

function forThreads(hashes: BigUint64Array): BigUint64Array {
  const shared = new BigUint64Array(new SharedArrayBuffer(hashes.byteLength))
  shared.set(hashes)
  return shared
}

/** What the host remembers of data that is another one is of no use to anybody. */
function checkDigest(
  { content, path, request }: OpenSource,
  found: string | undefined,
  { host }: LoadOptions,
): void {
  if (found === undefined || found === content) return
  if (request !== undefined) host?.forget(request)
  throw dataChanged(path ?? '')
}

function orThrow<T extends { readonly ok: true }>(result: T | SourceFailure): T {
  if (result.ok) return result
  throw sourceError(result)
}
