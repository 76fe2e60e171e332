// How much of a run's data is in memory, in one line.
import { formatBytes, formatCount, formatPlural } from '../../platform/quantities.js'

export interface ResidentImages {
  /** Images in memory, and their bytes. */
  readonly held: number
  readonly heldBytes: number
  /** Images that are decoded each time that they are drawn. */
  readonly streamed: number
  /** Bytes that were allowed. */
  readonly budget: number
}

/** `5,500 images in memory, 16.1 MiB of 4.00 GiB; 115,846 are decoded as they are drawn (--data-memory)`. */
export function dataSentence({ held, heldBytes, streamed, budget }: ResidentImages): string {
  const inMemory = `${formatPlural(held, 'image')} in memory, ${formatBytes(heldBytes)} of ${formatBytes(budget)}`
  if (streamed === 0) return inMemory
  const drawn = `decoded as they are drawn: more than --data-memory ${formatBytes(budget)} holds`
  return held === 0
    ? `${formatPlural(streamed, 'image')}, ${drawn}`
    : `${inMemory}; ${formatCount(streamed)} ${drawn}`
}

/** `1,240 images`, or where some were drawn again `1,240 images (840 different)`. */
export function drawnImages({
  images,
  different,
}: {
  readonly images: number
  readonly different?: number
}): string {
  const of = different === undefined ? '' : ` (${formatCount(different)} different)`
  return `${formatPlural(images, 'image')}${of}`
}
