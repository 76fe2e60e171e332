// A comparison of runs as people read it: the groups, a table for each metric, and what was left out.

import { printable } from '../../../grammar/printable.js'
import type {
  ComparedGroup,
  Comparison,
  ComparisonRow,
  ComparisonTable,
  EpochChoice,
} from '../../apps/comparison/comparison.js'
import type { Difference, Interval } from '../../apps/comparison/statistics.js'
import { cellWidth } from '../../platform/cell-width.js'
import { formatPlural } from '../../platform/quantities.js'
import { isShare, metricNumber, metricTitle } from './metric-text.js'
import type { Palette } from './palette.js'

export interface ComparisonTextOptions {
  readonly paint: Palette
  /** Lists every run with its values. */
  readonly verbose: boolean
}

/** At most this many differing fields of a group are shown. */
const shownDifferences = 5

/** Text with a final line end. */
export function comparisonText(comparison: Comparison, options: ComparisonTextOptions): string {
  const { groups, tables, leftOut } = comparison
  const sections = [groupSection(comparison, options)]
  for (const table of tables) sections.push(tableSection(table, options))
  if (groups.length > 0 && groups.every(({ runs }) => runs.length === 1)) {
    sections.push(['one run in each group: no deviation, no interval and no test; repeat them with --seed'])
  }
  if (leftOut.length > 0) {
    const lines = leftOut.map(({ run, reason }) => `  ${run}  ${printable(reason)}`)
    sections.push([options.paint.bold(`left out: ${formatPlural(leftOut.length, 'run')}`), ...lines])
  }
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function groupSection({ by, groups }: Comparison, { paint }: ComparisonTextOptions): readonly string[] {
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0)
  const how = by === null ? 'runs of a group differ in the seed only' : `grouped by ${by}`
  const title = `${formatPlural(runs, 'run')} in ${formatPlural(groups.length, 'group')}: ${how}`
  const names = Object.keys(groups[0]?.params ?? {})
  const head = ['group', 'n', 'seeds', ...names.map(printable)]
  const rows = groups.map((group, position) => [
    position === 0 ? `${group.label} baseline` : group.label,
    String(group.runs.length),
    list(group.runs.map(({ seed }) => seed)),
    ...names.map((name) => list(group.params[name] ?? [])),
  ])
  const lines = [paint.bold(title), ...aligned([head, ...rows], new Set([1]))]
  for (const group of groups) lines.push(...groupNotes(group))
  return lines
}

function list(values: readonly (string | number | boolean)[]): string {
  return values.length === 0 ? '-' : printable([...new Set(values)].join(','))
}

function groupNotes({ label, differences, runs }: ComparedGroup): readonly string[] {
  const lines = differences.slice(0, shownDifferences).map((text) => `  ${label}: ${printable(text)}`)
  const more = differences.length - shownDifferences
  if (more > 0) lines.push(`  ${label}: and ${formatPlural(more, 'more field')}; \`saurun diff\` shows all`)
  const engines = new Set(runs.map(({ engine }) => engine ?? 'unknown'))
  if (engines.size > 1) lines.push(`  ${label}: engines ${[...engines].join(', ')}, which round differently`)
  return lines
}

function tableSection(table: ComparisonTable, options: ComparisonTextOptions): readonly string[] {
  const { paint, verbose } = options
  const number = (value: number): string => metricNumber(table.metric, value)
  const baseline = table.rows.some(({ difference }) => difference !== null)
  const head = ['group', 'n', 'mean', 'deviation', '95 % interval']
  if (baseline) head.push('minus A', '95 % interval', 'p', '')
  const rows = table.rows.map((row) => {
    const cells = [
      row.group,
      String(row.n),
      number(row.mean),
      row.deviation === null ? '-' : number(row.deviation),
      intervalText(row.interval, number),
    ]
    return baseline ? [...cells, ...differenceCells(row.difference, number)] : cells
  })
  const unit = isShare(table.metric) ? ' in %' : ''
  const lines = [
    paint.bold(
      `${metricTitle(table.metric)} on ${printable(table.evaluation)}${unit}, ${epochText(table.epoch)}`,
    ),
    ...aligned([head, ...rows], new Set([1, 2, 3, 4, 5, 6, 7])),
  ]
  if (verbose) for (const row of table.rows) lines.push(...valueLines(row, number))
  return lines
}

export function epochText(epoch: EpochChoice): string {
  if (epoch.kind === 'last') return 'after the last epoch'
  const split = epoch.split === null ? '' : `, a ${epoch.split} split`
  return `after the epoch with the best ${metricTitle(epoch.by)} on ${printable(epoch.on)}${split}`
}

function intervalText(interval: Interval | null, number: (value: number) => string): string {
  return interval === null ? '-' : `${number(interval[0])} to ${number(interval[1])}`
}

function differenceCells(
  difference: Difference | null,
  number: (value: number) => string,
): readonly string[] {
  if (difference === null) return ['', '', '', '']
  const signed = (value: number): string => (value > 0 ? `+${number(value)}` : number(value))
  const { mean, interval } = difference
  const cells = [signed(mean), intervalText(interval, signed)]
  switch (difference.test) {
    case 'paired':
      return [...cells, probability(difference.p), `paired, ${formatPlural(difference.pairs, 'pair')}`]
    case 'welch':
      return [...cells, probability(difference.p), `Welch, ${difference.degrees.toFixed(1)} degrees`]
    case 'none':
      return [...cells, '-', 'too few for a test']
  }
}

function probability(p: number | null): string {
  if (p === null) return '-'
  return p < 0.001 ? '<0.001' : p.toFixed(3)
}

function valueLines(row: ComparisonRow, number: (value: number) => string): readonly string[] {
  return row.values.map(
    ({ run, seed, epoch, value }) =>
      `    ${row.group}  ${run}  seed ${seed}  ${number(value)} after epoch ${epoch + 1}`,
  )
}

/** Columns of one width each, two blanks between them and before the first. */
function aligned(rows: readonly (readonly string[])[], right: ReadonlySet<number>): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cellWidth(cell))
  }
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const space = ' '.repeat((widths[i] ?? 0) - cellWidth(cell))
        return right.has(i) ? `  ${space}${cell}` : `  ${cell}${space}`
      })
      .join('')
      .trimEnd(),
  )
}
