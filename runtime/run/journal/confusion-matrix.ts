// A confusion matrix as it is counted and kept: of all cells those that have images.

/**
 * Positions of the true and of the predicted class, and how many images of the one were taken for the other.
 */
export type ConfusionCell = readonly [actual: number, predicted: number, images: number]

export interface ConfusionMatrix {
  readonly classes: number
  /** Cells with images, by true class and then by predicted class. */
  readonly cells: readonly ConfusionCell[]
}

/** Images of each true class. */
export function imagesOf({ classes, cells }: ConfusionMatrix): readonly number[] {
  const images = new Array<number>(classes).fill(0)
  for (const [actual, , count] of cells) images[actual] = (images[actual] ?? 0) + count
  return images
}

/** The share of each class's images that are taken for it; null for a class without images. */
export function recallsOf(matrix: ConfusionMatrix): readonly (number | null)[] {
  const images = imagesOf(matrix)
  const recalls = images.map((count): number | null => (count === 0 ? null : 0))
  for (const [actual, predicted, count] of matrix.cells) {
    if (actual === predicted) recalls[actual] = count / (images[actual] ?? 1)
  }
  return recalls
}

/** A matrix from what a file holds; undefined where that is none. */
export function asConfusionMatrix(value: unknown): ConfusionMatrix | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { classes, cells } = value as { readonly classes?: unknown; readonly cells?: unknown }
  if (!isCount(classes) || !Array.isArray(cells)) return undefined
  const isCell = (cell: unknown): cell is ConfusionCell => {
    if (!Array.isArray(cell) || cell.length !== 3) return false
    const [actual, predicted, images]: unknown[] = cell
    return isCount(actual) && actual < classes && isCount(predicted) && predicted < classes && isCount(images)
  }
  return cells.every(isCell) ? { classes, cells } : undefined
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/**
 * Takes the text `[[5,0],[1,4]]` of a matrix with all its cells, which stood in journals before 0.5.0, piece
 * by piece: at 8,142 classes it has 133 MB.
 */
export function denseTextReader(): {
  push(piece: Uint8Array): void
  /** Undefined where the text was not that of a square matrix. */
  matrix(): ConfusionMatrix | undefined
} {
  const cells: ConfusionCell[] = []
  let [depth, row, column, columns] = [0, 0, 0, -1]
  let number: number | undefined
  let isGood = true
  const endNumber = (): void => {
    if (number === undefined) isGood = false
    else if (number > 0) cells.push([row, column, number])
    number = undefined
  }
  const take = (byte: number): void => {
    if (byte >= 0x30 && byte <= 0x39) number = 10 * (number ?? 0) + byte - 0x30
    else if (byte === 0x2c && depth === 2) {
      endNumber()
      column++
    } else if (byte === 0x2c && depth === 1) row++
    else if (byte === 0x5b && depth < 2) {
      depth++
      column = 0
    } else if (byte === 0x5d && depth === 2) {
      endNumber()
      if (columns >= 0 && columns !== column + 1) isGood = false
      columns = column + 1
      depth = 1
    } else if (byte === 0x5d && depth === 1) depth = 0
    else isGood = false
  }
  return {
    push(piece) {
      for (const byte of piece) take(byte)
    },
    matrix: () => (isGood && depth === 0 && columns === row + 1 ? { classes: columns, cells } : undefined),
  }
}
