// The lines of a journal, of any length: read piece by piece, forwards or from the end, so that no more is
// held than a piece and a line. What a line says is for `parseEvent`; here it is bytes.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { damagedFile, factsOf, kindOf, unreadable } from '../../platform/files/stored-file.js'
import { hasCode } from '../../platform/system-errors.js'
import type { ConfusionPlace, JournalEvent } from './events.js'

/** One whole line, without its newline. */
export interface JournalLine {
  /** Good until the next line is asked for: what is to stay has to be copied. */
  readonly bytes: Uint8Array
  /** Where it begins in the file, and where the next one does. */
  readonly start: number
  readonly end: number
}

/** Bytes that are read at once. */
const pieceBytes = 1 << 18

/**
 * No line of a run has so many bytes; of one that has, damaged or made up, only the beginning is handed on.
 */
const longestLine = 1 << 28
const headBytes = 1 << 10

export interface LineSplitter {
  /** Whole lines that end in the next piece of the file. */
  push(piece: Uint8Array): readonly JournalLine[]
}

/**
 * Before 0.5.0 an evaluation's confusion matrix stood in its line, with every cell: 133 MB at 8,142 classes.
 * Of such a line everything else is handed on, and in the place of the matrix where it lies
 * (`ConfusionPlace`). Between quotes these bytes cannot stand, and no number has a bracket.
 */
const matrixKey = Buffer.from('"confusion":[[')
const matrixEnd = Buffer.from(']]')
/** Bytes of the key that stand before the matrix. */
const keyBytes = matrixKey.byteLength - matrixEnd.byteLength

/** Takes the journal of the name `file` apart that is read from byte `from` on, the start of a line. */
export function createLineSplitter(file: string, from: number): LineSplitter {
  let start = from
  let position = from
  let held: Uint8Array[] = []
  let heldBytes = 0
  /** Begins in the piece before: perhaps a part of what is looked for. */
  let carried: Uint8Array = new Uint8Array(0)
  /** Where the matrix begins that is passed over. */
  let matrix: number | undefined
  const hold = (bytes: Uint8Array): void => {
    heldBytes += bytes.byteLength
    if (heldBytes <= longestLine) held.push(bytes)
    else held = [(held[0] ?? bytes).subarray(0, headBytes)]
  }
  const takeLine = (end: number): JournalLine => {
    const [only = new Uint8Array(0)] = held
    const line = { bytes: held.length <= 1 ? only : Buffer.concat(held), start, end }
    start = end
    held = []
    heldBytes = 0
    matrix = undefined
    return line
  }
  return {
    push(piece) {
      const lines: JournalLine[] = []
      const read = carried.byteLength === 0 ? bufferOf(piece) : Buffer.concat([carried, piece])
      const base = position - carried.byteLength
      position += piece.byteLength
      carried = new Uint8Array(0)
      for (let at = 0; at < read.byteLength; ) {
        const newline = read.indexOf(0x0a, at)
        const rest = newline < 0 ? read.subarray(at) : read.subarray(at, newline)
        if (matrix === undefined) {
          const found = rest.indexOf(matrixKey)
          if (found >= 0) {
            hold(rest.subarray(0, found + keyBytes))
            matrix = base + at + found + keyBytes
            at += found + matrixKey.byteLength
            continue
          }
          if (newline < 0) carried = Uint8Array.from(rest.subarray(-(matrixKey.byteLength - 1)))
          hold(rest.subarray(0, rest.byteLength - carried.byteLength))
        } else {
          const found = rest.indexOf(matrixEnd)
          if (found >= 0) {
            at += found + matrixEnd.byteLength
            const place: ConfusionPlace = { file, offset: matrix, bytes: base + at - matrix }
            hold(Buffer.from(JSON.stringify(place)))
            matrix = undefined
            continue
          }
          if (newline < 0 && rest.at(-1) === matrixEnd[0]) carried = Uint8Array.from(matrixEnd.subarray(0, 1))
        }
        if (newline < 0) break
        at = newline + 1
        lines.push(takeLine(base + at))
      }
      // The piece is read into again.
      held = held.map((part) => Uint8Array.from(part))
      return lines
    },
  }
}

/**
 * The whole lines from byte `from` on, the start of one, in order; what stands behind the last newline is
 * left out. None where there is no file.
 * @throws RunError SAU7130 where something else is in its place, or it cannot be read.
 */
export function* linesOf(path: string, from = 0): Generator<JournalLine> {
  const file = openIfThere(path)
  if (file === undefined) return
  try {
    const splitter = createLineSplitter(basename(path), from)
    const piece = Buffer.allocUnsafe(pieceBytes)
    for (let position = from; ; ) {
      const length = readSync(file, piece, 0, pieceBytes, position)
      if (length === 0) return
      position += length
      yield* splitter.push(piece.subarray(0, length))
    }
  } finally {
    closeSync(file)
  }
}

/**
 * The whole lines behind byte `from`, the last one first. `bytes` is read when it is asked for; `kind` reads
 * its beginning.
 */
export function* linesFromEnd(
  path: string,
  from = 0,
): Generator<{ readonly kind: EventKind | undefined; readonly bytes: Uint8Array }> {
  const file = openIfThere(path)
  if (file === undefined) return
  const part = (start: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafe(length)
    return bytes.subarray(0, readSync(file, bytes, 0, length, start))
  }
  const lineAt = (start: number, end: number): Uint8Array => {
    const splitter = createLineSplitter(basename(path), start)
    for (let at = start; ; at += pieceBytes) {
      const [line] = splitter.push(part(at, Math.min(pieceBytes, end - at)))
      if (line !== undefined || at + pieceBytes >= end) return line?.bytes ?? new Uint8Array(0)
    }
  }
  try {
    for (const { start, end } of spansFromEnd(file, from)) {
      yield {
        kind: lineKind(part(start, Math.min(end - start, kindBytes))),
        get bytes() {
          return lineAt(start, end)
        },
      }
    }
  } finally {
    closeSync(file)
  }
}

function* spansFromEnd(
  file: number,
  from: number,
): Generator<{ readonly start: number; readonly end: number }> {
  const piece = Buffer.allocUnsafe(pieceBytes)
  /** Behind the newline of the line whose beginning is looked for. */
  let end: number | undefined
  for (let position = fstatSync(file).size; position > from; ) {
    const length = Math.min(pieceBytes, position - from)
    position -= length
    readSync(file, piece, 0, length, position)
    const read = piece.subarray(0, length)
    for (let newline = read.lastIndexOf(0x0a); newline >= 0; ) {
      const after = position + newline + 1
      if (end !== undefined) yield { start: after, end }
      end = after
      newline = newline === 0 ? -1 : read.lastIndexOf(0x0a, newline - 1)
    }
  }
  if (end !== undefined) yield { start: from, end }
}

export type EventKind = JournalEvent['event']

/** A line begins with its time and its kind. */
const kindPattern = /^\{"time":[^,"]{1,32},"event":"([a-z_]{1,32})"/
const kindBytes = 96

/** The kind of a line's event as its beginning tells it; undefined where only parsing does. */
export function lineKind(line: Uint8Array): EventKind | undefined {
  const head = bufferOf(line).toString('latin1', 0, kindBytes)
  return kindPattern.exec(head)?.[1] as EventKind | undefined
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function openIfThere(path: string): number | undefined {
  const facts = factsOf(path)
  if (facts === undefined) return undefined
  // The open of a pipe would wait for its writer.
  if (!facts.isFile()) throw damagedFile(path, `it is ${kindOf(facts)}`)
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw unreadable(path, error)
  }
}
