// The charts of a comparison: curves of each group over epochs, and recalls of classes side by side.
import { type MetricName, metricTable } from '../../../compiler/plan/metric-table.js'
import type { ComparedGroup, Comparison, ComparisonTable } from '../../apps/comparison/comparison.js'
import type { RunResult } from '../../apps/comparison/run-result.js'
import { classesBySize } from '../../run/view/run-view.js'
import { isShare } from '../text/metric-text.js'
import type { Chart, DotsChart, LinesChart, PageData } from './page-data.js'
import { type CurvePoint, short, thinned } from './thinning.js'

/** Runs drawn one by one behind the means, of all groups together, at most. */
const shownRuns = 40

export const curveName = (evaluation: string, metric: MetricName): string => `curve ${evaluation} ${metric}`
export const classesName = (evaluation: string): string => `classes ${evaluation}`

/** @param runs those that the comparison was made of */
export function comparisonPageData(comparison: Comparison, runs: readonly RunResult[]): PageData {
  const ofGroup = (group: ComparedGroup): readonly RunResult[] =>
    group.runs.flatMap(({ folder }) => runs.find((run) => run.folder === folder) ?? [])
  const groups = comparison.groups.map((group) => ({
    label: group.label,
    name: groupName(group),
    runs: ofGroup(group),
  }))
  const charts: Record<string, Chart> = {}
  for (const table of comparison.tables) {
    const { evaluation, metric } = table
    charts[curveName(evaluation, metric)] ??= curves(groups, evaluation, metric)
    const recalls = recallsByGroup(groups, table)
    if (recalls !== undefined) charts[classesName(evaluation)] ??= recalls
  }
  return { charts, snapshots: [], recalls: [] }
}

/** Its letter, with what its params are where that is short. */
function groupName({ label, params }: ComparedGroup): string {
  const values = Object.entries(params).map(([name, some]) => `${name}=${some.join(',')}`)
  const name = `${label}: ${values.join(' ')}`
  return values.length === 0 || name.length > 40 ? label : name
}

interface Group {
  readonly label: string
  readonly name: string
  readonly runs: readonly RunResult[]
}

function curves(groups: readonly Group[], evaluation: string, metric: MetricName): LinesChart {
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0)
  const lines = groups.flatMap(({ name, runs: repeated }, colour) => {
    const single = repeated
      .map((run) => pointsOf(run, evaluation, metric))
      .filter((points) => points.length > 0)
    if (single.length === 0) return []
    const mean = { name, colour, points: thinned(meanCurve(single)) }
    if (single.length === 1 || runs > shownRuns) return [mean]
    return [...single.map((points) => ({ name, colour, points: thinned(points), faint: true })), mean]
  })
  return { kind: 'lines', unit: metricTable[metric].unit, log: !isShare(metric), lines }
}

function pointsOf(run: RunResult, evaluation: string, metric: MetricName): readonly CurvePoint[] {
  const measured = run.evaluations.find(({ name }) => name === evaluation)?.measured ?? []
  return measured.flatMap(({ epoch, values }): CurvePoint[] => {
    const value = values.get(metric)
    return value === undefined || value === null ? [] : [[epoch + 1, value]]
  })
}

/** Where every run has a value: the mean of fewer would jump where a run ends. */
function meanCurve(runs: readonly (readonly CurvePoint[])[]): readonly CurvePoint[] {
  const [first = [], ...others] = runs
  const known = others.map((points) => new Map(points))
  return first.flatMap(([x, y]): CurvePoint[] => {
    const values = known.map((points) => points.get(x))
    if (values.some((value) => value === undefined)) return []
    const sum = values.reduce<number>((total, value) => total + (value ?? 0), y)
    return [[x, sum / runs.length]]
  })
}

/** Mean recall of each class over a group's runs, after the epochs that the table looks at. */
function recallsByGroup(groups: readonly Group[], table: ComparisonTable): DotsChart | undefined {
  const sizes = classSizes(groups.flatMap(({ runs }) => runs))
  const order = classesBySize(sizes)
  const series = groups.flatMap(({ label, name: groupName, runs }, colour) => {
    const row = table.rows.find(({ group }) => group === label)
    const recalls = runs.flatMap((run) => {
      const epoch = row?.values.find((value) => value.run === run.run)?.epoch
      return recallsOf(run, table.evaluation, epoch) ?? []
    })
    if (recalls.length === 0) return []
    const values = order.map((c) => {
      const some = recalls.flatMap((known) => known.get(sizes[c]?.name ?? '') ?? [])
      return some.length === 0 ? null : short(some.reduce((sum, value) => sum + value, 0) / some.length)
    })
    return [{ name: groupName, colour, values }]
  })
  if (series.length === 0) return undefined
  return { kind: 'dots', unit: 'share', names: order.map((c) => sizes[c]?.name ?? ''), series }
}

function recallsOf(
  run: RunResult,
  evaluation: string,
  epoch: number | undefined,
): ReadonlyMap<string, number> | undefined {
  const position = run.evaluations.findIndex(({ name }) => name === evaluation)
  const perClass = run.evaluations[position]?.measured.find((entry) => entry.epoch === epoch)?.perClass
  const names = run.plan.datasets[run.plan.evaluations[position]?.dataset ?? -1]?.classes
  if (perClass === undefined || names === undefined) return undefined
  const known = names.map((name, c) => [name, perClass[c] ?? undefined] as const)
  return new Map(known.flatMap(([name, recall]) => (recall === undefined ? [] : [[name, recall]])))
}

/** All classes that were trained on, with the most images that a run had of each. */
function classSizes(
  runs: readonly RunResult[],
): readonly { readonly name: string; readonly real: number; readonly synthetic: number }[] {
  const sizes = new Map<string, { name: string; real: number; synthetic: number }>()
  for (const { plan } of runs) {
    const dataset = plan.datasets[plan.streams[0]?.dataset ?? -1]
    for (const [c, name] of (dataset?.classes ?? []).entries()) {
      const known = sizes.get(name) ?? { name, real: 0, synthetic: 0 }
      sizes.set(name, {
        name,
        real: Math.max(known.real, dataset?.real[c] ?? 0),
        synthetic: Math.max(known.synthetic, dataset?.synthetic[c] ?? 0),
      })
    }
  }
  return [...sizes.values()]
}
