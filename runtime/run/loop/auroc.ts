// The area under the ROC curve of each class against the rest.

/**
 * What images scored, as they came: 4 bytes an image and class, 200 MB of 1,000 classes and 50,000 images.
 */
export interface Scores {
  readonly classes: number
  /**
   * Per image the logarithm of each class's probability: in its order, and where the probability itself would
   * be 0.
   */
  readonly rows: Float32Array[]
  readonly labels: number[]
}

/**
 * Mean area of the classes that have images and lack some; undefined where none does. The area of a class is
 * the share of pairs, one image of it and one of another class, whose first has the higher score, a tie being
 * half a pair (Hanley and McNeil, Radiology 143, 1982). Only the scores of a class's own images are sorted;
 * where those of others lie among them is looked up.
 */
export function macroAuroc({ classes, rows, labels }: Scores): number | undefined {
  const { sorted, starts } = ownScores(classes, rows, labels)
  const won = new Float64Array(classes)
  for (const [image, row] of rows.entries()) {
    const label = labels[image]
    for (let c = 0; c < classes; c++) {
      const start = starts[c] as number
      const end = starts[c + 1] as number
      if (c === label || start === end) continue
      const score = row[c] as number
      const first = firstFrom(sorted, start, end, score, false)
      const isTied = first < end && sorted[first] === score
      const above = isTied ? firstFrom(sorted, first, end, score, true) : first
      won[c] = (won[c] as number) + end - (first + above) / 2
    }
  }
  const areas = Array.from(won, (pairsWon, c) => {
    const own = (starts[c + 1] as number) - (starts[c] as number)
    const pairs = own * (rows.length - own)
    return pairs === 0 ? undefined : pairsWon / pairs
  }).filter((area) => area !== undefined)
  return areas.length === 0 ? undefined : areas.reduce((sum, area) => sum + area, 0) / areas.length
}

/**
 * The scores that images have for their own class, class after class, ascending within each; class c from
 * `starts[c]` on.
 */
function ownScores(classes: number, rows: readonly Float32Array[], labels: readonly number[]) {
  const starts = new Int32Array(classes + 1)
  for (const label of labels) starts[label + 1] = (starts[label + 1] as number) + 1
  for (let c = 0; c < classes; c++) starts[c + 1] = (starts[c + 1] as number) + (starts[c] as number)
  const next = starts.slice()
  const sorted = new Float32Array(labels.length)
  for (const [image, label] of labels.entries()) {
    const place = next[label] as number
    sorted[place] = rows[image]?.[label] ?? Number.NaN
    next[label] = place + 1
  }
  for (let c = 0; c < classes; c++) sorted.subarray(starts[c], starts[c + 1]).sort()
  return { sorted, starts }
}

/**
 * Of ascending numbers from `low` to before `high`, the position of the first that is at least `score`, or
 * above it.
 */
function firstFrom(sorted: Float32Array, low: number, high: number, score: number, isAbove: boolean): number {
  let from = low
  let to = high
  while (from < to) {
    const middle = (from + to) >>> 1
    const value = sorted[middle] as number
    if (value < score || (isAbove && value === score)) from = middle + 1
    else to = middle
  }
  return from
}
