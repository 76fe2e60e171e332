// The results of a sweep as a LaTeX table in the manner of papers (booktabs): settings, and for each metric mean and deviation
// over seeds, the best in bold, those that differ from their baseline marked.
import type { MeasuredSetting, OutcomeMetric, SweepOutcome } from '../sweep/outcome.js'
import { byGoodness } from '../sweep/results.js'
import { metricTitle } from './comparison-text.js'
import { formatNumber } from './quantities.js'

/** A difference with a smaller probability, after Holm's correction, is marked. */
const significant = 0.05

/** A whole `table` environment with a final line end; it needs `\usepackage{booktabs}`. */
export function sweepLatex(outcome: SweepOutcome): string {
  const { metrics, varied, settings } = outcome
  const measured = settings.filter(({ results }) => results.some(({ summary }) => summary !== undefined))
  const best = metrics.map((metric, m) => bestOf(measured, metric, m))
  const marked = measured.some(({ results }) => results.some((result) => isMarked(result)))
  const head = [
    ...varied.map(latexText),
    ...metrics.map((metric) => `${latexText(title(metric))}${metric.metric === 'loss' ? '' : ' (\\%)'}`),
  ]
  const rows = measured.map(({ params, results }) => [
    ...varied.map((name) => latexText(String(params[name] ?? ''))),
    ...metrics.map((metric, m) => {
      const result = results[m]
      const summary = result?.summary
      if (summary === undefined) return '--'
      const mean = number(metric, summary.mean)
      const shown = summary.mean === best[m] ? `\\mathbf{${mean}}` : mean
      const spread = summary.deviation === null ? '' : ` \\pm ${number(metric, summary.deviation)}`
      const mark = isMarked(result) ? '^{*}' : ''
      return `$${shown}${spread}${mark}$`
    }),
  ])
  const seeds = [...new Set(measured.map(({ results }) => results[0]?.summary?.n ?? 0))].sort((a, b) => a - b)
  const notes = [
    `Mean and standard deviation over ${seeds.join(' to ')} ${seeds.join() === '1' ? 'seed' : 'seeds'} after the last epoch; the best in bold.`,
    ...(marked
      ? [
          `$^{*}$ differs from its baseline (paired or Welch's $t$ test, $p < ${significant}$ after Holm's correction).`,
        ]
      : []),
  ]
  return `${[
    '% \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\begin{tabular}{${'l'.repeat(varied.length)}${'r'.repeat(metrics.length)}}`,
    '\\toprule',
    `${head.join(' & ')} \\\\`,
    '\\midrule',
    ...rows.map((cells) => `${cells.join(' & ')} \\\\`),
    '\\bottomrule',
    '\\end{tabular}',
    `\\caption{Sweep \\texttt{${latexText(outcome.name)}}. ${notes.join(' ')}}`,
    `\\label{tab:${outcome.name.replace(/[^\w-]/g, '-')}}`,
    '\\end{table}',
  ].join('\n')}\n`
}

function title({ name, metric }: OutcomeMetric): string {
  return name === metric ? metricTitle(metric) : name
}

function isMarked(result: MeasuredSetting['results'][number] | undefined): boolean {
  return result?.adjusted !== undefined && result.adjusted < significant
}

function bestOf(settings: readonly MeasuredSetting[], metric: OutcomeMetric, m: number): number | undefined {
  const finished = settings.filter(({ standing }) => standing === 'done')
  const means = finished.flatMap(({ results }) => results[m]?.summary?.mean ?? [])
  return means.sort((a, b) => byGoodness(a, b, metric))[0]
}

function number({ metric }: OutcomeMetric, value: number): string {
  return metric === 'loss' ? formatNumber(value) : (100 * value).toFixed(2)
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
}

/** Text that LaTeX prints as it stands; line breaks become blanks. */
export function latexText(text: string): string {
  return text.replace(/[\\~^{}&%$#_<>|"]/g, (sign) => escapes[sign] ?? sign).replace(/\p{Cc}+/gu, ' ')
}
