// Which classes are taken for which others most often.

import { type ConfusionMatrix, imagesOf } from '../../run/journal/confusion-matrix.js'

export interface Confused {
  /** Positions of the classes. */
  readonly actual: number
  readonly predicted: number
  readonly count: number
  /** Share of the images of the actual class, in 0..1. */
  readonly share: number
}

/**
 * Pairs of different classes, by the share of the actual class that is taken for the other, then by count, at
 * most `limit`.
 *
 * @param counts whether a pair is wanted at all
 */
export function worstConfusions(
  confusion: ConfusionMatrix,
  limit: number,
  counts: (actual: number, predicted: number) => boolean = () => true,
): readonly Confused[] {
  const images = imagesOf(confusion)
  return confusion.cells
    .filter(([actual, predicted]) => predicted !== actual && counts(actual, predicted))
    .map(([actual, predicted, count]) => ({ actual, predicted, count, share: count / (images[actual] ?? 1) }))
    .sort(
      (a, b) => b.share - a.share || b.count - a.count || a.actual - b.actual || a.predicted - b.predicted,
    )
    .slice(0, limit)
}
