// Reading what run and sweep folders hold. Anything may have become of a file since it was written: it is
// gone, a folder is in its place, nobody may read it, or it holds something else. Each is told with the
// file's name.
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import { exitCodes, RunError } from '../errors.js'
import { checked, type Form, faultText, isRecord } from '../forms/json-form.js'
import { hasCode } from '../system-errors.js'

/** What a sentence says of a thing that is no file. */
export function kindOf(facts: Stats): string {
  if (facts.isFile()) return 'a file'
  if (facts.isDirectory()) return 'a folder'
  return 'no file but a device, a pipe or a socket'
}

/**
 * The bytes of a file; undefined where nothing of that name is there.
 * @throws RunError SAU7130 where it is no file, or cannot be read.
 */
export function readStored(path: string): Buffer | undefined {
  const facts = factsOf(path)
  if (facts === undefined) return undefined
  if (!facts.isFile()) throw damagedFile(path, `it is ${kindOf(facts)}`)
  try {
    return readFileSync(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw unreadable(path, error)
  }
}

/** Undefined where nothing of that name is there. @throws RunError SAU7130 where that cannot be told. */
export function factsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) return undefined
    throw unreadable(path, error)
  }
}

/**
 * Names of what a folder holds; none where it is not there. @throws RunError SAU7130 where it is none, or
 * cannot be read.
 */
export function namesIn(folder: string): readonly string[] {
  const facts = factsOf(folder)
  if (facts === undefined) return []
  if (!facts.isDirectory()) {
    throw damagedFile(folder, `it is ${kindOf(facts)}, and a folder belongs there`)
  }
  try {
    return readdirSync(folder)
  } catch (error) {
    throw unreadable(folder, error)
  }
}

/**
 * A JSON file that has the form; undefined where nothing of that name is there.
 * @param versioned the field that tells the version, and the one that is read here
 * @throws RunError SAU7130 with what is wrong in it.
 */
export function readStoredJson<T>(
  path: string,
  form: Form<T>,
  versioned?: { readonly field: string; readonly version: number },
): T | undefined {
  const bytes = readStored(path)
  if (bytes === undefined) return undefined
  const value = parsed(path, bytes)
  if (versioned !== undefined && isRecord(value)) {
    const version = value[versioned.field]
    if (typeof version === 'number' && version !== versioned.version) throw ofAnotherVersion(path)
  }
  const read = checked(form, value)
  if ('fault' in read) throw damagedFile(path, faultText(read.fault))
  return read.value
}

function parsed(path: string, bytes: Buffer): unknown {
  if (bytes.length === 0) throw damagedFile(path, 'it is empty')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw damagedFile(path, bytes.every((byte) => byte === 0) ? 'it holds zeros alone' : 'it is no JSON')
  }
}

/** SAU7130. */
export function damagedFile(
  path: string,
  what: string,
  help = 'bring it back from a copy of the folder; saurun changes and removes nothing that it cannot read',
): RunError {
  return new RunError('SAU7130', `${path} is damaged: ${what}`, help, exitCodes.failed)
}

/** SAU7130 for what the file system does not let read. */
export function unreadable(path: string, error: unknown): RunError {
  const why = error instanceof Error ? error.message : String(error)
  return new RunError(
    'SAU7130',
    `${path} cannot be read: ${why}`,
    'give the right to read it, or bring it back from a copy of the folder',
    exitCodes.failed,
  )
}

function ofAnotherVersion(path: string): RunError {
  return new RunError(
    'SAU7130',
    `${path} was made by another version of saurun`,
    'use that version',
    exitCodes.failed,
  )
}
