/**
 * The number of single-letter mistakes between two words: insertions, deletions, replacements and swaps of
 * neighbours (Damerau-Levenshtein distance in its "optimal string alignment" form).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      let best = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1)
      }
      current.push(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? a.length
}

/**
 * The candidate that `word` most likely means, or undefined where none is near: one mistake is forgiven in
 * words of up to five letters, one more for every three letters after that, and one more in words of four
 * letters and up that begin as the candidate does; letter case and `-` for `_` cost nothing. Among equally
 * near candidates the first one wins.
 * @param effort what the search may still cost, which is taken off; where none is left, nothing is looked for
 */
export function nearestName(
  word: string,
  candidates: Iterable<string>,
  effort: Effort = { left: Number.POSITIVE_INFINITY },
): string | undefined {
  const plain = withoutCase(word)
  if (plain.length > 64) return undefined
  const usual = plain.length < 3 ? 0 : Math.max(1, Math.floor(plain.length / 3))
  const generous = plain.length < 4 ? usual : Math.ceil(plain.length / 3)
  let nearest: string | undefined
  let nearestDistance = generous + 1
  for (const candidate of candidates) {
    if (effort.left <= 0) return nearest
    effort.left -= costOfLooking
    if (Math.abs(candidate.length - plain.length) >= nearestDistance) continue
    const other = withoutCase(candidate)
    effort.left -= other.length * plain.length
    const distance = editDistance(plain, other)
    const allowed = other[0] === plain[0] ? generous : usual
    if (
      distance <= allowed &&
      distance < nearestDistance &&
      distance < Math.max(plain.length, other.length)
    ) {
      nearest = candidate
      nearestDistance = distance
    }
  }
  return nearest
}

/**
 * What all searches of one program may cost together, in letters that are compared: a file with thousands of
 * unknown names would take minutes to say which thousands of others each of them is like.
 */
export interface Effort {
  left: number
}

/** Enough for tens of thousands of mistakes in a file of some hundred names; a second or two at most. */
export const searchEffort = (): Effort => ({ left: 30_000_000 })

/** A candidate of another length, beside the letters of one that is compared. */
const costOfLooking = 16

function withoutCase(word: string): string {
  return word.toLowerCase().replaceAll('-', '_')
}
