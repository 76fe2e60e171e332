// The long-tailed draws behind a Plan's datasets, as index files: which records of its source each of them
// keeps. Labels are enough to tell; no pixel is touched.
import { basename } from 'node:path'
import type { DatasetOperation } from '../../compiler/plan/dataset-operations.js'
import { contentOf, drawHash, type SavedDraw } from '../../compiler/plan/index-file.js'
import type { DatasetPlan } from '../../compiler/plan/plan.js'
import type { SourcePlan } from '../../compiler/plan/sources.js'
import type { Dataset } from './dataset.js'
import { makeDataset, type SourceData } from './operations.js'
import { createStore } from './store.js'

/** One draw of a Plan, under the name that tells it from others. */
export interface NamedDraw {
  /** Name of the dataset; `name-2` where a declaration draws again. */
  readonly dataset: string
  readonly images: number
  /** How many of them are different, where some were drawn again. */
  readonly different?: number
  /** Over the source's digest, its classes and the record numbers. */
  readonly sha256: string
  readonly saved: SavedDraw
}

/**
 * Labels of a source, the classes that its pictures show where noise was planted, and where it was read from
 * disk.
 */
export type SourceLabels = Pick<SourceData, 'labels' | 'shown'> & Partial<Pick<SourceData, 'path'>>

/**
 * All long-tailed draws among `datasets`, in their order; `labels[i]` are those of source i. A draw from a
 * mix of sources has no numbers that would mean anything elsewhere, and is left out.
 */
export function namedDraws(
  {
    sources,
    datasets,
  }: { readonly sources: readonly SourcePlan[]; readonly datasets: readonly DatasetPlan[] },
  labels: readonly SourceLabels[],
): readonly NamedDraw[] {
  const taken = new Map<string, number>()
  return recordsOfSources(datasets, labels).flatMap((dataset) => {
    const { make, name } = dataset.plan
    if (make.op !== 'longtail' && make.op !== 'indexed') return []
    const position = dataset.store[0]
    const source = position === undefined ? undefined : sources[position]
    if (source === undefined || dataset.store.some((other) => other !== position)) return []
    const indices: number[][] = dataset.plan.classes.map(() => [])
    for (let i = 0; i < dataset.count; i++)
      indices[dataset.labels[i] as number]?.push(dataset.record[i] as number)
    const saved: SavedDraw = {
      content: contentOf(source),
      classes: dataset.plan.classes,
      indices,
      source: {
        format: source.format,
        name: 'path' in source ? basename(source.path) : '',
        ...('split' in source ? { split: source.split } : {}),
        records: labels[position ?? 0]?.labels.length ?? 0,
      },
      draw: drawnHow(make, indices),
    }
    const times = (taken.get(name) ?? 0) + 1
    taken.set(name, times)
    return [
      {
        dataset: times === 1 ? name : `${name}-${times}`,
        images: dataset.count,
        ...differentIn(indices, dataset.count),
        sha256: drawHash(saved),
        saved,
      },
    ]
  })
}

function differentIn(
  indices: readonly (readonly number[])[],
  images: number,
): { readonly different?: number } {
  const different = new Set(indices.flat()).size
  return different < images ? { different } : {}
}

function drawnHow(
  make: Extract<DatasetOperation, { op: 'longtail' | 'indexed' }>,
  indices: readonly (readonly number[])[],
): SavedDraw['draw'] {
  if (make.op === 'longtail') return make.draw
  const repeats = indices.some((records) => new Set(records).size < records.length)
  return repeats ? 'with_replacement' : 'without_replacement'
}

/**
 * The datasets with the records of the sources themselves: `resize` changes pixels, which nobody asks for
 * here.
 * @throws RunError SAU8006 where a source on disk does not hold what the Plan says.
 */
export function recordsOfSources(
  datasets: readonly DatasetPlan[],
  labels: readonly SourceLabels[],
): readonly Dataset[] {
  const nothing = createStore(0, 0, 0, 0)
  const sources: SourceData[] = labels.map((of) => ({
    ...of,
    store: nothing,
    classes: undefined,
    path: of.path,
  }))
  const made: Dataset[] = []
  for (const plan of datasets) {
    made.push(
      makeDataset(plan, made, sources, [], ({ labels, origins, shown, store, record }) => ({
        labels,
        origins,
        shown,
        store,
        record,
      })),
    )
  }
  return made
}

/** How many different real images a dataset has, however often each was drawn. */
export function differentImages({ count, origins, store, record }: Dataset): number {
  const seen = new Set<number>()
  for (let i = 0; i < count; i++)
    if (origins[i] === 0) seen.add((store[i] as number) * 2 ** 32 + (record[i] as number))
  return seen.size
}

/** The labels of each source of loaded data: those of the dataset that is all of it. */
export function labelsOfLoaded(sources: number, datasets: readonly Dataset[]): readonly SourceLabels[] {
  return Array.from({ length: sources }, (_, position) => {
    const whole = datasets.find(({ plan: { make } }) => make.op === 'source' && make.source === position)
    return { labels: whole?.labels ?? new Int32Array(), shown: whole?.shown }
  })
}
