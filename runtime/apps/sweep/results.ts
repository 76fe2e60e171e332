// What the settings of a sweep came to so far: each seed's values from its run, and the mean over seeds.
// Searches, pruners, the screen and the report all look at settings through this, so that they mean the same
// by them.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { headline, type MetricName, metricTable } from '../../../compiler/plan/metric-table.js'
import { type Curve, goodness } from '../../../compiler/sweep/pruners/curve.js'
import type { Sweep } from '../../../compiler/sweep/sweep.js'
import type { JournalEvent } from '../../run/journal/events.js'
import { eventsFrom, journalFile } from '../../run/journal/journal.js'
import { metricValues } from '../../run/journal/metric-values.js'
import type { InstanceView, SweepGoal, SweepView } from './state.js'

/** Numbers of one evaluation of a run, by epoch counted from 0 and by the metric's name. */
export type EvaluationHistory = ReadonlyMap<number, ReadonlyMap<MetricName, number | null>>

export interface EvaluationReader {
  /** What evaluation number `evaluation` of a run has measured so far. */
  read(runFolder: string, evaluation: number): EvaluationHistory
}

/** Reads the evaluations of runs again and again; of a journal that has grown only what is new in it. */
export function evaluationReader(): EvaluationReader {
  const runs = new Map<string, { end: number; readonly evaluations: Map<number, History> }>()
  return {
    read(runFolder, evaluation) {
      const path = join(runFolder, journalFile)
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
      let known = runs.get(runFolder)
      // A journal only grows: a shorter one is another.
      if (known === undefined || size < known.end) {
        known = { end: 0, evaluations: new Map() }
        runs.set(runFolder, known)
      }
      if (size > known.end) {
        for (const { event, end } of eventsFrom(path, known.end, ['run_started', 'evaluated'])) {
          known.end = end
          if (event !== undefined) note(known.evaluations, event)
        }
      }
      return known.evaluations.get(evaluation) ?? new Map()
    },
  }
}

type History = Map<number, ReadonlyMap<MetricName, number | null>>

function note(evaluations: Map<number, History>, event: JournalEvent): void {
  if (event.event === 'run_started') {
    // What came after the checkpoint that it goes on from is trained again.
    const from = event.resumed?.epoch ?? 0
    for (const history of evaluations.values()) {
      for (const epoch of history.keys()) if (epoch >= from) history.delete(epoch)
    }
  } else if (event.event === 'evaluated') {
    const history = evaluations.get(event.evaluation) ?? new Map()
    history.set(event.epoch, metricValues(event))
    evaluations.set(event.evaluation, history)
  }
}

/** What a sweep is after: what its search or its pruner looks at, or the first metric that it compares. */
export function sweepGoal({ draw, prune, compare, measured }: Sweep): SweepGoal | undefined {
  if (draw?.kind === 'search') return { ...draw.metric, direction: draw.direction }
  if (prune !== undefined) return { ...prune.metric, direction: prune.direction }
  const [metric] = compare.metrics
  if (metric !== undefined) return { ...metric, direction: metricTable[metric.metric].direction }
  return measured.length === 0 ? undefined : defaultGoal
}

export const defaultGoal: SweepGoal = {
  evaluation: 0,
  metric: headline,
  direction: metricTable[headline].direction,
}

/**
 * The run of one seed of a setting. Where several instances have one Plan, each of them has the run of the
 * first.
 */
export interface SeedRun {
  readonly view: InstanceView
  readonly seed: number | undefined
}

export interface SettingRuns {
  readonly setting: number
  readonly params: InstanceView['instance']['params']
  readonly runs: readonly SeedRun[]
}

/** The settings that are known so far, in order of their numbers. */
export function settingsOf({ instances }: Pick<SweepView, 'instances'>): readonly SettingRuns[] {
  const firsts = new Map<string, InstanceView>()
  for (const view of instances) {
    if (view.state !== 'equal') firsts.set(view.instance.planHash, view)
  }
  const settings = new Map<number, { params: SettingRuns['params']; runs: SeedRun[] }>()
  for (const view of instances) {
    const { setting, params, seed, planHash } = view.instance
    const known = settings.get(setting) ?? { params, runs: [] }
    known.runs.push({ view: firsts.get(planHash) ?? view, seed })
    settings.set(setting, known)
  }
  return [...settings].sort(([a], [b]) => a - b).map(([setting, rest]) => ({ setting, ...rest }))
}

/**
 * What a setting's mean over its seeds can still become. `done`: all seeds are trained to their end.
 * `failed`: a seed failed and is not tried again, so that there will never be a mean over all of them.
 * `pruned`: given up. `under way`: all else.
 */
export type SettingStanding = 'done' | 'under way' | 'pruned' | 'failed'

export function standingOf({ runs }: Pick<SettingRuns, 'runs'>): SettingStanding {
  const states = new Set(runs.map(({ view: { state } }) => state))
  if (states.has('failed')) return 'failed'
  if (states.has('pruned')) return 'pruned'
  return states.size === 1 && states.has('done') ? 'done' : 'under way'
}

/** Whether a setting has, or may still get, the mean over its seeds that settings are compared by. */
export function isComparable(standing: SettingStanding): boolean {
  return standing === 'done' || standing === 'under way'
}

export type SeedCurve = Omit<Curve, 'trial'>

/**
 * The curves of every setting's seeds, by the setting's number: the values after epoch 1, 2, ... to the last
 * evaluation. An epoch without an evaluation has the value of the one before it; those before the first have
 * the first one's. A value that the evaluation did not give is not a number. Settings with a seed that failed
 * for good are not there: what such a setting had come to before tells a search and a pruner nothing that
 * they could compare.
 * @param reader kept by whoever asks more than once
 */
export function settingCurves(
  view: Pick<SweepView, 'instances'>,
  { evaluation, metric }: SweepGoal,
  reader: EvaluationReader = evaluationReader(),
): ReadonlyMap<number, readonly SeedCurve[]> {
  return new Map(
    settingsOf(view)
      .filter((setting) => standingOf(setting) !== 'failed')
      .map(({ setting, runs }) => [
        setting,
        runs.map(({ view: { runFolder, state, status } }) => ({
          values: status === undefined ? [] : valuesByEpoch(reader.read(runFolder, evaluation), metric),
          isFinished: state === 'done',
        })),
      ]),
  )
}

/** Values after epoch 1, 2, ... to the last evaluation, without gaps: see `settingCurves`. */
export function valuesByEpoch(history: EvaluationHistory, metric: MetricName): readonly number[] {
  const values: number[] = []
  for (const [epoch, measured] of [...history].sort(([a], [b]) => a - b)) {
    // A number that JSON does not have is written as null.
    const value = Number(measured.get(metric) ?? Number.NaN)
    const before = values.at(-1) ?? value
    while (values.length < epoch) values.push(before)
    values.push(value)
  }
  return values
}

/**
 * The newest value of a run; undefined before its first evaluation, and of a run that failed: what it had
 * come to is no result.
 */
export function latestValue(
  { state, status }: Pick<InstanceView, 'state' | 'status'>,
  { evaluation, metric }: SweepGoal,
): number | undefined {
  if (state === 'failed') return undefined
  const latest = status?.view.evaluations[evaluation]?.latest
  return latest === undefined ? undefined : Number(metricValues(latest).get(metric) ?? Number.NaN)
}

export interface SettingResult extends SettingRuns {
  readonly standing: SettingStanding
  /** Newest values of the seeds that have one; none of a setting that failed or was pruned. */
  readonly values: readonly number[]
  /** Mean of `values`; undefined where there is none. */
  readonly mean: number | undefined
}

/** The settings, the best first: those that are done, then those under way, then those without a value. */
export function settingResults(
  view: Pick<SweepView, 'instances'>,
  goal: SweepGoal,
): readonly SettingResult[] {
  const results = settingsOf(view).map((setting): SettingResult => {
    const standing = standingOf(setting)
    const values = isComparable(standing)
      ? setting.runs.flatMap(({ view: run }) => latestValue(run, goal) ?? [])
      : []
    const mean = values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length
    return { ...setting, standing, values, mean }
  })
  const rank = ({ mean, standing }: SettingResult): number =>
    mean === undefined ? 2 : standing === 'done' ? 0 : 1
  return results.sort(
    (a, b) => rank(a) - rank(b) || byGoodness(a.mean, b.mean, goal) || a.setting - b.setting,
  )
}

/**
 * The best of the settings that are finished, of `settingResults`; undefined while none is, or none has a
 * number.
 */
export function bestFinished(results: readonly SettingResult[]): SettingResult | undefined {
  return results.find(({ standing, mean }) => standing === 'done' && Number.isFinite(mean))
}

/** Order of two values, the better first; values that are not there or no numbers last. */
export function byGoodness(
  a: number | undefined,
  b: number | undefined,
  { direction }: Pick<SweepGoal, 'direction'>,
): number {
  const [x, y] = [goodness(a ?? Number.NaN, direction), goodness(b ?? Number.NaN, direction)]
  return x === y ? 0 : x > y ? -1 : 1
}
