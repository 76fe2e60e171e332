// What is known about sources, kept in memory and in one small JSON file per source in the cache folder. The cache may be
// deleted at any time; a file that cannot be read or written is as good as none.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFacts, SourceRequest } from '../../compiler/host.js'

export interface KnownSource {
  readonly facts?: SourceFacts
  readonly digest?: string
}

export interface SourceCache {
  find(request: SourceRequest, fingerprint: string): KnownSource | undefined
  keep(request: SourceRequest, fingerprint: string, known: KnownSource): void
}

interface Entry extends KnownSource {
  /** Raised when readers come to read something else from the same bytes. */
  readonly version: 3
  readonly request: SourceRequest
  readonly fingerprint: string
}

export function openSourceCache(folder: string | undefined): SourceCache {
  const inMemory = new Map<string, Entry>()
  const find = (request: SourceRequest, fingerprint: string): Entry | undefined => {
    const name = nameOf(request)
    const entry = inMemory.get(name) ?? (folder === undefined ? undefined : readEntry(join(folder, name)))
    return entry?.fingerprint === fingerprint ? entry : undefined
  }
  return {
    find,
    keep(request, fingerprint, known) {
      const entry: Entry = { ...find(request, fingerprint), ...known, version: 3, request, fingerprint }
      const name = nameOf(request)
      inMemory.set(name, entry)
      if (folder !== undefined) writeEntry(folder, name, entry)
    },
  }
}

function nameOf(request: SourceRequest): string {
  return `${createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 32)}.json`
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
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 3
}

function writeEntry(folder: string, name: string, entry: Entry): void {
  const temporary = join(folder, `${name}.${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(temporary, JSON.stringify(entry))
    renameSync(temporary, join(folder, name))
  } catch {
    // A read-only or full disk costs time, not correctness.
  }
}
