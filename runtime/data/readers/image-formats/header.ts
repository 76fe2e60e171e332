// What is known of an image before its pixels are decoded.

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'tiff' | 'netpbm'

export interface ImageHeader {
  readonly format: ImageFormat
  /** Of the image as it is shown: upright. */
  readonly height: number
  readonly width: number
  /** Where its pixels come from, and what it takes to make 8-bit colours of them. */
  readonly pixels: PixelForm
  /** How it lies in the file, as EXIF numbers it: 1 upright, 2 to 8 turned or mirrored. */
  readonly orientation: Orientation
}

export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/**
 * `colour`: three components of 8 bits, which need no step but decoding; the decoder brings `other` to it.
 * `own`: saurun decodes the format itself.
 */
export type PixelForm = 'colour' | 'other' | 'grey 16 bit' | 'cmyk' | 'own'

/**
 * The header of an image that lies in its file with `height` x `width` pixels, or in words why it is none.
 */
export function headerOf(
  format: ImageFormat,
  stored: { readonly height: number; readonly width: number },
  pixels: PixelForm,
  orientation: Orientation | string = 1,
): ImageHeader | string {
  if (typeof orientation === 'string') return orientation
  if (stored.height < 1 || stored.width < 1) return 'has a size of zero'
  const [height, width] = orientation >= 5 ? [stored.width, stored.height] : [stored.height, stored.width]
  return { format, height, width, pixels, orientation }
}
