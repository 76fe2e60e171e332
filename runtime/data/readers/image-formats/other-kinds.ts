// What a file is that is no image, or none that is read: said in the words of an error.
import { lettersOf, startsWith } from './bytes.js'

const signs: readonly (readonly [at: number, letters: string, kind: string])[] = [
  [4, 'ftypavif', 'an AVIF image'],
  [4, 'ftyp', 'a HEIC image or a film'],
  [0, '\xff\x0a', 'a JPEG XL image'],
  [4, 'JXL ', 'a JPEG XL image'],
  [4, 'jP  ', 'a JPEG 2000 image'],
  [0, '\xff\x4f\xff\x51', 'a JPEG 2000 image'],
  [0, '8BPS', 'a Photoshop image'],
  [0, '\0\0\x01\0', 'an icon (ICO)'],
  [0, '%PDF', 'a PDF file'],
  [0, 'PK\x03\x04', 'a ZIP archive'],
  [0, '\x1f\x8b', 'a file packed by gzip'],
  [0, '\x93NUMPY', 'a NumPy file'],
  [0, '\x1aE\xdf\xa3', 'a film (WebM)'],
  [0, 'version https://git-lfs', 'a Git LFS pointer, in the place of the image'],
]

/** In words without a subject. */
export function otherKind(first: Uint8Array): string {
  const sign = signs.find(([at, letters]) => startsWith(first, letters, at))
  if (sign !== undefined) return `is ${sign[2]}, which is not read`
  const text = lettersOf(first)
  if (/^P[1-4]\s/.test(text)) return 'is a Netpbm image of bits or in words, which is not read'
  if (/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<svg/is.test(text))
    return 'is an SVG drawing, which is not read'
  if (/^\s*<(?:!doctype html|html)/i.test(text)) return 'is a web page, and no image'
  if (/^[\t\n\r\x20-\x7e]+$/.test(text)) return 'is a text, and no image'
  if (first.every((byte) => byte === 0)) return 'holds zeros alone, and no image'
  return 'is no image of a kind that is read: JPEG, PNG, WebP, GIF, BMP, TIFF, PPM or PGM'
}
