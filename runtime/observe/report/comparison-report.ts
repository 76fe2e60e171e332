// `saurun compare --html`: the comparison of runs as a page of the same make as a run's report.
import type {
  ComparedGroup,
  Comparison,
  ComparisonRow,
  ComparisonTable,
} from '../../apps/comparison/comparison.js'
import type { RunResult } from '../../apps/comparison/run-result.js'
import type { Difference, Interval } from '../../apps/comparison/statistics.js'
import { formatPlural } from '../../platform/quantities.js'
import { html, type Markup } from '../../platform/texts/html.js'
import { epochText } from '../text/comparison-text.js'
import { isShare, metricNumber, metricTitle, metricUnit } from '../text/metric-text.js'
import { classesName, comparisonPageData, curveName } from './comparison-charts.js'
import { figure, numberCell, type PageSection, pageText, table } from './page.js'
import type { DotsChart, PageData } from './page-data.js'

/** @param runs those that the comparison was made of */
export function comparisonReport(comparison: Comparison, runs: readonly RunResult[]): string {
  const data = comparisonPageData(comparison, runs)
  const { groups, by } = comparison
  const count = groups.reduce((sum, group) => sum + group.runs.length, 0)
  const how = by === null ? 'runs of a group differ in the seed only' : `grouped by ${by}`
  const title = `${formatPlural(count, 'run')} in ${formatPlural(groups.length, 'group')}`
  const titles = [...new Set(runs.map(({ plan }) => plan.title))]
  const head = html`<h1>Comparison of ${title}</h1>
<p>${how}; group A is the baseline</p>
<p class="faint">${titles.join('; ')}</p>`
  const sections = [
    groupsSection(comparison),
    resultsSection(comparison, data),
    classesSection(comparison, data),
    runsSection(comparison),
  ]
  return pageText(
    `Comparison of ${title}`,
    head,
    sections.flatMap((section) => section ?? []),
    data,
  )
}

const list = (values: readonly (string | number | boolean)[]): string =>
  values.length === 0 ? '–' : [...new Set(values)].join(', ')

function groupsSection({ groups }: Comparison): PageSection {
  const names = Object.keys(groups[0]?.params ?? {})
  const columns = [
    { title: 'group' },
    { title: 'runs', isNumber: true },
    { title: 'seeds' },
    ...names.map((name) => ({ title: name })),
  ]
  const rows = groups.map((group, i) => [
    i === 0 ? `${group.label} (baseline)` : group.label,
    String(group.runs.length),
    list(group.runs.map(({ seed }) => seed)),
    ...names.map((name) => list(group.params[name] ?? [])),
  ])
  return {
    id: 'groups',
    title: 'Groups',
    content: html`${table(columns, rows)}
${groups.map(notes)}
${
  groups.every(({ runs }) => runs.length === 1)
    ? html`<p class="faint">One run in each group: no deviation, no interval and no test; repeat them with --seed.</p>`
    : undefined
}`,
  }
}

function notes({ label, differences, runs }: ComparedGroup): Markup {
  const engines = list(runs.map(({ engine }) => engine ?? 'unknown'))
  return html`${
    differences.length === 0
      ? undefined
      : html`<h3>What differs in the Plan of ${label}</h3>
<ul>${differences.map((text) => html`<li><code>${text}</code></li>`)}</ul>`
  }${engines.includes(',') ? html`<p class="faint">${label}: engines ${engines}, which round differently</p>` : undefined}`
}

function resultsSection({ tables }: Comparison, data: PageData): PageSection {
  const drawn = new Set<string>()
  const content = tables.map((of) => {
    const chart = curveName(of.evaluation, of.metric)
    const isNew = !drawn.has(chart) && data.charts[chart] !== undefined
    drawn.add(chart)
    const title = `${metricTitle(of.metric)} on ${of.evaluation}`
    return html`<h3>${title}, ${epochText(of.epoch)}</h3>
${resultTable(of)}
${isNew ? figure(chart, `${title} by group`, { log: !isShare(of.metric), note: 'means; single runs behind them' }) : undefined}`
  })
  return { id: 'results', title: 'Results', content: html`${content}` }
}

function resultTable({ metric, rows }: ComparisonTable): Markup {
  const number = (value: number): string => metricNumber(metric, value)
  const signed = (value: number): string => (value > 0 ? `+${number(value)}` : number(value))
  const unit = metricUnit(metric)
  const columns = [
    { title: 'group' },
    { title: 'n', isNumber: true },
    { title: `mean${unit}`, isNumber: true },
    { title: 'deviation', isNumber: true },
    { title: '95 % interval', isNumber: true },
    { title: 'minus A', isNumber: true },
    { title: '95 % interval', isNumber: true },
    { title: 'p', isNumber: true },
    { title: 'test' },
  ]
  const cells = ({ group, n, mean, deviation, interval, difference }: ComparisonRow) => [
    group,
    numberCell(n, String(n)),
    numberCell(mean, number(mean)),
    numberCell(deviation, deviation === null ? '–' : number(deviation)),
    numberCell(interval?.[0], intervalText(interval, number)),
    numberCell(difference?.mean, difference === null ? '' : signed(difference.mean)),
    numberCell(
      difference?.interval?.[0],
      difference === null ? '' : intervalText(difference.interval, signed),
    ),
    numberCell(difference?.p, probability(difference)),
    testText(difference),
  ]
  return table(columns, rows.map(cells), { sortable: true })
}

function intervalText(interval: Interval | null, number: (value: number) => string): string {
  return interval === null ? '–' : `${number(interval[0])} to ${number(interval[1])}`
}

function probability(difference: Difference | null): string {
  if (difference === null) return ''
  if (difference.p === null) return '–'
  return difference.p < 0.001 ? '<0.001' : difference.p.toFixed(3)
}

function testText(difference: Difference | null): string {
  switch (difference?.test) {
    case undefined:
      return ''
    case 'paired':
      return `paired, ${formatPlural(difference.pairs, 'pair')}`
    case 'welch':
      return `Welch, ${difference.degrees.toFixed(1)} degrees`
    case 'none':
      return 'too few for a test'
  }
}

function classesSection({ tables, groups }: Comparison, { charts }: PageData): PageSection | undefined {
  const evaluations = [...new Set(tables.map(({ evaluation }) => evaluation))].filter(
    (evaluation) => charts[classesName(evaluation)] !== undefined,
  )
  if (evaluations.length === 0) return undefined
  return {
    id: 'classes',
    title: 'Classes',
    content: html`${evaluations.map((evaluation) => {
      const chart = charts[classesName(evaluation)]
      const epoch = tables.find((of) => of.evaluation === evaluation)?.epoch
      const note = `${epoch === undefined ? '' : `${epochText(epoch)}; `}most real images first`
      return html`${figure(classesName(evaluation), `Recall on ${evaluation} by class and group`, { note })}
${chart?.kind === 'dots' ? recallTable(chart, groups) : undefined}`
    })}`,
  }
}

function recallTable({ names, series }: DotsChart, groups: readonly ComparedGroup[]): Markup {
  const label = ({ colour }: { readonly colour: number }): string => groups[colour]?.label ?? ''
  const [baseline, ...others] = series
  const shown = (value: number | null | undefined, sign = ''): Markup =>
    numberCell(value, value === null || value === undefined ? '–' : `${sign}${(100 * value).toFixed(1)}`)
  const rows = names.map((name, c) => [
    name,
    ...series.map(({ values }) => shown(values[c])),
    ...others.map(({ values }) => {
      const [value, before] = [values[c] ?? null, baseline?.values[c] ?? null]
      const difference = value === null || before === null ? null : value - before
      return shown(difference, difference !== null && difference > 0 ? '+' : '')
    }),
  ])
  const columns = [
    { title: 'class' },
    ...series.map((of) => ({ title: `${label(of)} %`, isNumber: true })),
    ...others.map((of) => ({
      title: `${label(of)} minus ${baseline === undefined ? '' : label(baseline)}`,
      isNumber: true,
    })),
  ]
  return table(columns, rows, { sortable: true, high: rows.length > 20 })
}

function runsSection({ groups, tables, leftOut }: Comparison): PageSection {
  const values = tables.flatMap((of) =>
    of.rows.flatMap((row) =>
      row.values.map(({ run, seed, epoch, value }) => [
        row.group,
        run,
        numberCell(seed, String(seed)),
        `${metricTitle(of.metric)} on ${of.evaluation}`,
        numberCell(epoch + 1, String(epoch + 1)),
        numberCell(value, `${metricNumber(of.metric, value)}${metricUnit(of.metric)}`),
      ]),
    ),
  )
  const columns = [
    { title: 'group' },
    { title: 'run' },
    { title: 'seed', isNumber: true },
    { title: 'metric' },
    { title: 'epoch', isNumber: true },
    { title: 'value', isNumber: true },
  ]
  return {
    id: 'runs',
    title: 'Runs',
    content: html`${groups.length === 0 ? undefined : table(columns, values, { sortable: true, high: values.length > 20 })}
${
  leftOut.length === 0
    ? undefined
    : html`<h3>Left out</h3>
${table(
  [{ title: 'run' }, { title: 'why' }],
  leftOut.map(({ run, reason }) => [run, reason]),
)}`
}`,
  }
}
