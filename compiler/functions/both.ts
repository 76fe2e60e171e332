// `both`: two datasets as one.

import { labelled } from '../diagnostics/reporter.js'
import type { DatasetNode } from '../types/dataset-node.js'
import { showImage } from '../types/describe.js'
import { sharedImages } from '../types/shared-images.js'
import { types } from '../types/type.js'
import { checkSameClasses } from './class-agreement.js'
import { dataset, derived, differentReal, madeHere, recovered } from './data-transforms.js'
import { type Call, declareFunction, required } from './declaration.js'

export const both = declareFunction({
  name: 'both',
  group: 'dataset',
  doc: 'The images of two datasets of the same classes and the same size of image, those of the first one first. Real and synthetic images may meet; an image may not be in both.',
  parameters: {
    a: required(dataset, 'the first images'),
    b: required(dataset, 'the images that join them'),
  },
  result: types.dataset,
  recover: (a, call) => recovered(a.a, call),
  apply(a, call) {
    const [first, second] = [a.a.dataset, a.b.dataset]
    const same = checkSameClasses(call.context, first, second, call.where.b)
    if (!same || !imagesFit(call, first, second) || !areApart(call, first, second)) return undefined
    if (first.unknown.counts || second.unknown.counts) return undefined
    const sum = (one: readonly number[], other: readonly number[]): readonly number[] =>
      one.map((count, position) => count + (other[position] ?? 0))
    const hasCopies = first.different !== undefined || second.different !== undefined
    return derived(first, call, {
      make: { op: 'both', first, second },
      real: sum(first.real, second.real),
      synthetic: sum(first.synthetic, second.synthetic),
      different: hasCopies ? sum(differentReal(first), differentReal(second)) : undefined,
      split: first.split === second.split ? first.split : undefined,
      pieces: [...first.pieces, ...second.pieces],
    })
  },
})

function imagesFit(call: Call<'a' | 'b'>, first: DatasetNode, second: DatasetNode): boolean {
  const [one, other] = [showImage(first.image), showImage(second.image)]
  if (one === other || first.unknown.image || second.unknown.image) return true
  call.context.reporter.report('SAU3112', {
    gaps: { first: first.name, firstSize: one, second: second.name, secondSize: other },
    labels: [
      labelled(call.where.b, `${other} images`),
      madeHere(first, `${one} images`),
      madeHere(second, `${other} images`),
    ],
  })
  return false
}

/** An image that is in both would count twice wherever images are counted. */
function areApart(call: Call<'a' | 'b'>, first: DatasetNode, second: DatasetNode): boolean {
  const shared = sharedImages(call.context.host, first, second)
  if (!shared) return true
  call.context.reporter.report('SAU4121', {
    gaps: { first: first.name, second: second.name },
    labels: [
      labelled(call.at, shared.images === undefined ? '' : `images in both: ${shared.images}`),
      madeHere(first, ''),
      madeHere(second, ''),
    ],
  })
  return false
}
