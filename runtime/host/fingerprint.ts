// Has a source changed? Its files' names, sizes and times of change, hashed; nothing is opened but a list of images.
import { createHash, type Hash } from 'node:crypto'
import { statSync } from 'node:fs'
import type { SourceFailure, SourceRequest } from '../../compiler/host.js'
import { cifarFiles } from '../data/readers/cifar.js'
import { wrongCifarFolder } from '../data/readers/cifar-folder.js'
import {
  type ImageListing,
  type ImageRequest,
  imagePath,
  isImageRequest,
  listSource,
  stampFiles,
} from '../data/readers/image-listing.js'
import { folderFailure, unreadable } from '../data/readers/reading.js'
import type { RecordsRequest } from '../data/readers/records.js'
import { shownPath } from './path-bytes.js'

export interface Fingerprint {
  readonly ok: true
  readonly value: string
  /** The listing that was made on the way. */
  readonly listing: ImageListing | undefined
}

interface Failed {
  readonly ok: false
  readonly failure: SourceFailure
}

/** The fingerprint of a source, or the failure that a missing file of it is. */
export function fingerprintOf(request: SourceRequest): Fingerprint | Failed {
  const hash = createHash('sha256')
  if (isImageRequest(request)) return fingerprintOfImages(request, hash)
  if (request.format === 'cifar10' || request.format === 'cifar100') {
    const noFolder = wrongCifarFolder(request) ?? folderFailure(request.path)
    if (noFolder !== undefined) return { ok: false, failure: noFolder }
  }
  const failure = addFiles(hash, filesOf(request))
  return failure === undefined
    ? { ok: true, value: hash.digest('hex'), listing: undefined }
    : { ok: false, failure }
}

function filesOf(request: RecordsRequest): readonly string[] {
  return request.format === 'idx' || request.format === 'npy'
    ? [request.path, request.labelsPath, ...(request.namesPath === undefined ? [] : [request.namesPath])]
    : cifarFiles(request)
}

function addFiles(hash: Hash, paths: readonly string[]): SourceFailure | undefined {
  for (const path of paths) {
    try {
      const { size, mtimeMs } = statSync(path)
      hash.update(`${path}\n${size} ${mtimeMs}\n`)
    } catch (error) {
      return unreadable(path, error)
    }
  }
  return undefined
}

function fingerprintOfImages(request: ImageRequest, hash: Hash): Fingerprint | Failed {
  const listing = listSource(request)
  if (!listing.ok) return { ok: false, failure: listing }
  const stamped = stampFiles(request, listing)
  if (!stamped.ok) return { ok: false, failure: stamped }
  const stamps = new Float64Array(stamped.stamps)
  for (let i = 0; i < listing.files.count; i++)
    hash.update(`${shownPath(imagePath(request.path, listing, i))}\n${stamps[2 * i]} ${stamps[2 * i + 1]}\n`)
  if (listing.passedOver.length > 0) hash.update(JSON.stringify(listing.passedOver))
  if (request.format === 'image_list') {
    const named = request.namesPath === undefined ? [] : [request.namesPath]
    const failure = addFiles(hash, [request.listPath, ...named])
    if (failure !== undefined) return { ok: false, failure }
  }
  return { ok: true, value: hash.digest('hex'), listing }
}
