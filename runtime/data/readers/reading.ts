// What all readers of files share: a result that is either data or the failure a user can act on.
import { constants } from 'node:buffer'
import { closeSync, lstatSync, readSync, statSync } from 'node:fs'
import type { SourceFailure } from '../../../compiler/host.js'
import { pathBytes, shownPath } from '../../platform/host/path-bytes.js'
import { openRegular, RefusedFile, readRegular, specialKind } from '../../platform/host/regular-file.js'
import { defaultDataMemory } from '../memory-budget.js'
import type { ImageArray } from './npy.js'

/**
 * Labelled images of a file format, still as the file holds them. Record i of all arrays is the same image.
 */
export interface Records {
  readonly ok: true
  readonly classes: readonly string[]
  readonly labels: Int32Array
  readonly height: number
  readonly width: number
  readonly channels: number
  /** `interleaved`: rows of channel-last pixels; `planes`: one plane per channel. */
  readonly arrangement: 'interleaved' | 'planes'
  /** The pixels of record i, height * width * channels bytes, valid until the next one is asked for. */
  pixels(i: number): Uint8Array
  /** Where the pixels lie in their file, if it holds them as they are. */
  readonly array?: ImageArray
}

export function failure(
  reason: SourceFailure['reason'],
  path: string,
  message: string,
  help?: string,
): SourceFailure {
  return { ok: false, reason, path: shownPath(path), message, ...(help === undefined ? {} : { help }) }
}

/** All bytes of `path`, or why not: more than `atMost` of them are not read. */
export function readBytes(
  path: string,
  atMost: number = Math.min(defaultDataMemory(), mostBytes),
): Uint8Array | SourceFailure {
  try {
    return readRegular(path, atMost)
  } catch (error) {
    return unreadable(path, error)
  }
}

/** What one buffer can hold. */
export const mostBytes = constants.MAX_LENGTH

/** The first `count` bytes of `path` (fewer where the file is shorter), or why not. */
export function readStart(path: string, count: number): Uint8Array | SourceFailure {
  try {
    const { handle } = openRegular(path)
    try {
      const bytes = new Uint8Array(count)
      return bytes.subarray(0, readSync(handle, bytes, 0, count, 0))
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    return unreadable(path, error)
  }
}

/**
 * Says what stands in the way of reading `path`. Anything but an error of the file system is a bug and passes
 * through.
 */
export function unreadable(path: string, error: unknown): SourceFailure {
  if (error instanceof RefusedFile) return failure('format', path, error.fault)
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  if (code === 'ENOENT' && isLink(path)) return failure('format', path, 'is a link to nothing', linkHelp)
  if (code === 'ENOENT' || code === 'ENOTDIR') return failure('missing', path, 'is not there')
  if (code === 'ELOOP') return failure('format', path, 'is a link that leads back to itself', linkHelp)
  if (code === 'EISDIR') return failure('format', path, 'is a folder, but a file is needed')
  if (code === 'EACCES' || code === 'EPERM')
    return failure('format', path, 'may not be read (no permission)', permissionHelp)
  if (code !== undefined && error instanceof Error) return failure('format', path, `cannot be read (${code})`)
  throw error
}

const linkHelp = 'let it lead to what it stood for, or take it away'
const permissionHelp = 'give yourself the right to read it (`chmod u+rX`), or take it away'

/** Whether there is a link at a path, whatever it leads to. */
function isLink(path: string): boolean {
  try {
    return lstatSync(pathBytes(path)).isSymbolicLink()
  } catch {
    return false
  }
}

/** The failure if `path` is not a folder. */
export function folderFailure(path: string): SourceFailure | undefined {
  try {
    const facts = statSync(pathBytes(path))
    if (facts.isDirectory()) return undefined
    const kind = facts.isFile() ? 'a file' : specialKind(facts)
    return failure('format', path, `is ${kind}, but a folder is needed`)
  } catch (error) {
    return unreadable(path, error)
  }
}

/** 3073 as `3,073`. */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 byte`, `3,072 bytes`. */
export function counted(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`
}
