// A sweep under way as plain lines for logs and pipes, and as JSON for programs: a line when something
// happens to an instance, and one with the sums now and then. No carriage returns, no colours, and nothing
// outside ASCII but the user's own names.

import { printable } from '../../../grammar/printable.js'
import { type Change, changesBetween } from '../../apps/sweep/changes.js'
import { type SweepProgress, sweepProgress } from '../../apps/sweep/progress.js'
import { bestFinished, latestValue, type SettingResult, settingResults } from '../../apps/sweep/results.js'
import type { SweepGoal, SweepView } from '../../apps/sweep/state.js'
import { formatCount, formatDuration, formatPlural, formatShare } from '../../platform/quantities.js'
import { metricText, metricTitle } from './metric-text.js'
import { lineInterval } from './plain.js'

export interface SweepWatch {
  readonly goal: SweepGoal
  /** Instances in all, where a search has not chosen all of its settings yet. */
  readonly expected?: number
}

export interface SweepLines {
  /** Lines that are due, without line ends. @param now milliseconds since 1970 */
  view(view: SweepView, now: number): readonly string[]
}

export function sweepLines({ goal, expected }: SweepWatch): SweepLines {
  let before: SweepView | undefined
  let summed = Number.NEGATIVE_INFINITY
  return {
    view(view, now) {
      const lines = changesBetween(before, view).map((change) => changeLine(change, view, goal))
      before = view
      if (now - summed >= lineInterval) {
        summed = now
        lines.push(sumLine(view, sweepProgress(view, expected), goal))
      }
      return lines
    },
  }
}

const words: Readonly<Record<Change['change'], string>> = {
  started: 'start',
  resumed: 'resume',
  done: 'done',
  failed: 'failed',
  retried: 'retry',
  pruned: 'pruned',
  stopped: 'stopped',
  died: 'died',
}

function changeLine({ change, view, reason }: Change, { instances }: SweepView, goal: SweepGoal): string {
  const width = String(instances.length).length
  const parts = [
    `${String(view.instance.number + 1).padStart(width)}/${instances.length}`,
    words[change].padEnd(7),
    printable(view.instance.name),
  ]
  const value = latestValue(view, goal)
  if (change !== 'started' && change !== 'resumed' && value !== undefined) {
    parts.push(` ${goalText(goal, value)}`)
  }
  const ended = view.status?.view.ended
  if (change === 'done' && ended !== undefined) parts.push(` ${formatDuration(ended.seconds)}`)
  if (reason !== undefined) parts.push(` ${printable(reason)}`)
  return parts.join(' ')
}

function sumLine(view: SweepView, progress: SweepProgress, goal: SweepGoal): string {
  const { share, remainingSeconds } = progress
  const parts = [`sweep  ${countsText(progress)}`, formatShare(share)]
  if (remainingSeconds !== undefined && remainingSeconds > 0) {
    parts.push(`${formatDuration(remainingSeconds)} left`)
  }
  const [best] = settingResults(view, goal)
  if (best?.mean !== undefined) {
    const soFar = best.standing === 'done' ? '' : ' so far'
    parts.push(`best ${goalText(goal, best.mean)}${soFar} with ${paramsText(best)}`)
  }
  return parts.join('  ')
}

/** `5 of 24 done, 2 running, 16 waiting, 1 failed`. */
export function countsText({ counts, total }: SweepProgress): string {
  const parts = [`${formatCount(counts.done)} of ${formatCount(total)} done`]
  const rest: readonly (readonly [number, string])[] = [
    [counts.running, 'running'],
    [total - counts.done - counts.running - counts.failed - counts.pruned, 'waiting'],
    [counts.failed, 'failed'],
    [counts.pruned, 'pruned'],
  ]
  for (const [count, word] of rest) if (count > 0) parts.push(`${formatCount(count)} ${word}`)
  return parts.join(', ')
}

/** `top-1 45.2 %`. */
function goalText({ metric }: SweepGoal, value: number): string {
  return `${metricTitle(metric)} ${metricText(metric, value)}`
}

/** `strategy=drop factor=10`. */
export function paramsText({ params }: Pick<SettingResult, 'params'>): string {
  const parts = Object.entries(params).map(([name, value]) => `${name}=${value}`)
  return parts.length === 0 ? 'the only setting' : printable(parts.join(' '))
}

/** Seeds that a setting's mean is of, where not all of them are done. */
function missingText({ runs, values, standing }: SettingResult): string {
  return standing === 'done'
    ? ''
    : `  (${formatCount(values.length)} of ${formatPlural(runs.length, 'seed')} so far)`
}

/**
 * The closing lines: every setting with its mean over seeds, the best first, what was pruned, what failed,
 * and the command of the best of the settings that are finished.
 */
export function sweepSummaryLines(
  view: SweepView,
  {
    goal,
    expected,
    commandOf,
  }: SweepWatch & { readonly commandOf: ((setting: SettingResult) => string) | undefined },
): readonly string[] {
  const results = settingResults(view, goal)
  const valued = results.filter(({ mean }) => mean !== undefined)
  const lines = [`sweep      ${countsText(sweepProgress(view, expected))}`]
  const width = Math.max(0, ...valued.map((result) => paramsText(result).length))
  const many = results.some(({ runs }) => runs.length > 1)
  if (valued.length > 0) {
    lines.push(`settings   ${metricTitle(goal.metric)}${many ? ', mean over seeds' : ''}, best first`)
  }
  for (const result of valued) {
    const value = metricText(goal.metric, result.mean ?? Number.NaN).padStart(8)
    lines.push(
      `${value}  ${paramsText(result).padEnd(width)}${deviationText(result, goal)}${missingText(result)}`,
    )
  }
  const pruned = results.filter(({ standing }) => standing === 'pruned')
  if (pruned.length > 0) lines.push(`pruned     ${formatPlural(pruned.length, 'setting')}`)
  for (const result of pruned) {
    const reason = result.runs.find(({ view: { state } }) => state === 'pruned')?.view.reason ?? 'pruned'
    lines.push(`           ${paramsText(result)}: ${printable(reason)}`)
  }
  const failed = view.instances.filter(({ state }) => state === 'failed')
  if (failed.length > 0) lines.push(`failed     ${formatPlural(failed.length, 'instance')}`)
  for (const { instance, reason } of failed) {
    lines.push(`           ${printable(instance.name)}: ${printable(reason ?? 'no reason is known')}`)
  }
  const best = bestFinished(results)
  if (best !== undefined && commandOf !== undefined) lines.push(`best       ${commandOf(best)}`)
  return lines.map((line) => line.trimEnd())
}

function deviationText({ values }: SettingResult, goal: SweepGoal): string {
  if (values.length < 2) return ''
  const low = Math.min(...values)
  const high = Math.max(...values)
  return `  ${metricText(goal.metric, low)} to ${metricText(goal.metric, high)}`
}

/** What programs read: an object for every change, and one with the sums whenever something changed. */
export interface SweepRecords {
  view(view: SweepView, now: number): readonly object[]
}

export function sweepRecords({ goal, expected }: SweepWatch): SweepRecords {
  let before: SweepView | undefined
  let last = ''
  return {
    view(view, now) {
      const changes = changesBetween(before, view).map(({ change, view: one, reason }) => ({
        event: 'instance_changed',
        time: now,
        change,
        ...instanceData(one, goal),
        reason: reason ?? null,
      }))
      before = view
      const { counts, total } = sweepProgress(view, expected)
      const state = JSON.stringify([counts, total])
      if (state === last) return changes
      last = state
      return [...changes, { event: 'sweep_progress', time: now, ...progressData(view, { goal, expected }) }]
    },
  }
}

/**
 * The sweep as one object: `saurun sweep status --json`, and the last line of a sweep that runs with
 * `--json`.
 */
export function sweepData(
  view: SweepView,
  {
    goal,
    expected,
    commandOf,
  }: SweepWatch & { readonly commandOf: ((setting: SettingResult) => string) | undefined },
): object {
  const results = settingResults(view, goal)
  const best = bestFinished(results)
  return {
    event: 'sweep',
    sweep: view.name,
    folder: view.folder,
    metric: goal,
    ...progressData(view, { goal, expected }),
    settings: results.map(({ setting, params, standing, mean, values, runs }) => ({
      setting,
      params,
      mean: mean ?? null,
      seeds: runs.length,
      measured: values.length,
      standing,
      done: standing === 'done',
      instances: runs.map(({ view: run, seed }) => ({ ...instanceData(run, goal), seed: seed ?? null })),
    })),
    failures: view.instances
      .filter(({ state }) => state === 'failed')
      .map((one) => ({ ...instanceData(one, goal), reason: one.reason ?? null })),
    command: best === undefined || commandOf === undefined ? null : commandOf(best),
  }
}

function instanceData(view: SweepView['instances'][number], goal: SweepGoal) {
  const { instance, state, runFolder, status } = view
  return {
    instance: instance.number + 1,
    setting: instance.setting,
    params: instance.params,
    seed: instance.seed ?? null,
    state,
    run: status === undefined ? null : runFolder,
    epoch: status?.view.epochsDone ?? 0,
    epochs: instance.epochs,
    value: latestValue(view, goal) ?? null,
  }
}

function progressData(
  view: SweepView,
  { goal, expected }: { goal: SweepGoal; expected: number | undefined },
) {
  const { counts, total, share, remainingSeconds } = sweepProgress(view, expected)
  const [best] = settingResults(view, goal)
  return {
    counts,
    total,
    share,
    remainingSeconds: remainingSeconds ?? null,
    best:
      best?.mean === undefined
        ? null
        : {
            setting: best.setting,
            params: best.params,
            mean: best.mean,
            done: best.standing === 'done',
          },
  }
}
