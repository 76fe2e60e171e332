// Long-tailed draws as files: which records of a source stay, class by class. A draw has one hash, whether a
// seed made it or a file named it, and a file of it is read back only for the very data that it was drawn
// from.
import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.js'
import { type ForeignIndices, indicesOfClasses, numbersOnLines, readableForms } from './foreign-indices.js'
import type { SourcePlan } from './sources.js'

/** What decides a draw, and nothing else. */
export interface Draw {
  /** Digest of the source: `Host.digest`, or for drawn images `contentOf`. */
  readonly content: string
  readonly classes: readonly string[]
  /** Per class the numbers of its records, from 0 in the order of the source. */
  readonly indices: readonly (readonly number[])[]
}

export type DrawnHow = 'without_replacement' | 'with_replacement' | 'first'

/** A draw with what people want to know of it. */
export interface SavedDraw extends Draw {
  readonly source: {
    readonly format: SourcePlan['format']
    /** Name of the folder or file; empty for drawn images. */
    readonly name: string
    readonly split?: 'train' | 'test'
    /** Records of the source. */
    readonly records: number
  }
  /** Only a draw with replacement names a record twice. */
  readonly draw: DrawnHow
}

const version = 1
const format = 'saurun indices'

/** Hex SHA-256 over the JSON text, without blanks, of the list: version, content, classes, indices. */
export function drawHash({ content, classes, indices }: Draw): string {
  return createHash('sha256')
    .update(JSON.stringify([version, content, classes, indices]))
    .digest('hex')
}

/**
 * What stands for the bytes of a source: the digest of data on disk; for drawn images a hash over how they
 * are drawn.
 */
export function contentOf(source: SourcePlan): string {
  return source.format === 'shapes'
    ? createHash('sha256').update(canonicalJson(source)).digest('hex')
    : source.content
}

/** The text of an index file: JSON with a line for every class. */
export function indexFileText(saved: SavedDraw): string {
  const { content, classes, indices, source, draw } = saved
  const fields: readonly (readonly [string, string])[] = [
    ['format', JSON.stringify(format)],
    ['version', JSON.stringify(version)],
    ['source', JSON.stringify({ ...source, content })],
    ['draw', JSON.stringify(draw)],
    ['images', String(indices.reduce((sum, { length }) => sum + length, 0))],
    ['classes', JSON.stringify(classes)],
    ['counts', JSON.stringify(indices.map(({ length }) => length))],
    ['indices', `[\n${indices.map((records) => `    ${JSON.stringify(records)}`).join(',\n')}\n  ]`],
    ['sha256', JSON.stringify(drawHash(saved))],
  ]
  return `{\n${fields.map(([name, value]) => `  ${JSON.stringify(name)}: ${value}`).join(',\n')}\n}\n`
}

export type ReadIndices =
  /** A file that `indexFileText` wrote; its hash and counts are right. */
  | { readonly kind: 'draw'; readonly draw: Draw; readonly repeats: boolean }
  /** Record numbers alone, as other programs write them. */
  | ForeignIndices
  /** What is wrong, as a half sentence: `is empty`. */
  | { readonly kind: 'fault'; readonly fault: string; readonly help?: string }

/**
 * Reads an index file: one of saurun, or record numbers in JSON or on lines, in one list or one for every
 * class.
 */
export function readIndexFile(text: string): ReadIndices {
  if (text.trim() === '') return fault('is empty')
  const numbers = numbersOnLines(text)
  if (numbers !== undefined) return listOf(numbers)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return fault('is neither JSON nor a list of record numbers', readableForms)
  }
  const foreign = isRecord(value) && value.format !== undefined ? undefined : indicesOfClasses(value)
  if (foreign !== undefined) return foreign
  if (Array.isArray(value)) return listOf(value)
  if (!isRecord(value) || value.format !== format)
    return fault(`has no \`"format": "${format}"\``, readableForms)
  if (value.version !== version)
    return fault(`is of version ${shown(value.version)}, and this program reads version ${version}`)
  return savedDraw(value)
}

function savedDraw(value: Readonly<Record<string, unknown>>): ReadIndices {
  const { source, classes, counts, indices, sha256, draw } = value
  const content = isRecord(source) ? source.content : undefined
  if (typeof content !== 'string') return fault('does not say the digest of its source')
  if (!isListOf(classes, isText)) return fault('has no list of `classes`')
  if (!isListOf(indices, isIndexList))
    return fault('has no `indices`, a list of record numbers for every class')
  if (!isListOf(counts, isIndex)) return fault('has no list of `counts`')
  if (indices.length !== classes.length || counts.length !== classes.length)
    return fault(`has ${classes.length} classes, ${counts.length} counts and indices of ${indices.length}`)
  const wrong = indices.findIndex(({ length }, position) => length !== counts[position])
  if (wrong !== -1)
    return fault(
      `counts ${counts[wrong]} images of class \`${classes[wrong]}\` and names ${indices[wrong]?.length}`,
    )
  const read: Draw = { content, classes, indices }
  if (sha256 !== drawHash(read))
    return fault('was changed after it was written: its `sha256` is not of what it holds')
  return { kind: 'draw', draw: read, repeats: draw === 'with_replacement' }
}

function listOf(values: readonly unknown[]): ReadIndices {
  if (values.length === 0) return fault('names no record')
  if (isListOf(values, isIndex)) return { kind: 'list', indices: values }
  const position = values.findIndex((value) => !isIndex(value))
  return fault(`has ${shown(values[position])} where a record number is needed (entry ${position})`)
}

/**
 * A value of a JSON file in a sentence; lists may be nested deeper than any stack, and texts a megabyte long.
 */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'a map'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}

function fault(text: string, help?: string): ReadIndices {
  return { kind: 'fault', fault: text, ...(help !== undefined && { help }) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isIndexList(value: unknown): value is readonly number[] {
  return isListOf(value, isIndex)
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem)
}
