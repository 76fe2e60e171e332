// Hashes that tell images apart, and recognise one wherever it is found again.
import { createHash } from 'node:crypto'

/** Pixels of one image, 8 bits, rows of interleaved channels. */
export interface HashedImage {
  readonly pixels: Uint8Array
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** SHA-256 over size and pixels; grey images count as what they look like in colour. */
export function hashOfPixels({ pixels, height, width, channels }: HashedImage): Buffer {
  const hash = createHash('sha256').update(`${height} ${width}\n`)
  if (channels !== 1) return hash.update(pixels).digest()
  const spread = new Uint8Array(pixels.length * 3)
  for (let p = 0; p < pixels.length; p++) spread.fill(pixels[p] as number, 3 * p, 3 * p + 3)
  return hash.update(spread).digest()
}

/** SHA-256 of an encoded file. */
export function hashOfBytes(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/**
 * The first 64 bits of a hash: what is kept of each image of a source. Of a million images and as many
 * others, two that differ share them with a probability of 5e-8.
 */
export function shortHash(hash: Buffer): bigint {
  return hash.readBigUInt64BE(0)
}

/** One image at a time with its channels interleaved, whatever way they lie in a file. */
export function interleaving(
  height: number,
  width: number,
  channels: number,
): (planes: Uint8Array) => Uint8Array {
  const area = height * width
  const turned = new Uint8Array(area * channels)
  return (planes) => {
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < area; p++) turned[p * channels + c] = planes[c * area + p] as number
    return turned
  }
}
