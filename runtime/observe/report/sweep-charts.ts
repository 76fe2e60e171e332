// The charts of a sweep's report: curves of the best settings, importance of params, tables of two params,
// and all at once.
import { metricTable } from '../../../compiler/plan/metric-table.js'
import type { Sweep } from '../../../compiler/sweep/index.js'
import type { MeasuredSetting, SweepOutcome } from '../../apps/sweep/outcome.js'
import { meanOf } from '../../apps/sweep/outcome.js'
import type { SeedCurve } from '../../apps/sweep/results.js'
import { metricTitle } from '../text/metric-text.js'
import { paramsText } from '../text/sweep-progress.js'
import type { Chart, DotsChart, HeatChart, LinesChart, PageData, ParallelChart, Unit } from './page-data.js'
import { short, thinned } from './thinning.js'

/** Settings whose curves are drawn, at most. */
const shownCurves = 8

export const importanceName = 'importance'
export const curvesName = 'curves'
export const parallelName = 'parallel'
export const heatName = (position: number): string => `heat ${position}`

export function sweepPageData(
  outcome: SweepOutcome,
  sweep: Sweep,
  curves: ReadonlyMap<number, readonly SeedCurve[]>,
): PageData {
  const charts: Record<string, Chart> = {}
  const lines = curvesChart(outcome, curves)
  if (lines !== undefined) charts[curvesName] = lines
  if (outcome.importance !== undefined) charts[importanceName] = importanceChart(outcome)
  for (const position of outcome.tables.keys()) {
    const chart = heatChart(outcome, position)
    if (chart !== undefined) charts[heatName(position)] = chart
  }
  const parallel = parallelChart(outcome, sweep)
  if (parallel !== undefined) charts[parallelName] = parallel
  return { charts, snapshots: [], recalls: [] }
}

function unitOf({ metrics }: SweepOutcome): Unit {
  const [first] = metrics
  return first === undefined ? 'share' : metricTable[first.metric].unit
}

function metricOf({ metrics }: SweepOutcome): string {
  const [first] = metrics
  return first === undefined ? '' : first.name === first.metric ? metricTitle(first.metric) : first.name
}

/** Means over seeds of the best settings, as far as every seed has come. */
function curvesChart(
  outcome: SweepOutcome,
  curves: ReadonlyMap<number, readonly SeedCurve[]>,
): LinesChart | undefined {
  const lines = outcome.settings.slice(0, shownCurves).flatMap((setting, colour) => {
    const seeds = (curves.get(setting.setting) ?? []).filter(({ values }) => values.length > 0)
    const length = Math.min(...seeds.map(({ values }) => values.length))
    if (seeds.length === 0 || length < 1) return []
    const points = Array.from({ length }, (_, epoch): readonly [number, number] => [
      epoch + 1,
      seeds.reduce((sum, { values }) => sum + (values[epoch] ?? 0), 0) / seeds.length,
    ])
    return [
      { name: paramsText(setting), colour, points: thinned(points.filter(([, y]) => Number.isFinite(y))) },
    ]
  })
  return lines.length === 0 ? undefined : { kind: 'lines', unit: unitOf(outcome), log: false, lines }
}

function importanceChart({ importance }: SweepOutcome): DotsChart {
  const rows = [
    ...(importance?.params ?? []).map(({ name, share }) => ({ name, share })),
    ...(importance?.interactions ?? [])
      .filter(({ share }) => share >= 0.005)
      .map(({ names, share }) => ({ name: names.join(' with '), share })),
  ]
  return {
    kind: 'dots',
    unit: 'share',
    names: rows.map(({ name }) => name),
    series: [{ name: 'share of variance', colour: 0, values: rows.map(({ share }) => short(share)) }],
  }
}

function heatChart(outcome: SweepOutcome, position: number): HeatChart | undefined {
  const table = outcome.tables[position]
  if (table === undefined) return undefined
  const [columns, rows] = table.names
  return {
    kind: 'heat',
    unit: unitOf(outcome),
    metric: metricOf(outcome),
    minimize: outcome.metrics[0]?.direction === 'minimize',
    columns: { name: columns, values: table.columns.map(String) },
    rows: { name: rows, values: table.rows.map(String) },
    cells: table.cells.flatMap((row, y) =>
      row.flatMap((cell, x) => (cell === null ? [] : [[x, y, short(cell.mean), cell.settings] as const])),
    ),
  }
}

function parallelChart(outcome: SweepOutcome, sweep: Sweep): ParallelChart | undefined {
  const { varied, settings, metrics } = outcome
  const measured = settings.filter((setting) => Number.isFinite(meanOf(setting)))
  if (varied.length === 0 || measured.length < 2) return undefined
  const axes = varied.map((name) => {
    const values = [...new Set(measured.map(({ params }) => params[name]))]
    const isNumeric = values.every((value) => typeof value === 'number')
    const domain = sweep.params.get(name)?.domain
    const isLog = domain?.kind === 'range' && domain.log && isNumeric && values.every((v) => Number(v) > 0)
    return { name, values: isNumeric ? undefined : values.map(String), log: isLog }
  })
  const lines = measured.map((setting: MeasuredSetting) => [
    ...axes.map(({ name, values }) =>
      values === undefined ? Number(setting.params[name]) : values.indexOf(String(setting.params[name])),
    ),
    short(meanOf(setting) ?? 0),
  ])
  return {
    kind: 'parallel',
    unit: unitOf(outcome),
    metric: metricOf(outcome),
    minimize: metrics[0]?.direction === 'minimize',
    axes,
    lines,
  }
}
