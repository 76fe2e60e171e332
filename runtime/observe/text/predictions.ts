// Predicted classes of images as lines for people and as CSV.

import { printable } from '../../../grammar/printable.js'
import type { Prediction } from '../../apps/inference/predict.js'
import { cellWidth, padRight } from '../../platform/cell-width.js'
import { formatShare } from '../../platform/quantities.js'
import { csvText } from '../../platform/texts/csv.js'

/** A line an image: its path, then classes with their probabilities in columns. */
export function predictionLines(images: readonly Prediction[]): readonly string[] {
  const rows = images.map(({ file, top }) => [
    printable(file),
    ...top.flatMap(({ class: name, probability }) => [printable(name), formatShare(probability).padStart(7)]),
  ])
  const columns = rows[0]?.length ?? 0
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => cellWidth(row[c] ?? ''))),
  )
  return rows.map((row) =>
    row
      .map((cell, c) => padRight(cell, widths[c] ?? 0) + (c % 2 === 0 ? '  ' : ' '))
      .join('')
      .trimEnd(),
  )
}

/** A row for each class of each image, the most probable first. Probabilities are in 0..1. */
export function predictionsCsv(images: readonly Prediction[]): string {
  const rows = images.flatMap(({ file, top }) =>
    top.map(({ class: name, probability }, rank) => [file, rank + 1, name, probability]),
  )
  return csvText([['file', 'rank', 'class', 'probability'], ...rows])
}
