// Names of files as text, none of their bytes lost. A name on Linux is bytes; most are UTF-8, and those are
// the text that they stand for. A byte that is not becomes one of 128 letters that stand for no character
// (U+DC80 to U+DCFF, as Python has it), which becomes that byte again where a file is opened, and `\xe9`
// where people read it.
import { isUtf8 } from 'node:buffer'
import { type Dirent, readdirSync } from 'node:fs'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A name, or any text, from its bytes. */
export function nameFromBytes(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return strict.decode(bytes)
  let name = ''
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfLetter(bytes, at)
    name +=
      length === 0
        ? String.fromCharCode(0xdc00 + (bytes[at] as number))
        : strict.decode(bytes.subarray(at, at + length))
    at += Math.max(1, length)
  }
  return name
}

/** Bytes of the UTF-8 letter at `at`; 0 where there is none. */
function lengthOfLetter(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  return isUtf8(bytes.subarray(at, at + length)) && at + length <= bytes.length ? length : 0
}

// Pairs of surrogates are characters, so these match single ones alone.
const oneByte = /[\udc80-\udcff]/u
const everyByte = /[\udc80-\udcff]/gu

/** A path for the file system: itself where it is text. */
export function pathBytes(path: string): string | Buffer {
  if (!oneByte.test(path)) return path
  const parts: Buffer[] = []
  let from = 0
  for (const { index } of path.matchAll(everyByte)) {
    parts.push(Buffer.from(path.slice(from, index)), Buffer.of(path.charCodeAt(index) - 0xdc00))
    from = index + 1
  }
  return Buffer.concat([...parts, Buffer.from(path.slice(from))])
}

/** A path for people: bytes that are no text as `\xe9`. */
export function shownPath(path: string): string {
  return path.replace(everyByte, (letter) => `\\x${(letter.charCodeAt(0) - 0xdc00).toString(16)}`)
}

/** Entries of a folder, with all bytes of their names. @throws Error of the file system */
export function readFolder(path: string): readonly Entry[] {
  const entries = readdirSync(pathBytes(path), { withFileTypes: true })
  // What is not UTF-8 has been replaced by this letter.
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return entries
  return readdirSync(pathBytes(path), { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
    name: nameFromBytes(entry.name),
    isDirectory: () => entry.isDirectory(),
    isFile: () => entry.isFile(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  }))
}

export type Entry = Pick<Dirent, 'name' | 'isDirectory' | 'isFile' | 'isSymbolicLink'>
