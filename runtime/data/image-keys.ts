// Images that are evaluated and also trained on, whatever files they lie in: found by hashes of every image,
// not by paths.
import { setTimeout as pause } from 'node:timers/promises'
import type { Plan } from '../../compiler/plan/plan.js'
import { requestOf, type SourcePlan } from '../../compiler/plan/sources.js'
import type { Dataset, DecodedStore, ImageStore } from './dataset.js'
import type { DataHost } from './host/data-host.js'
import { hashOfPixels, shortHash } from './readers/image-hash.js'
import { isImageRequest } from './readers/image-listing.js'
import { counted, thousands } from './readers/reading.js'
import { imageOf } from './store.js'

/**
 * What the images of a source are recognised by; record i is at position i. Drawn images need none: their
 * seeds tell them apart.
 */
export interface ImageKeys {
  /** Hashes of encoded files. */
  readonly bytes?: BigUint64Array
  /** Hashes of pixels. */
  readonly pixels?: BigUint64Array
}

/** The data of an evaluation, and how much of it is trained on. */
export interface SharedImages {
  readonly dataset: string
  /** Images that are evaluated, and how many of them are trained on too. */
  readonly images: number
  readonly shared: number
}

/**
 * Keys of every source of a Plan from what the host remembers: files by their bytes, records by their pixels.
 */
export function imageKeys(
  { sources }: { readonly sources: readonly SourcePlan[] },
  locations: readonly (readonly string[])[],
  host: Pick<DataHost, 'imageHashes'>,
): readonly ImageKeys[] {
  return sources.map((source, i) => {
    const request = requestOf(source, locations[i] ?? [])
    if (request === undefined) return {}
    const hashes = host.imageHashes(request)
    return isImageRequest(request) ? { bytes: hashes } : { pixels: hashes }
  })
}

/**
 * The same with the pixels of files that are in memory, by which they are recognised in other formats too.
 */
export async function imageKeysOfLoaded(
  keys: readonly ImageKeys[],
  stores: readonly ImageStore[],
): Promise<readonly ImageKeys[]> {
  const more: ImageKeys[] = []
  for (const [i, known] of keys.entries()) {
    const store = stores[i]
    const isNeeded = known.bytes !== undefined && known.pixels === undefined && store?.kind === 'decoded'
    more.push(isNeeded ? { ...known, pixels: await pixelHashes(store) } : known)
  }
  return more
}

/** Other work gets its turn every so many bytes. */
const breath = 64 * 2 ** 20

async function pixelHashes(store: DecodedStore): Promise<BigUint64Array> {
  const hashes = new BigUint64Array(store.count)
  let bytes = 0
  for (let i = 0; i < store.count; i++) {
    const image = imageOf(store, i)
    hashes[i] = shortHash(hashOfPixels({ ...image, channels: store.channels }))
    bytes += image.pixels.length
    if (bytes < breath) continue
    bytes = 0
    await pause(0)
  }
  return hashes
}

/** Data that is drawn from: streams train on it, and so do the memories that are averaged over it. */
export function trainedDatasets(plan: Pick<Plan, 'streams' | 'memories'>): readonly number[] {
  return [
    ...new Set([...plan.streams.map(({ dataset }) => dataset), ...plan.memories.map(({ over }) => over)]),
  ]
}

/**
 * For every evaluated dataset of which some images are trained on too.
 * @param datasets those of the Plan, with the records of the sources themselves (`recordsOfSources`)
 */
export function sharedWithTraining(
  plan: Pick<Plan, 'streams' | 'memories' | 'evaluations'>,
  datasets: readonly Dataset[],
  keys: readonly ImageKeys[],
): readonly SharedImages[] {
  const trained = { bytes: new Set<bigint>(), pixels: new Set<bigint>() }
  for (const position of trainedDatasets(plan)) {
    forEachKey(datasets[position], keys, (kind, key) => trained[kind].add(key))
  }
  return [...new Set(plan.evaluations.map(({ dataset }) => dataset))].flatMap((position) => {
    const dataset = datasets[position]
    if (dataset === undefined) return []
    const shared = new Set<number>()
    forEachKey(dataset, keys, (kind, key, i) => {
      if (trained[kind].has(key)) shared.add(i)
    })
    if (shared.size === 0) return []
    return [{ dataset: dataset.plan.name, images: dataset.count, shared: shared.size }]
  })
}

function forEachKey(
  dataset: Dataset | undefined,
  keys: readonly ImageKeys[],
  visit: (kind: keyof ImageKeys, key: bigint, i: number) => void,
): void {
  if (dataset === undefined) return
  for (let i = 0; i < dataset.count; i++) {
    const of = keys[dataset.store[i] as number]
    const record = dataset.record[i] as number
    for (const kind of ['bytes', 'pixels'] as const) {
      const key = of?.[kind]?.[record]
      if (key !== undefined) visit(kind, key, i)
    }
  }
}

/** What a run and its plan say of it (SAU6020). */
export function sharedImagesText({ dataset, images, shared }: SharedImages): string {
  const which =
    shared === images
      ? `all ${counted(images, 'image')}`
      : `${thousands(shared)} of ${counted(images, 'image')}`
  const verb = shared === 1 ? 'is' : 'are'
  return `${which} of \`${dataset}\` ${verb} trained on too, under other names or in other files: \`saurun data check\` names them`
}
