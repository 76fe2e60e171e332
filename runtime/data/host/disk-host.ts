// The compiler's view of the world on this machine's disk. Everything is synchronous and cheap: headers,
// listings and label bytes; what was read once is remembered in the cache folder until the file system says
// that something was done to it.
import { relative, sep } from 'node:path'
import {
  mostProgramBytes,
  type SourceFacts,
  type SourceFailure,
  type SourceRequest,
  type UnreadText,
} from '../../../compiler/host.js'
import type { ImageShape } from '../../../compiler/plan/plan.js'
import { RefusedFile, readRegular } from '../../platform/host/regular-file.js'
import { encodingFault } from '../../platform/host/text-encoding.js'
import { sourceError } from '../errors.js'
import { contentOfImages, contentOfRecords, type SourceContent } from '../readers/digest.js'
import { type ImageRequest, isImageRequest, listSource, readImageHeader } from '../readers/image-listing.js'
import { readLabels } from '../readers/labels.js'
import { unreadable } from '../readers/reading.js'
import { type RecordsRequest, readRecords } from '../readers/records.js'
import { diskSurroundings } from '../readers/surroundings.js'
import type { DataHost } from './data-host.js'
import { type Fingerprint, fingerprintOf, type NoFingerprint } from './fingerprint.js'
import { sharedRecords } from './shared-records.js'
import { openSourceCache, type SourceCache } from './source-cache.js'

export interface DiskHostOptions {
  /** Folder for what is remembered between processes; `undefined` remembers nothing on disk. */
  readonly cacheFolder: string | undefined
}

/** A host that reads the disk. One per process is enough: it also remembers answers in memory. */
export function createDiskHost(options: DiskHostOptions): DataHost {
  const cache = openSourceCache(options.cacheFolder)
  const fingerprints = rememberFingerprints()
  const content = (request: SourceRequest): SourceContent =>
    readContent(request, fingerprints.of(request), cache)
  const digest = (request: SourceRequest): string =>
    knownOf(request, fingerprints.of(request), cache)?.digest ?? content(request).digest
  return {
    readText,
    ...diskSurroundings,
    relative: (from, path) => (relative(from, path) || '.').split(sep).join('/'),
    entries: rememberFolders(),
    probe: (request) => probe(request, fingerprints.of(request), cache),
    digest,
    imageHashes(request) {
      const fingerprint = fingerprints.of(request)
      const known = fingerprint.ok ? cache.findHashes(request, fingerprint.value) : undefined
      return known ?? content(request).hashes
    },
    labels: rememberLabels(fingerprints.of),
    sharedRecords: (first, second) =>
      sharedRecords(
        { request: first, fingerprint: fingerprints.of(first) },
        { request: second, fingerprint: fingerprints.of(second) },
        digest,
      ),
    forget(request) {
      fingerprints.forget(request)
      cache.forget(request)
    },
  }
}

function readText(path: string, atMost = mostProgramBytes): string | UnreadText | undefined {
  try {
    const bytes = readRegular(path, atMost)
    const fault = encodingFault(bytes)
    return fault === undefined ? bytes.toString('utf8') : { fault }
  } catch (error) {
    if (error instanceof RefusedFile) return { fault: error.fault }
    const { reason, message } = unreadable(path, error)
    return reason === 'missing' ? undefined : { fault: message }
  }
}

/**
 * Names in a folder. A program that names thousands of files that are not there asks of one folder each time.
 */
function rememberFolders(): (folder: string) => readonly string[] | undefined {
  const moment = 1000 // milliseconds
  let known = { folder: '', names: undefined as readonly string[] | undefined, until: 0 }
  return (folder) => {
    if (known.folder !== folder || performance.now() >= known.until) {
      known = { folder, names: diskSurroundings.entries(folder), until: performance.now() + moment }
    }
    return known.names
  }
}

type FingerprintResult = Fingerprint | NoFingerprint

interface Fingerprints {
  of(request: SourceRequest): FingerprintResult
  forget(request: SourceRequest): void
}

/** Facts and digest of a source are asked for within a moment: its files are looked at once for both. */
function rememberFingerprints(): Fingerprints {
  const moment = 1000 // milliseconds
  // A hundred thousand files take long to look at: a sweep asks for them again with every instance.
  const worth = 20
  const recent = new Map<string, { readonly until: number; readonly result: FingerprintResult }>()
  const of = (request: SourceRequest): FingerprintResult => {
    const name = JSON.stringify(request)
    const known = recent.get(name)
    const began = performance.now()
    if (known !== undefined && began < known.until) return known.result
    const result = fingerprintOf(request)
    const now = performance.now()
    recent.set(name, { until: now + Math.max(moment, worth * (now - began)), result })
    return result
  }
  return { of, forget: (request) => recent.delete(JSON.stringify(request)) }
}

function probe(
  request: SourceRequest,
  fingerprint: FingerprintResult,
  cache: SourceCache,
): SourceFacts | SourceFailure {
  if (!fingerprint.ok) return fingerprint.failure
  const known = cache.find(request, fingerprint.value)
  if (known?.facts !== undefined) return known.facts
  const read = isImageRequest(request) ? probeImages(request, fingerprint) : probeRecords(request)
  if (read.ok && fingerprint.isSettled) cache.keep(request, fingerprint.value, { facts: read })
  return read
}

function probeRecords(request: RecordsRequest): SourceFacts | SourceFailure {
  const records = readRecords(request)
  if (!records.ok) return records
  const { classes, height, width, channels } = records
  return {
    ok: true,
    classes,
    counts: countLabels(records.labels, classes.length),
    image: { height, width, channels },
  }
}

function probeImages(request: ImageRequest, fingerprint: Fingerprint): SourceFacts | SourceFailure {
  const listing = fingerprint.images?.listing ?? listSource(request)
  if (!listing.ok) return listing
  let shared: ImageShape | undefined
  let decodedBytes = 0
  for (let i = 0; i < listing.files.count; i++) {
    const header = readImageHeader(request.path, listing, i)
    if (!header.ok) return header
    const { height, width } = header
    decodedBytes += 3 * height * width
    if (shared === undefined) shared = { height, width, channels: 3 }
    else if (shared !== 'varied' && (shared.height !== height || shared.width !== width)) shared = 'varied'
  }
  const { classes, labels, passedOver } = listing
  const counts = countLabels(labels, classes.length)
  const facts = {
    ok: true,
    classes,
    counts,
    image: shared ?? 'varied',
    ...(passedOver.length > 0 && { passedOver }),
  } as const
  return facts.image === 'varied' ? { ...facts, decodedBytes } : facts
}

function knownOf(request: SourceRequest, fingerprint: FingerprintResult, cache: SourceCache) {
  return fingerprint.ok ? cache.find(request, fingerprint.value) : undefined
}

/** @throws RunError SAU8001 to SAU8004 where what was there when it was probed is not there any more. */
function readContent(
  request: SourceRequest,
  fingerprint: FingerprintResult,
  cache: SourceCache,
): SourceContent {
  if (!fingerprint.ok) throw sourceError(fingerprint.failure)
  const read = isImageRequest(request) ? contentOfFiles(request, fingerprint) : readRecords(request)
  if ('ok' in read && !read.ok) throw sourceError(read)
  const content = 'labels' in read ? contentOfRecords(read) : read
  if (fingerprint.isSettled) {
    cache.keep(request, fingerprint.value, { digest: content.digest })
    cache.keepHashes(request, fingerprint.value, content.hashes)
  }
  return content
}

function contentOfFiles(request: ImageRequest, fingerprint: Fingerprint): SourceContent | SourceFailure {
  const listing = fingerprint.images?.listing ?? listSource(request)
  if (!listing.ok) return listing
  try {
    return contentOfImages(request.path, listing)
  } catch (error) {
    return unreadable(request.path, error)
  }
}

/** Labels of the sources that were asked for, while their files stay as they are. */
function rememberLabels(
  fingerprints: (request: SourceRequest) => FingerprintResult,
): (request: SourceRequest) => ArrayLike<number> {
  const known = new Map<string, { readonly fingerprint: string; readonly labels: Int32Array }>()
  return (request) => {
    const fingerprint = fingerprints(request)
    if (!fingerprint.ok) throw sourceError(fingerprint.failure)
    const name = JSON.stringify(request)
    const before = known.get(name)
    if (before?.fingerprint === fingerprint.value) return before.labels
    const labels = readLabels(request)
    if ('ok' in labels) throw sourceError(labels)
    if (fingerprint.isSettled) known.set(name, { fingerprint: fingerprint.value, labels })
    return labels
  }
}

function countLabels(labels: ArrayLike<number>, classes: number): readonly number[] {
  const counts = new Array<number>(classes).fill(0)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number
    counts[label] = (counts[label] ?? 0) + 1
  }
  return counts
}
