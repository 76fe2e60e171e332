// Which images two datasets share, found from where they come: pixels are not compared, but files by whatever
// path they are reached, and records by their numbers.
import type { Host, SharedRecords } from '../host.js'
import type { DatasetNode, Piece } from './dataset-node.js'

/** How two datasets come to hold the same images. */
export interface SharedImages {
  /** `source`: both are made of one; `files`: the same files by two paths, or a copy of them. */
  readonly by: 'source' | 'files'
  /** How many images of the two sources are the same; undefined where all are. */
  readonly images: number | undefined
}

/**
 * Whether two datasets may hold the same image: one that no split keeps apart, and no index file leaves out
 * of either.
 */
export function sharedImages(host: Host, a: DatasetNode, b: DatasetNode): SharedImages | undefined {
  for (const one of a.pieces) {
    for (const other of b.pieces) {
      const shared = overlap(host, one, other)
      if (shared) return shared
    }
  }
  return undefined
}

function overlap(host: Host, a: Piece, b: Piece): SharedImages | undefined {
  const isOneSource = a.source === b.source
  const apart = a.cuts.some((cut) =>
    b.cuts.some((other) => cut.of === other.of && (cut.to <= other.from || other.to <= cut.from)),
  )
  if (apart) return undefined
  const records = isOneSource ? 'all' : recordsOf(host, a, b)
  if (records === 'none') return undefined
  const by = isOneSource ? 'source' : 'files'
  if (records === 'all') {
    const known = [a.records, b.records].filter((set) => set !== undefined)
    const [first, second] = known
    if (!first) return { by, images: undefined }
    const common = second ? [...first].filter((record) => second.has(record)).length : first.size
    return common === 0 ? undefined : { by, images: common }
  }
  let common = 0
  for (const [i, record] of records.first.entries())
    if (holds(a, record) && holds(b, records.second[i] ?? -1)) common++
  return common === 0 ? undefined : { by, images: common }
}

function recordsOf(host: Host, a: Piece, b: Piece): SharedRecords {
  return a.request && b.request ? host.sharedRecords(a.request, b.request) : 'none'
}

function holds({ records }: Piece, record: number): boolean {
  return records?.has(record) ?? true
}
