// Tests of drawn numbers against the distribution that they should have. Draws are seeded, so that a test
// that passes once passes always; its bound is the value that right draws exceed once in a thousand times.

/**
 * The statistic of Kolmogorov and Smirnov over its bound; right draws are below 1. `distribution` is the
 * expected one.
 */
export function kolmogorovSmirnov(values: readonly number[], distribution: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const apart = sorted.map((value, i) => {
    const expected = distribution(value)
    return Math.max(expected - i / sorted.length, (i + 1) / sorted.length - expected)
  })
  return (Math.max(...apart) * Math.sqrt(sorted.length)) / 1.95
}

/** Distribution function of the uniform distribution. */
export function uniform(from: number, to: number): (x: number) => number {
  return (x) => Math.min(1, Math.max(0, (x - from) / (to - from)))
}

/** Distribution function of the normal distribution (Abramowitz and Stegun 7.1.26, within 2e-7). */
export function normal(mean: number, deviation: number): (x: number) => number {
  return (x) => {
    const z = Math.abs(x - mean) / deviation / Math.SQRT2
    const t = 1 / (1 + 0.3275911 * z)
    const series =
      t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    const half = 0.5 * (1 - series * Math.exp(-z * z))
    return x < mean ? 0.5 - half : 0.5 + half
  }
}

/**
 * Chi-square of counts against expected ones, all of which should be at least 5, over its bound; right draws
 * are below 1.
 */
export function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  const sum = counts.reduce((total, n, i) => {
    const wanted = expected[i] ?? 0
    return total + (n - wanted) ** 2 / wanted
  }, 0)
  return sum / chiSquareBound(counts.length - 1)
}

/** Chi-square of two samples over the same bins, over its bound; empty bins do not count. */
export function chiSquareOfTwo(first: readonly number[], second: readonly number[]): number {
  const total = (counts: readonly number[]): number => counts.reduce((sum, n) => sum + n, 0)
  const share = Math.sqrt(total(second) / total(first))
  const filled = first.map((n, i) => [n, second[i] ?? 0] as const).filter(([a, b]) => a + b > 0)
  const sum = filled.reduce((so, [a, b]) => so + (a * share - b / share) ** 2 / (a + b), 0)
  return filled.length < 2 ? 0 : sum / chiSquareBound(filled.length - 1)
}

/** What chi-square exceeds once in a thousand times (Wilson and Hilferty, 1931). */
function chiSquareBound(freedom: number): number {
  const spread = 2 / (9 * freedom)
  return freedom * (1 - spread + 3.0902 * Math.sqrt(spread)) ** 3
}

/** How far a count of chances is from what the probability says, in bounds (3.3 standard deviations). */
export function chance(count: number, draws: number, probability: number): number {
  return Math.abs(count - draws * probability) / (3.29 * Math.sqrt(draws * probability * (1 - probability)))
}

/** How many values lie in each of `bins` equal parts of the span; its upper end belongs to the last. */
export function histogram(
  values: readonly number[],
  bins: number,
  [from, to]: readonly [number, number],
): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (const value of values) {
    if (value < from || value > to) continue
    const bin = Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}

/** How often each name comes. */
export function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
