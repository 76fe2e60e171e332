// A folder with one sub-folder per class; everything below a class's folder that ends in .jpg, .jpeg or .png belongs to
// it. Classes and files are in the order of the code units of their names, the same on every machine.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFailure } from '../../../compiler/host.js'
import { imageEndings } from './image-header.js'
import type { ImageListing } from './image-listing.js'
import { pathTable } from './path-table.js'
import { failure, folderFailure, unreadable } from './reading.js'

const endings = new RegExp(`\\.(?:${imageEndings.join('|')})$`, 'i')

/** Whether a file's name is that of an image. */
export function isImageName(name: string): boolean {
  return endings.test(name)
}

/** Class after class. Names alone: no image is opened. */
export function listImages(folder: string): ImageListing | SourceFailure {
  const noFolder = folderFailure(folder)
  if (noFolder !== undefined) return noFolder
  try {
    const classes = entriesOf(folder)
      .filter((entry) => entry.isFolder)
      .map((entry) => entry.name)
      .sort(byCodeUnits)
    if (classes.length === 0)
      return failure('format', folder, 'has no sub-folders, but an image folder has one for each class')
    const files: string[] = []
    const labels: number[] = []
    for (const [label, name] of classes.entries()) {
      const found = imagesBelow(folder, name).sort(byCodeUnits)
      if (found.length === 0)
        return failure(
          'empty',
          join(folder, name),
          'holds no image (.jpg, .jpeg or .png), but every class needs one',
        )
      for (const file of found) {
        files.push(file)
        labels.push(label)
      }
    }
    return { ok: true, classes, files: pathTable(files), labels: Int32Array.from(labels) }
  } catch (error) {
    return unreadable(folder, error)
  }
}

function imagesBelow(folder: string, below: string): string[] {
  return entriesOf(join(folder, below)).flatMap((entry) => {
    const path = `${below}/${entry.name}`
    if (entry.isFolder) return imagesBelow(folder, path)
    return isImageName(entry.name) ? [path] : []
  })
}

/** Entries of a folder but for hidden ones; links count as what they lead to. */
function entriesOf(folder: string): readonly { readonly name: string; readonly isFolder: boolean }[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) => ({
      name: entry.name,
      isFolder: entry.isSymbolicLink()
        ? statSync(join(folder, entry.name)).isDirectory()
        : entry.isDirectory(),
    }))
}

export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
