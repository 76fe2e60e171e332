// All images below a folder, and what else lies there. Links count as what they lead to, and those that lead
// nowhere, or back to where they stand, are faults with their names; so are folders that may not be read.
import { type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFailure } from '../../../compiler/host.js'
import { type Entry, pathBytes, readFolder } from '../../platform/host/path-bytes.js'
import { imageEndings } from './image-header.js'
import { failure, unreadable } from './reading.js'

export interface FoundFiles {
  /** Paths below the folder, with `/` between their parts, in the order of the code units. */
  readonly images: readonly string[]
  /** Images of kinds that are not read, by their names. */
  readonly unread: readonly string[]
  /** How many other files there are. */
  readonly others: number
  readonly faults: readonly SourceFailure[]
}

const imageName = new RegExp(`\\.(?:${imageEndings.join('|')})$`, 'i')

/** Endings of images that are not read: passed over, but not in silence. */
const unreadEndings =
  'heic|heif|avif|jxl|jp2|j2k|jpf|jpx|svg|svgz|psd|tga|ico|pcx|dds|exr|hdr|pbm|pnm|pfm|pam|xbm|xpm|dng|cr2|cr3|nef|arw|orf|rw2|raf|raw|mpo|apng|jng|qoi|eps|wmf|emf|dcm'
const unreadName = new RegExp(`\\.(?:${unreadEndings})$`, 'i')

/** Whether a file's name is that of an image. */
export function isImageName(name: string): boolean {
  return imageName.test(name)
}

export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What the walk asks of the disk. */
export interface Disk {
  readonly readFolder: (path: string) => readonly Entry[]
}

interface Walk {
  readonly folder: string
  readonly disk: Disk
  readonly images: string[]
  readonly unread: string[]
  others: number
  readonly faults: SourceFailure[]
}

/**
 * Everything below `below`, a path below `folder`, or below `folder` itself. Hidden files and folders are
 * left out.
 */
export function walkImages(folder: string, below = '', disk: Disk = { readFolder }): FoundFiles {
  const walk: Walk = { folder, disk, images: [], unread: [], others: 0, faults: [] }
  const top = join(folder, below)
  try {
    const above = below === '' ? [top] : [folder, top]
    visit(
      walk,
      below,
      above.map((path) => identityOf(statSync(pathBytes(path)))),
    )
  } catch (error) {
    walk.faults.push(unreadable(top, error))
  }
  walk.images.sort(byCodeUnits)
  walk.unread.sort(byCodeUnits)
  return walk
}

/** `above`: the folders on the way, this one last. */
function visit(walk: Walk, below: string, above: readonly string[]): void {
  const path = join(walk.folder, below)
  let entries: readonly Entry[]
  try {
    entries = walk.disk.readFolder(path)
  } catch (error) {
    walk.faults.push(unreadable(path, error))
    return
  }
  for (const entry of entries) {
    const { name } = entry
    if (name.startsWith('.')) continue
    const inside = below === '' ? name : `${below}/${name}`
    const found = kindOf(join(walk.folder, inside), entry)
    if (found === 'file') addFile(walk, inside)
    else if ('reason' in found) {
      // A link that leads nowhere may have stood for a folder; one that has the name of a text has not.
      if (!/\.\w+$/.test(name) || isImageName(name)) walk.faults.push(found)
    } else {
      const identity = found.identity ?? identityOf(statSync(pathBytes(join(walk.folder, inside))))
      if (above.includes(identity)) walk.faults.push(circle(join(walk.folder, inside)))
      else visit(walk, inside, [...above, identity])
    }
  }
}

function circle(path: string): SourceFailure {
  return failure(
    'format',
    path,
    'is a link that leads back to a folder in which it lies: a circle',
    'take it away',
  )
}

function addFile(walk: Walk, inside: string): void {
  if (isImageName(inside)) walk.images.push(inside)
  else if (unreadName.test(inside)) walk.unread.push(inside)
  else walk.others++
}

type Found = 'file' | { readonly identity: string | undefined } | SourceFailure

/** What an entry of a folder leads to. */
function kindOf(path: string, entry: Entry): Found {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? { identity: undefined } : 'file'
  try {
    const facts = statSync(pathBytes(path))
    return facts.isDirectory() ? { identity: identityOf(facts) } : 'file'
  } catch (error) {
    return unreadable(path, error)
  }
}

/**
 * Names of the folders in a folder, hidden ones left out, or the first thing in it that is neither file nor
 * folder.
 */
export function foldersIn(folder: string, disk: Disk = { readFolder }): readonly string[] | SourceFailure {
  const names: string[] = []
  try {
    for (const entry of disk.readFolder(folder)) {
      if (entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      const found = kindOf(path, entry)
      if (found === 'file') continue
      if (!('reason' in found)) names.push(entry.name)
      else if (!/\.\w+$/.test(entry.name)) return found
    }
    return names
  } catch (error) {
    return unreadable(folder, error)
  }
}

function identityOf({ dev, ino }: Stats): string {
  return `${dev} ${ino}`
}
