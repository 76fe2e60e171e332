// Directories of TIFF structures (TIFF 6.0, section 2), which EXIF parts are too. What is damaged is passed
// over as Pillow does it, for what it reads is what counts: a directory that ends early holds what was read
// before, entries of unknown types and without values are none, and of two entries of one tag the first
// counts.
import { type ImageBytes, lettersOf } from './bytes.js'

export interface TiffEntry {
  /** Number of its type: 3 short, 4 long, 5 rational, ... */
  readonly type: number
  /** All values, as the file holds them. */
  readonly bytes: Uint8Array
}

export interface TiffDirectory {
  readonly little: boolean
  readonly entries: ReadonlyMap<number, TiffEntry>
}

/** Bytes of a value of each type. */
const valueBytes: Readonly<Record<number, number>> = {
  1: 1, // byte
  2: 1, // letters
  3: 2, // short
  4: 4, // long
  5: 8, // rational
  6: 1, // signed byte
  7: 1, // undefined
  8: 2, // signed short
  9: 4, // signed long
  10: 8, // signed rational
  11: 4, // float
  12: 8, // double
  13: 4, // directory
  16: 8, // long of 8 bytes
}

/**
 * Byte orders with the number 42 in either order, and with that of BigTIFF, as programs have written them.
 */
const beginnings: readonly string[] = ['II\x2a\0', 'MM\0\x2a', 'II\0\x2a', 'MM\x2a\0', 'MM\0\x2b', 'II\x2b\0']

/**
 * The first directory, or `undefined` where the bytes do not begin as a TIFF structure. BigTIFF is none here.
 */
export function firstDirectory(tiff: ImageBytes): TiffDirectory | undefined {
  const head = Uint8Array.from(tiff.read(0, 8))
  if (head.length < 8 || !beginnings.includes(lettersOf(head.subarray(0, 4)))) return undefined
  if (head[2] === 0x2b) return undefined
  const little = head[0] === 0x49
  const first = numberAt(head, 4, 4, little)
  return { little, entries: entriesAt(tiff, first, little) }
}

function entriesAt(tiff: ImageBytes, at: number, little: boolean): ReadonlyMap<number, TiffEntry> {
  const entries = new Map<number, TiffEntry>()
  const counted = tiff.read(at, 2)
  if (counted.length < 2) return entries
  const count = numberAt(counted, 0, 2, little)
  const table = Uint8Array.from(tiff.read(at + 2, 12 * count))
  // Bytes of values that lie elsewhere: a file does not hold more of them than it has bytes.
  let elsewhere = 0
  for (let entry = 0; entry + 12 <= table.length; entry += 12) {
    const tag = numberAt(table, entry, 2, little)
    const type = numberAt(table, entry + 2, 2, little)
    const values = numberAt(table, entry + 4, 4, little)
    const size = valueBytes[type]
    if (entries.has(tag) || size === undefined) continue
    const length = size * values
    if (length === 0) continue
    if (length <= 4) {
      entries.set(tag, { type, bytes: table.subarray(entry + 8, entry + 8 + length) })
      continue
    }
    elsewhere += length
    if (elsewhere > tiff.size) continue
    const bytes = Uint8Array.from(tiff.read(numberAt(table, entry + 8, 4, little), length))
    if (bytes.length < length) break
    entries.set(tag, { type, bytes })
  }
  return entries
}

/** The numbers of an entry; none for letters and for bytes without a type, which are no numbers. */
export function numbersOf({ little }: TiffDirectory, { type, bytes }: TiffEntry): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = valueBytes[type] ?? 1
  return Array.from({ length: bytes.length / size }, (_, i) => valueAt(view, i * size, type, little))
}

function valueAt(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little)
    case 4:
    case 13:
      return view.getUint32(at, little)
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little)
    case 6:
      return view.getInt8(at)
    case 8:
      return view.getInt16(at, little)
    case 9:
      return view.getInt32(at, little)
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little)
    case 11:
      return view.getFloat32(at, little)
    case 12:
      return view.getFloat64(at, little)
    case 16:
      return Number(view.getBigUint64(at, little))
    default:
      return view.getUint8(at)
  }
}

function numberAt(bytes: Uint8Array, at: number, count: 2 | 4, little: boolean): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return count === 2 ? view.getUint16(at, little) : view.getUint32(at, little)
}
