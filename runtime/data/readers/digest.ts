// A digest of what decides the numbers: labels and pixels, or labels and encoded files, in record order.
import { createHash } from 'node:crypto'
import { readRegular } from '../../host/regular-file.js'
import { mostImageBytes } from './image-header.js'
import { type ImageListing, imagePath } from './image-listing.js'
import type { Records } from './reading.js'

/** Hex SHA-256 over shape, labels and pixels. Class names are not in it: they stand in the Plan. */
export function digestOfRecords(records: Records): string {
  const hash = createHash('sha256')
  const { height, width, channels, arrangement, labels } = records
  hash.update(`${arrangement} ${height} ${width} ${channels} ${labels.length}\n`)
  // Formats whose labels are bytes had them hashed as such from the beginning.
  const isByte = labels.every((label) => label < 256)
  hash.update(isByte ? Uint8Array.from(labels) : labels)
  for (let i = 0; i < labels.length; i++) hash.update(records.pixels(i))
  return hash.digest('hex')
}

/** Hex SHA-256 over each file's label, length and bytes. */
export function digestOfImages(folder: string, listing: ImageListing): string {
  const digest = beginImageDigest(listing)
  for (let i = 0; i < listing.files.count; i++)
    digest.add(i, readRegular(imagePath(folder, listing, i), mostImageBytes))
  return digest.hex()
}

/** The digest of images that are read one by one, in any order, for another purpose. */
export interface ImageDigest {
  /** The bytes of file `i` of the listing. They are kept until those of all files before it were added. */
  add(i: number, bytes: Uint8Array): void
  /** Once all files were added. */
  hex(): string
}

export function beginImageDigest(listing: ImageListing): ImageDigest {
  const hash = createHash('sha256')
  const early = new Map<number, Uint8Array>()
  let next = 0
  return {
    add(i, bytes) {
      early.set(i, bytes)
      for (;;) {
        const label = listing.labels[next]
        const own = early.get(next)
        if (label === undefined || own === undefined) return
        early.delete(next++)
        hash.update(`${label} ${own.length}\n`)
        hash.update(own)
      }
    },
    hex: () => hash.digest('hex'),
  }
}
