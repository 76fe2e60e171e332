// Which images of a dataset a preview shows: from classes with many, with some and with few real images, real
// ones and synthetic.

import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import type { Dataset } from '../../data/dataset.js'

/**
 * At most so many records of the dataset, a class after the other from the largest on, real before synthetic.
 */
export function chooseImages(dataset: Dataset, count: number, seed: number): readonly number[] {
  const records = recordsByClass(dataset)
  const classes = [...records.keys()].sort((a, b) => real(records, b) - real(records, a) || a - b)
  const perClass = classes.some((label) => synthetic(records, label) > 0) ? 2 : 1
  const shown = spread(classes, Math.min(classes.length, Math.max(1, Math.ceil(count / perClass))))
  const chosen: number[] = []
  for (const label of shown) {
    const [ofReal = [], ofSynthetic = []] = records.get(label) ?? []
    const pick = (from: readonly number[], origin: string, many: number): readonly number[] => {
      const order = drawsOf(keyOf(seed, 'preview', label, origin)).permutation(from.length)
      return [...order.subarray(0, many)].map((place) => from[place] ?? 0)
    }
    const left = count - chosen.length
    const wanted = Math.min(left, perClass)
    // A class that has images of one origin only is shown by two of those.
    const some = pick(ofReal, 'real', ofSynthetic.length === 0 ? wanted : Math.min(wanted, 1))
    chosen.push(...some, ...pick(ofSynthetic, 'synthetic', wanted - some.length))
  }
  return chosen
}

/** Class -> its real records and its synthetic ones. */
function recordsByClass({ labels, origins, count }: Dataset): Map<number, [number[], number[]]> {
  const records = new Map<number, [number[], number[]]>()
  for (let i = 0; i < count; i++) {
    const label = labels[i] as number
    const known = records.get(label) ?? [[], []]
    records.set(label, known)
    known[origins[i] === 1 ? 1 : 0].push(i)
  }
  return records
}

type RecordsByClass = ReadonlyMap<number, readonly [readonly number[], readonly number[]]>

function real(records: RecordsByClass, label: number): number {
  return records.get(label)?.[0].length ?? 0
}

function synthetic(records: RecordsByClass, label: number): number {
  return records.get(label)?.[1].length ?? 0
}

/** `count` of the items at even distances, the first and the last among them. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (count >= items.length) return items
  const places = Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (items.length - 1)) / (count - 1)),
  )
  return places.flatMap((place) => items.slice(place, place + 1))
}
