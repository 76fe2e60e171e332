// Decodes an image file with sharp (libvips) to what Pillow's `exif_transpose(open(file)).convert("RGB")` gives, bit for bit:
// 8 bits, red, green, blue, turned upright as the EXIF part says, grey spread to three channels, transparency dropped,
// colour profiles ignored. Inks become colours as (1 - ink)(1 - black), 16 grey bits are cut off at 255 and not scaled:
// Pillow's own ways, not libvips's.
import type { Sharp, SharpConstructor } from 'sharp'
import type { SourceFailure } from '../../../compiler/host.js'
import { readRegularLater } from '../../host/regular-file.js'
import { type ImageHeader, imageHeader, mostImageBytes } from './image-header.js'
import { failure, unreadable } from './reading.js'

/** An image file, 8 bits, red, green, blue, rows of interleaved channels. */
export interface DecodedImage {
  readonly ok: true
  readonly pixels: Uint8Array
  readonly height: number
  readonly width: number
}

/** Decodes one file, whose bytes `onEncoded` gets first. The failure names `path`. */
export async function decodeImage(
  path: string,
  onEncoded: (bytes: Uint8Array) => void = () => {},
): Promise<DecodedImage | SourceFailure> {
  let encoded: Buffer
  try {
    encoded = await readRegularLater(path, mostImageBytes)
  } catch (error) {
    return unreadable(path, error)
  }
  onEncoded(encoded)
  return decodeBytes(path, encoded)
}

/** Decodes the bytes of the file `path`, which the failure names. */
export async function decodeBytes(path: string, encoded: Uint8Array): Promise<DecodedImage | SourceFailure> {
  const header = imageHeader(encoded)
  if (typeof header === 'string') return failure('format', path, header)
  const sharp = await loadDecoder()
  try {
    // What Pillow passes over without a word passes here too; what it calls truncated or broken does not.
    const image = sharp(encoded, { failOn: 'error', ignoreIcc: true, limitInputPixels: false })
    const { height, width, channels, pixels } = await toColours(
      header.turned ? image.autoOrient() : image,
      header,
    )
    if (channels !== 3) return failure('format', path, `decodes to ${channels} channels instead of 3`)
    return { ok: true, pixels, height, width }
  } catch (error) {
    return failure('format', path, `does not decode (${firstLine(error)})`)
  }
}

let decoder: Promise<SharpConstructor> | undefined

/** The decoder, set for many small images at a time: each on one thread, none remembered. */
export function loadDecoder(): Promise<SharpConstructor> {
  decoder ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1)
    sharp.cache(false)
    return sharp
  })
  return decoder
}

interface Pixels {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly pixels: Uint8Array
}

async function toColours(image: Sharp, header: ImageHeader): Promise<Pixels> {
  switch (header.pixels) {
    case 'colour':
      return raw(image, 'uchar')
    case 'other':
      return raw(image.toColourspace('srgb').removeAlpha(), 'uchar')
    case 'grey 16 bit': {
      const grey = await raw(image.removeAlpha().toColourspace('grey16'), 'ushort')
      return { ...grey, channels: 3, pixels: spread(grey) }
    }
    case 'cmyk': {
      // As they are: libvips, like Pillow, takes every file's inks as inverted, the way Adobe's programs write them.
      const inks = await raw(image.pipelineColourspace('cmyk').toColourspace('cmyk'), 'uchar')
      return { ...inks, channels: inks.channels - 1, pixels: coloursOf(inks.pixels) }
    }
  }
}

async function raw(image: Sharp, depth: 'uchar' | 'ushort'): Promise<Pixels> {
  const { data, info } = await image.raw({ depth }).toBuffer({ resolveWithObject: true })
  return { height: info.height, width: info.width, channels: info.channels, pixels: data }
}

/** The first channel of 16-bit pixels, cut off at 255, three times. */
function spread({ height, width, channels, pixels }: Pixels): Uint8Array {
  const colours = new Uint8Array(3 * height * width)
  for (let i = 0; i < height * width; i++) {
    const at = 2 * channels * i
    // Native byte order, little-endian on everything that this runs on.
    const value = pixels[at + 1] === 0 ? (pixels[at] as number) : 255
    colours.fill(value, 3 * i, 3 * i + 3)
  }
  return colours
}

/** Red, green and blue of cyan, magenta, yellow and black: what the inks leave of the white, in 8-bit arithmetic. */
function coloursOf(inks: Uint8Array): Uint8Array {
  const colours = new Uint8Array((inks.length / 4) * 3)
  for (let i = 0, at = 0; i < inks.length; i += 4) {
    const light = 255 - (inks[i + 3] as number)
    for (let c = 0; c < 3; c++) {
      const product = (inks[i + c] as number) * light + 128
      colours[at++] = Math.max(0, light - (((product >> 8) + product) >> 8))
    }
  }
  return colours
}

function firstLine(error: unknown): string {
  if (!(error instanceof Error)) throw error
  return error.message.split('\n', 1)[0] ?? ''
}
