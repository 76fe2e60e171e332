// What is to be said of a sweep when a pool has nothing more to do for it.
import type { Sweep } from '../../../compiler/sweep/index.js'
import { exitCodes } from '../../platform/errors.js'
import { formatPlural } from '../../platform/quantities.js'
import type { PoolEnded } from './events.js'
import type { PoolState } from './pool-table.js'
import { type EvaluationReader, settingCurves, settingsOf, standingOf, sweepGoal } from './results.js'
import { type Choice, trialsOf } from './search.js'
import type { SweepView } from './state.js'

export interface PoolEndFacts {
  readonly phase: PoolState['phase']
  /** What the search said when it was asked last. */
  readonly choice: Choice
  /** Trials that were added to those of the file. */
  readonly more: number
  readonly reader: EvaluationReader
}

export function poolEnd(
  view: SweepView,
  sweep: Sweep,
  { phase, choice, more, reader }: PoolEndFacts,
): PoolEnded {
  const { instances } = view
  const count = (...states: readonly string[]): number =>
    instances.filter(({ state }) => states.includes(state)).length
  const failed = count('failed')
  const open = count('waiting', 'stopped', 'died', 'running')
  const { chosen, asked } = trialsOf(sweep, view, more)
  const left = asked - chosen
  const ended = (outcome: PoolEnded['outcome'], exitCode: number, message: string): PoolEnded => ({
    event: 'pool_ended',
    outcome,
    exitCode,
    message,
  })
  const someFailed = exitCodes.someSweepRunsFailed
  if (phase === 'broken') {
    const message = 'the last runs, of several settings, failed for the same reason: nothing more is started'
    return ended('broken', someFailed, message)
  }
  const toDo = [
    ...(open > 0 ? [formatPlural(open, 'run')] : []),
    ...(left > 0 ? [`${formatPlural(left, 'trial')} of the search`] : []),
  ].join(' and ')
  if (phase === 'stopping' && toDo !== '') {
    const exitCode = failed > 0 ? someFailed : exitCodes.stoppedWithCheckpoint
    return ended('stopped', exitCode, `stopped with ${toDo} to do; the same command goes on`)
  }
  const fewer =
    choice === 'exhausted'
      ? `SAU7662: ${chosen} of ${asked} trials: in 100 draws the search found no other setting that \`exclude\` leaves`
      : undefined
  if (failed > 0) {
    const besides = fewer ?? (toDo === '' ? undefined : `left: ${toDo}`)
    const message = `${failed} of ${instances.length} runs failed${besides === undefined ? '' : `; ${besides}`}`
    return ended('failed', someFailed, message)
  }
  if (open > 0 || (left > 0 && fewer === undefined)) {
    const message = `left to others, or stopped: ${toDo}; the same command goes on`
    return ended('stopped', exitCodes.stoppedWithCheckpoint, message)
  }
  if (fewer !== undefined) return ended('failed', exitCodes.failed, fewer)
  const blind = withoutNumber(view, sweep, reader)
  if (blind === undefined) return ended('done', exitCodes.done, 'all runs are done')
  return blind.without < blind.done
    ? ended('done', exitCodes.done, `all runs are done; ${blind.message}`)
    : ended('failed', exitCodes.failed, `SAU7661: ${blind.message}`)
}

/**
 * Finished settings that a search learned nothing from; undefined where there are none, or where nothing is
 * searched.
 */
function withoutNumber(view: SweepView, sweep: Sweep, reader: EvaluationReader) {
  const goal = sweepGoal(sweep)
  if (sweep.draw?.kind !== 'search' || goal === undefined) return undefined
  const done = settingsOf(view).filter((setting) => standingOf(setting) === 'done')
  const curves = settingCurves(view, goal, reader)
  const without = done.filter(
    ({ setting }) => !(curves.get(setting) ?? []).some(({ values }) => Number.isFinite(values.at(-1))),
  ).length
  if (without === 0) return undefined
  const message = `${without} of ${formatPlural(done.length, 'finished trial')} have no \`${goal.metric}\` that is a number: the search learned nothing from them`
  return { without, done: done.length, message }
}
