// Which classes are taken for which others most often.

export interface Confused {
  /** Positions of the classes. */
  readonly actual: number
  readonly predicted: number
  readonly count: number
  /** Share of the images of the actual class, in 0..1. */
  readonly share: number
}

/**
 * Pairs of different classes, by the share of the actual class that is taken for the other, then by count, at most `limit`.
 *
 * @param confusion counts by [actual class][predicted class]
 * @param counts whether a pair is wanted at all
 */
export function worstConfusions(
  confusion: readonly (readonly number[])[],
  limit: number,
  counts: (actual: number, predicted: number) => boolean = () => true,
): readonly Confused[] {
  const found: Confused[] = []
  confusion.forEach((row, actual) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    row.forEach((count, predicted) => {
      if (count === 0 || predicted === actual || !counts(actual, predicted)) return
      found.push({ actual, predicted, count, share: count / total })
    })
  })
  return found
    .sort(
      (a, b) => b.share - a.share || b.count - a.count || a.actual - b.actual || a.predicted - b.predicted,
    )
    .slice(0, limit)
}
