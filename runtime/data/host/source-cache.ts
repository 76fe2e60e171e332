// What is known about sources, kept in memory and in one small JSON file per source in the cache folder, with
// the hashes of its images beside it. The cache may be deleted at any time; a file that cannot be read or
// written is as good as none.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFacts, SourceRequest } from '../../../compiler/host.js'

export interface KnownSource {
  readonly facts?: SourceFacts
  readonly digest?: string
}

export interface SourceCache {
  find(request: SourceRequest, fingerprint: string): KnownSource | undefined
  keep(request: SourceRequest, fingerprint: string, known: KnownSource): void
  findHashes(request: SourceRequest, fingerprint: string): BigUint64Array | undefined
  keepHashes(request: SourceRequest, fingerprint: string, hashes: BigUint64Array): void
  forget(request: SourceRequest): void
}

const entryVersion = 4

interface Entry extends KnownSource {
  /** Raised when readers come to read something else from the same bytes. */
  readonly version: typeof entryVersion
  readonly request: SourceRequest
  readonly fingerprint: string
}

export function openSourceCache(folder: string | undefined): SourceCache {
  const inMemory = new Map<string, Entry>()
  const hashesInMemory = new Map<string, KeptHashes>()
  const find = (request: SourceRequest, fingerprint: string): Entry | undefined => {
    const name = nameOf(request)
    const entry = inMemory.get(name) ?? (folder === undefined ? undefined : readEntry(join(folder, name)))
    return entry?.fingerprint === fingerprint ? entry : undefined
  }
  return {
    find,
    keep(request, fingerprint, known) {
      const entry: Entry = {
        ...find(request, fingerprint),
        ...known,
        version: entryVersion,
        request,
        fingerprint,
      }
      const name = nameOf(request)
      inMemory.set(name, entry)
      if (folder !== undefined) writeFile(folder, name, JSON.stringify(entry))
    },
    findHashes(request, fingerprint) {
      const name = hashesOf(request)
      const known =
        hashesInMemory.get(name) ?? (folder === undefined ? undefined : readHashes(join(folder, name)))
      return known?.fingerprint === fingerprint ? known.hashes : undefined
    },
    keepHashes(request, fingerprint, hashes) {
      const name = hashesOf(request)
      hashesInMemory.set(name, { fingerprint, hashes })
      if (folder === undefined) return
      const bytes = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength)
      writeFile(folder, name, Buffer.concat([Buffer.from(fingerprint, 'latin1'), bytes]))
    },
    forget(request) {
      inMemory.delete(nameOf(request))
      hashesInMemory.delete(hashesOf(request))
      if (folder === undefined) return
      for (const name of [nameOf(request), hashesOf(request)]) removeFile(join(folder, name))
    },
  }
}

interface KeptHashes {
  readonly fingerprint: string
  readonly hashes: BigUint64Array
}

function keyOf(request: SourceRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 32)
}

function nameOf(request: SourceRequest): string {
  return `${keyOf(request)}.json`
}

function hashesOf(request: SourceRequest): string {
  return `${keyOf(request)}.hashes`
}

/** A fingerprint of 64 letters, then eight bytes an image. */
function readHashes(path: string): KeptHashes | undefined {
  try {
    const bytes = readFileSync(path)
    const hashes = bytes.subarray(64)
    if (bytes.length < 64 || hashes.length % 8 !== 0) return undefined
    // A copy begins where numbers of eight bytes may begin.
    return {
      fingerprint: bytes.toString('latin1', 0, 64),
      hashes: new BigUint64Array(Uint8Array.from(hashes).buffer),
    }
  } catch {
    return undefined
  }
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // A cache that cannot be written was not written before.
  }
}

function readEntry(path: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isEntry(entry) ? entry : undefined
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === entryVersion
}

function writeFile(folder: string, name: string, content: string | Uint8Array): void {
  const temporary = join(folder, `${name}.${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(temporary, content)
    renameSync(temporary, join(folder, name))
  } catch {
    // A read-only or full disk costs time, not correctness.
  }
}
