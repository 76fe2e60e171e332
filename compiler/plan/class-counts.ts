// How many images each class keeps.

import { drawsOf } from '../random/draws.js'
import { keyOf } from '../random/random.js'
import type { Origin } from './plan.js'

/**
 * Class sizes of a long-tailed set: exponential, floor(n_max * (1/factor)^(c/(C-1))) (Cui et al., CVPR 2019,
 * as the SAU code computes it in float64), or a step, n_max for the first half of the classes and floor(n_max
 * / factor) for the rest.
 */
export function longtailCounts(
  profile: 'exp' | 'step',
  largest: number,
  factor: number,
  classes: number,
): number[] {
  return Array.from({ length: classes }, (_, position) => {
    if (profile === 'step') return position < classes / 2 ? largest : Math.floor(largest / factor)
    if (classes === 1) return largest
    return Math.floor(largest * (1 / factor) ** (position / (classes - 1)))
  })
}

/**
 * How many different images `longtail` draws with replacement for a class: `count` draws among `available`,
 * as the run makes them.
 */
export function differentDrawn(
  seed: number,
  label: number,
  origin: Origin,
  available: number,
  count: number,
): number {
  const draws = drawsOf(keyOf(seed, 'longtail', label, origin))
  const seen = new Set<number>()
  for (let i = 0; i < count && seen.size < available; i++) seen.add(draws.below(available))
  return seen.size
}

/** Up to where `fill` fills. */
export type FillTarget =
  | { readonly kind: 'balanced' }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'share_of_gap'; readonly share: number }

/** Synthetic images to add to each class; a share of the gap is rounded to whole images. */
export function fillCounts(base: readonly number[], target: FillTarget): number[] {
  const largest = Math.max(0, ...base)
  return base.map((count) => added(count, largest, target))
}

function added(count: number, largest: number, target: FillTarget): number {
  switch (target.kind) {
    case 'balanced':
      return largest - count
    case 'count':
      return Math.max(0, target.count - count)
    case 'share_of_gap':
      return Math.round(target.share * (largest - count))
  }
}
