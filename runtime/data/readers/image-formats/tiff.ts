// TIFF (6.0): which of its many forms are read, those of which the decoder makes what Pillow makes.
import type { ImageBytes } from './bytes.js'
import { startsWith } from './bytes.js'
import { headerOf, type ImageHeader, type PixelForm } from './header.js'
import { orientationIn, orientationInXmp } from './orientation.js'
import { firstDirectory, numbersOf, type TiffDirectory } from './tiff-directory.js'

export function isTiff(first: Uint8Array): boolean {
  return (
    startsWith(first, 'II\x2a\0') ||
    startsWith(first, 'MM\0\x2a') ||
    startsWith(first, 'II\x2b\0') ||
    startsWith(first, 'MM\0\x2b')
  )
}

const tags = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  samples: 277,
  planar: 284,
  palette: 320,
  extra: 338,
  format: 339,
  xmp: 700,
} as const

/** None, LZW, Deflate under its two numbers, PackBits. */
const compressions: readonly number[] = [1, 5, 8, 32_946, 32_773]

export function tiffHeader(file: ImageBytes): ImageHeader | string {
  const directory = firstDirectory(file)
  if (directory === undefined) return 'is a BigTIFF image, which is not read'
  const of = (tag: keyof typeof tags, otherwise: number): number => numbersIn(directory, tag)[0] ?? otherwise
  const [height, width] = [of('height', 0), of('width', 0)]
  const pixels = pixelForm(directory)
  if (!compressions.includes(of('compression', 1)))
    return `is a TIFF image of compression ${of('compression', 1)}, which is not read`
  if (pixels === undefined) return 'is a TIFF image of a form that is not read'
  const own = orientationIn(directory)
  const xmp = directory.entries.get(tags.xmp)
  const orientation = own ?? (xmp === undefined ? 1 : orientationInXmp(xmp.bytes))
  // Pillow takes height for width where it maps such a file into memory.
  if (orientation >= 5 && of('compression', 1) === 1 && isMapped(directory))
    return 'is a TIFF image without compression that lies on its side, which is not read'
  return headerOf('tiff', { height, width }, pixels, orientation)
}

function numbersIn(directory: TiffDirectory, tag: keyof typeof tags): readonly number[] {
  const entry = directory.entries.get(tags[tag])
  return entry === undefined ? [] : numbersOf(directory, entry)
}

/** Of bytes that Pillow takes as they are. */
function isMapped(directory: TiffDirectory): boolean {
  const [samples = 1] = numbersIn(directory, 'samples')
  const [depth = 1] = numbersIn(directory, 'bits')
  return depth > 1 && (samples === 1 || samples === 4)
}

/** Undefined for forms that are not read. */
function pixelForm(directory: TiffDirectory): PixelForm | undefined {
  const of = (tag: keyof typeof tags, otherwise: number): number => numbersIn(directory, tag)[0] ?? otherwise
  if (of('fillOrder', 1) !== 1 || of('planar', 1) !== 1) return undefined
  if (numbersIn(directory, 'format').some((format) => format !== 1)) return undefined
  const given = numbersIn(directory, 'bits')
  const samples = of('samples', 1)
  const bits = given.length === 0 ? [1] : given
  if (bits.some((each) => each !== bits[0]) || (bits.length !== samples && bits.length !== 1))
    return undefined
  const [depth = 1] = bits
  const extra = numbersIn(directory, 'extra')
  // Colours that are multiplied by their alpha would have to be divided by it.
  if (extra.includes(1)) return undefined
  if (of('photometric', 0) === 3 && numbersIn(directory, 'palette').length < 3 * 2 ** depth) return undefined
  const key = `${of('photometric', 0)} ${depth} ${samples} ${extra.length}`
  return forms[key]
}

/**
 * By photometric interpretation, bits of a sample, samples of a pixel, and how many of them are no colours.
 */
const forms: Readonly<Record<string, PixelForm>> = {
  // Grey, white as 0 or black as 0.
  '0 1 1 0': 'other',
  '1 1 1 0': 'other',
  '0 8 1 0': 'other',
  '1 8 1 0': 'other',
  '1 8 2 1': 'other',
  '1 16 1 0': 'grey 16 bit',
  // Red, green, blue.
  '2 8 3 0': 'other',
  '2 8 4 1': 'other',
  '2 16 3 0': 'other',
  // A palette.
  '3 8 1 0': 'other',
  '3 4 1 0': 'other',
  '3 1 1 0': 'other',
}
