// A host that answers from memory: files as text, data by the facts that a test gives.
import { posix } from 'node:path'
import type { Host, SharedRecords, SourceFacts, SourceFailure, SourceRequest } from '../../compiler/host.js'

export type DataFacts =
  | Omit<SourceFacts, 'ok'>
  | (Omit<SourceFailure, 'ok' | 'path'> & { readonly path?: string })

export interface MemoryFiles {
  /** `.sau` texts by absolute path. */
  readonly files: Readonly<Record<string, string>>
  /**
   * What lies at an absolute path; at `path split` where the two parts differ, and at `path list` for a list
   * of images.
   */
  readonly data?: Readonly<Record<string, DataFacts>>
  /** What two keys of `data`, joined by ` & `, share. */
  readonly shared?: Readonly<Record<string, SharedRecords>>
}

export interface MemoryHost extends Host {
  /** How often each kind of question was asked. */
  readonly asked: { probe: number; digest: number }
}

export function memoryHost({ files, data = {}, shared = {} }: MemoryFiles): MemoryHost {
  const asked = { probe: 0, digest: 0 }
  const all = [...Object.keys(files), ...Object.keys(data).map((key) => key.split(' ')[0] ?? key)]
  const keyOf = (request: SourceRequest) => {
    if (request.format === 'image_list') return `${request.path} ${request.listPath}`
    return 'split' in request && Object.hasOwn(data, `${request.path} ${request.split}`)
      ? `${request.path} ${request.split}`
      : request.path
  }
  return {
    asked,
    readText: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    resolve: (from, path) => posix.resolve(from, path),
    relative: (from, path) => posix.relative(from, path),
    entries(folder) {
      const prefix = folder === '/' ? '/' : `${folder}/`
      const names = all
        .filter((known) => known.startsWith(prefix))
        .map((known) => known.slice(prefix.length).split('/')[0] ?? '')
      return names.length === 0 ? undefined : [...new Set(names)]
    },
    variable: (name) => (name === 'HOME' ? '/home/ann' : undefined),
    probe(request) {
      asked.probe++
      const known = data[keyOf(request)]
      if (known === undefined)
        return { ok: false, reason: 'missing', path: request.path, message: 'is not there' }
      return 'reason' in known ? { ok: false, path: request.path, ...known } : { ok: true, ...known }
    },
    digest(request) {
      asked.digest++
      return `digest of ${keyOf(request)}`
    },
    sharedRecords: (first, second) => shared[`${keyOf(first)} & ${keyOf(second)}`] ?? 'none',
    // Class after class.
    labels(request) {
      const known = data[keyOf(request)]
      if (known === undefined || 'reason' in known) throw new Error(`labels of ${request.path}`)
      return known.counts.flatMap((count, label) => new Array<number>(count).fill(label))
    },
  }
}

export const cifar10Classes = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
]

/** Equal counts of ten classes of 32x32 colour images. */
export function tenClasses(perClass: number): SourceFacts {
  return {
    ok: true,
    classes: cifar10Classes,
    counts: cifar10Classes.map(() => perClass),
    image: { height: 32, width: 32, channels: 3 },
  }
}
