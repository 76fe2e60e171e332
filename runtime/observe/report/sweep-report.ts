// `saurun sweep report DIR`: what a sweep has come to, at any time, as a page of the same make as a run's
// report.
import type { Sweep } from '../../../compiler/sweep/index.js'
import type { Difference, Interval } from '../../apps/comparison/statistics.js'
import type { MeasuredSetting, OutcomeMetric, SettingMetric, SweepOutcome } from '../../apps/sweep/outcome.js'
import { bestSetting, meanOf } from '../../apps/sweep/outcome.js'
import type { SeedCurve } from '../../apps/sweep/results.js'
import { formatPlural } from '../../platform/quantities.js'
import { html, type Markup } from '../../platform/texts/html.js'
import { metricNumber, metricTitle, metricUnit } from '../text/metric-text.js'
import { noiseTables, type OverviewTable, overviewTable, seedsText } from '../text/sweep-overview.js'
import { paramsText } from '../text/sweep-progress.js'
import { facts, figure, numberCell, type PageSection, pageText, table, tiles } from './page.js'
import type { PageData } from './page-data.js'
import { curvesName, heatName, importanceName, parallelName, sweepPageData } from './sweep-charts.js'

/** Name of the report inside the sweep's folder. */
export const sweepReportFile = 'report.html'

/** A difference with a smaller probability, after Holm's correction, is called one. */
const significant = 0.05

export function sweepReport(
  outcome: SweepOutcome,
  sweep: Sweep,
  curves: ReadonlyMap<number, readonly SeedCurve[]>,
): string {
  const data = sweepPageData(outcome, sweep, curves)
  const { counts, name, experiment, file } = outcome
  const runs = Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.equal
  const open = runs - counts.done - counts.failed - counts.pruned
  const head = html`<h1>Sweep ${name}</h1>
<p>${formatPlural(outcome.settings.length, 'setting')} of <code>${experiment}</code></p>
<p class="faint"><code>${file}</code>, begun ${new Date(outcome.made).toISOString().slice(0, 16).replace('T', ' ')} UTC with saurun ${outcome.program}${open > 0 ? `; ${formatPlural(open, 'run')} still to come when this was written` : ''}</p>
${tiles([
  [`${counts.done} of ${runs}`, 'runs done'],
  ...(counts.running > 0 ? [[String(counts.running), 'running'] as const] : []),
  ...(counts.failed > 0 ? [[String(counts.failed), 'failed'] as const] : []),
  ...(counts.pruned > 0 ? [[String(counts.pruned), 'pruned'] as const] : []),
  ...bestTile(outcome),
])}`
  const sections = [
    bestSection(outcome, data),
    overviewSection(outcome),
    ...outcome.metrics.map((metric, m) => resultsSection(outcome, metric, m)),
    importanceSection(outcome, data),
    tablesSection(outcome),
    parallelSection(data),
    failuresSection(outcome),
  ]
  return pageText(
    `Sweep ${name}`,
    head,
    sections.flatMap((section) => section ?? []),
    data,
  )
}

function titleOf({ name, metric }: OutcomeMetric): string {
  return name === metric ? metricTitle(metric) : name
}

function numberOf({ metric }: OutcomeMetric): (value: number) => string {
  return (value) => metricNumber(metric, value)
}

function bestTile(outcome: SweepOutcome): readonly (readonly [string, string])[] {
  const best = bestSetting(outcome)
  const [metric] = outcome.metrics
  const mean = best === undefined ? undefined : meanOf(best)
  if (metric === undefined || mean === undefined) return []
  return [[`${numberOf(metric)(mean)}${metricUnit(metric.metric)}`, `best mean ${titleOf(metric)}`]]
}

function bestSection(outcome: SweepOutcome, data: PageData): PageSection {
  const best = bestSetting(outcome)
  return {
    id: 'best',
    title: 'Best setting',
    content: html`${
      best !== undefined
        ? html`${facts(Object.entries(best.params).map(([name, value]) => [name, html`<code>${String(value)}</code>`]))}
<pre><code>${outcome.command}</code></pre>
<p class="faint">The mean over ${formatPlural(best.results[0]?.summary?.n ?? 0, 'finished seed')} is the best of all settings. The best of many is best by luck too: run it again with fresh seeds (<code>--seed</code>) before it is reported.</p>`
        : html`<p>No setting is finished.</p>`
    }
${data.charts[curvesName] === undefined ? undefined : figure(curvesName, 'The best settings over epochs', { note: 'means over seeds, as far as every seed has come' })}`,
  }
}

function overviewSection(outcome: SweepOutcome): PageSection {
  const seeds = outcome.settings.some(({ seeds }) => seeds > 1)
  const noise = noiseTables(outcome)
  return {
    id: 'overview',
    title: 'Overview',
    content: html`<p class="faint">After the last epoch${seeds ? ', mean ± standard deviation over finished seeds' : ''}. As Markdown: <code>saurun sweep report ${outcome.name} --markdown</code></p>
${overviewMarkup(overviewTable(outcome))}
${noise.map(
  (one) => html`<h3>Called noise by ${one.branch}</h3>
<p class="faint">Of the synthetic images of a class that passed in the last epoch, percent${seeds ? ', mean over finished seeds' : ''}.</p>
${overviewMarkup(one)}`,
)}`,
  }
}

function overviewMarkup({ columns, rows }: OverviewTable): Markup {
  const cells = rows.map((row) =>
    row.map(({ text, value }, position) => (columns[position]?.isNumber ? numberCell(value, text) : text)),
  )
  return table(columns, cells, { sortable: true, high: rows.length > 20 })
}

function resultsSection(outcome: SweepOutcome, metric: OutcomeMetric, m: number): PageSection {
  const { varied, settings, baseline } = outcome
  const number = numberOf(metric)
  const signed = (value: number): string => (value > 0 ? `+${number(value)}` : number(value))
  const unit = metricUnit(metric.metric)
  const columns = [
    ...varied.map((name) => ({ title: name })),
    { title: 'n', isNumber: true },
    { title: `mean${unit}`, isNumber: true },
    { title: 'deviation', isNumber: true },
    { title: '95 % interval', isNumber: true },
    ...(baseline === undefined
      ? []
      : [
          { title: 'minus baseline', isNumber: true },
          { title: '95 % interval', isNumber: true },
          { title: 'p', isNumber: true },
          { title: 'p (Holm)', isNumber: true },
          { title: 'test' },
        ]),
  ]
  const rows = settings.map((setting) => {
    const result = setting.results[m]
    const summary = result?.summary
    const cells: (Markup | string)[] = [
      ...varied.map((name) => String(setting.params[name] ?? '')),
      numberCell(summary?.n ?? 0, seedsText(setting, summary?.n ?? 0)),
      numberCell(summary?.mean, summary === undefined ? '–' : number(summary.mean)),
      numberCell(summary?.deviation, summary?.deviation == null ? '–' : number(summary.deviation)),
      numberCell(summary?.interval?.[0], intervalText(summary?.interval, number)),
    ]
    return baseline === undefined ? cells : [...cells, ...differenceCells(setting, result, signed)]
  })
  const some = settings.some(({ results }) => (results[m]?.summary?.n ?? 0) > 1)
  return {
    id: m === 0 ? 'results' : `results-${m}`,
    title: `${titleOf(metric)}`,
    content: html`<p class="faint">After the last epoch, over the seeds that are finished. Intervals and tests are Student's t.${baseline === undefined ? '' : ` Differences are paired by seed to the setting with ${paramsText({ params: baseline })} and all else equal; p (Holm) is corrected for the number of settings, and in bold below ${significant}.`}</p>
${table(columns, rows, { sortable: true, high: rows.length > 20 })}
${some ? undefined : html`<p class="faint">One seed of each setting: no deviation, no interval and no test. Give the sweep <code>seeds</code>.</p>`}`,
  }
}

function differenceCells(
  { setting, baseline }: MeasuredSetting,
  result: SettingMetric | undefined,
  signed: (value: number) => string,
): readonly (Markup | string)[] {
  if (setting === baseline) return ['baseline', '', '', '', '']
  const difference = result?.difference
  const adjusted = result?.adjusted
  const isOne = adjusted !== undefined && adjusted < significant
  const shown = probability(adjusted)
  return [
    numberCell(difference?.mean, difference === undefined ? '–' : signed(difference.mean)),
    numberCell(difference?.interval?.[0], intervalText(difference?.interval, signed)),
    numberCell(difference?.p, probability(difference?.p)),
    isOne
      ? html`<td class="number" data-value="${adjusted}"><b>${shown}</b></td>`
      : numberCell(adjusted, shown),
    testText(difference),
  ]
}

function intervalText(interval: Interval | null | undefined, number: (value: number) => string): string {
  return interval == null ? '–' : `${number(interval[0])} to ${number(interval[1])}`
}

function probability(p: number | null | undefined): string {
  if (p === null || p === undefined) return '–'
  return p < 0.001 ? '<0.001' : p.toFixed(3)
}

function testText(difference: Difference | undefined): string {
  switch (difference?.test) {
    case undefined:
      return ''
    case 'paired':
      return 'paired'
    case 'welch':
      return 'Welch'
    case 'none':
      return 'too few'
  }
}

function importanceSection({ importance, metrics }: SweepOutcome, data: PageData): PageSection | undefined {
  const [metric] = metrics
  if (importance === undefined || metric === undefined || data.charts[importanceName] === undefined)
    return undefined
  const method =
    importance.method === 'grid'
      ? html`Functional ANOVA of the measured grid (Hutter, Hoos and Leyton-Brown, 2014): the share of the variance between settings' means that a param explains by itself, and that two explain together beyond that. What is left to 100 % is of higher interactions and chance.`
      : html`The share of the variance between settings' means that a param's main effect explains (as in functional ANOVA: Hutter, Hoos and Leyton-Brown, 2014), numbers put into at most four groups, and what groups explain by chance taken off (epsilon squared: Kelley, 1935). Interactions are not seen; a search looks more often where it is good, which makes shares smaller than they are.`
  return {
    id: 'importance',
    title: 'Importance of params',
    content: html`${figure(importanceName, `What ${titleOf(metric)} depends on`, { zooms: false })}
<p class="faint">${method} From ${formatPlural(importance.settings, 'setting')}.</p>`,
  }
}

function tablesSection({ tables, metrics }: SweepOutcome): PageSection | undefined {
  const [metric] = metrics
  if (tables.length === 0 || metric === undefined) return undefined
  return {
    id: 'pairs',
    title: 'Two params at a time',
    content: html`<p class="faint">Mean ${titleOf(metric)} over all settings with both values; dark is good in the light colours, light in the dark ones.</p>
<div class="pair">${tables.map(({ names }, position) => figure(heatName(position), `${names[0]} and ${names[1]}`, { zooms: false }))}</div>`,
  }
}

function parallelSection(data: PageData): PageSection | undefined {
  if (data.charts[parallelName] === undefined) return undefined
  return {
    id: 'all',
    title: 'All settings',
    content: figure(parallelName, 'Params and what they came to', {
      zooms: true,
      note: 'a line for each setting; drag along an axis to keep those that pass there',
    }),
  }
}

function failuresSection({ failures, pruned }: SweepOutcome): PageSection | undefined {
  if (failures.length === 0 && pruned.length === 0) return undefined
  return {
    id: 'failures',
    title: failures.length === 0 ? 'Pruned' : 'Failures',
    content: html`${
      failures.length === 0
        ? undefined
        : table(
            [{ title: 'instance', isNumber: true }, { title: 'params' }, { title: 'why' }],
            failures.map(({ number, name, reason }) => [numberCell(number, String(number)), name, reason]),
            { sortable: true, high: failures.length > 20 },
          )
    }${
      pruned.length === 0
        ? undefined
        : html`<h3>Pruned settings</h3>
${table(
  [{ title: 'params' }, { title: 'why' }],
  pruned.map(({ params, reason }) => [paramsText({ params }), reason]),
  { sortable: true, high: pruned.length > 20 },
)}`
    }`,
  }
}
