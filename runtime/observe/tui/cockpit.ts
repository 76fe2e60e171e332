// The cockpit: takes journal events and keys, keeps the state of the screen, and decides when to draw.
// Training needs the core more than the screen does, so events alone bring at most one screen a second; keys
// and what one waits for (the end of an epoch, an evaluation, a warning) are shown at once.

import type { ConfusionReader } from '../../run/folder/confusions.js'
import type { JournalEvent } from '../../run/journal/events.js'
import { emptyRunView, type RunView, reduceRunView } from '../../run/view/run-view.js'
import { terminalSize } from '../text/terminal.js'
import type { RunActions } from './actions.js'
import { lineStyler } from './ansi.js'
import { drawFrame, type FrameRequest, panelRows } from './frame.js'
import type { Key } from './key.js'
import { initialScreen, pressKey, type Wish } from './keys.js'
import { createRunLog } from './log.js'
import { createPainter, type Paintable } from './painter.js'
import type { Theme } from './theme.js'

/** A terminal that says when its size changes. */
export interface CockpitTerminal extends Paintable {
  on(event: 'resize', listener: () => void): unknown
  off(event: 'resize', listener: () => void): unknown
}

export interface CockpitOptions {
  readonly terminal: CockpitTerminal
  readonly theme: Theme
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** None where keys only move what is shown. */
  readonly actions: RunActions | undefined
  readonly confusionOf: ConfusionReader
  /** Keys that end watching where there are no actions. */
  readonly onLeave?: (() => void) | undefined
  /** Name that the run is known by, where it is not the one in its journal. */
  readonly run?: string | undefined
}

export interface Cockpit {
  readonly event: (event: JournalEvent) => void
  readonly keys: (keys: readonly Key[]) => void
  readonly view: () => RunView
  /** Draws no more. */
  readonly close: () => void
}

/** Milliseconds between two screens while nothing but time and steps go on. */
const calmInterval = 1000
/** Milliseconds between two screens while epochs end one after another. */
const busyInterval = 250
/** How long a note stands in the place of the keys, ms. */
const noteTime = 4000

export function createCockpit(options: CockpitOptions): Cockpit {
  const { terminal, theme, clock, actions } = options
  const painter = createPainter(terminal)
  const style = lineStyler(theme)
  const log = createRunLog()
  let view = emptyRunView
  let screen = initialScreen
  let note: { readonly text: string; readonly until: number } | undefined
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let due = Number.POSITIVE_INFINITY
  let drawn = Number.NEGATIVE_INFINITY

  const request = (): FrameRequest => {
    const now = Math.max(clock(), view.now)
    const { columns, rows } = terminalSize(terminal)
    const words = note !== undefined && clock() < note.until ? note.text : undefined
    const acts = actions !== undefined
    const { run, confusionOf } = options
    return { view, run, confusionOf, log: log.lines(), screen, note: words, acts, now, columns, rows, theme }
  }

  const draw = (): void => {
    if (isClosed) return
    painter.paint(drawFrame(request()).map(style))
    drawn = performance.now()
    due = Number.POSITIVE_INFINITY
    drawWithin(calmInterval)
  }

  /** Draws when so much time has passed since the last screen, or earlier where that was asked for before. */
  const drawWithin = (interval: number): void => {
    const now = performance.now()
    const at = Math.max(now, drawn + interval)
    if (isClosed || at >= due) return
    due = at
    clearTimeout(timer)
    timer = setTimeout(draw, at - now)
    // The screen keeps no program alive.
    timer.unref()
  }

  const grant = (wish: Wish): void => {
    switch (wish.kind) {
      case 'tell':
        // Shown before the run has answered, so that a second ctrl-c means what it says.
        if (wish.command.command === 'stop') view = { ...view, stopping: 'after_checkpoint' }
        if (wish.command.command === 'stop_now') view = { ...view, stopping: 'now' }
        actions?.tell(wish.command)
        return
      case 'detach':
        actions?.detach()
        return
      case 'leave':
        options.onLeave?.()
        return
    }
  }

  terminal.on('resize', draw)
  draw()
  return {
    event(event) {
      view = reduceRunView(view, event)
      log.add(event, view)
      drawWithin(isAwaited(event) ? busyInterval : calmInterval)
    },
    keys(pressed) {
      for (const key of pressed) {
        const { stopping, paused } = view
        const rows = panelRows(request())
        const result = pressKey(screen, key, { stopping, paused, acts: actions !== undefined, rows })
        screen = result.screen
        note = result.note === undefined ? undefined : { text: result.note, until: clock() + noteTime }
        if (result.wish !== undefined) grant(result.wish)
      }
      draw()
    },
    view: () => view,
    close() {
      isClosed = true
      clearTimeout(timer)
      terminal.off('resize', draw)
    },
  }
}

/** Whether someone who watches waits for it; steps come all the time, and phases change with them. */
function isAwaited({ event }: JournalEvent): boolean {
  return event !== 'steps_done' && event !== 'phase_started'
}
