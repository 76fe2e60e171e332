// What keys do to the screen: a pure step from one state of it to the next.
import type { RunView } from '../output/run-view.js'
import type { Focus } from './layout.js'

export type Overlay = 'none' | 'help' | 'stop'

export interface ScreenState {
  readonly focus: Focus
  readonly overlay: Overlay
  /** Whether losses stand on a logarithmic axis. */
  readonly logarithmic: boolean
  /** First class shown, where the list is longer than its panel. */
  readonly scroll: number
}

export const initialScreen: ScreenState = {
  focus: 'overview',
  overlay: 'none',
  logarithmic: false,
  scroll: 0,
}

export type StopWish = 'after_checkpoint' | 'now'

export type Key =
  | 'escape'
  | 'tab'
  | 'back_tab'
  | 'up'
  | 'down'
  | 'page_up'
  | 'page_down'
  | 'interrupt'
  | { readonly character: string }

export interface KeySituation {
  readonly stopping: RunView['stopping']
  readonly classes: number
  /** Panels in the order of tab. */
  readonly order: readonly Focus[]
}

export interface KeyResult {
  readonly screen: ScreenState
  readonly stop: StopWish | undefined
}

export function pressKey(screen: ScreenState, key: Key, situation: KeySituation): KeyResult {
  const show = (change: Partial<ScreenState>): KeyResult => ({
    screen: { ...screen, ...change },
    stop: undefined,
  })
  const stop = (wish: StopWish): KeyResult => ({ screen: { ...screen, overlay: 'none' }, stop: wish })
  if (key === 'interrupt') return stop(situation.stopping === 'no' ? 'after_checkpoint' : 'now')
  const character = typeof key === 'string' ? undefined : key.character
  if (screen.overlay === 'stop') {
    if (character === 'c') return stop('after_checkpoint')
    if (character === 'n') return stop('now')
    return character === 'k' || character === 'q' || key === 'escape' ? show({ overlay: 'none' }) : show({})
  }
  switch (character ?? key) {
    case 'escape':
      return show({ overlay: 'none' })
    case '?':
      return show({ overlay: screen.overlay === 'help' ? 'none' : 'help' })
    case 'q':
      return show({ overlay: 'stop' })
    case 'y':
      return show({ logarithmic: !screen.logarithmic })
    case 'tab':
      return show({ overlay: 'none', focus: neighbour(screen.focus, situation.order, 1) })
    case 'back_tab':
      return show({ overlay: 'none', focus: neighbour(screen.focus, situation.order, -1) })
    case 'down':
      return show({ scroll: bounded(screen.scroll + 1, situation.classes) })
    case 'up':
      return show({ scroll: bounded(screen.scroll - 1, situation.classes) })
    case 'page_down':
      return show({ scroll: bounded(screen.scroll + 10, situation.classes) })
    case 'page_up':
      return show({ scroll: bounded(screen.scroll - 10, situation.classes) })
    default:
      return show({})
  }
}

function bounded(scroll: number, classes: number): number {
  return Math.max(0, Math.min(scroll, classes - 1))
}

function neighbour(focus: Focus, order: readonly Focus[], direction: 1 | -1): Focus {
  const at = Math.max(0, order.indexOf(focus))
  return order[(at + direction + order.length) % order.length] ?? 'overview'
}
