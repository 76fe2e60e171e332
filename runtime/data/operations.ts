// Makes the datasets of a Plan from each other. A dataset is five columns that say of each record what it is
// and in which store its pixels lie; no operation but `resize` touches a pixel. How many records of each
// class and origin come out stands in the Plan; which ones is drawn under the operation's seed, class by
// class.
import type { DatasetOperation } from '../../compiler/plan/dataset-operations.js'
import type { DatasetPlan, Origin } from '../../compiler/plan/plan.js'
import { drawsOf } from '../../compiler/random/draws.js'
import { keyOf } from '../../compiler/random/random.js'
import type { Columns, Dataset, ImageStore } from './dataset.js'
import { dataChanged } from './errors.js'
import { resizeRecords } from './resize.js'

/** One of `Plan.sources`, read or drawn. */
export interface SourceData {
  readonly store: ImageStore
  readonly labels: Int32Array
  /** The class each picture shows, where noise was planted. */
  readonly shown: Int32Array | undefined
  /** Class names and path, for data on disk. */
  readonly classes: readonly string[] | undefined
  readonly path: string | undefined
}

/** What `resize` does: the images at another size, or nothing where only records are of interest. */
export type Resize = (input: Dataset, size: number, stores: ImageStore[]) => Columns

const origins: readonly Origin[] = ['real', 'synthetic']

/**
 * The dataset of `plan`, made from `sources` or from the datasets that stand `earlier` in the Plan. `resize`
 * appends its images to `stores`, unless another function takes its place.
 *
 * @throws RunError SAU8006 where a source does not hold what the Plan says.
 */
export function makeDataset(
  plan: DatasetPlan,
  earlier: readonly Dataset[],
  sources: readonly SourceData[],
  stores: ImageStore[],
  resize: Resize = resizeRecords,
): Dataset {
  const columns = columnsOf(plan, earlier, sources, stores, resize)
  const dataset: Dataset = { plan, count: columns.labels.length, ...columns }
  checkCounts(dataset, sources)
  return dataset
}

function columnsOf(
  plan: DatasetPlan,
  earlier: readonly Dataset[],
  sources: readonly SourceData[],
  stores: ImageStore[],
  resize: Resize,
): Columns {
  const { make } = plan
  switch (make.op) {
    case 'source':
      return wholeSource(make.source, make.origin, at(sources, make.source))
    case 'longtail': {
      const input = at(earlier, make.input)
      return select(input, drawPerClass(plan, input, make, make.draw))
    }
    case 'indexed':
      // Its input is a whole source, so the source's record numbers are positions in it.
      return select(at(earlier, make.input), Uint32Array.from(make.records))
    case 'take': {
      const input = at(earlier, make.input)
      return select(input, drawPerClass(plan, input, make, 'without_replacement'))
    }
    case 'split': {
      const input = at(earlier, make.input)
      return select(input, partOf(plan, input, make))
    }
    case 'only': {
      const input = at(earlier, make.input)
      const wanted = origins.indexOf(make.origin)
      return select(
        input,
        positions(input.count, (i) => input.origins[i] === wanted),
      )
    }
    case 'both':
      return followedBy(at(earlier, make.first), at(earlier, make.second))
    case 'fill':
      return fill(make, at(earlier, make.base), at(earlier, make.from))
    case 'resize':
      return resize(at(earlier, make.input), make.size, stores)
  }
}

function wholeSource(source: number, origin: Origin, { labels, shown }: SourceData): Columns {
  return {
    labels,
    origins: new Uint8Array(labels.length).fill(origins.indexOf(origin)),
    shown,
    store: new Uint16Array(labels.length).fill(source),
    record: Uint32Array.from({ length: labels.length }, (_, i) => i),
  }
}

type Draw = Extract<DatasetOperation, { op: 'longtail' }>['draw']

/**
 * As many records of each class and origin as the Plan counts, in the order of `input` (drawn order with
 * replacement).
 */
function drawPerClass(
  plan: DatasetPlan,
  input: Dataset,
  { op, seed }: { readonly op: string; readonly seed: number },
  draw: Draw,
): Uint32Array {
  return perClass(plan, input, (records, wanted, label, origin) => {
    const draws = drawsOf(keyOf(seed, op, label, origin))
    switch (draw) {
      case 'first':
        return records.subarray(0, wanted)
      case 'with_replacement':
        return Uint32Array.from({ length: wanted }, () => records[draws.below(records.length)] as number)
      case 'without_replacement':
        return chosen(records, draws.permutation(records.length).subarray(0, wanted))
    }
  })
}

/** The first records of one permutation per class, or those that the other part leaves. */
function partOf(
  plan: DatasetPlan,
  input: Dataset,
  make: Extract<DatasetOperation, { op: 'split' }>,
): Uint32Array {
  return perClass(plan, input, (records, wanted, label, origin) => {
    const order = drawsOf(keyOf(make.seed, 'split', label, origin)).permutation(records.length)
    return chosen(
      records,
      make.part === 'first' ? order.subarray(0, wanted) : order.subarray(order.length - wanted),
    )
  })
}

/** Records of `input` that `pick` takes from those of one class and origin at a time. */
function perClass(
  plan: DatasetPlan,
  input: Dataset,
  pick: (records: Uint32Array, wanted: number, label: number, origin: Origin) => Uint32Array,
): Uint32Array {
  const parts: Uint32Array[] = []
  for (const [code, origin] of origins.entries()) {
    const counts = plan[origin]
    for (const [label, wanted] of counts.entries())
      if (wanted > 0) parts.push(pick(recordsOf(input, label, code), wanted, label, origin))
  }
  return joined(parts)
}

/**
 * All of `base`, then drawn records of `from`, whose labels become the classes of `base` with the same names.
 */
function fill(make: Extract<DatasetOperation, { op: 'fill' }>, base: Dataset, from: Dataset): Columns {
  const parts: Uint32Array[] = []
  for (const [label, wanted] of make.counts.entries()) {
    if (wanted === 0) continue
    const records = recordsOf(from, classOf(from, base, label))
    const order = drawsOf(keyOf(make.seed, 'fill', label)).permutation(records.length)
    parts.push(chosen(records, order.subarray(0, wanted)))
  }
  const added = select(from, joined(parts))
  // Classes of `from` that `base` lacks never enter by their labels, but planted noise may show them.
  const names = new Map(base.plan.classes.map((name, label) => [name, label]))
  const renamed = Int32Array.from(from.plan.classes, (name) => names.get(name) ?? -1)
  const rename = (labels: Int32Array): Int32Array => labels.map((label) => renamed[label] as number)
  return followedBy(base, {
    ...added,
    labels: rename(added.labels),
    shown: added.shown === undefined ? undefined : rename(added.shown),
  })
}

/** The records of two datasets, whose labels mean the same classes. */
function followedBy(first: Columns, second: Columns): Columns {
  return {
    labels: concatenate(Int32Array, first.labels, second.labels),
    origins: concatenate(Uint8Array, first.origins, second.origins),
    shown:
      first.shown === undefined && second.shown === undefined
        ? undefined
        : concatenate(Int32Array, first.shown ?? first.labels, second.shown ?? second.labels),
    store: concatenate(Uint16Array, first.store, second.store),
    record: concatenate(Uint32Array, first.record, second.record),
  }
}

function classOf(from: Dataset, base: Dataset, label: number): number {
  return from.plan.classes.indexOf(at(base.plan.classes, label))
}

/** Positions of the records of a class, of one origin where it is given, in order. */
function recordsOf({ labels, origins: codes, count }: Dataset, label: number, origin?: number): Uint32Array {
  return positions(count, (i) => labels[i] === label && (origin === undefined || codes[i] === origin))
}

function positions(count: number, wanted: (i: number) => boolean): Uint32Array {
  const found = new Uint32Array(count)
  let n = 0
  for (let i = 0; i < count; i++) if (wanted(i)) found[n++] = i
  return found.slice(0, n)
}

/** `records` at these places, ascending. */
function chosen(records: Uint32Array, places: Uint32Array): Uint32Array {
  return places.map((place) => records[place] as number).sort()
}

function select(input: Dataset, records: Uint32Array): Columns {
  const { shown } = input
  return {
    labels: Int32Array.from(records, (i) => input.labels[i] as number),
    origins: Uint8Array.from(records, (i) => input.origins[i] as number),
    shown: shown === undefined ? undefined : Int32Array.from(records, (i) => shown[i] as number),
    store: Uint16Array.from(records, (i) => input.store[i] as number),
    record: Uint32Array.from(records, (i) => input.record[i] as number),
  }
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}

function concatenate<A extends Int32Array | Uint32Array | Uint16Array | Uint8Array>(
  make: new (length: number) => A,
  first: A,
  second: A,
): A {
  const all = new make(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

/**
 * Counts must be the Plan's: where a source differs its data has changed, anywhere else the program is wrong.
 */
function checkCounts({ plan, labels, origins: codes }: Dataset, sources: readonly SourceData[]): void {
  const counts = [plan.real.map(() => 0), plan.synthetic.map(() => 0)]
  for (let i = 0; i < labels.length; i++) {
    const perOrigin = at(counts, codes[i] as number)
    const label = labels[i] as number
    perOrigin[label] = (perOrigin[label] ?? 0) + 1
  }
  const source = plan.make.op === 'source' ? sources[plan.make.source] : undefined
  const renamed = source?.classes !== undefined && !sameItems(source.classes, plan.classes)
  if (!renamed && sameItems(at(counts, 0), plan.real) && sameItems(at(counts, 1), plan.synthetic)) return
  if (source?.path !== undefined) throw dataChanged(source.path)
  throw new Error(`dataset ${plan.name} (${plan.make.op}) does not hold what the plan counts`)
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

function at<T>(items: readonly T[], i: number): T {
  const item = items[i]
  if (item === undefined) throw new RangeError(`${i} of ${items.length}`)
  return item
}
