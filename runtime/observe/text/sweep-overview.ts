// A sweep's results at a glance, as papers print them: one row a setting with every metric, its spread over
// seeds and the time a run took, and what label correction called noise. The same cells stand in the page and
// in Markdown.
import type { Summary } from '../../apps/comparison/statistics.js'
import type { MeasuredSetting, OutcomeMetric, SweepOutcome } from '../../apps/sweep/outcome.js'
import { formatDuration } from '../../platform/quantities.js'
import { metricNumber, metricTitle, metricUnit } from './metric-text.js'

export interface OverviewColumn {
  readonly title: string
  readonly isNumber: boolean
}

export interface OverviewCell {
  readonly text: string
  /** What the cell is ordered by. */
  readonly value: number | undefined
}

export interface OverviewTable {
  readonly columns: readonly OverviewColumn[]
  readonly rows: readonly (readonly OverviewCell[])[]
}

const text = (words: string): OverviewCell => ({ text: words, value: undefined })
const nothing = text('–')

/**
 * Settings in the sweep's order: varied params, finished seeds, mean and deviation of every metric, values by
 * seed of the first, and time.
 */
export function overviewTable({ metrics, varied, settings }: SweepOutcome): OverviewTable {
  const [first] = metrics
  const columns = [
    ...varied.map((name) => ({ title: name, isNumber: false })),
    { title: 'seeds', isNumber: true },
    ...metrics.map((metric) => ({ title: titleOf(metric), isNumber: true })),
    ...(first === undefined ? [] : [{ title: `${titleOf(first)} by seed`, isNumber: false }]),
    { title: 'time of a run', isNumber: true },
  ]
  return {
    columns,
    rows: inOrderOfSettings(settings).map((setting) => [
      ...varied.map((name) => text(String(setting.params[name] ?? ''))),
      seedsCell(setting),
      ...metrics.map((metric, m) => metricCell(metric, setting.results[m]?.summary)),
      ...(first === undefined
        ? []
        : [text((setting.results[0]?.values ?? []).map(({ value }) => shown(first, value)).join(' '))]),
      setting.seconds === undefined
        ? nothing
        : { text: formatDuration(setting.seconds.mean), value: setting.seconds.mean },
    ]),
  }
}

/**
 * A table for each `correct` of the file: a row a setting that has one, a column a class; percent, mean over
 * seeds.
 */
export function noiseTables({ varied, settings }: SweepOutcome): readonly (OverviewTable & {
  readonly branch: string
})[] {
  const ordered = inOrderOfSettings(settings)
  const branches = [...new Set(ordered.flatMap(({ noise }) => noise.map(({ branch }) => branch)))]
  return branches.map((branch) => {
    const corrected = ordered.flatMap((setting) => {
      const noise = setting.noise.find((one) => one.branch === branch)
      return noise === undefined ? [] : [{ setting, noise }]
    })
    const names = [...new Set(corrected.flatMap(({ noise }) => noise.classes.map(({ name }) => name)))]
    return {
      branch,
      columns: [
        ...varied.map((name) => ({ title: name, isNumber: false })),
        { title: 'all', isNumber: true },
        ...names.map((title) => ({ title, isNumber: true })),
      ],
      rows: corrected.map(({ setting: { params }, noise }) => [
        ...varied.map((name) => text(String(params[name] ?? ''))),
        shareCell(noise.share),
        ...names.map((name) => shareCell(noise.classes.find((one) => one.name === name)?.share)),
      ]),
    }
  })
}

function inOrderOfSettings(settings: readonly MeasuredSetting[]): readonly MeasuredSetting[] {
  return [...settings].sort((a, b) => a.setting - b.setting)
}

function seedsCell(setting: MeasuredSetting): OverviewCell {
  const finished = setting.results[0]?.summary?.n ?? 0
  return {
    text: finished === setting.seeds ? String(finished) : seedsText(setting, finished),
    value: finished,
  }
}

/** How many seeds are in a mean, or why there is none. */
export function seedsText(
  { standing, seeds }: Pick<MeasuredSetting, 'standing' | 'seeds'>,
  n: number,
): string {
  return standing === 'failed' || standing === 'pruned' ? standing : `${n} of ${seeds}`
}

function metricCell(metric: OutcomeMetric, summary: Summary | undefined): OverviewCell {
  if (summary === undefined) return nothing
  const { mean, deviation } = summary
  const spread = deviation === null ? '' : ` ± ${shown(metric, deviation)}`
  return { text: `${shown(metric, mean)}${spread}`, value: mean }
}

function shareCell(share: Summary | undefined): OverviewCell {
  return share === undefined ? nothing : { text: (100 * share.mean).toFixed(0), value: share.mean }
}

function titleOf({ name, metric }: OutcomeMetric): string {
  return `${name === metric ? metricTitle(metric) : name}${metricUnit(metric)}`
}

function shown({ metric }: OutcomeMetric, value: number): string {
  return metricNumber(metric, value, 1)
}
