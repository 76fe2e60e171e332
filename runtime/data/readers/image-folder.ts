// A folder with one sub-folder per class; every image file below a class's folder belongs to it. Classes and
// files are in the order of the code units of their names, the same on every machine. A class may have no
// image: test data lacks some at times, and whoever trains on them is told.
import { extname, join } from 'node:path'
import type { PassedOver, SourceFailure } from '../../../compiler/host.js'
import { readFolder, shownPath } from '../../platform/host/path-bytes.js'
import type { ImageListing } from './image-listing.js'
import { pathTable } from './path-table.js'
import { counted, failure, folderFailure } from './reading.js'
import { byCodeUnits, type Disk, type FoundFiles, foldersIn, walkImages } from './walk-images.js'

/** Class after class. Names alone: no image is opened. */
export function listImages(folder: string, disk: Disk = { readFolder }): ImageListing | SourceFailure {
  const noFolder = folderFailure(folder)
  if (noFolder !== undefined) return noFolder
  const found = foldersIn(folder, disk)
  if ('ok' in found) return found
  const folders = [...found].sort(byCodeUnits)
  if (folders.length === 0)
    return failure('format', folder, 'has no sub-folders, but an image folder has one for each class')
  const files: string[] = []
  const labels: number[] = []
  const passedOver: PassedOver[] = []
  for (const [label, name] of folders.entries()) {
    const below = walkImages(folder, name, disk)
    const [fault] = below.faults
    if (fault !== undefined) return fault
    // Images that cannot be read are not the same as none.
    if (below.images.length === 0 && below.unread.length > 0)
      return failure('empty', join(folder, name), withoutImages(below))
    for (const file of below.images) {
      files.push(file)
      labels.push(label)
    }
    if (below.unread.length > 0) passedOver.push(unreadOf(shownPath(name), below.unread))
  }
  if (files.length === 0) return failure('format', folder, 'holds no image in the folders of its classes')
  return {
    ok: true,
    classes: folders.map(shownPath),
    files: pathTable(files),
    labels: Int32Array.from(labels),
    passedOver,
  }
}

/** What lies in a folder of a class, or in one that is to be predicted, in the place of images. */
export function withoutImages({ unread, others }: FoundFiles): string {
  const { endings } = unreadOf('', unread)
  if (unread.length > 0)
    return `holds no image of a kind that is read, but ${counted(unread.length, 'file')} of other kinds (${endings.join(', ')})`
  return others === 0
    ? 'holds no image, and no other file'
    : `holds no image, but ${counted(others, 'other file')}`
}

function unreadOf(name: string, unread: readonly string[]): PassedOver {
  const endings = new Set(unread.map((file) => extname(file).toLowerCase()))
  return { class: name, files: unread.length, endings: [...endings].sort(byCodeUnits) }
}
