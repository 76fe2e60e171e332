// Tables as CSV.

/** What a cell holds; null and undefined leave it empty. */
export type Cell = number | string | null | undefined

/** Rows as RFC 4180 text with `\n` line ends. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return `${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`
}

function quoted(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  const text = String(cell)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
