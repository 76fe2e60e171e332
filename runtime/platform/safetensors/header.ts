// The JSON header of a safetensors file: read, checked, and laid out for writing.
import { exitCodes, RunError } from '../errors.js'
import { type ElementType, elementBytes, isElementType } from './element-types.js'

/** Longest header that is accepted, bytes (the format's own limit). */
const longestHeader = 100_000_000

export interface HeaderEntry {
  readonly name: string
  readonly dtype: ElementType
  readonly shape: readonly number[]
  /** Bytes from the end of the header. */
  readonly begin: number
  readonly end: number
}

export interface Header {
  readonly entries: readonly HeaderEntry[]
  readonly metadata: Readonly<Record<string, string>>
  /** Where the data starts in the file. */
  readonly dataStart: number
}

export function malformed(what: string): RunError {
  return new RunError(
    'SAU7401',
    `not a whole safetensors file: ${what}`,
    'the file was cut, changed, or is of another format; take it from where it was made again',
    exitCodes.failed,
  )
}

/**
 * Reads and checks the header: its length, its JSON, every entry's type, shape and byte range, and that the
 * ranges cover the data without holes or overlaps, as the format demands.
 * @throws RunError SAU7401 naming what is wrong.
 */
export function readHeader(bytes: Uint8Array): Header {
  if (bytes.byteLength < 8)
    throw malformed(`${bytes.byteLength} bytes, but the header's length alone takes 8`)
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  if (declared > BigInt(longestHeader)) throw malformed(`its header claims ${declared} bytes`)
  const length = Number(declared)
  if (8 + length > bytes.byteLength) {
    throw malformed(`its header claims ${length} bytes, but only ${bytes.byteLength - 8} follow`)
  }
  const header = parseObject(bytes.subarray(8, 8 + length))
  const dataLength = bytes.byteLength - 8 - length
  const entries: HeaderEntry[] = []
  let metadata: Record<string, string> = {}
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(value)
    else entries.push(readEntry(name, value))
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let position = 0
  for (const entry of entries) {
    if (entry.begin !== position) {
      throw malformed(
        `tensor '${entry.name}' starts at byte ${entry.begin} of the data instead of ${position}`,
      )
    }
    position = entry.end
  }
  if (position !== dataLength)
    throw malformed(`its tensors take ${position} bytes, but ${dataLength} bytes of data are there`)
  return { entries, metadata, dataStart: 8 + length }
}

function parseObject(bytes: Uint8Array): Record<string, unknown> {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw malformed('its header is not JSON')
  }
  if (!text.startsWith('{') || !isRecord(value)) throw malformed('its header is not a JSON object')
  const twice = repeatedKey(text)
  if (twice !== undefined) throw malformed(`'${twice}' stands twice in its header`)
  return value
}

/**
 * JSON.parse keeps the last of two equal keys; the format forbids them, so they are looked for at the top
 * level.
 */
function repeatedKey(json: string): string | undefined {
  const seen = new Set<string>()
  let depth = 0
  const pieces = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs
  for (const match of json.matchAll(pieces)) {
    const piece = match[0]
    if (piece === '{' || piece === '[') depth++
    else if (piece === '}' || piece === ']') depth--
    else if (depth === 1 && match[1] !== undefined) {
      const key: unknown = JSON.parse(piece.slice(0, piece.length - match[1].length))
      if (typeof key !== 'string') continue
      if (seen.has(key)) return key
      seen.add(key)
    }
  }
  return undefined
}

function readMetadata(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw malformed('__metadata__ is not an object')
  const metadata: Record<string, string> = {}
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw malformed(`__metadata__ entry '${key}' is not a string`)
    metadata[key] = text
  }
  return metadata
}

function readEntry(name: string, value: unknown): HeaderEntry {
  if (!isRecord(value)) throw malformed(`entry '${name}' is not an object`)
  const { dtype, shape, data_offsets: offsets, ...rest } = value
  const surplus = Object.keys(rest)[0]
  if (surplus !== undefined) throw malformed(`entry '${name}' has an unknown field '${surplus}'`)
  if (typeof dtype !== 'string' || !isElementType(dtype)) {
    throw malformed(`tensor '${name}' has element type ${JSON.stringify(dtype)}`)
  }
  if (!isSizes(shape)) throw malformed(`tensor '${name}' has shape ${JSON.stringify(shape)}`)
  const [begin, end] = isSizes(offsets) && offsets.length === 2 ? offsets : []
  if (begin === undefined || end === undefined || end < begin) {
    throw malformed(`tensor '${name}' has data_offsets ${JSON.stringify(offsets)}`)
  }
  const expected = shape.reduce((product, size) => product * size, elementBytes[dtype])
  if (end - begin !== expected) {
    throw malformed(
      `tensor '${name}' of shape [${shape.join(', ')}] and type ${dtype} has ${end - begin} bytes instead of ${expected}`,
    )
  }
  return { name, dtype, shape, begin, end }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}
