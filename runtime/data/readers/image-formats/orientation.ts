// How an image lies in its file: the one place that finds it, for headers and pixels alike. It is where
// Pillow looks for it: in the EXIF part, then, where that has no orientation of any kind, in the XMP part.
import { bytesInMemory, lettersOf, startsWith } from './bytes.js'
import type { Orientation } from './header.js'
import { firstDirectory, numbersOf, type TiffDirectory } from './tiff-directory.js'

/** The tag of TIFF and EXIF. */
const orientationTag = 0x0112

export interface OrientationParts {
  /** The EXIF part, with or without `Exif` and two zero bytes in front, once or twice. */
  readonly exif?: Uint8Array | undefined
  readonly xmp?: Uint8Array | undefined
  /** Whether an EXIF part that is no TIFF structure is as good as none; it is a damaged file otherwise. */
  readonly lenient?: boolean
}

/** In words what is wrong with a file whose EXIF part cannot be read at all. */
const damaged =
  'has a damaged EXIF part, which says how the image lies: take it out, with `exiftool -all=` for one'

export function orientationOf({ exif, xmp, lenient }: OrientationParts): Orientation | string {
  const part = exif === undefined ? undefined : withoutName(exif)
  if (part !== undefined && part.length > 0) {
    const directory = firstDirectory(bytesInMemory(part))
    if (directory === undefined) return lenient === true ? 1 : damaged
    const found = orientationIn(directory)
    if (found !== undefined) return found
  }
  return xmp === undefined ? 1 : orientationInXmp(xmp)
}

function withoutName(exif: Uint8Array): Uint8Array {
  let part = exif
  for (let times = 0; times < 2 && startsWith(part, 'Exif\0\0'); times++) part = part.subarray(6)
  return part
}

/** 1 for an orientation that is no number of 1 to 8; undefined where the directory has none. */
export function orientationIn(directory: TiffDirectory): Orientation | undefined {
  const entry = directory.entries.get(orientationTag)
  if (entry === undefined) return undefined
  // Bytes and letters are no numbers, whatever they hold.
  if (entry.type === 1 || entry.type === 2 || entry.type === 7) return 1
  return asOrientation(numbersOf(directory, entry)[0])
}

export function orientationInXmp(xmp: Uint8Array): Orientation {
  const match = /tiff:Orientation(?:="|>)([0-9])/.exec(lettersOf(xmp))
  return asOrientation(Number(match?.[1]))
}

function asOrientation(value: number | undefined): Orientation {
  switch (value) {
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return value
    default:
      return 1
  }
}
