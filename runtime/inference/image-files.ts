// Which images a command line means: files as they are named, and all images below folders.
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { SourceFailure } from '../../compiler/host.js'
import { byCodeUnits, isImageName } from '../data/readers/image-folder.js'
import { failure, unreadable } from '../data/readers/reading.js'

export interface ImageFile {
  /** As the user would write it. */
  readonly file: string
  /** Absolute. */
  readonly path: string
}

/**
 * Files in the order of `words`; those below a folder (.jpg, .jpeg, .png, hidden ones left out) in the order of the code
 * units of their paths. What is not there, and folders without an image, are failures.
 */
export function imageFiles(
  words: readonly string[],
  workingFolder: string,
): { readonly files: readonly ImageFile[]; readonly failures: readonly SourceFailure[] } {
  const files: ImageFile[] = []
  const failures: SourceFailure[] = []
  for (const word of words) {
    try {
      const path = resolve(workingFolder, word)
      if (!statSync(path).isDirectory()) {
        files.push({ file: word, path })
        continue
      }
      const below = imagesBelow(path, '').sort(byCodeUnits)
      if (below.length === 0) failures.push(failure('empty', word, 'holds no image (.jpg, .jpeg or .png)'))
      for (const name of below) files.push({ file: join(word, name), path: join(path, name) })
    } catch (error) {
      failures.push(unreadable(word, error))
    }
  }
  return { files, failures }
}

function imagesBelow(folder: string, below: string): string[] {
  const entries = readdirSync(join(folder, below), { withFileTypes: true })
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.')) return []
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    // A link to a folder is not followed: it may lead back up.
    if (entry.isDirectory()) return imagesBelow(folder, name)
    return isImageName(entry.name) ? [name] : []
  })
}
