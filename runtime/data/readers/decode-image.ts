// Decodes an image file to what Pillow's `exif_transpose(open(file)).convert("RGB")` gives, bit for bit: 8
// bits, red, green, blue, turned upright, grey spread to three channels, transparency dropped, colour
// profiles ignored. Inks become colours as (1 - ink)(1 - black), 16 grey bits are cut off at 255 and not
// scaled: Pillow's own ways, not those of libvips, which decodes JPEG, PNG, WebP and TIFF here. GIF, BMP and
// Netpbm are read by decoders of saurun's own, for libvips has none or loses what Pillow keeps: the colour of
// what is transparent.
import type { Sharp, SharpConstructor } from 'sharp'
import type { SourceFailure } from '../../../compiler/host.js'
import { readRegularLater } from '../../platform/host/regular-file.js'
import { decodeBmp } from './image-formats/bmp.js'
import { bytesInMemory } from './image-formats/bytes.js'
import { decodeGif } from './image-formats/gif.js'
import { decodeNetpbm } from './image-formats/netpbm.js'
import { type Colours, upright } from './image-formats/turn.js'
import { firstFrame } from './image-formats/webp.js'
import { type ImageHeader, imageHeader, mostImageBytes, mostPixels } from './image-header.js'
import { failure, unreadable } from './reading.js'

/** An image file, 8 bits, red, green, blue, rows of interleaved channels. */
export interface DecodedImage extends Colours {
  readonly ok: true
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
  const header = imageHeader(path, encoded)
  if (!header.ok) return header
  const count = header.height * header.width
  await turnOf(count)
  try {
    return await decodeKnown(path, header, encoded)
  } finally {
    turnEnds(count)
  }
}

/**
 * Pixels that are decoded at a time, together; an image of more is decoded alone, for eight of its kind fill
 * the memory.
 */
const pixelsAtOnce = 2 ** 26
let decoding = 0
const waiting: (() => void)[] = []

async function turnOf(pixels: number): Promise<void> {
  while (decoding > 0 && decoding + pixels > pixelsAtOnce)
    await new Promise<void>((resolve) => waiting.push(resolve))
  decoding += pixels
}

function turnEnds(pixels: number): void {
  decoding -= pixels
  for (const next of waiting.splice(0)) next()
}

async function decodeKnown(
  path: string,
  header: ImageHeader,
  encoded: Uint8Array,
): Promise<DecodedImage | SourceFailure> {
  const image =
    header.pixels === 'own' ? await decodeOwn(header, encoded) : await decodeBySharp(header, encoded)
  if (typeof image === 'string') return failure('format', path, `does not decode (${image})`)
  return { ok: true, ...upright(image, header.orientation) }
}

/** As the image lies in its file. */
function storedSize({ height, width, orientation }: ImageHeader): {
  readonly height: number
  readonly width: number
} {
  return orientation >= 5 ? { height: width, width: height } : { height, width }
}

async function decodeOwn(header: ImageHeader, encoded: Uint8Array): Promise<Colours | string> {
  if (header.format === 'webp') return decodeFirstFrame(header, encoded)
  const pixels =
    header.format === 'gif'
      ? decodeGif(bytesInMemory(encoded))
      : header.format === 'bmp'
        ? decodeBmp(encoded)
        : decodeNetpbm(encoded)
  return typeof pixels === 'string' ? `it ${pixels}` : { pixels, ...storedSize(header) }
}

/** The first frame of an animation on a black canvas. */
async function decodeFirstFrame(header: ImageHeader, encoded: Uint8Array): Promise<Colours | string> {
  const frame = firstFrame(encoded)
  if (frame === undefined) return 'it has no whole frame'
  const { left, top } = frame
  const canvas = storedSize(header)
  if (left + frame.width > canvas.width || top + frame.height > canvas.height)
    return 'its first frame does not fit'
  const image = await decodeBySharp(header, frame.file)
  if (typeof image === 'string') return image
  const pixels = new Uint8Array(3 * canvas.height * canvas.width)
  const row = 3 * image.width
  for (let y = 0; y < image.height; y++)
    pixels.set(image.pixels.subarray(y * row, (y + 1) * row), 3 * ((top + y) * canvas.width + left))
  return { pixels, ...canvas }
}

async function decodeBySharp(header: ImageHeader, encoded: Uint8Array): Promise<Colours | string> {
  const sharp = await loadDecoder()
  try {
    // What Pillow passes over without a word passes here too; what it calls truncated or broken does not.
    const image = sharp(encoded, { failOn: 'error', ignoreIcc: true, limitInputPixels: mostPixels() })
    const { height, width, channels, pixels } = await toColours(image, header)
    return channels === 3 ? { pixels, height, width } : `${channels} channels instead of 3`
  } catch (error) {
    return firstLine(error)
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
    case 'own':
    case 'other':
      return raw(image.toColourspace('srgb').removeAlpha(), 'uchar')
    case 'grey 16 bit': {
      const grey = await raw(image.removeAlpha().toColourspace('grey16'), 'ushort')
      return { ...grey, channels: 3, pixels: spread(grey) }
    }
    case 'cmyk': {
      // As they are: libvips, like Pillow, takes every file's inks as inverted, the way Adobe's programs
      // write them.
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

/**
 * Red, green and blue of cyan, magenta, yellow and black: what the inks leave of the white, in 8-bit
 * arithmetic.
 */
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
