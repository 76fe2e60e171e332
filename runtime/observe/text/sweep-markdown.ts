// The results of a sweep as Markdown tables, for a README or an issue.
import type { SweepOutcome } from '../../apps/sweep/outcome.js'
import { type Markdown, markdown, markdownCode, markdownTable } from '../../platform/texts/markdown.js'
import { noiseTables, type OverviewTable, overviewTable } from './sweep-overview.js'

export function sweepMarkdown(outcome: SweepOutcome): string {
  const noise = noiseTables(outcome).map(
    (table) =>
      markdown`\nSynthetic images that ${markdownCode(table.branch)} called noise in the last epoch, % by class:\n\n${tableOf(table)}`,
  )
  return [tableOf(overviewTable(outcome)), ...noise].map(({ markdown }) => markdown).join('')
}

function tableOf({ columns, rows }: OverviewTable): Markdown {
  return markdownTable(
    columns,
    rows.map((cells) => cells.map(({ text }) => text)),
  )
}
