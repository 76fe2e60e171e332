// Labels that count from 1, as MATLAB and some published data do.

/**
 * Whether labels are those of `classes` classes that are counted from 1: none is 0, and the largest is
 * `classes`.
 */
export function countFromOne(labels: Iterable<number>, classes: number): boolean {
  let least = Number.POSITIVE_INFINITY
  let largest = 0
  for (const label of labels) {
    if (label < least) least = label
    if (label > largest) largest = label
  }
  return least === 1 && largest === classes
}
