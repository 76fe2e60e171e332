// What a sweep has come to, for its report: every setting with the statistics of its finished seeds and the
// difference to its baseline, what failed, which params matter, and how to run the best setting again.
import type { Host } from '../../../compiler/index.js'
import { metricTable } from '../../../compiler/plan/metric-table.js'
import type { MetricChoice, Sweep } from '../../../compiler/sweep/index.js'
import {
  type Difference,
  pairedDifference,
  type Summary,
  summary,
  welchDifference,
} from '../comparison/statistics.js'
import { type CalledNoise, calledNoise } from './called-noise.js'
import { holmAdjusted } from './holm.js'
import { type Importance, importanceOf } from './importance.js'
import {
  byGoodness,
  isComparable,
  latestValue,
  type SettingRuns,
  type SettingStanding,
  settingsOf,
  standingOf,
} from './results.js'
import { settingCommand } from './setting-command.js'
import type { InstanceState, InstanceView, SweepGoal, SweepView } from './state.js'
import { type TwoWayTable, twoWayTables } from './two-way.js'

export type Params = SettingRuns['params']

export interface MeasuredSetting {
  readonly setting: number
  readonly params: Params
  /** Seeds in all, and states of their runs. */
  readonly seeds: number
  readonly states: readonly InstanceState[]
  /** A setting that failed or was pruned has no results. */
  readonly standing: SettingStanding
  /** The setting that it is compared with; itself for a baseline, undefined where there is none. */
  readonly baseline: number | undefined
  /** In the order of `SweepOutcome.metrics`. */
  readonly results: readonly SettingMetric[]
  /** How long a finished run took; undefined where none is finished. */
  readonly seconds: Summary | undefined
  readonly noise: readonly CalledNoise[]
}

export interface SettingMetric {
  /** Of the finished seeds; undefined where none is finished. */
  readonly summary: Summary | undefined
  readonly values: readonly { readonly seed: number | undefined; readonly value: number }[]
  /** This setting minus its baseline; undefined for a baseline, and where one of both has nothing. */
  readonly difference: Difference | undefined
  /** `difference.p` after Holm's correction for the settings that are tested. */
  readonly adjusted: number | undefined
}

export interface OutcomeMetric extends SweepGoal {
  /** `top1`, or `test.top1` where several data sets are evaluated. */
  readonly name: string
}

export interface SweepOutcome {
  readonly name: string
  readonly folder: string
  readonly file: string
  readonly experiment: string
  readonly program: string
  readonly made: number
  /** The first is what settings are ordered by. */
  readonly metrics: readonly OutcomeMetric[]
  readonly varied: readonly string[]
  /** Values that a baseline has; other params are as in the setting that is compared. */
  readonly baseline: Params | undefined
  /**
   * Those that are finished first, the best before the others; then those under way, and those without a
   * result.
   */
  readonly settings: readonly MeasuredSetting[]
  readonly counts: Readonly<Record<InstanceState, number>>
  readonly failures: readonly { readonly number: number; readonly name: string; readonly reason: string }[]
  readonly pruned: readonly { readonly setting: number; readonly params: Params; readonly reason: string }[]
  /** Of the first metric. Undefined where too few settings are finished, or none differs. */
  readonly importance: Importance | undefined
  readonly tables: readonly TwoWayTable[]
  /** Runs the best setting again; undefined where none is finished. */
  readonly command: string | undefined
}

/**
 * @param chosen what is told of every setting, the first ordering them; `goal` and what the sweep file
 * compares, where left out
 */
export function sweepOutcome(
  view: SweepView,
  sweep: Sweep,
  goal: SweepGoal,
  host: Host,
  chosen: readonly MetricChoice[] = [goal, ...sweep.compare.metrics],
): SweepOutcome {
  const metrics = metricsOf(sweep, goal, chosen)
  const runs = settingsOf(view)
  const values = runs.map((setting) => metrics.map((metric) => finishedValues(setting, metric)))
  const settings = runs.map(({ setting, params, runs: seeds }, position): MeasuredSetting => {
    const baseline = baselineOf(runs, params, sweep.compare.baseline)
    const standing = standingOf({ runs: seeds })
    const isCompared = baseline !== undefined && baseline !== position
    return {
      setting,
      params,
      seeds: seeds.length,
      states: seeds.map(({ view: { state } }) => state),
      standing,
      baseline: baseline === undefined ? undefined : runs[baseline]?.setting,
      results: metrics.map((_, m) => {
        const own = values[position]?.[m] ?? []
        const theirs = isCompared ? (values[baseline]?.[m] ?? []) : []
        return {
          summary: own.length === 0 ? undefined : summary(own.map(({ value }) => value)),
          values: own,
          difference: own.length === 0 || theirs.length === 0 ? undefined : differenceOf(own, theirs),
          adjusted: undefined,
        }
      }),
      seconds: secondsOf(seeds),
      noise: isComparable(standing) ? calledNoise({ setting, params, runs: seeds }) : [],
    }
  })
  const ordered = withAdjusted(settings, metrics.length).sort(
    (a, b) =>
      Number(b.standing === 'done') - Number(a.standing === 'done') ||
      byGoodness(meanOf(a), meanOf(b), goal) ||
      a.setting - b.setting,
  )
  const points = ordered.flatMap((one) => {
    const mean = meanOf(one)
    return mean === undefined || !Number.isFinite(mean) ? [] : [{ params: one.params, value: mean }]
  })
  const best = bestSetting({ settings: ordered })
  const { capsule, name, folder } = view
  return {
    name,
    folder,
    file: sweep.file,
    experiment: sweep.experiment,
    program: capsule.program,
    made: capsule.made,
    metrics,
    varied: sweep.varied,
    baseline: sweep.compare.baseline,
    settings: ordered,
    counts: countsOf(view.instances),
    failures: view.instances
      .filter(({ state }) => state === 'failed')
      .map(({ instance, reason }) => ({
        number: instance.number + 1,
        name: instance.name,
        reason: reason ?? 'no reason is known',
      })),
    pruned: runs.flatMap(({ setting, params, runs: seeds }) => {
      const pruned = seeds.find(({ view: { state } }) => state === 'pruned')
      return pruned === undefined ? [] : [{ setting, params, reason: pruned.view.reason ?? 'pruned' }]
    }),
    importance: importanceOf(sweep.varied, points),
    tables: twoWayTables(sweep.varied, points),
    command: best === undefined ? undefined : settingCommand(host, sweep, capsule.cwd, best.params),
  }
}

/** The best of the settings that are finished; undefined while none is, or none has a number. */
export function bestSetting({ settings }: Pick<SweepOutcome, 'settings'>): MeasuredSetting | undefined {
  return settings.find((setting) => setting.standing === 'done' && Number.isFinite(meanOf(setting)))
}

/** Mean of the first metric. */
export function meanOf({ results }: Pick<MeasuredSetting, 'results'>): number | undefined {
  return results[0]?.summary?.mean
}

/** With their names and directions; that of the goal may be the sweep file's own. */
function metricsOf(
  { measured }: Sweep,
  goal: SweepGoal,
  chosen: readonly MetricChoice[],
): readonly OutcomeMetric[] {
  const known = new Map(
    chosen.map(({ evaluation, metric }) => {
      const isGoal = evaluation === goal.evaluation && metric === goal.metric
      const choice = {
        evaluation,
        metric,
        direction: isGoal ? goal.direction : metricTable[metric].direction,
      }
      const dataset = measured[choice.evaluation]?.dataset
      const name =
        measured.length > 1 && dataset !== undefined ? `${dataset}.${choice.metric}` : choice.metric
      return [name, { name, ...choice }] as const
    }),
  )
  return [...known.values()]
}

/** After the last epoch of runs that are trained to their end. */
function finishedValues({ runs }: SettingRuns, metric: SweepGoal): SettingMetric['values'] {
  if (!isComparable(standingOf({ runs }))) return []
  return runs.flatMap(({ view, seed }) => {
    const value = view.state === 'done' ? latestValue(view, metric) : undefined
    return value === undefined ? [] : [{ seed, value }]
  })
}

function secondsOf(runs: SettingRuns['runs']): Summary | undefined {
  const seconds = runs.flatMap(({ view: { state, status } }) =>
    state === 'done' ? (status?.view.ended?.seconds ?? []) : [],
  )
  return seconds.length === 0 ? undefined : summary(seconds)
}

/** Position of the setting that has the baseline's values, and for the rest those of `params`. */
function baselineOf(
  settings: readonly SettingRuns[],
  params: Params,
  baseline: Params | undefined,
): number | undefined {
  if (baseline === undefined) return undefined
  const wanted = Object.entries({ ...params, ...baseline }).filter(([name]) => name in params)
  const position = settings.findIndex((setting) =>
    wanted.every(([name, value]) => setting.params[name] === value),
  )
  return position < 0 ? undefined : position
}

/** Paired by seed where every seed of the smaller side is on the other, otherwise Welch's. */
function differenceOf(own: SettingMetric['values'], theirs: SettingMetric['values']): Difference {
  const pairs = own.flatMap(({ seed, value }) => {
    const partner = theirs.find((other) => other.seed === seed)
    return partner === undefined ? [] : [[value, partner.value] as const]
  })
  if (pairs.length === Math.min(own.length, theirs.length)) return pairedDifference(pairs)
  return welchDifference(
    own.map(({ value }) => value),
    theirs.map(({ value }) => value),
  )
}

function withAdjusted(settings: readonly MeasuredSetting[], metrics: number): MeasuredSetting[] {
  const adjusted = Array.from({ length: metrics }, (_, m) =>
    holmAdjusted(settings.map(({ results }) => results[m]?.difference?.p ?? undefined)),
  )
  return settings.map((setting, position) => ({
    ...setting,
    results: setting.results.map((result, m) => ({ ...result, adjusted: adjusted[m]?.[position] })),
  }))
}

function countsOf(instances: readonly InstanceView[]): SweepOutcome['counts'] {
  const counts = { waiting: 0, running: 0, done: 0, stopped: 0, died: 0, failed: 0, pruned: 0, equal: 0 }
  for (const { state } of instances) counts[state]++
  return counts
}
