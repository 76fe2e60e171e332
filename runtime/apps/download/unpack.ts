// Unpacks a tar archive of which it is known what it holds: one folder of plain files. Anything else that a
// tar archive can say (links, devices, paths that lead elsewhere, more than was announced) is refused, and
// nothing of it is written.
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { Parser, type ReadEntry } from 'tar'
import { printable } from '../../../grammar/printable.js'
import { RunError } from '../../platform/errors.js'
import { asWriteFailure, badArchive, hostileArchive, interrupted } from './failures.js'

export interface Unpacking {
  readonly archive: string
  /** The one folder that the archive holds. */
  readonly folder: string
  /** Gets the files of that folder; made here. */
  readonly into: string
  readonly limits: { readonly files: number; readonly bytes: number }
  readonly signal: AbortSignal
}

/**
 * Writes the files of `folder` into `into` and returns their names and sizes.
 * @throws RunError SAU8109, SAU8110, SAU8111 (what no such archive holds), SAU8112 (damaged), SAU8115.
 */
export async function unpackTar(
  unpacking: Unpacking,
): Promise<readonly { readonly file: string; readonly bytes: number }[]> {
  const { archive, into, limits, signal } = unpacking
  const files = new Map<string, number>()
  const written: Promise<void>[] = []
  let failure: RunError | undefined
  let fail: (error: RunError) => void = () => {}
  const failing = new Promise<never>((_, reject) => {
    fail = (error) => {
      failure ??= error
      reject(failure)
    }
  })
  failing.catch(() => {})

  const take = (entry: ReadEntry): void => {
    const name = failure === undefined ? nameOf(entry, unpacking) : undefined
    if (name === undefined || typeof name === 'object') {
      if (name !== undefined) fail(hostileArchive(archive, name.refused))
      entry.resume()
      return
    }
    const total = [...files.values()].reduce((sum, size) => sum + size, entry.size)
    if (name !== '' && files.has(name)) fail(hostileArchive(archive, `it holds \`${name}\` twice`))
    else if (total > limits.bytes || files.size >= limits.files)
      fail(hostileArchive(archive, `it holds more than ${limits.files} files or ${limits.bytes} bytes`))
    else if (name !== '') {
      files.set(name, entry.size)
      const file = createWriteStream(join(into, name), { flags: 'wx', mode: 0o644 })
      written.push(finished(file))
      finished(file).catch((error: unknown) => {
        const known = asWriteFailure(error, into)
        fail(known instanceof RunError ? known : badArchive(archive, String(error)))
      })
      entry.pipe(file)
      return
    }
    entry.resume()
  }

  try {
    mkdirSync(into, { recursive: true })
  } catch (error) {
    throw asWriteFailure(error, into)
  }
  const parser = new Parser({ strict: true })
  parser.on('entry', take)
  parser.on('ignoredEntry', (entry: ReadEntry) =>
    fail(hostileArchive(archive, `it holds \`${entry.path}\`, which is of an unknown kind`)),
  )
  parser.on('error', (error: Error) => fail(badArchive(archive, error.message)))
  const heard = (event: 'drain' | 'end') =>
    new Promise<void>((resolve) => parser.once(event, () => resolve()))
  const ended = heard('end')
  for await (const chunk of createReadStream(archive)) {
    if (signal.aborted) throw interrupted(signal.reason)
    if (failure !== undefined) throw failure
    if (!parser.write(chunk as Buffer)) await Promise.race([heard('drain'), failing])
  }
  parser.end()
  await Promise.race([ended, failing])
  await Promise.race([Promise.all(written), failing])
  if (failure !== undefined) throw failure
  return [...files].map(([file, bytes]) => ({ file, bytes }))
}

/** The file's name in the folder; empty for the folder itself; or why the entry is refused. */
function nameOf({ path, type }: ReadEntry, { folder }: Unpacking): string | { readonly refused: string } {
  const refused = (why: string) => ({ refused: `it holds \`${printable(path)}\`, ${why}` })
  if (/^([/\\]|[A-Za-z]:)/.test(path)) return refused('a path from the root')
  if (/[\\\p{Cc}]/u.test(path)) return refused('a name that no such archive has')
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) return refused('which leads out of its folder')
  const [first, name, ...deeper] = parts
  if (type === 'Directory' || type === 'GNUDumpDir') {
    return first === undefined || (first === folder && name === undefined) ? '' : refused('another folder')
  }
  if (type !== 'File' && type !== 'OldFile' && type !== 'ContiguousFile')
    return refused(`a ${type}, not a file`)
  if (first !== folder || name === undefined || deeper.length > 0) return refused(`outside of ${folder}/`)
  return name
}
