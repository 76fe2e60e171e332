// Markdown that is put together from pieces. Whatever is not Markdown already is text, and written so that it
// stays text (CommonMark with the tables of GitHub).
import { printable } from '../../../grammar/printable.js'

export interface Markdown {
  readonly markdown: string
}

/** A template whose insertions are escaped, except Markdown. */
export function markdown(parts: TemplateStringsArray, ...pieces: readonly (Markdown | string)[]): Markdown {
  return {
    markdown: parts.reduce((text, part, i) => {
      const piece = pieces[i - 1] ?? ''
      if (typeof piece === 'object') return `${text}${piece.markdown}${part}`
      const atStart = text === '' || text.endsWith('\n')
      return `${text}${atStart ? lineStart(markdownText(piece)) : markdownText(piece)}${part}`
    }),
  }
}

/** Text as code inside of a line. */
export function markdownCode(text: string): Markdown {
  const code = printable(text.replace(/\s+/g, ' '))
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  // One blank on both sides is taken away again where the code begins or ends with a mark or a blank.
  const edge = /^[ `]|[ `]$/.test(code) ? ' ' : ''
  return { markdown: code.trim() === '' ? '' : `${fence}${edge}${code}${edge}${fence}` }
}

/** A table. Cells of `isNumber` columns stand on the right. Ends in a line end. */
export function markdownTable(
  columns: readonly { readonly title: string; readonly isNumber: boolean }[],
  rows: readonly (readonly string[])[],
): Markdown {
  const lines = [
    columns.map(({ title }) => markdownText(title)),
    columns.map(({ isNumber }) => (isNumber ? '---:' : '---')),
    ...rows.map((cells) => cells.map(markdownText)),
  ]
  return { markdown: lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('') }
}

/**
 * Text inside of a line: every sign that may mean something has a backslash before it. An underscore between
 * letters means nothing and stays readable.
 */
function markdownText(text: string): string {
  return printable(text.replace(/\s+/g, ' '))
    .replace(/[\\`*[\]<>&|~#!$@]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
}

/** Signs that mean something at the beginning of a line alone: of lists, and under headings. */
function lineStart(text: string): string {
  return text.replace(/^(\s*)([-+=])/, '$1\\$2').replace(/^(\s*\d+)([.)])/, '$1\\$2')
}
