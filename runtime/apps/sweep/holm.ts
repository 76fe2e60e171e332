// Many tests at once: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
// Journal of Statistics 6,
// 1979. With twenty settings one is below 0.05 by chance alone.

/**
 * Adjusted probabilities, each to be held against the level by itself; undefined entries are no tests and
 * stay.
 */
export function holmAdjusted(
  probabilities: readonly (number | undefined)[],
): readonly (number | undefined)[] {
  const tests = probabilities
    .flatMap((p, position) => (p === undefined ? [] : [{ p, position }]))
    .sort((a, b) => a.p - b.p)
  const adjusted: (number | undefined)[] = probabilities.map(() => undefined)
  let largest = 0
  for (const [rank, { p, position }] of tests.entries()) {
    largest = Math.max(largest, Math.min(1, (tests.length - rank) * p))
    adjusted[position] = largest
  }
  return adjusted
}
