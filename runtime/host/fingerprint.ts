// Has a source changed? Its files' names, sizes and times of change, hashed; nothing is opened.
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFailure, SourceRequest } from '../../compiler/host.js'
import { cifarFiles } from '../data/readers/cifar.js'
import { type ImageListing, listImages } from '../data/readers/image-folder.js'
import { folderFailure, unreadable } from '../data/readers/reading.js'

export interface Fingerprint {
  readonly ok: true
  readonly value: string
  /** The listing that was made on the way. */
  readonly listing: ImageListing | undefined
}

/** The fingerprint of a source, or the failure that a missing file of it is. */
export function fingerprintOf(
  request: SourceRequest,
): Fingerprint | { readonly ok: false; readonly failure: SourceFailure } {
  let listing: ImageListing | undefined
  let paths: readonly string[]
  switch (request.format) {
    case 'cifar10':
    case 'cifar100': {
      const noFolder = folderFailure(request.path)
      if (noFolder !== undefined) return { ok: false, failure: noFolder }
      paths = cifarFiles(request)
      break
    }
    case 'idx':
      paths = [request.path, request.labelsPath]
      break
    case 'image_folder': {
      const listed = listImages(request.path)
      if (!listed.ok) return { ok: false, failure: listed }
      listing = listed
      paths = listed.files.map(({ file }) => join(request.path, file))
    }
  }
  let facts = ''
  for (const path of paths) {
    try {
      const { size, mtimeMs } = statSync(path)
      facts += `${path}\n${size} ${mtimeMs}\n`
    } catch (error) {
      return { ok: false, failure: unreadable(path, error) }
    }
  }
  return { ok: true, value: createHash('sha256').update(facts).digest('hex'), listing }
}
