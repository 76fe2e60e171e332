// Diagnostics as people read them: title, the lines of source that matter with a mark under each place, and
// help.
import { type LineIndex, lineIndex } from '../../grammar/line-index.js'
import type { Diagnostic, Label } from './diagnostic.js'
import { cutToWidth, displayWidth, framed } from './display-width.js'

export interface RenderOptions {
  /** Texts of the files that labels name, by absolute path. */
  readonly sources: ReadonlyMap<string, string>
  /** How a file's path is shown; as it is, where left out. */
  readonly showPath?: (path: string) => string
  /** ANSI colours; none where left out. */
  readonly color?: boolean
  /**
   * How text is coloured, between two codes of Select Graphic Rendition; as ANSI terminals take it, where
   * left out.
   */
  readonly style?: (open: number, text: string, close: number) => string
  /** Columns of the terminal; lines of source that do not fit are cut around the mark. 110 where left out. */
  readonly width?: number
}

const ansi = { error: 31, warning: 33, note: 36, frame: 34, help: 32, bold: 1 } as const

const ansiStyle = (open: number, text: string, close: number): string =>
  `\u001b[${open}m${text}\u001b[${close}m`

type Paint = (style: keyof typeof ansi, text: string) => string

/**
 * Diagnostics that are shown of one compilation: nobody reads more, and what is wrong with all lines is said
 * by some.
 */
export const mostShown = 100

/** Places that are marked for one diagnostic. */
const mostPlaces = 25

/**
 * Diagnostics of a compilation, a blank line between them, each ending in a line end. Of more than
 * `mostShown` the first ones (errors stand before warnings), and how many more there are.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  const tables = new Map<string, LineIndex>()
  const tableOf = (file: string): LineIndex | undefined => {
    const text = options.sources.get(file)
    if (text === undefined) return undefined
    const table = tables.get(file) ?? lineIndex(text)
    tables.set(file, table)
    return table
  }
  const shown = diagnostics.slice(0, mostShown).map((diagnostic) => renderOne(diagnostic, options, tableOf))
  if (diagnostics.length > mostShown) shown.push(`... and ${diagnostics.length - mostShown} more\n`)
  return shown.join('\n')
}

function renderOne(
  diagnostic: Diagnostic,
  options: RenderOptions,
  tableOf: (file: string) => LineIndex | undefined,
): string {
  const styled = options.style ?? ansiStyle
  const paint: Paint = (style, text) => (options.color && text ? styled(ansi[style], text, 0) : text)
  const showPath = options.showPath ?? ((path: string) => path)
  const head = paint(diagnostic.severity, `${diagnostic.severity}[${diagnostic.code}]`)
  const lines = [`${head}: ${paint('bold', framed(diagnostic.title))}`]
  const labels = diagnostic.labels.slice(0, mostPlaces)
  const gutter = Math.max(5, 3 + widestLineNumber(labels, tableOf))
  let shownFile: string | undefined
  let shownSource: string | undefined
  for (const [index, label] of labels.entries()) {
    const table = tableOf(label.file)
    const place = table?.position(label.span.start)
    if (label.file !== shownFile) {
      const where = place ? `:${place.line}:${place.column}` : ''
      lines.push(`${paint('frame', '  -->')} ${framed(showPath(label.file))}${where}`)
      shownFile = label.file
      shownSource = undefined
    }
    if (table && place) {
      const { source, mark } = frame(
        label,
        index === 0 ? diagnostic.severity : 'note',
        table,
        gutter,
        options,
        paint,
      )
      // Marks on one line stand under one copy of it.
      if (source !== shownSource) lines.push(source)
      shownSource = source
      lines.push(mark)
    }
  }
  const left = diagnostic.labels.length - labels.length
  if (left > 0) lines.push(`${' '.repeat(gutter)} ${paint('frame', '|')} ... and ${left} more places`)
  if (diagnostic.help) lines.push(`  ${paint('help', 'help:')} ${framed(diagnostic.help)}`)
  return `${lines.join('\n')}\n`
}

function widestLineNumber(
  labels: readonly Label[],
  tableOf: (file: string) => LineIndex | undefined,
): number {
  return Math.max(
    0,
    ...labels.map((label) => {
      const table = tableOf(label.file)
      return table ? String(table.position(label.span.start).line).length : 0
    }),
  )
}

/**
 * The first line of a label's span and the mark under it; a span over several lines is marked to the end of
 * its first.
 */
function frame(
  label: Label,
  style: 'error' | 'warning' | 'note',
  table: LineIndex,
  gutter: number,
  options: RenderOptions,
  paint: Paint,
): { readonly source: string; readonly mark: string } {
  const start = table.position(label.span.start)
  const end = table.position(Math.max(label.span.start, label.span.end))
  const source = table.lineText(start.line)
  const endColumn = end.line === start.line ? end.column : source.trimEnd().length + 1
  const space = Math.max(20, (options.width ?? 110) - gutter - 3)
  // A line may be a megabyte long; what is further away is never in sight.
  const sight = 8 * space
  const first = start.column - 1
  const last = Math.max(first, endColumn - 1)
  const before = framed(source.slice(Math.max(0, first - sight), first))
  const marked = framed(source.slice(first, Math.min(last, first + sight)))
  const after = framed(source.slice(last, last + sight))
  const window = cutAroundMark(before, marked, after, space)

  const mark = (style === 'note' ? '-' : '^').repeat(Math.max(1, displayWidth(window.marked)))
  const continues = end.line > start.line ? '...' : ''
  const text = label.text ? ` ${framed(label.text)}` : ''
  const bar = paint('frame', '|')
  const indent = ' '.repeat(displayWidth(window.before))
  return {
    source:
      `${paint('frame', String(start.line).padStart(gutter))} ${bar} ${window.before}${window.marked}${window.after}`.trimEnd(),
    mark: `${' '.repeat(gutter)} ${bar} ${indent}${paint(style, `${mark}${continues}${text}`)}`,
  }
}

/** A line cut to `space` columns so that the mark stays in sight; what is left out shows as `...`. */
function cutAroundMark(
  before: string,
  marked: string,
  after: string,
  space: number,
): { readonly before: string; readonly marked: string; readonly after: string } {
  if (displayWidth(before) + displayWidth(marked) + displayWidth(after) <= space)
    return { before, marked, after }
  const dots = '...'
  const room = space - 2 * dots.length
  const shownMarked =
    displayWidth(marked) > room ? `${cutToWidth(marked, room - dots.length)}${dots}` : marked
  let left = room - displayWidth(shownMarked)
  const keptBefore =
    displayWidth(before) <= Math.max(left >> 1, left - displayWidth(after))
      ? before
      : dots + takeFromEnd(before, Math.max(left >> 1, left - displayWidth(after)))
  left -= Math.min(displayWidth(before), displayWidth(keptBefore))
  if (shownMarked !== marked) return { before: keptBefore, marked: shownMarked, after: '' }
  const cutAfter = cutToWidth(after, Math.max(0, left))
  return { before: keptBefore, marked: shownMarked, after: cutAfter === after ? after : `${cutAfter}${dots}` }
}

function takeFromEnd(text: string, width: number): string {
  const characters = [...text]
  let taken = 0
  let first = characters.length
  while (first > 0) {
    taken += displayWidth(characters[first - 1] ?? '')
    if (taken > width) break
    first--
  }
  return characters.slice(first).join('')
}
