// Styled text before it meets a terminal: lines of spans, so that charts and bars are plain data that tests
// can read.
import { cellWidth, truncate } from '../../platform/cell-width.js'

export interface Span {
  readonly text: string
  /** `#rrggbb`; undefined for the terminal's own foreground. */
  readonly colour?: string | undefined
  readonly bold?: boolean
  readonly dim?: boolean
}

export type Line = readonly Span[]

export function lineText(line: Line): string {
  return line.map((span) => span.text).join('')
}

export function lineWidth(line: Line): number {
  return line.reduce((width, span) => width + cellWidth(span.text), 0)
}

/** The line cut to at most `width` cells. */
export function cutLine(line: Line, width: number, mark: string): Line {
  const kept: Span[] = []
  let left = width
  for (const span of line) {
    const size = cellWidth(span.text)
    if (size <= left) {
      kept.push(span)
      left -= size
      continue
    }
    if (left > 0) kept.push({ ...span, text: truncate(span.text, left, mark) })
    break
  }
  return kept
}

/**
 * The line in as many lines as it takes, broken at blanks. Lines after the first stand under what comes
 * behind the first span, a key and its blanks, where there is room for that.
 */
export function wrapLine(line: Line, width: number, mark: string): readonly Line[] {
  if (lineWidth(line) <= width) return [line]
  const indent = hangingIndent(line, width)
  const lines: Span[][] = [[]]
  let used = 0
  for (const span of line) {
    for (const word of span.text.split(/(?<= )(?=[^ ])/)) {
      const size = cellWidth(word.trimEnd())
      if (used > 0 && used + size > width) {
        lines.push(indent === 0 ? [] : [{ text: ' '.repeat(indent) }])
        used = indent
      }
      lines.at(-1)?.push({ ...span, text: word })
      used += cellWidth(word)
    }
  }
  return lines.map((wrapped) => cutLine(wrapped, width, mark))
}

function hangingIndent([first, second]: Line, width: number): number {
  if (first === undefined || second === undefined) return 0
  const blanks = second.text.length - second.text.trimStart().length
  const indent = cellWidth(first.text) + blanks
  return indent <= width / 2 ? indent : 0
}

/** Parts one after the other, in as many lines as they take. */
export function flow(
  parts: readonly Line[],
  separator: string,
  width: number,
  mark: string,
): readonly Line[] {
  const lines: Span[][] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && lineWidth(last) + cellWidth(separator) + lineWidth(part) <= width) {
      last.push({ text: separator }, ...part)
    } else lines.push([...part])
  }
  return lines.map((line) => cutLine(line, width, mark))
}

/**
 * The first of several forms of a line, from the longest to the shortest, that fits into `width` cells; else
 * the last, cut.
 */
export function firstFitting(forms: readonly Line[], width: number, mark: string): Line {
  return forms.find((form) => lineWidth(form) <= width) ?? cutLine(forms.at(-1) ?? [], width, mark)
}

/** Spans with blanks between them, all of them. */
export function joined(parts: readonly Line[], separator: string): Line {
  return parts.flatMap((part, i) => (i === 0 ? part : [{ text: separator, dim: true }, ...part]))
}

/** `left` at the left edge and `right` at the right one of `width` cells; `left` gives way. */
export function justify(left: Line, right: Line, width: number, mark: string): Line {
  const end = cutLine(right, width, mark)
  const room = width - lineWidth(end)
  const start = cutLine(left, Math.max(0, room - (end.length > 0 ? 1 : 0)), mark)
  return [...start, { text: ' '.repeat(Math.max(0, room - lineWidth(start))) }, ...end]
}

/** Exactly `width` cells. */
export function padLine(line: Line, width: number, mark: string): Line {
  const cut = cutLine(line, width, mark)
  return [...cut, { text: ' '.repeat(Math.max(0, width - lineWidth(cut))) }]
}

/** Spans with `separator` between them, as many as fit into `width` cells. */
export function joinFitting(parts: readonly Line[], separator: string, width: number): Line {
  const line: Span[] = []
  let used = 0
  for (const part of parts) {
    const size = lineWidth(part) + (used === 0 ? 0 : cellWidth(separator))
    if (used + size > width) continue
    if (used > 0) line.push({ text: separator, dim: true })
    line.push(...part)
    used += size
  }
  return line
}
