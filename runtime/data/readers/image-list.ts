// Lists of images as ImageNet-LT, Places-LT and iNaturalist publish them: on each line a path, blanks, and
// the number of a class. The last word is the label, whatever the path holds before it; empty lines and the
// carriage returns of Windows do not count. Record i is the i-th line that is not empty.
import { existsSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { labelsFromOneHelp } from '../../../compiler/functions/labels-from-one.js'
import { mostClasses, type SourceFailure, type SourceRequest } from '../../../compiler/host.js'
import { readNumber } from '../../../grammar/number-text.js'
import { pathBytes, shownPath } from '../../platform/host/path-bytes.js'
import { readNames } from './class-names.js'
import type { ImageListing } from './image-listing.js'
import { countFromOne } from './labels-from-one.js'
import { pathTable } from './path-table.js'
import { counted, failure, folderFailure, thousands } from './reading.js'
import { readLines } from './text.js'

export type ImageListRequest = Extract<SourceRequest, { format: 'image_list' }>

/** A line of a hundred letters for each of five million images. */
const mostListBytes = 2 ** 29 - 2 ** 20

/** Reads the list, and the names of classes where there are some. */
export function readImageList(request: ImageListRequest): ImageListing | SourceFailure {
  const { listPath } = request
  const noFolder = folderFailure(request.path)
  if (noFolder !== undefined) return noFolder
  const lines = readLines(listPath, mostListBytes)
  if ('ok' in lines) return lines
  const names = namesOf(request)
  if (names !== undefined && 'ok' in names) return names
  const known = names?.length ?? request.givenClasses
  const paths: string[] = []
  const labels: number[] = []
  const seen = new Map<string, number>()
  let largest = -1
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue
    const entry = entryOf(line)
    const number = at + 1
    if ('fault' in entry)
      return failure('line', listPath, `line ${thousands(number)} ${entry.fault}`, entry.help)
    const { label } = entry
    const path = belowRoot(request.path, entry.path)
    const before = seen.get(path)
    if (before !== undefined)
      return failure(
        'repeated',
        listPath,
        `line ${number} repeats \`${shownPath(entry.path)}\` of line ${before}`,
      )
    if (known !== undefined && label >= known) return labelTooLarge(request, lines, number, label, known)
    seen.set(path, number)
    paths.push(path)
    labels.push(label)
    largest = Math.max(largest, label)
  }
  if (paths.length === 0) return failure('format', listPath, 'lists no image')
  const classes = names ?? Array.from({ length: known ?? largest + 1 }, (_, label) => String(label))
  return { ok: true, classes, files: pathTable(paths), labels: Int32Array.from(labels), passedOver: [] }
}

/**
 * A path of the list, seen from the folder that paths begin from. An absolute one is below that folder where
 * something is there (the lists of Places begin so), and else what it says, if that is there.
 */
function belowRoot(root: string, path: string): string {
  if (!isAbsolute(path)) return path
  const inside = relative(root, path)
  const isInside = inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)
  if (isInside) return inside.split(sep).join('/')
  return !existsSync(pathBytes(join(root, path))) && existsSync(pathBytes(path))
    ? inside.split(sep).join('/')
    : path
}

/** The line that record `i` stands on, from 1, with the path as it is written there. */
export function lineOfRecord(
  listPath: string,
  i: number,
): { readonly number: number; readonly path: string } {
  const lines = readLines(listPath, mostListBytes)
  if ('ok' in lines) return { number: i + 1, path: '' }
  let record = -1
  const at = lines.findIndex((line) => line.trim() !== '' && ++record === i)
  const entry = entryOf(lines[at] ?? '')
  return { number: at + 1, path: 'path' in entry ? entry.path : '' }
}

interface Entry {
  readonly path: string
  readonly label: number
}

/** What is wrong with a line, in words, and what mends it where that is plain. */
interface WrongLine {
  readonly fault: string
  readonly help?: string
}

function entryOf(line: string): Entry | WrongLine {
  const text = line.trim()
  const match = /^(.*\S)\s+(\S+)$/.exec(text)
  const [, path = '', word = ''] = match ?? []
  if (match === null) return { fault: `is \`${shortened(text)}\`, a single word`, ...otherForm(text) }
  if (!/^\d+$/.test(word))
    return {
      fault: `ends in \`${shortened(word)}\`, which is not the number of a class`,
      ...otherForm(text),
    }
  const label = Number(word)
  if (label >= mostClasses) return { fault: `has the label ${word}, and classes are numbered from 0 on` }
  return { path, label }
}

/** Help for lines as other programs write them. */
function otherForm(text: string): { readonly help?: string } {
  const isImage = (word: string) => /\.(jpe?g|png|bmp|gif|webp|tiff?)["']?$/i.test(word)
  const separated = /^["']?(.*?)["']?\s*[,;|]\s*["']?(\d+)["']?$/.exec(text)
  if (separated !== null && isImage(separated[1] ?? ''))
    return { help: `a blank stands between path and label: write \`${separated[1]} ${separated[2]}\`` }
  const turned = /^["']?(\d+)["']?\s*[,;|\s]\s*(\S.*)$/.exec(text)
  if (turned !== null && isImage(turned[2] ?? ''))
    return { help: `the path stands first, and the label behind it: write \`${turned[2]} ${turned[1]}\`` }
  if (/^[[{]/.test(text)) return { help: 'JSON is not read here: write a line `path label` for each image' }
  const words = text.split(/[\s,;|]+/)
  if (!words.some(isImage))
    return {
      help: 'a line that names columns, or a comment, is to be taken out: each line is an image, a blank, and the number of its class',
    }
  const last = words.at(-1) ?? ''
  if (/^-\d+$/.test(last)) return { help: 'labels count from 0 on; take images without a label out' }
  const number = readNumber(last)
  if (number !== undefined && Number.isInteger(number)) return { help: `write the label as \`${number}\`` }
  if (!isImage(last) && words.length > 1)
    return {
      help: `write the number of the class \`${shortened(last)}\`, from 0 on, and give the names with \`names:\``,
    }
  return {}
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function namesOf({
  namesPath,
  givenClasses: classes,
}: ImageListRequest): readonly string[] | SourceFailure | undefined {
  if (namesPath === undefined) return undefined
  const names = readNames(namesPath, classes)
  if ('ok' in names) return names
  return names.length === 0 ? failure('format', namesPath, 'names no class') : names
}

function labelTooLarge(
  { listPath, namesPath }: ImageListRequest,
  lines: readonly string[],
  line: number,
  label: number,
  classes: number,
): SourceFailure {
  const why =
    namesPath === undefined
      ? `\`classes\` is ${thousands(classes)}`
      : `there ${classes === 1 ? 'is' : 'are'} ${counted(classes, 'name')}`
  const labels = lines.flatMap((other) => {
    const entry = entryOf(other)
    return 'label' in entry ? [entry.label] : []
  })
  return failure(
    'label',
    listPath,
    `has the label ${label} on line ${thousands(line)}, but ${why}`,
    countFromOne(labels, classes)
      ? labelsFromOneHelp('image_list')
      : 'labels count from 0 on: the last of 1,000 classes is 999',
  )
}
