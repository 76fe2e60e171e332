// Regular files and nothing else: a pipe, a socket or a device in the place of a file is refused before
// anything waits for its bytes, and so is a file that has more bytes than its reader can want.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { pathBytes } from './path-bytes.js'

/** What lies at a path is not read, though the file system would let it be. */
export class RefusedFile extends Error {
  override readonly name = 'RefusedFile'
  constructor(
    readonly path: string,
    /** In words without a subject: `is a named pipe, but a file is needed`. */
    readonly fault: string,
  ) {
    super(`${path} ${fault}`)
  }
}

/** A regular file that is open for reading; who opened it closes `handle`. */
export interface OpenFile<Handle> {
  readonly handle: Handle
  readonly facts: Stats
}

// The open of a pipe would wait for its writer; of regular files the flag changes nothing, and Windows has
// none.
const readingAtOnce = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * @throws RefusedFile for anything but a regular file; Error of the file system, EISDIR for a folder among
 * them
 */
export function openRegular(path: string): OpenFile<number> {
  refuseSpecial(path, statSync(pathBytes(path)))
  const handle = openSync(pathBytes(path), readingAtOnce)
  try {
    // What was looked at may have made room for something else.
    const facts = fstatSync(handle)
    refuseSpecial(path, facts)
    return { handle, facts }
  } catch (error) {
    closeSync(handle)
    throw error
  }
}

/** As `openRegular`. */
export async function openRegularLater(path: string): Promise<OpenFile<FileHandle>> {
  refuseSpecial(path, await stat(pathBytes(path)))
  const handle = await open(pathBytes(path), readingAtOnce)
  try {
    const facts = await handle.stat()
    refuseSpecial(path, facts)
    return { handle, facts }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * All bytes of a regular file of at most `atMost` bytes; a file that grows, or tells no size (as those of
 * /proc), is held to the same bound.
 * @throws RefusedFile for anything else; Error of the file system
 */
export function readRegular(path: string, atMost: number): Buffer {
  const { handle, facts } = openRegular(path)
  try {
    if (facts.size > atMost) throw tooLarge(path, atMost)
    // One byte more than it says tells whether it says the truth.
    const parts: Buffer[] = []
    let length = 0
    for (let room = facts.size + 1; ; room = unknownRoom) {
      const part = Buffer.allocUnsafe(room)
      const got = readSync(handle, part, 0, room, null)
      if (got === 0) break
      parts.push(part.subarray(0, got))
      length += got
      if (length > atMost) throw tooLarge(path, atMost)
    }
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, length)
  } finally {
    closeSync(handle)
  }
}

const unknownRoom = 65_536

/** As `readRegular`. */
export async function readRegularLater(path: string, atMost: number): Promise<Buffer> {
  const { handle, facts } = await openRegularLater(path)
  try {
    if (facts.size > atMost) throw tooLarge(path, atMost)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** Says of what is no regular file what it is; of folders as the file system does. */
function refuseSpecial(path: string, facts: Stats): void {
  if (facts.isFile()) return
  if (facts.isDirectory())
    throw Object.assign(new Error(`EISDIR: illegal operation on a directory, read '${path}'`), {
      code: 'EISDIR',
      syscall: 'read',
      path,
    })
  throw new RefusedFile(path, `is ${specialKind(facts)}, but a file is needed`)
}

/** `a named pipe`, `a socket`, `a device`: of what is neither a file nor a folder. */
export function specialKind(facts: { isFIFO(): boolean; isSocket(): boolean }): string {
  if (facts.isFIFO()) return 'a named pipe'
  return facts.isSocket() ? 'a socket' : 'a device'
}

function tooLarge(path: string, atMost: number): RefusedFile {
  return new RefusedFile(
    path,
    `has more than ${atMost.toLocaleString('en-US')} bytes, the most that is read of such a file`,
  )
}
