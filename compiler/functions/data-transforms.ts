import { labelled } from '../diagnostics/reporter.js'
import { datasetKey } from '../types/dataset-key.js'
import type { DatasetNode } from '../types/dataset-node.js'
import { types } from '../types/type.js'
import { unknownDataset } from '../types/unknown.js'
import type { DatasetValue } from '../types/value.js'
import { type Call, declareFunction, optional, required } from './declaration.js'
import { emptyInSourceHelp } from './labels-from-one.js'
import { choice, count, probability, seed, only as valueOfKind, whole } from './slots.js'

export const dataset = valueOfKind('dataset', types.dataset)

/** Images of each class, whatever their origin. */
export function totals(node: DatasetNode): number[] {
  return node.real.map((real, position) => real + (node.synthetic[position] ?? 0))
}

const sum = (counts: readonly number[]) => counts.reduce((total, next) => total + next, 0)

export function hasReal(node: DatasetNode): boolean {
  return sum(node.real) > 0
}

export function hasSynthetic(node: DatasetNode): boolean {
  return sum(node.synthetic) > 0
}

/** The place of a dataset's making, for second labels. */
export function madeHere(node: DatasetNode, text: string) {
  return labelled(node.at, text)
}

/**
 * The one origin that all images have; a mix is reported, because what is drawn from it could not be counted.
 */
export function onlyOrigin(
  call: Call<'d'>,
  name: string,
  node: DatasetNode,
): 'real' | 'synthetic' | undefined {
  if (hasReal(node) && hasSynthetic(node)) {
    call.context.reporter.report('SAU4107', {
      gaps: { function: name, dataset: node.name },
      labels: [labelled(call.callee), madeHere(node, 'real and synthetic images')],
    })
    return undefined
  }
  return hasSynthetic(node) ? 'synthetic' : 'real'
}

export function withCounts(
  node: DatasetNode,
  origin: 'real' | 'synthetic',
  counts: readonly number[],
): Pick<DatasetNode, 'real' | 'synthetic' | 'different'> {
  const none = counts.map(() => 0)
  if (origin === 'synthetic') return { real: node.real.map(() => 0), synthetic: counts, different: undefined }
  const different = node.different?.map((most, position) => Math.min(most, counts[position] ?? 0))
  return { real: counts, synthetic: none, different }
}

/** Real images of each class, every one once. */
export function differentReal({ real, different }: DatasetNode): readonly number[] {
  return different ?? real
}

export function tooFew(
  call: Call<'d'>,
  name: string,
  node: DatasetNode,
  wanted: readonly number[],
  help: string,
): boolean {
  const found = totals(node)
  const short = wanted.map((needed, position) => ({ needed, position, found: found[position] ?? 0 }))
  const missing = short.filter((entry) => entry.found < entry.needed)
  const first = missing[0]
  if (!first) return false
  call.context.reporter.report('SAU4006', {
    gaps: {
      function: name,
      needed: first.needed,
      class: `\`${node.classes[first.position]}\``,
      found: first.found,
    },
    labels: [
      labelled(call.at),
      madeHere(node, `${first.found} images of \`${node.classes[first.position]}\``),
    ],
    help:
      emptyInSourceHelp(node, first.position) ??
      (missing.length > 1 ? `${missing.length} classes lack images; ${help}` : help),
  })
  return true
}

/** A dataset made from another one by a call with an error: its images are not known, its classes are. */
export function recovered(input: DatasetValue | undefined, call: Call): DatasetValue {
  if (!input) return { kind: 'dataset', dataset: unknownDataset(call.at, { name: call.owner }) }
  const { dataset: node } = input
  return derived(node, call, { make: { op: 'unknown' }, unknown: { ...node.unknown, counts: true } })
}

/** A dataset made from another one. */
export function derived(
  input: DatasetNode,
  call: Call,
  changes: Pick<DatasetNode, 'make'> & Partial<DatasetNode>,
): DatasetValue {
  return { kind: 'dataset', dataset: { ...input, name: call.owner, at: call.at, ...changes } }
}

const take = declareFunction({
  name: 'take',
  group: 'dataset',
  doc: 'Keeps the same number of images of every class.',
  parameters: {
    d: required(dataset, 'the images to draw from'),
    per_class: required(count, 'images of each class'),
    seed: optional(seed, 'the seed of the draw'),
  },
  result: types.dataset,
  recover: (a, call) => recovered(a.d, call),
  apply(a, call) {
    const input = a.d.dataset
    if (input.unknown.counts) return undefined
    const drawn = a.seed ?? call.seed()
    const origin = onlyOrigin(call, 'take', input)
    if (!origin) return undefined
    const counts = input.classes.map(() => a.per_class)
    if (tooFew(call, 'take', input, counts, `take at most ${Math.min(...totals(input))}`)) return undefined
    return derived(input, call, {
      make: { op: 'take', input, perClass: a.per_class, seed: drawn },
      ...withCounts(input, origin, counts),
    })
  },
})

const only = declareFunction({
  name: 'only',
  group: 'dataset',
  doc: 'Keeps the images of one origin.',
  parameters: {
    d: required(dataset, 'the images to choose from'),
    origin: required(choice('origin', ['real', 'synthetic']), 'the origin to keep'),
  },
  result: types.dataset,
  recover: (a, call) => recovered(a.d, call),
  apply(a, call) {
    const input = a.d.dataset
    if (input.unknown.counts) return undefined
    return derived(input, call, {
      make: { op: 'only', input, origin: a.origin },
      ...withCounts(input, a.origin, a.origin === 'real' ? input.real : input.synthetic),
      pieces: input.pieces.filter((piece) => piece.origin === a.origin),
    })
  },
})

const split = declareFunction({
  name: 'split',
  group: 'dataset',
  doc: 'One of two complementary parts, drawn class by class. Two calls on the same dataset with the same share are the two parts of one draw, whether or not a seed is given.',
  parameters: {
    d: required(dataset, 'the images to part'),
    share: required(probability, 'the share of every class that is in the first part'),
    part: required(choice('part', ['first', 'rest']), 'which of the two'),
    seed: optional(seed, 'the seed of the draw'),
  },
  result: types.dataset,
  recover: (a, call) => recovered(a.d, call),
  apply(a, call) {
    const input = a.d.dataset
    if (input.unknown.counts) return undefined
    // Derived from the dataset that is parted, not from the part, so that the two parts are of one
    // permutation.
    const drawn = a.seed ?? call.seed({ kind: 'split of dataset', name: input.name })
    const origin = onlyOrigin(call, 'split', input)
    if (!origin) return undefined
    const counts = totals(input).map((n) => {
      const first = Math.round(a.share * n)
      return a.part === 'first' ? first : n - first
    })
    const cut = {
      of: `${drawn} ${datasetKey(input)}`,
      from: a.part === 'first' ? 0 : a.share,
      to: a.part === 'first' ? a.share : 1,
    }
    return derived(input, call, {
      make: { op: 'split', input, share: a.share, part: a.part, seed: drawn },
      ...withCounts(input, origin, counts),
      pieces: input.pieces.map((piece) => ({ ...piece, cuts: [...piece.cuts, cut] })),
    })
  },
})

const resize = declareFunction({
  name: 'resize',
  group: 'dataset',
  doc: 'Scales every image to n x n pixels once, before training (bilinear, antialiased).',
  parameters: {
    d: required(dataset, 'the images to scale'),
    n: required(whole({ from: 1, to: 4096 }), 'pixels a side'),
  },
  result: types.dataset,
  recover(a, call) {
    const known = recovered(a.d, call)
    return {
      kind: 'dataset',
      dataset: { ...known.dataset, unknown: { ...known.dataset.unknown, image: true } },
    }
  },
  apply(a, call) {
    const input = a.d.dataset
    const channels = input.image === 'varied' ? 3 : input.image.channels
    return derived(input, call, {
      make: { op: 'resize', input, size: a.n },
      image: { height: a.n, width: a.n, channels },
    })
  },
})

export const dataTransforms = [take, only, split, resize]
