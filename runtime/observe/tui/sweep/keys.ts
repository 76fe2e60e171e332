// What keys do to the screen of a sweep: a pure step from one state of it to the next, with what is asked
// for.

import type { SweepCommand } from '../../../apps/sweep/events.js'
import type { InstanceView } from '../../../apps/sweep/state.js'
import type { Command } from '../../../run/journal/commands.js'
import { characterOf, type Key } from '../key.js'
import {
  answerLeave,
  answerYesOrNo,
  interruptNote,
  type StopWords,
  stopNote,
  typeNumber,
} from '../questions.js'

export type SweepMode =
  | { readonly kind: 'watch' }
  | { readonly kind: 'help' }
  /** How to leave the sweep. */
  | { readonly kind: 'leave' }
  /** Whether to stop it after checkpoints. */
  | { readonly kind: 'stop' }
  /** Whether to prune the setting, which is not taken up again. */
  | { readonly kind: 'prune'; readonly setting: number; readonly name: string }
  /** How many trials to add. */
  | { readonly kind: 'add'; readonly digits: string }

export interface SweepScreenState {
  /** Number of the selected instance; the first row where there is none. */
  readonly selected: number | undefined
  readonly mode: SweepMode
  /** What this screen asked the sweep for. */
  readonly stopping: 'no' | 'after_checkpoint' | 'now'
}

export const initialSweepScreen: SweepScreenState = {
  selected: undefined,
  mode: { kind: 'watch' },
  stopping: 'no',
}

export interface SweepKeySituation {
  /** All rows in the order in which they stand. */
  readonly rows: readonly InstanceView[]
  /** Rows that fit on the screen. */
  readonly page: number
  /** Whether keys may act on the sweep. */
  readonly acts: boolean
  /** Whether it searches. */
  readonly takesTrials: boolean
}

export type SweepWish =
  | { readonly kind: 'tell'; readonly command: SweepCommand }
  | { readonly kind: 'tell_run'; readonly runFolder: string; readonly command: Command }
  | { readonly kind: 'open'; readonly runFolder: string }
  | { readonly kind: 'detach' }
  /** Stop watching a sweep that one may only look at. */
  | { readonly kind: 'leave' }

export interface SweepKeyResult {
  readonly screen: SweepScreenState
  readonly wish: SweepWish | undefined
  readonly note: string | undefined
}

/** What the screen of a sweep says of leaving and stopping it. */
export const sweepWords: StopWords = {
  stop: 'stop after checkpoints',
  leaveTitle: 'leave the sweep?',
  detach: 'detach: it goes on without this screen',
  stopped: '; the same command goes on',
  stopNow: 'stop now; what came after checkpoints is lost',
  stopTitle: 'stop the sweep after checkpoints?',
  yes: 'the same command goes on with it',
}

const mostDigits = 5
const readOnlyNote = 'read-only: this sweep can only be watched'
const watching = { kind: 'watch' } as const

export function pressSweepKey(
  screen: SweepScreenState,
  key: Key,
  situation: SweepKeySituation,
): SweepKeyResult {
  if (key === 'interrupt') {
    if (!situation.acts) return wished(screen, { kind: 'leave' })
    const command = screen.stopping === 'no' ? 'stop' : 'stop_now'
    return stop(screen, command, interruptNote(sweepWords, command))
  }
  const { mode } = screen
  switch (mode.kind) {
    case 'leave':
      return leaveKey(screen, key)
    case 'stop':
      return yesOrNoKey(screen, key, 's', () => stop(screen, 'stop', stopNote(sweepWords, 'stop')))
    case 'prune':
      return yesOrNoKey(screen, key, 'P', () => prune(screen, mode))
    case 'add':
      return typeTrials(screen, mode.digits, key)
    case 'help':
    case 'watch':
      return watchKey(screen, key, situation)
  }
}

function show(screen: SweepScreenState, change: Partial<SweepScreenState>, note?: string): SweepKeyResult {
  return { screen: { ...screen, ...change }, wish: undefined, note }
}

function wished(screen: SweepScreenState, wish: SweepWish, note?: string): SweepKeyResult {
  return { screen: { ...screen, mode: watching }, wish, note }
}

function stop(screen: SweepScreenState, command: 'stop' | 'stop_now', note: string): SweepKeyResult {
  const stopping = command === 'stop' ? 'after_checkpoint' : 'now'
  return wished({ ...screen, stopping }, { kind: 'tell', command: { command } }, note)
}

/** The row that keys act on. */
export function selectedRow(
  { selected }: SweepScreenState,
  rows: readonly InstanceView[],
): InstanceView | undefined {
  return rows.find(({ instance }) => instance.number === selected) ?? rows[0]
}

function watchKey(screen: SweepScreenState, key: Key, situation: SweepKeySituation): SweepKeyResult {
  const { rows, page, acts, takesTrials } = situation
  const row = selectedRow(screen, rows)
  const act = (result: () => SweepKeyResult): SweepKeyResult =>
    acts ? result() : show(screen, { mode: watching }, readOnlyNote)
  const at = row === undefined ? 0 : rows.indexOf(row)
  const move = (to: number): SweepKeyResult => {
    const place = Math.max(0, Math.min(rows.length - 1, to))
    return show(screen, { mode: watching, selected: rows[place]?.instance.number })
  }
  switch (characterOf(key) ?? key) {
    case 'up':
    case 'k':
      return move(at - 1)
    case 'down':
    case 'j':
      return move(at + 1)
    case 'page_up':
      return move(at - Math.max(1, page - 1))
    case 'page_down':
      return move(at + Math.max(1, page - 1))
    case 'home':
      return move(0)
    case 'end':
      return move(rows.length - 1)
    case 'enter':
      if (row?.status === undefined) return show(screen, { mode: watching }, 'this run has not begun yet')
      return wished({ ...screen, selected: row.instance.number }, { kind: 'open', runFolder: row.runFolder })
    case 'escape':
      return show(screen, { mode: watching })
    case '?':
      return show(screen, { mode: screen.mode.kind === 'help' ? watching : { kind: 'help' } })
    case 'q':
      return acts ? show(screen, { mode: { kind: 'leave' } }) : wished(screen, { kind: 'leave' })
    case 's':
      return act(() => show(screen, { mode: { kind: 'stop' } }))
    case 'x':
      return act(() => {
        if (row?.state !== 'running') return show(screen, {}, 'only a running run can be stopped')
        const command = { command: 'stop' } as const
        return wished(
          screen,
          { kind: 'tell_run', runFolder: row.runFolder, command },
          `asked run ${row.instance.number + 1} to stop after a checkpoint`,
        )
      })
    case 'P':
      return act(() => {
        if (row === undefined) return show(screen, {})
        const { setting, name } = row.instance
        return show(screen, { mode: { kind: 'prune', setting, name: name.replace(/ ?seed=\d+$/, '') } })
      })
    case '+':
      return act(() =>
        takesTrials
          ? show(screen, { mode: { kind: 'add', digits: '' } })
          : show(screen, {}, 'only searches take more trials'),
      )
    default:
      return show(screen, {})
  }
}

function leaveKey(screen: SweepScreenState, key: Key): SweepKeyResult {
  const answer = answerLeave(key)
  switch (answer) {
    case 'detach':
      return wished(screen, { kind: 'detach' })
    case 'stop':
    case 'stop_now':
      return stop(screen, answer, stopNote(sweepWords, answer))
    case 'stay':
      return show(screen, { mode: watching })
    case undefined:
      return show(screen, {})
  }
}

/** A question that is answered with yes or no. */
function yesOrNoKey(
  screen: SweepScreenState,
  key: Key,
  opener: string,
  yes: () => SweepKeyResult,
): SweepKeyResult {
  switch (answerYesOrNo(key, opener)) {
    case 'yes':
      return yes()
    case 'no':
      return show(screen, { mode: watching })
    case undefined:
      return show(screen, {})
  }
}

function prune(screen: SweepScreenState, { setting }: Extract<SweepMode, { kind: 'prune' }>): SweepKeyResult {
  return wished(
    screen,
    { kind: 'tell', command: { command: 'prune', setting } },
    'asked to prune the setting',
  )
}

function typeTrials(screen: SweepScreenState, before: string, key: Key): SweepKeyResult {
  const typed = typeNumber(before, key, mostDigits)
  if (typed === undefined) return show(screen, { mode: watching })
  if ('digits' in typed) return show(screen, { mode: { kind: 'add', digits: typed.digits } })
  const trials = typed.number
  return wished(
    screen,
    { kind: 'tell', command: { command: 'add_trials', trials } },
    `asked for ${trials} more`,
  )
}
