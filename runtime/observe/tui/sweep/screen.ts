// The sweep's screen: looks at the sweep every two seconds, takes keys, and decides when to draw. Keys are
// shown at once, from what was seen last.

import type { SweepCommand } from '../../../apps/sweep/events.js'
import { evaluationReader, valuesByEpoch } from '../../../apps/sweep/results.js'
import type { InstanceView, SweepGoal, SweepReader, SweepView } from '../../../apps/sweep/state.js'
import type { Command } from '../../../run/journal/commands.js'
import { terminalSize } from '../../text/terminal.js'
import { lineStyler } from '../ansi.js'
import type { CockpitTerminal } from '../cockpit.js'
import type { Key } from '../key.js'
import { createPainter } from '../painter.js'
import type { Theme } from '../theme.js'
import { drawSweepFrame, type SweepFrameRequest, tablePage } from './frame.js'
import { initialSweepScreen, pressSweepKey, type SweepWish } from './keys.js'
import { sortedRuns } from './rows.js'

/** What whoever watches a sweep may ask of it and of its runs. */
export interface SweepActions {
  readonly tell: (command: SweepCommand) => void
  readonly tellRun: (runFolder: string, command: Command) => void
  /** Stop watching; the sweep goes on. */
  readonly detach: () => void
}

export interface SweepScreenOptions {
  readonly terminal: CockpitTerminal
  readonly theme: Theme
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly reader: SweepReader
  readonly goal: SweepGoal
  /** Instances in all, where a search has not chosen all of its settings yet. */
  readonly expected?: number | undefined
  /** Whether it searches, so that trials can be added. */
  readonly takesTrials: boolean
  /** None where keys only move what is shown. */
  readonly actions: SweepActions | undefined
  /** Keys that end watching where there are no actions. */
  readonly onLeave?: (() => void) | undefined
  /** The run that is to be looked at; whoever is told closes this screen, opens that one, and comes back. */
  readonly onOpen?: ((runFolder: string) => void) | undefined
  /** Folder of the run that is selected at first. */
  readonly selectedRun?: string | undefined
}

export interface SweepScreen {
  readonly keys: (keys: readonly Key[]) => void
  /** Looks at the sweep and draws. */
  readonly refresh: () => void
  readonly view: () => SweepView
  /** Draws no more. */
  readonly close: () => void
}

/** Milliseconds between two looks at the sweep. */
const interval = 2000
/** How long a note stands in the place of the keys, ms. */
const noteTime = 4000

export function createSweepScreen(options: SweepScreenOptions): SweepScreen {
  const { terminal, theme, clock, reader, goal, expected, takesTrials, actions } = options
  const painter = createPainter(terminal)
  const style = lineStyler(theme)
  const evaluations = evaluationReader()
  let view = reader.read()
  const first = view.instances.find(({ runFolder }) => runFolder === options.selectedRun)
  let screen = { ...initialSweepScreen, selected: first?.instance.number }
  let note: { readonly text: string; readonly until: number } | undefined
  let isClosed = false

  const curveOf = ({ status, runFolder }: InstanceView): readonly number[] =>
    status === undefined ? [] : valuesByEpoch(evaluations.read(runFolder, goal.evaluation), goal.metric)

  const request = (): SweepFrameRequest => {
    const { columns, rows } = terminalSize(terminal)
    const words = note !== undefined && clock() < note.until ? note.text : undefined
    const acts = actions !== undefined
    return { view, goal, expected, screen, note: words, acts, curveOf, columns, rows, theme }
  }

  const draw = (): void => {
    if (!isClosed) painter.paint(drawSweepFrame(request()).map(style))
  }

  const refresh = (): void => {
    if (isClosed) return
    try {
      view = reader.read()
    } catch (error) {
      // A folder on another machine may be away for a while: what was seen last stays.
      const reason = error instanceof Error ? error.message : String(error)
      note = { text: `cannot look at the sweep: ${reason}`, until: clock() + noteTime }
    }
    draw()
  }

  const grant = (wish: SweepWish): void => {
    switch (wish.kind) {
      case 'tell':
        actions?.tell(wish.command)
        return
      case 'tell_run':
        actions?.tellRun(wish.runFolder, wish.command)
        return
      case 'open':
        options.onOpen?.(wish.runFolder)
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
  const timer = setInterval(refresh, interval)
  // The screen keeps no program alive.
  timer.unref()
  draw()
  return {
    keys(pressed) {
      for (const key of pressed) {
        const rows = sortedRuns(view, goal)
        const acts = actions !== undefined
        const result = pressSweepKey(screen, key, { rows, page: tablePage(request()), acts, takesTrials })
        screen = result.screen
        note = result.note === undefined ? undefined : { text: result.note, until: clock() + noteTime }
        if (result.wish !== undefined) grant(result.wish)
      }
      draw()
    },
    refresh,
    view: () => view,
    close() {
      isClosed = true
      clearInterval(timer)
      terminal.off('resize', draw)
    },
  }
}
