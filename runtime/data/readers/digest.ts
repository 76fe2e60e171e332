// A digest of what decides the numbers: labels and pixels, or labels and encoded files, in record order. On
// the way each image gets a hash of its own, by which it is recognised in other sources and read again under
// another time of change.
import { createHash } from 'node:crypto'
import { readRegular } from '../../platform/host/regular-file.js'
import { hashOfBytes, hashOfPixels, interleaving, shortHash } from './image-hash.js'
import { mostImageBytes } from './image-header.js'
import { type ImageListing, imagePath } from './image-listing.js'
import type { Records } from './reading.js'

export interface SourceContent {
  /** Hex SHA-256 over all that decides the numbers. */
  readonly digest: string
  /** `shortHash` of every record: of its pixels, or of the file that it is. */
  readonly hashes: BigUint64Array
}

/** Over shape, labels and pixels. Class names are not in the digest: they stand in the Plan. */
export function contentOfRecords(records: Records): SourceContent {
  const { height, width, channels, arrangement, labels } = records
  const hashes = new BigUint64Array(labels.length)
  const interleaved = interleaving(height, width, channels)
  const digest = digestOfRecords(records, (i, own) => {
    const pixels = arrangement === 'planes' ? interleaved(own) : own
    hashes[i] = shortHash(hashOfPixels({ pixels, height, width, channels }))
  })
  return { digest, hashes }
}

/** The digest alone. `onRecord` is given the pixels of each record as the file arranges them. */
export function digestOfRecords(
  records: Records,
  onRecord?: (record: number, pixels: Uint8Array) => void,
): string {
  const hash = createHash('sha256')
  const { height, width, channels, arrangement, labels } = records
  hash.update(`${arrangement} ${height} ${width} ${channels} ${labels.length}\n`)
  // Formats whose labels are bytes had them hashed as such from the beginning.
  const isByte = labels.every((label) => label < 256)
  hash.update(isByte ? Uint8Array.from(labels) : labels)
  for (let i = 0; i < labels.length; i++) {
    const pixels = records.pixels(i)
    hash.update(pixels)
    onRecord?.(i, pixels)
  }
  return hash.digest('hex')
}

/** Over each file's label, length and bytes. */
export function contentOfImages(folder: string, listing: ImageListing): SourceContent {
  const { count } = listing.files
  const hashes = new BigUint64Array(count)
  const digest = beginImageDigest(listing)
  for (let i = 0; i < count; i++) {
    const bytes = readRegular(imagePath(folder, listing, i), mostImageBytes)
    hashes[i] = shortHash(hashOfBytes(bytes))
    digest.add(i, bytes)
  }
  return { digest: digest.hex(), hashes }
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
