// Every image of a source, one after the other in record order: of files a few are decoded ahead, and none is
// kept.

import { availableParallelism } from 'node:os'
import type { PassedOver, SourceFailure } from '../../../compiler/host.js'
import { requestOf, type SourcePlan } from '../../../compiler/plan/sources.js'
import { sourceError } from '../../data/errors.js'
import { decodeImage } from '../../data/readers/decode-image.js'
import { interleaving } from '../../data/readers/image-hash.js'
import { imageHeaderOfFile } from '../../data/readers/image-header.js'
import { type ImageRequest, imagePath, isImageRequest, listSource } from '../../data/readers/image-listing.js'
import { pathAt } from '../../data/readers/path-table.js'
import type { Records } from '../../data/readers/reading.js'
import { readRecords } from '../../data/readers/records.js'
import { drawShapes } from '../../data/shapes/shapes.js'
import { imageOf } from '../../data/store.js'
import { shownPath } from '../../platform/host/path-bytes.js'

/** An image, 8 bits, rows of interleaved channels; valid until the next one is asked for. */
export interface ReadImage {
  readonly pixels: Uint8Array
  readonly height: number
  readonly width: number
  readonly channels: number
}

export interface OpenSource {
  readonly classes: readonly string[] | undefined
  readonly labels: ArrayLike<number>
  /** Path of record i below the source's folder, for formats with a file for each. */
  readonly fileOf: ((record: number) => string) | undefined
  /** Image files that are not read, by class. */
  readonly passedOver: readonly PassedOver[]
  /** All images, or why one cannot be read. */
  images(): AsyncIterable<ReadImage | SourceFailure>
}

/** @throws RunError SAU8001 to SAU8004 where the source as a whole cannot be read. */
export function openSource(source: SourcePlan, location: readonly string[]): OpenSource {
  const request = requestOf(source, location)
  if (source.format === 'shapes' || request === undefined) {
    if (source.format !== 'shapes') throw new TypeError(`source ${source.format} without a request`)
    return drawnImages(source)
  }
  if (isImageRequest(request)) return imagesOfFiles(request)
  const records = readRecords(request)
  if (!records.ok) throw sourceError(records)
  return {
    classes: records.classes,
    labels: records.labels,
    fileOf: undefined,
    passedOver: [],
    images: () => imagesOfRecords(records),
  }
}

function imagesOfFiles(request: ImageRequest): OpenSource {
  const listing = listSource(request)
  if (!listing.ok) throw sourceError(listing)
  const { classes, labels, files, passedOver } = listing
  return {
    classes,
    labels,
    fileOf: (record) => shownPath(pathAt(files, record)),
    passedOver,
    images: () => decoded(files.count, (record) => imagePath(request.path, listing, record)),
  }
}

/** Sharp's work runs on libuv's threads: so many images in flight keep them busy. */
const ahead = Math.min(8, availableParallelism() + 2)

/** Of large images fewer are ahead: each is held until its turn. */
const pixelsAhead = 2 ** 25

async function* decoded(
  count: number,
  pathOf: (record: number) => string,
): AsyncGenerator<ReadImage | SourceFailure> {
  const flying: { readonly image: Promise<ReadImage | SourceFailure>; readonly pixels: number }[] = []
  let pixels = 0
  const decode = async (record: number): Promise<ReadImage | SourceFailure> => {
    const image = await decodeImage(pathOf(record))
    return image.ok ? { ...image, channels: 3 } : image
  }
  for (let next = 0, record = 0; record < count; record++) {
    while (next < count && flying.length < ahead && (pixels < pixelsAhead || flying.length === 0)) {
      const header = imageHeaderOfFile(pathOf(next))
      const own = header.ok ? header.height * header.width : 0
      flying.push({ image: decode(next++), pixels: own })
      pixels += own
    }
    const first = flying.shift()
    if (first === undefined) continue
    pixels -= first.pixels
    yield await first.image
  }
}

async function* imagesOfRecords(records: Records): AsyncGenerator<ReadImage> {
  const { height, width, channels, arrangement, labels } = records
  const interleaved = interleaving(height, width, channels)
  for (let i = 0; i < labels.length; i++) {
    const own = records.pixels(i)
    yield { pixels: arrangement === 'planes' ? interleaved(own) : own, height, width, channels }
  }
}

function drawnImages(source: Extract<SourcePlan, { format: 'shapes' }>): OpenSource {
  const { store, labels } = drawShapes(source)
  return {
    classes: undefined,
    labels,
    fileOf: undefined,
    passedOver: [],
    async *images() {
      for (let i = 0; i < store.count; i++) yield { ...imageOf(store, i), channels: store.channels }
    },
  }
}
