// A digest of what decides the numbers: labels and pixels, or labels and encoded files, in record order.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageListing } from './image-folder.js'
import type { Records } from './reading.js'

/** Hex SHA-256 over shape, labels and pixels. Class names are not in it: they stand in the Plan. */
export function digestOfRecords(records: Records): string {
  const hash = createHash('sha256')
  const { height, width, channels, arrangement, labels } = records
  hash.update(`${arrangement} ${height} ${width} ${channels} ${labels.length}\n`)
  hash.update(Uint8Array.from(labels))
  for (let i = 0; i < labels.length; i++) hash.update(records.pixels(i))
  return hash.digest('hex')
}

/** Hex SHA-256 over each file's label, length and bytes. */
export function digestOfImages(folder: string, listing: ImageListing): string {
  const hash = createHash('sha256')
  for (const { file, label } of listing.files) {
    const bytes = readFileSync(join(folder, file))
    hash.update(`${label} ${bytes.length}\n`)
    hash.update(bytes)
  }
  return hash.digest('hex')
}
