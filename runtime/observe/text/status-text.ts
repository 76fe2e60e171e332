// What `saurun status` prints: a row a run, or one run with all that is known of it.
import { printable } from '../../../grammar/printable.js'
import { cellWidth, padRight } from '../../platform/cell-width.js'
import type { RunError } from '../../platform/errors.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatPlural,
} from '../../platform/quantities.js'
import type { RunStatus } from '../../run/view/run-status.js'
import { activity } from '../../run/view/run-view.js'
import { drawnImages } from './data-sentence.js'
import { measureLines, summaryRow } from './evaluation-text.js'

/** Rows with a head, columns as wide as they need; `now` in milliseconds since 1970. */
export function statusTable(runs: readonly RunStatus[], now: number): readonly string[] {
  const rows = [
    ['run', 'experiment', 'state', 'epoch', 'top-1', 'left', 'last word'],
    ...runs.map((run) => row(run, now)),
  ]
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cellWidth(cells[column] ?? '')))) ?? []
  return rows.map((cells) =>
    cells
      .map((cell, column) => padRight(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function row({ run, experiment, state, view, remainingSeconds }: RunStatus, now: number): readonly string[] {
  const top1 = view.evaluations[0]?.latest?.top1
  return [
    run,
    experiment,
    state,
    view.started === undefined ? '' : `${view.epochsDone}/${view.started.epochs}`,
    top1 === undefined ? '' : `${formatPercent(top1)} %`,
    remainingSeconds === undefined ? '' : formatDuration(remainingSeconds),
    view.now === 0 ? '' : `${formatDuration(Math.max(0, now - view.now) / 1000)} ago`,
  ]
}

/** One run in lines; `now` in milliseconds since 1970. */
export function statusDetails(status: RunStatus, now: number): readonly string[] {
  const { view, owner, state } = status
  const lines = [
    `${state}: ${printable(view.started?.title ?? status.experiment)}`,
    summaryRow('run', status.run),
  ]
  if (owner !== undefined) lines.push(summaryRow('process', processText(status)))
  if (view.started !== undefined) {
    const parts = [
      `${formatCount(view.epochsDone)} of ${formatPlural(view.started.epochs, 'epoch')}`,
      formatPlural(view.stepsDone, 'step'),
      `${formatPercent(status.progress)} %`,
    ]
    if (status.remainingSeconds !== undefined) parts.push(`${formatDuration(status.remainingSeconds)} left`)
    lines.push(summaryRow('progress', parts.join(', ')))
    if (state === 'running') lines.push(summaryRow('does', activity(view)))
  }
  if (view.latest !== undefined) {
    const speed = `${formatCount(view.latest.samplesPerSecond)} images/s`
    lines.push(summaryRow('speed', `${speed}, memory ${formatBytes(view.latest.memory)}`))
  }
  for (const { latest } of view.evaluations) {
    if (latest !== undefined) lines.push(...measureLines(latest, `after epoch ${latest.epoch + 1}`))
  }
  if (view.checkpoint !== undefined) {
    const age = formatDuration(Math.max(0, now - view.checkpoint.time) / 1000)
    lines.push(summaryRow('checkpoint', `after ${formatPlural(view.checkpoint.step, 'step')}, ${age} ago`))
  }
  for (const { dataset, sha256, ...draw } of status.draws) {
    const text = `${printable(dataset)}, ${drawnImages(draw)}, ${sha256.slice(0, 12)}`
    lines.push(summaryRow('draw', text))
  }
  if (view.started?.forkedFrom !== undefined) {
    const { run, step } = view.started.forkedFrom
    lines.push(summaryRow('forked from', `${run}, after ${formatPlural(step, 'step')}`))
  }
  if (status.problem !== undefined) lines.push(...problemLines(status.problem))
  for (const warning of view.warnings) lines.push(summaryRow('warning', printable(warning)))
  if (view.ended !== undefined) {
    const { code, message, exitCode } = view.ended
    lines.push(
      summaryRow(
        'ended',
        `${code === undefined ? '' : `${code}: `}${printable(message)} (exit code ${exitCode})`,
      ),
    )
  }
  lines.push(summaryRow('run folder', status.folder))
  return lines
}

/** What is damaged in the folder of a run, and what to do. */
function problemLines({ code, message, help }: RunError): readonly string[] {
  return [
    summaryRow('damaged', `${code}: ${printable(message)}`),
    ...(help === undefined ? [] : [summaryRow('', printable(help))]),
  ]
}

/** A line for each run whose folder is damaged, for beneath the table. */
export function damageLines(runs: readonly RunStatus[]): readonly string[] {
  return runs.flatMap(({ run, problem }) =>
    problem === undefined ? [] : [`${run}: error[${problem.code}]: ${printable(problem.message)}`],
  )
}

function processText({ owner }: RunStatus): string {
  if (owner === undefined) return ''
  const name = `${owner.pid} on ${owner.host}`
  const silence = formatDuration(Math.max(0, owner.silence) / 1000)
  switch (owner.life) {
    case 'alive':
      return `${name}, alive`
    case 'dead':
      return `${name}, died without a word`
    case 'silent':
      return `${name}, no sign of life for ${silence}`
  }
}

/** The same as data. */
export function statusData(status: RunStatus): object {
  const { view, owner } = status
  const first = view.evaluations[0]
  return {
    run: status.run,
    experiment: status.experiment,
    folder: status.folder,
    state: status.state,
    title: view.started?.title,
    process:
      owner === undefined
        ? undefined
        : { pid: owner.pid, host: owner.host, life: owner.life, silenceSeconds: owner.silence / 1000 },
    problem:
      status.problem === undefined
        ? undefined
        : { code: status.problem.code, message: status.problem.message, help: status.problem.help },
    draws: status.draws,
    epochs: view.started?.epochs,
    epochsDone: view.epochsDone,
    stepsDone: view.stepsDone,
    progress: status.progress,
    remainingSeconds: status.remainingSeconds,
    lastEvent: view.now === 0 ? undefined : view.now,
    evaluation:
      first?.latest === undefined
        ? undefined
        : {
            dataset: first.dataset,
            epoch: first.latest.epoch,
            top1: first.latest.top1,
            shots: first.latest.shots,
          },
    checkpoint:
      view.checkpoint === undefined
        ? undefined
        : { step: view.checkpoint.step, path: view.checkpoint.path, time: view.checkpoint.time },
    ended:
      view.ended === undefined
        ? undefined
        : {
            outcome: view.ended.outcome,
            exitCode: view.ended.exitCode,
            code: view.ended.code,
            message: view.ended.message,
          },
  }
}
