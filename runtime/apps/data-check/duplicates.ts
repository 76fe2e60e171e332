// Images with identical pixels, found by a hash of each: sixteen bytes an image are kept, and no pixel.
import { hashOfPixels } from '../../data/readers/image-hash.js'
import type { ReadImage } from './read-images.js'

const hashBytes = 16

/** The hashes of all images of all sources, by a number that runs over all of them. */
export interface ImageHashes {
  set(image: number, read: ReadImage): void
  /** Lists of two or more images that are the same, in ascending order; none for images without a hash. */
  groups(): readonly (readonly number[])[]
}

export function imageHashes(count: number): ImageHashes {
  const hashes = new Uint8Array(count * hashBytes)
  const known = new Uint8Array(count)
  // The first 48 bits as a number: enough to bring equal ones together; the rest is compared.
  const keys = new Float64Array(count)
  const same = (a: number, b: number): boolean => {
    for (let i = 0; i < hashBytes; i++)
      if (hashes[a * hashBytes + i] !== hashes[b * hashBytes + i]) return false
    return true
  }
  return {
    set(image, read) {
      const digest = hashOfPixels(read)
      hashes.set(digest.subarray(0, hashBytes), image * hashBytes)
      keys[image] = digest.readUIntBE(0, 6)
      known[image] = 1
    },
    groups() {
      const order = Uint32Array.from({ length: count }, (_, i) => i)
        .filter((image) => known[image] === 1)
        .sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b)
      const found: number[][] = []
      for (let start = 0; start < order.length; ) {
        const first = order[start] as number
        let end = start + 1
        while (end < order.length && keys[order[end] as number] === keys[first]) end++
        // One group but for a collision of 48 bits.
        let rest = Array.from(order.subarray(start, end))
        while (rest.length > 1) {
          const [head = first] = rest
          const equal = rest.filter((other) => same(head, other))
          if (equal.length > 1) found.push(equal)
          rest = rest.filter((other) => !same(head, other))
        }
        start = end
      }
      return found.sort(([a = 0], [b = 0]) => a - b)
    },
  }
}
