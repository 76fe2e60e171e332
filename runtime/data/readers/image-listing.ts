// Images that are files of their own, with their labels: from the folders of their classes, or from a list.
import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { PassedOver, SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { missingPathHelp } from '../../../compiler/paths/missing-path.js'
import { pathBytes, shownPath } from '../../platform/host/path-bytes.js'
import { specialKind } from '../../platform/host/regular-file.js'
import { type StampTable, stampAt, stampFrom, stampTable } from './file-stamp.js'
import { listImages } from './image-folder.js'
import { type ImageHeader, imageHeaderOfFile } from './image-header.js'
import { lineOfRecord, readImageList } from './image-list.js'
import { type PathTable, pathAt } from './path-table.js'
import { counted, failure, thousands, unreadable } from './reading.js'
import { diskSurroundings } from './surroundings.js'

export type ImageRequest = Extract<SourceRequest, { format: 'image_folder' | 'image_list' }>

export interface ImageListing {
  readonly ok: true
  readonly classes: readonly string[]
  /** Relative to the source's folder, with `/` between their parts. File i is record i. */
  readonly files: PathTable
  readonly labels: Int32Array
  /** Image files that are not read, by class; of lists there are none. */
  readonly passedOver: readonly PassedOver[]
}

export function isImageRequest(request: SourceRequest): request is ImageRequest {
  return request.format === 'image_folder' || request.format === 'image_list'
}

/** Names and labels alone: no image is opened. */
export function listSource(request: ImageRequest): ImageListing | SourceFailure {
  return request.format === 'image_folder' ? listImages(request.path) : readImageList(request)
}

/** Path of record `i`, as far as the folder is absolute. */
export function imagePath(folder: string, { files }: ImageListing, i: number): string {
  return join(folder, pathAt(files, i))
}

export interface FileStamps {
  readonly ok: true
  /** That of file i is `stampAt(stamps, i)`. */
  readonly stamps: StampTable
}

/**
 * Looks at every file without opening it. Of a list the failure says which line names a file that is not
 * there.
 */
export function stampFiles(request: ImageRequest, listing: ImageListing): FileStamps | SourceFailure {
  const stamps = stampTable(listing.files.count)
  let missing = 0
  let first = 0
  for (let i = 0; i < listing.files.count; i++) {
    const path = imagePath(request.path, listing, i)
    try {
      const facts = statSync(pathBytes(path), { bigint: true, throwIfNoEntry: false })
      if (facts === undefined) {
        if (missing === 0) first = i
        missing++
        continue
      }
      if (!facts.isFile() && !facts.isDirectory())
        return failure('format', path, `is ${specialKind(facts)}, but an image file is needed`)
      stampAt(stamps, i).set(stampFrom(facts))
    } catch (error) {
      // A file in the place of a folder of the path.
      const failed = unreadable(path, error)
      if (failed.reason !== 'missing') return failed
      if (missing === 0) first = i
      missing++
    }
  }
  return missing === 0 ? { ok: true, stamps } : missingFile(request, listing, first, missing - 1)
}

function missingFile(request: ImageRequest, listing: ImageListing, i: number, others: number): SourceFailure {
  if (request.format === 'image_folder')
    return failure('missing', imagePath(request.path, listing, i), 'is not there')
  const { number, path } = lineOfRecord(request.listPath, i)
  const more = others === 0 ? '' : `; nor ${others === 1 ? 'is' : 'are'} ${counted(others, 'other')}`
  return failure(
    'listed',
    request.listPath,
    `line ${thousands(number)} names \`${shownPath(path)}\`${more}`,
    listedHelp(request.path, number, path),
  )
}

function listedHelp(root: string, line: number, path: string): string | undefined {
  const help = missingPathHelp(diskSurroundings, {
    text: path,
    from: root,
    fromInWords: `the folder \`${basename(root)}\``,
  })
  if (help === undefined) return undefined
  return help.base === undefined
    ? `line ${thousands(line)}: ${help.sentence}`
    : `the paths of the list fit the folder \`${help.base}\`: name that one`
}

/** The shape of record `i`, from its header. */
export function readImageHeader(
  folder: string,
  listing: ImageListing,
  i: number,
): ({ readonly ok: true } & ImageHeader) | SourceFailure {
  return imageHeaderOfFile(imagePath(folder, listing, i))
}
