// Lists of images as ImageNet-LT, Places-LT and iNaturalist publish them: on each line a path, blanks, and the number of a
// class. The last word is the label, whatever the path holds before it; empty lines and the carriage returns of Windows do
// not count. Record i is the i-th line that is not empty.
import { existsSync } from 'node:fs'
import { mostClasses, type SourceFailure, type SourceRequest } from '../../../compiler/host.js'
import { nameFromBytes, shownPath } from '../../host/path-bytes.js'
import type { ImageListing } from './image-listing.js'
import { pathTable } from './path-table.js'
import { counted, failure, folderFailure, readBytes, readNames, thousands } from './reading.js'

export type ImageListRequest = Extract<SourceRequest, { format: 'image_list' }>

/** Reads the list, and the names of classes where there are some. */
export function readImageList(request: ImageListRequest): ImageListing | SourceFailure {
  const { listPath } = request
  const noFolder = folderFailure(request.path)
  if (noFolder !== undefined) return noFolder
  const lines = readLines(listPath)
  if ('ok' in lines) return lines
  const names = namesOf(request)
  if (names !== undefined && 'ok' in names) return names
  const known = names?.length ?? request.classes
  const paths: string[] = []
  const labels: number[] = []
  const seen = new Map<string, number>()
  let largest = -1
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue
    const entry = entryOf(line)
    const number = at + 1
    if (typeof entry === 'string') return failure('line', listPath, `line ${number} ${entry}`)
    const { path, label } = entry
    const before = seen.get(path)
    if (before !== undefined)
      return failure('repeated', listPath, `line ${number} repeats \`${shownPath(path)}\` of line ${before}`)
    if (known !== undefined && label >= known) return labelTooLarge(request, number, label, known)
    seen.set(path, number)
    paths.push(path)
    labels.push(label)
    largest = Math.max(largest, label)
  }
  if (paths.length === 0) return failure('format', listPath, 'lists no image')
  const classes = names ?? Array.from({ length: known ?? largest + 1 }, (_, label) => String(label))
  return { ok: true, classes, files: pathTable(paths), labels: Int32Array.from(labels), passedOver: [] }
}

/** Number of the line that record `i` stands on, from 1. */
export function lineOfRecord(listPath: string, i: number): number {
  const lines = readLines(listPath)
  if ('ok' in lines) return i + 1
  let record = -1
  return lines.findIndex((line) => line.trim() !== '' && ++record === i) + 1
}

/** A line of a hundred letters for each of five million images. */
const mostListBytes = 2 ** 29 - 2 ** 20

function readLines(path: string): readonly string[] | SourceFailure {
  const bytes = readBytes(path, mostListBytes)
  if ('ok' in bytes) return bytes
  if (bytes.includes(0)) return failure('format', path, 'is no text file')
  return nameFromBytes(bytes)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
}

/** Path and label of a line, or in words what is wrong with it. */
function entryOf(line: string): { readonly path: string; readonly label: number } | string {
  const text = line.trim()
  const match = /^(.*\S)\s+(\S+)$/.exec(text)
  const [, path = '', word = ''] = match ?? []
  if (match === null) return `is \`${shortened(text)}\`, a single word`
  if (!/^\d+$/.test(word)) return `ends in \`${shortened(word)}\`, which is not the number of a class`
  const label = Number(word)
  if (label >= mostClasses) return `has the label ${word}, and classes are numbered from 0 on`
  return { path, label }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function namesOf({ namesPath, classes }: ImageListRequest): readonly string[] | SourceFailure | undefined {
  if (namesPath === undefined) return undefined
  const names = readNames(namesPath, classes)
  if ('ok' in names) return names
  return names.length === 0 ? failure('format', namesPath, 'names no class') : names
}

function labelTooLarge(
  { listPath, namesPath }: ImageListRequest,
  line: number,
  label: number,
  classes: number,
): SourceFailure {
  const why =
    namesPath !== undefined && existsSync(namesPath)
      ? `there are ${counted(classes, 'name')}`
      : `\`classes\` is ${thousands(classes)}`
  return {
    ...failure('label', listPath, `has the label ${label} on line ${thousands(line)}, but ${why}`),
    help: 'labels are counted from 0 on: the last class of 1,000 is 999',
  }
}
