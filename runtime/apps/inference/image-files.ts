// Which images a command line means: files as they are named, and all images below folders.
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { SourceFailure } from '../../../compiler/host.js'
import { withoutImages } from '../../data/readers/image-folder.js'
import { failure, unreadable } from '../../data/readers/reading.js'
import { walkImages } from '../../data/readers/walk-images.js'
import { shownPath } from '../../platform/host/path-bytes.js'

export interface ImageFile {
  /** As the user would write it. */
  readonly file: string
  /** Absolute. */
  readonly path: string
}

export interface ImagesFound {
  readonly files: readonly ImageFile[]
  readonly failures: readonly SourceFailure[]
  /** Image files of kinds that are not read, below folders: as the user would write them. */
  readonly passedOver: readonly string[]
}

/**
 * Files in the order of `words`; those below a folder (image files by their names, hidden ones left out) in
 * the order of the code units of their paths. What is not there, and folders without an image, are failures.
 */
export function imageFiles(words: readonly string[], workingFolder: string): ImagesFound {
  const files: ImageFile[] = []
  const failures: SourceFailure[] = []
  const passedOver: string[] = []
  for (const word of words) {
    try {
      const path = resolve(workingFolder, word)
      if (!statSync(path).isDirectory()) {
        files.push({ file: word, path })
        continue
      }
      const found = walkImages(path)
      const { images, unread, faults } = found
      for (const fault of faults) failures.push({ ...fault, path: join(word, fault.path.slice(path.length)) })
      if (images.length === 0 && faults.length === 0)
        failures.push(failure('empty', word, withoutImages(found)))
      for (const name of images) files.push({ file: shownPath(join(word, name)), path: join(path, name) })
      for (const name of unread) passedOver.push(shownPath(join(word, name)))
    } catch (error) {
      failures.push(unreadable(word, error))
    }
  }
  return { files, failures, passedOver }
}
