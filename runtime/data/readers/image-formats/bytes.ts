// Bytes of an image file, wherever they are: in memory, or read from the file as they are asked for.

/** Up to `count` bytes from `at` on; fewer at the end of the file. Valid until the next call. */
export type ReadAt = (at: number, count: number) => Uint8Array

export interface ImageBytes {
  readonly read: ReadAt
  /** Of the whole file. */
  readonly size: number
}

export function bytesInMemory(bytes: Uint8Array): ImageBytes {
  return { read: (at, count) => bytes.subarray(at, at + count), size: bytes.length }
}

export function bigEndian16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

export function bigEndian32(bytes: Uint8Array, at: number): number {
  return ((bigEndian16(bytes, at) << 16) | bigEndian16(bytes, at + 2)) >>> 0
}

export function littleEndian16(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1] as number) << 8) | (bytes[at] as number)
}

export function littleEndian32(bytes: Uint8Array, at: number): number {
  return ((littleEndian16(bytes, at + 2) << 16) | littleEndian16(bytes, at)) >>> 0
}

/** Whether the bytes from `at` on are those of `text`, one byte for each letter. */
export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  if (bytes.length < at + text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/** One letter for each byte. */
export function lettersOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
