// The lines of a journal, of any length: read piece by piece, forwards or from the end, so that no more is held than a piece
// and a line. What a line says is for `parseEvent`; here it is bytes.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { hasCode } from '../run-folder/folder.js'
import type { JournalEvent } from './events.js'

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

/** No line of a run has so many bytes; of one that has, damaged or made up, only the beginning is handed on. */
const longestLine = 1 << 28
const headBytes = 1 << 10

export interface LineSplitter {
  /** Whole lines that end in the next piece of the file. */
  push(piece: Uint8Array): readonly JournalLine[]
}

/** Takes a file apart that is read from byte `from` on, the start of a line. */
export function createLineSplitter(from: number): LineSplitter {
  let start = from
  let held: Uint8Array[] = []
  let heldBytes = 0
  return {
    push(piece) {
      const lines: JournalLine[] = []
      let at = 0
      for (;;) {
        const newline = piece.indexOf(0x0a, at)
        if (newline < 0) break
        const last = piece.subarray(at, newline)
        const end = start + heldBytes + last.byteLength + 1
        const bytes = held.length === 0 ? last : Buffer.concat([...held, last])
        lines.push({ bytes, start, end })
        start = end
        held = []
        heldBytes = 0
        at = newline + 1
      }
      const rest = piece.subarray(at)
      heldBytes += rest.byteLength
      if (heldBytes <= longestLine) held.push(Uint8Array.from(rest))
      else held = [Uint8Array.from((held[0] ?? rest).subarray(0, headBytes))]
      return lines
    },
  }
}

/**
 * The whole lines from byte `from` on, the start of one, in order; what stands behind the last newline is left out. None
 * where there is no file.
 */
export function* linesOf(path: string, from = 0): Generator<JournalLine> {
  const file = openIfThere(path)
  if (file === undefined) return
  try {
    const splitter = createLineSplitter(from)
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

/** The whole lines behind byte `from`, the last one first. `bytes` is read when it is asked for; `kind` reads its beginning. */
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
  try {
    for (const { start, end } of spansFromEnd(file, from)) {
      const length = end - 1 - start
      yield {
        kind: lineKind(part(start, Math.min(length, kindBytes))),
        get bytes() {
          return part(start, length > longestLine ? headBytes : length)
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
  const head = Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, kindBytes))
  return kindPattern.exec(head.toString('latin1'))?.[1] as EventKind | undefined
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
