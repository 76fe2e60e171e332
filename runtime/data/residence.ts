// Which images a run holds decoded, and which it decodes each time that they are drawn: what fits into the
// memory that is allowed is held. A function of the Plan, of sizes and of that memory alone; it changes no
// number of the run.
import { inputsOf } from '../../compiler/plan/dataset-operations.js'
import type { DatasetPlan, Plan } from '../../compiler/plan/plan.js'
import { isDecoded } from './readers/records.js'

export interface Residence {
  /** Bytes that decoded images may take. */
  readonly budget: number
  /**
   * The stores that datasets are drawn from: one for each source, then one for each `resize`, in the Plan's
   * order.
   */
  readonly stores: readonly StoreResidence[]
}

export interface StoreResidence {
  /** Position of the store. */
  readonly store: number
  readonly images: number
  /** Of all images decoded; undefined where it was only found that they do not fit. */
  readonly bytes: number | undefined
  readonly held: boolean
}

/** How many images are held, in how many bytes, and how many are decoded when they are drawn. */
export function residentImages({ budget, stores }: Residence): {
  readonly held: number
  readonly heldBytes: number
  readonly streamed: number
  readonly budget: number
} {
  const sum = (of: readonly StoreResidence[], value: (store: StoreResidence) => number): number =>
    of.reduce((total, store) => total + value(store), 0)
  const held = stores.filter((store) => store.held)
  return {
    held: sum(held, ({ images }) => images),
    heldBytes: sum(held, ({ bytes }) => bytes ?? 0),
    streamed: sum(
      stores.filter((store) => !store.held),
      ({ images }) => images,
    ),
    budget,
  }
}

/**
 * Bytes of all images of a source, decoded; where they are more than `atMost`, that and nothing exact may be
 * told.
 */
export type SizeOfSource = (source: number, atMost: number) => number | 'more'

/** @param sizeOf asked for sources whose images differ in size */
export function decideResidence(plan: Plan, sizeOf: SizeOfSource, budget: number): Residence {
  const used = [...storesRead(plan)].sort((a, b) => a - b)
  const entries = new Map<number, StoreResidence>()
  let left = budget
  const enter = (store: number, bytes: number | 'more', images: number, held: boolean): void => {
    entries.set(store, { store, images, bytes: bytes === 'more' ? undefined : bytes, held })
    if (held && bytes !== 'more') left -= bytes
  }
  // What has no files of its own is in memory in any case.
  for (const store of used) {
    const dataset = datasetOfStore(plan, store)
    if (!isAlwaysHeld(plan, store)) continue
    enter(store, bytesOfImages(dataset) ?? 0, imagesOf(dataset), true)
  }
  for (const store of used) {
    if (entries.has(store)) continue
    const dataset = datasetOfStore(plan, store)
    const atMost = Math.max(0, left)
    const bytes = bytesOfImages(dataset) ?? sizeOf(store, atMost)
    enter(store, bytes, imagesOf(dataset), bytes !== 'more' && bytes <= atMost)
  }
  return { budget, stores: used.flatMap((store) => entries.get(store) ?? []) }
}

function isAlwaysHeld(plan: Plan, store: number): boolean {
  const format = plan.sources[store]?.format
  return format !== undefined && isDecoded(format)
}

/**
 * The stores of all datasets that streams, memories and evaluations draw from; of every dataset where there
 * are none.
 */
function storesRead(plan: Plan): ReadonlySet<number> {
  const read = [
    ...plan.streams.map(({ dataset }) => dataset),
    ...plan.memories.map(({ over }) => over),
    ...plan.evaluations.map(({ dataset }) => dataset),
  ]
  const stores = new Set<number>()
  for (const dataset of read.length > 0 ? read : plan.datasets.keys())
    for (const store of storesOf(plan, dataset)) stores.add(store)
  return stores
}

function storesOf(plan: Plan, position: number): readonly number[] {
  const make = plan.datasets[position]?.make
  if (make === undefined) throw new RangeError(`the Plan has no dataset at position ${position}`)
  switch (make.op) {
    case 'source':
      return [make.source]
    case 'resize':
      return [plan.sources.length + resizes(plan).findIndex((dataset) => dataset.make === make)]
    default:
      return inputsOf(make).flatMap((input) => storesOf(plan, input))
  }
}

function resizes(plan: Plan): readonly DatasetPlan[] {
  return plan.datasets.filter(({ make }) => make.op === 'resize')
}

function datasetOfStore(plan: Plan, store: number): DatasetPlan {
  const dataset =
    store < plan.sources.length
      ? plan.datasets.find(({ make }) => make.op === 'source' && make.source === store)
      : resizes(plan)[store - plan.sources.length]
  if (dataset === undefined) throw new RangeError(`no dataset of the Plan is store ${store}`)
  return dataset
}

function imagesOf({ real, synthetic }: DatasetPlan): number {
  return [...real, ...synthetic].reduce((sum, count) => sum + count, 0)
}

/** Undefined where images differ in size. */
function bytesOfImages(dataset: DatasetPlan): number | undefined {
  const { image } = dataset
  return image === 'varied' ? undefined : imagesOf(dataset) * image.height * image.width * image.channels
}
