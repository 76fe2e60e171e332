// Tables as CSV.
import { printable } from '../../../grammar/printable.js'

/** What a cell holds; null and undefined leave it empty. */
export type Cell = number | string | null | undefined

/** Rows as RFC 4180 text with `\n` line ends. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return `${rows.map((row) => row.map(written).join(',')).join('\n')}\n`
}

/** What a spreadsheet takes for a formula, also behind blanks and in the wide forms of the signs. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^\t/

/** Numbers, one or several with blanks, are what they are to a spreadsheet too. */
const numbers = /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?( (?=.)|$))+$/i

function written(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  const text = cell
    .split(/(\n|\t)/)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join('')
  // Marked as text the way spreadsheets do it.
  const safe = formula.test(text) && !numbers.test(text) ? `'${text}` : text
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
