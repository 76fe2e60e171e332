// Which images two datasets share, found from where they come, without reading them.
import type { DatasetNode, Piece } from '../types/dataset-node.js'

/** Whether two datasets may hold the same image: pieces of one source that no split keeps apart. */
export function shareImages(a: DatasetNode, b: DatasetNode): boolean {
  return a.pieces.some((one) => b.pieces.some((other) => overlap(one, other)))
}

function overlap(a: Piece, b: Piece): boolean {
  if (a.source !== b.source || a.origin !== b.origin) return false
  return !a.cuts.some((cut) =>
    b.cuts.some((other) => cut.of === other.of && (cut.to <= other.from || other.to <= cut.from)),
  )
}
