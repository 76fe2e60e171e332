// Confusion matrices as tests write them: with all their cells, as rows.

import type { ConfusionReader } from '../../../runtime/run/folder/confusions.js'
import type { ConfusionCell, ConfusionMatrix } from '../../../runtime/run/journal/confusion-matrix.js'
import type { ConfusionPlace } from '../../../runtime/run/journal/events.js'

type Rows = readonly (readonly number[])[]

export function sparse(rows: Rows): ConfusionMatrix {
  const cells = rows.flatMap((row, actual) =>
    row.flatMap((images, predicted): ConfusionCell[] => (images === 0 ? [] : [[actual, predicted, images]])),
  )
  return { classes: rows.length, cells }
}

export function dense({ classes, cells }: ConfusionMatrix): Rows {
  const rows = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (const [actual, predicted, images] of cells) {
    const row = rows[actual]
    if (row !== undefined) row[predicted] = images
  }
  return rows
}

/** Matrices in memory, in the stead of those of a run folder. */
export function heldMatrices(): { hold(rows: Rows): ConfusionPlace; readonly confusionOf: ConfusionReader } {
  const held: ConfusionMatrix[] = []
  return {
    hold(rows) {
      held.push(sparse(rows))
      return { file: 'held', offset: held.length - 1, bytes: 0 }
    },
    confusionOf: ({ confusion }) => (confusion === undefined ? undefined : held[confusion.offset]),
  }
}
