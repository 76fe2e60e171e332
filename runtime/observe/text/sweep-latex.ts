// The results of a sweep as a LaTeX table in the manner of papers (booktabs): settings, and for each metric
// mean and deviation over seeds, the best in bold, those that differ from their baseline marked.
import type { MeasuredSetting, OutcomeMetric, SettingMetric, SweepOutcome } from '../../apps/sweep/outcome.js'
import { byGoodness } from '../../apps/sweep/results.js'
import { joinLatex, type Latex, latex } from '../../platform/texts/latex.js'
import { isShare, metricNumber, metricTitle } from './metric-text.js'

/** A difference with a smaller probability, after Holm's correction, is marked. */
const significant = 0.05

/** A whole `table` environment with a final line end; it needs `\usepackage{booktabs}`. */
export function sweepLatex(outcome: SweepOutcome): string {
  const { metrics, varied, settings } = outcome
  const measured = settings.filter(({ results }) => results.some(({ summary }) => summary !== undefined))
  const best = metrics.map((metric, m) => bestOf(measured, metric, m))
  const marked = measured.some(({ results }) => results.some((result) => isMarked(result)))
  const head = [
    ...varied.map((name) => latex`${name}`),
    ...metrics.map((metric) => latex`${title(metric)}${isShare(metric.metric) ? ' (%)' : ''}`),
  ]
  const rows = measured.map(({ params, results }) => [
    ...varied.map((name) => latex`${String(params[name] ?? '')}`),
    ...metrics.map((metric, m) => resultCell(metric, results[m], best[m])),
  ])
  const seeds = [...new Set(measured.map(({ results }) => results[0]?.summary?.n ?? 0))].sort((a, b) => a - b)
  const notes = [
    latex`Mean and standard deviation over ${seeds.join(' to ')} ${seeds.join() === '1' ? 'seed' : 'seeds'} after the last epoch; the best in bold.`,
    ...(marked
      ? [
          latex`$^{*}$ differs from its baseline (paired or Welch's $t$ test, $p < ${significant}$ after Holm's correction).`,
        ]
      : []),
  ]
  const line = (cells: readonly Latex[]): Latex => latex`${joinLatex(cells, ' & ')} \\`
  const columns = `${'l'.repeat(varied.length)}${'r'.repeat(metrics.length)}`
  return latex`% \usepackage{booktabs}
\begin{table}
\centering
\begin{tabular}{${columns}}
\toprule
${line(head)}
\midrule
${joinLatex(rows.map(line), '\n')}
\bottomrule
\end{tabular}
\caption{Sweep \texttt{${outcome.name}}. ${joinLatex(notes, ' ')}}
\label{tab:${outcome.name.replace(/[^\w-]|_/g, '-')}}
\end{table}
`.latex
}

/** Mean and deviation in percent, losses as they are. */
function resultCell(
  metric: OutcomeMetric,
  result: SettingMetric | undefined,
  best: number | undefined,
): Latex {
  const summary = result?.summary
  if (summary === undefined) return latex`--`
  const mean = latex`${number(metric, summary.mean)}`
  const shown = summary.mean === best ? latex`\mathbf{${mean}}` : mean
  const spread = summary.deviation === null ? '' : latex` \pm ${number(metric, summary.deviation)}`
  return latex`$${shown}${spread}${isMarked(result) ? latex`^{*}` : ''}$`
}

function title({ name, metric }: OutcomeMetric): string {
  return name === metric ? metricTitle(metric) : name
}

function isMarked(result: SettingMetric | undefined): boolean {
  return result?.adjusted !== undefined && result.adjusted < significant
}

function bestOf(settings: readonly MeasuredSetting[], metric: OutcomeMetric, m: number): number | undefined {
  const finished = settings.filter(({ standing }) => standing === 'done')
  const means = finished.flatMap(({ results }) => results[m]?.summary?.mean ?? [])
  return means.sort((a, b) => byGoodness(a, b, metric))[0]
}

function number({ metric }: OutcomeMetric, value: number): string {
  return metricNumber(metric, value)
}
