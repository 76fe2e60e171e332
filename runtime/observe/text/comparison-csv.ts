// A comparison of runs as CSV: a row for each group of each table. Shares are in 0..1.
import type { ComparedGroup, Comparison, ComparisonTable } from '../../apps/comparison/comparison.js'
import { type Cell, csvText } from '../../platform/texts/csv.js'

const columns = [
  'evaluation',
  'metric',
  'epoch',
  'group',
  'n',
  'mean',
  'deviation',
  'low',
  'high',
  'difference',
  'difference_low',
  'difference_high',
  'p',
  'test',
] as const

/**
 * Columns of the statistics, then `seeds` and the params that differ, as `param.NAME`; several values with
 * blanks.
 */
export function comparisonCsv({ groups, tables }: Comparison): string {
  const names = Object.keys(groups[0]?.params ?? {})
  const rows = tables.flatMap((table) => tableRows(table, groups, names))
  return csvText([[...columns, 'seeds', ...names.map((name) => `param.${name}`)], ...rows])
}

function tableRows(
  { evaluation, metric, epoch, rows }: ComparisonTable,
  groups: readonly ComparedGroup[],
  names: readonly string[],
): readonly (readonly Cell[])[] {
  const choice = epoch.kind === 'last' ? 'last' : `best ${epoch.by} on ${epoch.on}`
  return rows.map((row) => {
    const group = groups.find(({ label }) => label === row.group)
    const { difference, interval } = row
    return [
      evaluation,
      metric,
      choice,
      row.group,
      row.n,
      row.mean,
      row.deviation,
      interval?.[0],
      interval?.[1],
      difference?.mean,
      difference?.interval?.[0],
      difference?.interval?.[1],
      difference?.p,
      difference?.test,
      row.values.map(({ seed }) => seed).join(' '),
      ...names.map((name) => (group?.params[name] ?? []).join(' ')),
    ]
  })
}
