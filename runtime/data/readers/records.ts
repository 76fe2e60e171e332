// The formats whose files hold records of one shape: how each is read, and which files it lies in.
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { pathsOf, type SourcePlan } from '../../../compiler/plan/sources.js'
import { cifarFiles, readCifar } from './cifar.js'
import { wrongCifarFolder } from './cifar-folder.js'
import { readIdx } from './idx.js'
import type { ImageRequest } from './image-listing.js'
import { readNpy } from './npy.js'
import { folderFailure, type Records } from './reading.js'

export type RecordsRequest = Exclude<SourceRequest, ImageRequest>

export function readRecords(request: RecordsRequest): Records | SourceFailure {
  switch (request.format) {
    case 'idx':
      return readIdx(request)
    case 'npy':
      return readNpy(request)
    case 'cifar10':
    case 'cifar100':
      return readCifar(request)
  }
}

/** The files that records lie in, or why they are not where they are looked for. */
export interface RecordFiles {
  readonly ok: true
  /** All of them; class names of CIFAR come first. */
  readonly all: readonly string[]
  /** Those that hold images. */
  readonly images: readonly string[]
}

export function recordFiles(request: RecordsRequest): RecordFiles | SourceFailure {
  switch (request.format) {
    case 'idx':
    case 'npy':
      return { ok: true, all: pathsOf(request), images: [request.path] }
    case 'cifar10':
    case 'cifar100': {
      const all = cifarFiles(request)
      return (
        wrongCifarFolder(request) ?? folderFailure(request.path) ?? { ok: true, all, images: all.slice(1) }
      )
    }
  }
}

/**
 * Whether all images of a source are in memory once it is read; others stay in their files until they are
 * drawn.
 */
export function isDecoded(format: SourcePlan['format']): boolean {
  switch (format) {
    case 'shapes':
    case 'cifar10':
    case 'cifar100':
    case 'idx':
      return true
    case 'npy':
    case 'image_folder':
    case 'image_list':
      return false
  }
}
