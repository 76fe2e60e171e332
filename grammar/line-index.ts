import type { Span } from './syntax.js'

/** A place as people count: line and column from 1, the column in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Finds lines and columns of offsets in one text; lines end with LF, CRLF or CR. */
export interface LineIndex {
  readonly lineCount: number
  /** Where `offset` stands; an offset outside the text counts as its nearest end. */
  position(offset: number): Position
  /** The offset of a place; places outside the text count as the nearest one inside. */
  offset(position: Position): number
  /** The span of a line (from 1) without its line end. */
  lineSpan(line: number): Span
  /** The text of a line (from 1) without its line end. */
  lineText(line: number): string
}

export function lineIndex(text: string): LineIndex {
  const starts = [0]
  const ends: number[] = []
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    ends.push(match.index)
    starts.push(match.index + match[0].length)
  }
  ends.push(text.length)

  const clampLine = (line: number): number => Math.min(Math.max(Math.trunc(line), 1), starts.length)
  const lineSpan = (line: number): Span => {
    const index = clampLine(line) - 1
    return { start: starts[index] ?? 0, end: ends[index] ?? text.length }
  }

  return {
    lineCount: starts.length,
    lineSpan,
    lineText: (line) => text.slice(lineSpan(line).start, lineSpan(line).end),
    offset({ line, column }) {
      const span = lineSpan(line)
      return Math.min(span.start + Math.max(column - 1, 0), span.end)
    },
    position(offset) {
      const inside = Math.min(Math.max(offset, 0), text.length)
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] ?? 0) <= inside) low = middle
        else high = middle - 1
      }
      return { line: low + 1, column: inside - (starts[low] ?? 0) + 1 }
    },
  }
}
