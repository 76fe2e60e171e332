// Has a source changed? Its files' names, and what the file system says of them, hashed; nothing is opened
// but a list of images.
import { createHash, type Hash } from 'node:crypto'
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { shownPath } from '../../platform/host/path-bytes.js'
import { fileStamp, isSettled, type StampTable, stampAt, stampText } from '../readers/file-stamp.js'
import {
  type ImageListing,
  type ImageRequest,
  imagePath,
  isImageRequest,
  listSource,
  stampFiles,
} from '../readers/image-listing.js'
import { unreadable } from '../readers/reading.js'
import { recordFiles } from '../readers/records.js'

export interface Fingerprint {
  readonly ok: true
  readonly value: string
  /**
   * Whether it would be another one after any change: files that changed this moment may change again in it.
   */
  readonly isSettled: boolean
  /** Made on the way, for images that are files of their own. */
  readonly images: { readonly listing: ImageListing; readonly stamps: StampTable } | undefined
}

export interface NoFingerprint {
  readonly ok: false
  readonly failure: SourceFailure
}

/** The fingerprint of a source, or the failure that a missing file of it is. */
export function fingerprintOf(request: SourceRequest): Fingerprint | NoFingerprint {
  if (isImageRequest(request)) return fingerprintOfImages(request)
  const files = recordFiles(request)
  if (!files.ok) return { ok: false, failure: files }
  const made = makeFingerprint()
  const failure = made.addFiles(files.all)
  return failure === undefined ? made.finish(undefined) : { ok: false, failure }
}

function fingerprintOfImages(request: ImageRequest): Fingerprint | NoFingerprint {
  const listing = listSource(request)
  if (!listing.ok) return { ok: false, failure: listing }
  const stamped = stampFiles(request, listing)
  if (!stamped.ok) return { ok: false, failure: stamped }
  const { stamps } = stamped
  const made = makeFingerprint()
  for (let i = 0; i < listing.files.count; i++)
    made.add(shownPath(imagePath(request.path, listing, i)), stampAt(stamps, i))
  if (listing.passedOver.length > 0) made.addText(JSON.stringify(listing.passedOver))
  if (request.format === 'image_list') {
    const named = request.namesPath === undefined ? [] : [request.namesPath]
    const failure = made.addFiles([request.listPath, ...named])
    if (failure !== undefined) return { ok: false, failure }
  }
  return made.finish({ listing, stamps })
}

function makeFingerprint() {
  const hash: Hash = createHash('sha256')
  const now = Date.now()
  let settled = true
  const add = (path: string, stamp: BigUint64Array): void => {
    hash.update(`${path}\n${stampText(stamp)}\n`)
    settled &&= isSettled(stamp, now)
  }
  return {
    add,
    addText: (text: string) => hash.update(text),
    addFiles(paths: readonly string[]): SourceFailure | undefined {
      for (const path of paths) {
        try {
          add(path, fileStamp(path))
        } catch (error) {
          return unreadable(path, error)
        }
      }
      return undefined
    },
    finish: (images: Fingerprint['images']): Fingerprint => ({
      ok: true,
      value: hash.digest('hex'),
      isSettled: settled,
      images,
    }),
  }
}
