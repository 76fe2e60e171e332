// The results of a sweep as Markdown tables, for a README or an issue.
import type { SweepOutcome } from '../sweep/outcome.js'
import { noiseTables, type OverviewTable, overviewTable } from './sweep-overview.js'

export function sweepMarkdown(outcome: SweepOutcome): string {
  const noise = noiseTables(outcome).map(
    (table) =>
      `\nSynthetic images that \`${table.branch}\` called noise in the last epoch, % by class:\n\n${markdownTable(table)}`,
  )
  return [markdownTable(overviewTable(outcome)), ...noise].join('')
}

function markdownTable({ columns, rows }: OverviewTable): string {
  const lines = [
    columns.map(({ title }) => escaped(title)),
    columns.map(({ isNumber }) => (isNumber ? '---:' : '---')),
    ...rows.map((cells) => cells.map((cell) => escaped(cell.text))),
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

/** A bar or a line break would end the cell. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')
}
