// Reads all images of all sources once and says what is wrong or strange about them. Memory holds one decoded
// image at a time (a few where files are decoded ahead), the bytes of one file of records, and some twenty
// bytes for every image.
import type { LoweredDatasets, Plan } from '../../../compiler/index.js'
import { labelsOfSource } from '../../data/source-labels.js'
import { imageHashes } from './duplicates.js'
import type { DataFindings, DuplicateFindings, ImagePlace, SourceFindings } from './findings.js'
import { openSource, type ReadImage } from './read-images.js'
import { evaluatedOn, type NamedSource, namedSources, trainedOn, usedRecords } from './sources.js'
import { type PixelSums, pixelSums } from './statistics.js'

/** Standard deviation, of 255, up to which an image counts as showing next to nothing. */
export const nearConstantDeviation = 2

/** The data of a file: all that it declares, and what the experiment makes of it, unless it is a library. */
export interface CheckedData {
  readonly declared: LoweredDatasets
  readonly experiment: { readonly plan: Plan; readonly locations: readonly (readonly string[])[] } | undefined
}

export interface CheckProgress {
  readonly source: string
  readonly done: number
  readonly total: number
}

/** @throws RunError SAU8001 to SAU8004 where a source as a whole cannot be read. */
export async function checkData(
  { declared, experiment }: CheckedData,
  onProgress: (progress: CheckProgress) => void,
): Promise<DataFindings> {
  const started = performance.now()
  const named = namedSources(declared)
  const labels = named.map(({ plan, location }) => labelsOfSource(plan, location).labels)
  const firsts: number[] = []
  let images = 0
  for (const { length } of labels) {
    firsts.push(images)
    images += length
  }
  const used =
    experiment === undefined
      ? undefined
      : usedRecords(
          experiment.plan,
          experiment.locations,
          experiment.plan.sources.map((source, i) => labelsOfSource(source, experiment.locations[i] ?? [])),
          named,
        )
  const hashes = imageHashes(images)
  const sources: SourceFindings[] = []
  const placeOf: ((record: number) => ImagePlace)[] = []
  const sums: PixelSums[] = []
  for (const [i, source] of named.entries()) {
    const own = await checkSource(
      source,
      i,
      used?.[i],
      (record, image) => hashes.set((firsts[i] ?? 0) + record, image),
      onProgress,
    )
    sources.push(own.findings)
    placeOf.push(own.placeOf)
    sums.push(own.sums)
  }
  const place = (image: number): ImagePlace => {
    const source = firsts.findLastIndex((first) => first <= image)
    const of = placeOf[source]
    if (of === undefined) throw new RangeError(`image ${image} of ${images}`)
    return of(image - (firsts[source] ?? 0))
  }
  return {
    images,
    sources,
    origins: originsOf(sources, sums),
    duplicates: duplicatesOf(
      hashes.groups().map((group) => group.map(place)),
      sources,
    ),
    undecodable: sources.reduce((sum, { undecodable }) => sum + undecodable.length, 0),
    seconds: (performance.now() - started) / 1000,
  }
}

interface CheckedSource {
  readonly findings: SourceFindings
  readonly sums: PixelSums
  readonly placeOf: (record: number) => ImagePlace
}

async function checkSource(
  { names, plan, location, origin, split }: NamedSource,
  source: number,
  used: Uint8Array | undefined,
  onImage: (record: number, image: ReadImage) => void,
  onProgress: (progress: CheckProgress) => void,
): Promise<CheckedSource> {
  const { classes: ownClasses, labels, fileOf, passedOver, images } = openSource(plan, location)
  const count = labels.length
  const classes = ownClasses ?? classNames(labels)
  const placeOf = (record: number): ImagePlace => ({
    source,
    record,
    file: fileOf?.(record),
    class: classes[labels[record] ?? -1] ?? '?',
    trained: ((used?.[record] ?? 0) & trainedOn) !== 0,
    evaluated: ((used?.[record] ?? 0) & evaluatedOn) !== 0,
  })
  const sums = pixelSums()
  const sizes = new Map<string, { readonly height: number; readonly width: number; images: number }>()
  const nearConstant: SourceFindings['nearConstant'][number][] = []
  const undecodable: SourceFindings['undecodable'][number][] = []
  let record = 0
  for await (const image of images()) {
    if ('reason' in image) undecodable.push({ ...placeOf(record), reason: image.message })
    else {
      onImage(record, image)
      const deviation = sums.add(image)
      if (deviation <= nearConstantDeviation) nearConstant.push({ ...placeOf(record), deviation })
      const { height, width } = image
      const size = sizes.get(`${height} ${width}`) ?? { height, width, images: 0 }
      size.images++
      sizes.set(`${height} ${width}`, size)
    }
    record++
    if (record % 64 === 0 || record === count)
      onProgress({ source: names.join(', '), done: record, total: count })
  }
  const bySize = [...sizes.values()].sort((a, b) => b.images - a.images)
  const byArea = bySize.toSorted((a, b) => a.height * a.width - b.height * b.width)
  const sizeOf = (of: (typeof byArea)[number] | undefined) =>
    of === undefined ? undefined : ([of.height, of.width] as const)
  const perClass = new Array<number>(classes.length).fill(0)
  for (let i = 0; i < count; i++) perClass[labels[i] as number] = (perClass[labels[i] as number] ?? 0) + 1
  const statistics = sums.statistics()
  return {
    sums,
    placeOf,
    findings: {
      datasets: names,
      format: plan.format,
      path: 'path' in plan ? plan.path : undefined,
      origin,
      split,
      images: count,
      classes: classes.map((name, label) => ({ name, images: perClass[label] ?? 0 })),
      used: used === undefined ? undefined : usesOf(used, count),
      sizes: bySize.slice(0, 5),
      differentSizes: sizes.size,
      smallest: sizeOf(byArea[0]),
      largest: sizeOf(byArea.at(-1)),
      mean: statistics?.mean,
      deviation: statistics?.deviation,
      nearConstant,
      undecodable,
      passedOver,
    },
  }
}

function classNames(labels: ArrayLike<number>): readonly string[] {
  let most = -1
  for (let i = 0; i < labels.length; i++) most = Math.max(most, labels[i] as number)
  return Array.from({ length: most + 1 }, (_, label) => String(label))
}

function usesOf(used: Uint8Array, count: number): SourceFindings['used'] {
  const having = (bit: number): number => used.reduce((sum, flags) => sum + ((flags & bit) !== 0 ? 1 : 0), 0)
  const nothing = count - used.reduce((sum, flags) => sum + (flags !== 0 ? 1 : 0), 0)
  return { training: having(trainedOn), evaluation: having(evaluatedOn), nothing }
}

function originsOf(sources: readonly SourceFindings[], sums: readonly PixelSums[]): DataFindings['origins'] {
  return (['real', 'synthetic'] as const).flatMap((origin) => {
    const own = [...sources.entries()].filter(([, source]) => source.origin === origin)
    if (own.length === 0) return []
    const images = own.reduce((sum, [, source]) => sum + source.images, 0)
    const channels = new Set(own.flatMap(([, { mean }]) => (mean === undefined ? [] : [mean.length])))
    if (channels.size !== 1) return [{ origin, images }]
    const all = pixelSums()
    for (const [i] of own) {
      const of = sums[i]
      if (of !== undefined) all.join(of)
    }
    return [{ origin, images, ...all.statistics() }]
  })
}

function duplicatesOf(
  groups: readonly (readonly ImagePlace[])[],
  sources: readonly SourceFindings[],
): DuplicateFindings {
  const within = sources.map((_, source) => ({ source, groups: 0, repeats: 0 }))
  const between = new Map<string, { sources: [number, number]; images: [number, number] }>()
  let labelsDiffer = 0
  let evaluatedAndTrained = 0
  for (const group of groups) {
    const perSource = new Map<number, number>()
    for (const { source } of group) perSource.set(source, (perSource.get(source) ?? 0) + 1)
    for (const [source, images] of perSource) {
      const own = within[source]
      if (own === undefined || images < 2) continue
      own.groups++
      own.repeats += images - 1
    }
    const inGroup = [...perSource].sort(([a], [b]) => a - b)
    for (const [i, [a, ofA]] of inGroup.entries())
      for (const [b, ofB] of inGroup.slice(i + 1)) {
        const pair = between.get(`${a} ${b}`) ?? { sources: [a, b], images: [0, 0] }
        pair.images[0] += ofA
        pair.images[1] += ofB
        between.set(`${a} ${b}`, pair)
      }
    if (new Set(group.map((place) => place.class)).size > 1) labelsDiffer++
    if (group.some(({ trained }) => trained))
      evaluatedAndTrained += group.filter(({ evaluated }) => evaluated).length
  }
  return {
    groups,
    within: within.filter((of) => of.groups > 0),
    between: [...between.values()].map(({ sources: [a, b], images }) => ({
      sources: [a, b],
      kind: kindOf(sources[a], sources[b]),
      images,
    })),
    labelsDiffer,
    evaluatedAndTrained,
  }
}

function kindOf(
  a: SourceFindings | undefined,
  b: SourceFindings | undefined,
): DuplicateFindings['between'][number]['kind'] {
  if (a?.split !== undefined && b?.split !== undefined && a.split !== b.split) return 'splits'
  return a?.origin === b?.origin ? 'sources' : 'origins'
}
