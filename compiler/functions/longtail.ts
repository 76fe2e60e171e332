// The function `longtail`: a draw under a seed, or the one that an index file names.

import { differentDrawn, longtailCounts } from '../plan/class-counts.js'
import type { DatasetNode } from '../types/dataset-node.js'
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
    if (tooFew(call, 'longtail', input, available, shortHelp(a, input))) return undefined
    const chosen = withCounts(input, origin, counts)
    // The same numbers as the run draws; of an input with copies no more than it has.
    const different = counts.map((n, c) => {
      const found = totals(input)[c] ?? 0
      return Math.min(differentDrawn(drawn, c, origin, found, n), input.different?.[c] ?? found)
    })
    const again = a.draw === 'with_replacement' && origin === 'real'
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
      ...chosen,
      ...(again && { different }),
    })
  },
})

/**
 * Ways out where the classes of the input are not equal, and one has fewer images than the profile asks for.
 */
function shortHelp(
  { profile, factor: asked }: { readonly profile: 'exp' | 'step'; readonly factor: number },
  input: DatasetNode,
): string {
  const counts = totals(input)
  const [most, least] = [Math.max(...counts), Math.min(...counts)]
  if (least === 0) return 'give every class at least one image, or take the class out'
  const steeper = possibleFactor(profile, asked, counts)
  return [
    `its classes have ${least} to ${most} images: leave \`longtail\` out to train on them as they are`,
    `write \`take(per_class: ${least})\` before it to make them equal`,
    ...(steeper === undefined ? [] : [`write \`factor: ${steeper}\`, for which there are enough`]),
    'or draw images again with `draw: with_replacement`',
  ].join(', ')
}

/**
 * The smallest whole factor whose profile every class has images for; undefined where none leaves an image in
 * each.
 */
function possibleFactor(
  profile: 'exp' | 'step',
  asked: number,
  counts: readonly number[],
): number | undefined {
  const most = Math.max(...counts)
  const fits = (candidate: number): boolean =>
    longtailCounts(profile, most, candidate, counts.length).every((n, c) => n <= (counts[c] ?? 0))
  let [low, high] = [Math.ceil(asked), most]
  if (low > high || !fits(high)) return undefined
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) high = middle
    else low = middle + 1
  }
  return low
}
