// JPEG: frame header (ITU-T T.81, B.2.2), and the application segments in front of the first scan that say
// how the image lies (EXIF 2.3, 4.7.2; XMP part 3, 1.1.3).
import { bigEndian16, type ImageBytes, startsWith } from './bytes.js'
import { headerOf, type ImageHeader } from './header.js'
import { orientationOf } from './orientation.js'

const xmpName = 'http://ns.adobe.com/xap/1.0/\0'

export function isJpeg(first: Uint8Array): boolean {
  return startsWith(first, '\xff\xd8\xff')
}

interface Frame {
  readonly height: number
  readonly width: number
  readonly bits: number
  readonly components: number
}

export function jpegHeader({ read }: ImageBytes): ImageHeader | string {
  let frame: Frame | undefined
  let exif: Uint8Array | undefined
  let xmp: Uint8Array | undefined
  let isDensityKnown = false
  let at = 2
  for (;;) {
    const start = read(at, 4)
    if (start.length < 4) return frame === undefined ? 'ends before its frame header' : 'has no pixels'
    const marker = start[1] as number
    // Bytes that belong to nothing are passed over, as decoders do; then fill bytes, and markers that stand
    // alone.
    if (start[0] !== 0xff || marker === 0xff) at += 1
    else if (marker === 0 || standsAlone(marker)) at += 2
    else if (marker < 0xc0) return 'has a damaged JPEG header'
    else {
      const length = bigEndian16(start, 2)
      if (length < 2) return 'has a damaged JPEG header'
      const data = isRead(marker) ? Uint8Array.from(read(at + 4, length - 2)) : undefined
      if (data !== undefined && data.length < length - 2) return 'ends inside its header'
      if (marker === 0xda) break
      at += 2 + length
      if (data === undefined) continue
      if (isFrame(marker)) {
        if (data.length < 6) return 'has a damaged JPEG header'
        frame = {
          bits: data[0] as number,
          height: bigEndian16(data, 1),
          width: bigEndian16(data, 3),
          components: data[5] as number,
        }
      } else if (marker === 0xe0) isDensityKnown ||= hasDensity(data)
      else if (startsWith(data, 'Exif\0\0'))
        // Parts that are too long for one segment go on in the next.
        exif = exif === undefined ? data : Buffer.concat([exif, data.subarray(6)])
      else if (startsWith(data, xmpName)) xmp = data.subarray(xmpName.length)
    }
  }
  if (frame === undefined) return 'has no frame header'
  const { bits, components } = frame
  if (bits !== 8) return `has ${bits} bits for a component, and 8 are read`
  if (components !== 1 && components !== 3 && components !== 4)
    return `has ${components} components, and 1, 3 or 4 are read`
  const pixels = components === 3 ? 'colour' : components === 4 ? 'cmyk' : 'other'
  return headerOf('jpeg', frame, pixels, orientationOf({ exif, xmp, lenient: !isDensityKnown }))
}

/**
 * Restart markers, beginning and end of an image, and those that Pillow passes over without their segment.
 */
function standsAlone(marker: number): boolean {
  return (marker >= 0xd0 && marker <= 0xd9) || marker === 0xc8 || (marker >= 0xf0 && marker <= 0xfd)
}

function isRead(marker: number): boolean {
  return isFrame(marker) || marker === 0xe0 || marker === 0xe1
}

/** Start of frame 0 .. 15, but for the three codes in between that mean something else. */
function isFrame(marker: number): boolean {
  if (marker === 0xde) return true
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/**
 * Whether a JFIF part says how many pixels an inch or a centimetre has: Pillow looks into EXIF for it
 * otherwise, leniently.
 */
function hasDensity(data: Uint8Array): boolean {
  return startsWith(data, 'JFIF') && data.length >= 12 && (data[7] === 1 || data[7] === 2)
}
