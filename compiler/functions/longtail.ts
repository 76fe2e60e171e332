// The function `longtail`: a draw under a seed, or the one that an index file names.

import { longtailCounts } from '../lowering/class-counts.js'
import { types } from '../types/type.js'
import type { PathValue } from '../types/value.js'
import { dataset, derived, onlyOrigin, recovered, tooFew, totals, withCounts } from './data-transforms.js'
import { declareFunction, defaulting, optional, required, type Slot } from './declaration.js'
import { indexedDraw } from './indexed-draw.js'
import { choice, factor, path, seed } from './slots.js'

const ways = ['without_replacement', 'with_replacement', 'first'] as const
const way = choice('draw', ways)

/** A word of the list, or in quotes the path of an index file. */
const draw: Slot<(typeof ways)[number] | PathValue> = {
  type: way.type,
  take(value, site) {
    const isFile = value.kind === 'path' || (value.kind === 'string' && !isWay(value.text))
    return isFile ? path.take(value, site) : way.take(value, site)
  },
}

function isWay(text: string): boolean {
  return ways.some((known) => known === text)
}

export const longtail = declareFunction({
  name: 'longtail',
  group: 'dataset',
  doc: 'Keeps fewer and fewer images from the first class to the last, so that the largest has `factor` times as many as the smallest.',
  parameters: {
    d: required(dataset, 'the images to draw from'),
    profile: defaulting(choice('profile', ['exp', 'step']), 'exp', 'how class sizes fall'),
    factor: required(factor, 'the largest class over the smallest'),
    seed: optional(seed, 'the seed of the draw'),
    draw: defaulting(
      draw,
      'without_replacement',
      'how the images that stay are drawn; or the path of an index file that names them, such as `"indices.json"`',
    ),
  },
  result: types.dataset,
  recover: (a, call) => recovered(a.d, call),
  apply(a, call) {
    const input = a.d.dataset
    if (input.unknown.counts) return undefined
    if (typeof a.draw !== 'string') return indexedDraw({ ...a, draw: a.draw }, input, call)
    const drawn = a.seed ?? call.seed()
    const origin = onlyOrigin(call, 'longtail', input)
    if (!origin) return undefined
    const counts = longtailCounts(a.profile, Math.max(...totals(input)), a.factor, input.classes.length)
    const available =
      a.draw === 'with_replacement' ? counts.map((n, c) => ((totals(input)[c] ?? 0) > 0 ? 0 : n)) : counts
    const help =
      '`take(per_class: n)` before it makes the classes equal, `draw: with_replacement` draws images again'
    if (tooFew(call, 'longtail', input, available, help)) return undefined
    return derived(input, call, {
      make: {
        op: 'longtail',
        input,
        profile: a.profile,
        factor: a.factor,
        counts,
        draw: a.draw,
        seed: drawn,
      },
      ...withCounts(input, origin, counts),
    })
  },
})
