// What keys do to the screen: a pure step from one state of it to the next, with what the run or the program
// is asked for.
import type { Command } from '../../run/journal/commands.js'
import type { RunView } from '../../run/view/run-view.js'
import { characterOf, type Key } from './key.js'
import {
  answerLeave,
  answerYesOrNo,
  interruptNote,
  type StopWords,
  stopNote,
  typeNumber,
} from './questions.js'

export const panels = ['overview', 'classes', 'data', 'system', 'log'] as const
export type PanelName = (typeof panels)[number]

/** What keys mean at the moment: panels, or an answer that is waited for. */
export type Mode =
  | { readonly kind: 'watch' }
  | { readonly kind: 'help' }
  /** How to leave the run. */
  | { readonly kind: 'leave' }
  /** Whether to stop it after a checkpoint. */
  | { readonly kind: 'stop' }
  /** The filter of classes is being typed. */
  | { readonly kind: 'filter' }
  /** By how many epochs to extend. */
  | { readonly kind: 'extend'; readonly digits: string }

export interface ScreenState {
  readonly panel: PanelName
  readonly mode: Mode
  /** Whether losses stand on a logarithmic axis. */
  readonly logarithmic: boolean
  /** Part of the names of the classes that are listed; empty for all. */
  readonly filter: string
  /** First row shown of each panel that is longer than its place; `Infinity` follows the end. */
  readonly scroll: Readonly<Record<PanelName, number>>
}

export const initialScreen: ScreenState = {
  panel: 'overview',
  mode: { kind: 'watch' },
  logarithmic: false,
  filter: '',
  scroll: { overview: 0, classes: 0, data: 0, system: 0, log: Number.POSITIVE_INFINITY },
}

export interface KeySituation {
  readonly stopping: RunView['stopping']
  readonly paused: boolean
  /** Whether keys may act on the run (`--readonly` forbids it). */
  readonly acts: boolean
  /** Rows that the screen's panel has in all, and rows of them that fit. */
  readonly rows: { readonly total: number; readonly page: number }
}

/** What is asked for beyond the screen. */
export type Wish =
  | { readonly kind: 'tell'; readonly command: Command }
  /** Stop watching; the run goes on. */
  | { readonly kind: 'detach' }
  /** Stop watching a run that one may only look at. */
  | { readonly kind: 'leave' }

export interface KeyResult {
  readonly screen: ScreenState
  readonly wish: Wish | undefined
  /** A few words about what the key did, where the screen does not show it at once. */
  readonly note: string | undefined
}

/** What the screen of a run says of leaving and stopping it. */
export const runWords: StopWords = {
  stop: 'stop after a checkpoint',
  leaveTitle: 'leave the run?',
  detach: 'detach: the run goes on without this screen',
  stopped: ' (goes on with --resume last)',
  stopNow: 'stop now; what came after the last checkpoint is lost',
  stopTitle: 'stop after a checkpoint?',
  yes: 'it goes on with --resume last',
}

const longestFilter = 40
const mostDigits = 6
const readOnlyNote = 'read-only: this run can only be watched'

/** The screen after `key`, and what it asks for. */
export function pressKey(screen: ScreenState, key: Key, situation: KeySituation): KeyResult {
  if (key === 'interrupt') {
    if (!situation.acts) return leave(screen)
    const command = situation.stopping === 'no' ? 'stop' : 'stop_now'
    return tell(screen, { command }, interruptNote(runWords, command))
  }
  switch (screen.mode.kind) {
    case 'leave':
      return leaveKey(screen, key)
    case 'stop':
      return stopKey(screen, key)
    case 'filter':
      return typeFilter(screen, key)
    case 'extend':
      return typeEpochs(screen, screen.mode.digits, key)
    case 'help':
    case 'watch':
      return watchKey(screen, key, situation)
  }
}

function show(screen: ScreenState, change: Partial<ScreenState>, note?: string): KeyResult {
  return { screen: { ...screen, ...change }, wish: undefined, note }
}

const watching = { kind: 'watch' } as const

function tell(screen: ScreenState, command: Command, note: string): KeyResult {
  return { screen: { ...screen, mode: watching }, wish: { kind: 'tell', command }, note }
}

function leave(screen: ScreenState): KeyResult {
  return { screen: { ...screen, mode: watching }, wish: { kind: 'leave' }, note: undefined }
}

function watchKey(screen: ScreenState, key: Key, situation: KeySituation): KeyResult {
  const act = (result: () => KeyResult): KeyResult =>
    situation.acts ? result() : show(screen, {}, readOnlyNote)
  const ask = (mode: Mode): KeyResult => act(() => show(screen, { mode }))
  const character = characterOf(key)
  switch (character ?? key) {
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
      return show(screen, { mode: watching, panel: panels[Number(character) - 1] ?? 'overview' })
    case 'tab':
      return show(screen, { mode: watching, panel: neighbour(screen.panel, 1) })
    case 'back_tab':
      return show(screen, { mode: watching, panel: neighbour(screen.panel, -1) })
    case 'escape':
      return screen.mode.kind === 'help'
        ? show(screen, { mode: watching })
        : show(screen, withFilter(screen, ''))
    case '?':
      return show(screen, { mode: screen.mode.kind === 'help' ? watching : { kind: 'help' } })
    case 'y':
      return show(screen, { logarithmic: !screen.logarithmic })
    case '/':
      return filterKey(screen)
    case 'q':
      return situation.acts ? show(screen, { mode: { kind: 'leave' } }) : leave(screen)
    case 's':
      return ask({ kind: 'stop' })
    case '+':
      return ask({ kind: 'extend', digits: '' })
    case 'p':
      return act(() =>
        situation.paused
          ? tell(screen, { command: 'continue' }, 'asked to go on')
          : tell(screen, { command: 'pause' }, 'asked to pause; p again: go on'),
      )
    case 'e':
      return act(() => tell(screen, { command: 'evaluate' }, 'asked to evaluate now'))
    default:
      return show(screen, scrolled(screen, key, situation.rows))
  }
}

/** The filter belongs to the panels that list classes; elsewhere it opens theirs. */
function filterKey(screen: ScreenState): KeyResult {
  const panel = screen.panel === 'data' ? 'data' : 'classes'
  return show(screen, { panel, mode: { kind: 'filter' } })
}

function withFilter(screen: ScreenState, filter: string): Partial<ScreenState> {
  return filter === screen.filter ? {} : { filter, scroll: { ...screen.scroll, classes: 0, data: 0 } }
}

function typeFilter(screen: ScreenState, key: Key): KeyResult {
  const { filter } = screen
  switch (key) {
    case 'enter':
      return show(screen, { mode: watching })
    case 'escape':
      return show(screen, { mode: watching, ...withFilter(screen, '') })
    case 'backspace':
      return show(screen, withFilter(screen, [...filter].slice(0, -1).join('')))
    case 'tab':
      return show(screen, { mode: watching, panel: neighbour(screen.panel, 1) })
    case 'back_tab':
      return show(screen, { mode: watching, panel: neighbour(screen.panel, -1) })
  }
  const character = characterOf(key)
  if (character === undefined || [...filter].length >= longestFilter) return show(screen, {})
  return show(screen, withFilter(screen, filter + character))
}

function typeEpochs(screen: ScreenState, before: string, key: Key): KeyResult {
  const typed = typeNumber(before, key, mostDigits)
  if (typed === undefined) return show(screen, { mode: watching })
  if ('digits' in typed) return show(screen, { mode: { kind: 'extend', digits: typed.digits } })
  const epochs = typed.number
  return tell(screen, { command: 'extend', epochs }, `asked to extend by ${epochs}`)
}

function leaveKey(screen: ScreenState, key: Key): KeyResult {
  const answer = answerLeave(key)
  switch (answer) {
    case 'detach':
      return { screen: { ...screen, mode: watching }, wish: { kind: 'detach' }, note: undefined }
    case 'stop':
    case 'stop_now':
      return tell(screen, { command: answer }, stopNote(runWords, answer))
    case 'stay':
      return show(screen, { mode: watching })
    case undefined:
      return show(screen, {})
  }
}

function stopKey(screen: ScreenState, key: Key): KeyResult {
  switch (answerYesOrNo(key, 's')) {
    case 'yes':
      return tell(screen, { command: 'stop' }, stopNote(runWords, 'stop'))
    case 'no':
      return show(screen, { mode: watching })
    case undefined:
      return show(screen, {})
  }
}

function scrolled(
  screen: ScreenState,
  key: Key,
  { total, page }: KeySituation['rows'],
): Partial<ScreenState> {
  const last = Math.max(0, total - page)
  const at = Math.min(screen.scroll[screen.panel], last)
  const step = Math.max(1, page - 1)
  const move = (to: number): Partial<ScreenState> => {
    // The log goes on following its end once it is there again.
    const row =
      screen.panel === 'log' && to >= last ? Number.POSITIVE_INFINITY : Math.max(0, Math.min(to, last))
    return { scroll: { ...screen.scroll, [screen.panel]: row } }
  }
  switch (key) {
    case 'up':
      return move(at - 1)
    case 'down':
      return move(at + 1)
    case 'page_up':
      return move(at - step)
    case 'page_down':
      return move(at + step)
    case 'home':
      return move(0)
    case 'end':
      return move(last)
    default:
      return {}
  }
}

function neighbour(panel: PanelName, direction: 1 | -1): PanelName {
  const at = panels.indexOf(panel) + direction
  return panels[(at + panels.length) % panels.length] ?? 'overview'
}
