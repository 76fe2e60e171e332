// The recorded run with what only the cockpit shows: a confusion matrix, a warning, and runs that correct
// nothing.

import { drawFrame, type FrameRequest } from '../../../runtime/observe/tui/frame.js'
import { initialScreen, type PanelName, type ScreenState } from '../../../runtime/observe/tui/keys.js'
import { createRunLog, type LogLine } from '../../../runtime/observe/tui/log.js'
import { lineText } from '../../../runtime/observe/tui/spans.js'
import { themeFor } from '../../../runtime/observe/tui/theme.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { emptyRunView, type RunView, reduceRunView } from '../../../runtime/run/view/run-view.js'
import { heldMatrices } from '../../run/journal/made-matrices.js'
import { type RecordedRunOptions, recordedRun, recordedStart } from '../text/recorded-run.js'

/** The matrices of the runs below. */
export const matrices = heldMatrices()

/** The recorded run; a class that is missed is taken for the next ones. */
export function cockpitRun(options: RecordedRunOptions): readonly JournalEvent[] {
  const events = recordedRun(options).map((event): JournalEvent => {
    if (event.event !== 'evaluated' || event.perClass === undefined) return event
    const count = event.perClass.length
    const confusion = event.perClass.map((recall, actual) => {
      const row = Array.from({ length: count }, () => 0)
      const right = Math.round(50 * (recall ?? 0))
      const missed = Math.ceil((50 - right) * 0.7)
      row[actual] = right
      row[(actual + 1) % count] = missed
      row[(actual + 3) % count] = 50 - right - missed
      return row
    })
    return { ...event, confusion: matrices.hold(confusion) }
  })
  const message =
    'the file test.idx changed since the run began; evaluations before and after it are not comparable'
  const warned: JournalEvent = { time: recordedStart + 2000, event: 'warned', code: 'SAU7110', message }
  return [...events.slice(0, 6), warned, ...events.slice(6)]
}

/** The same run as one whose file has no `correct` and no synthetic images. */
export function withoutCorrection(events: readonly JournalEvent[]): readonly JournalEvent[] {
  return events.map((event) => {
    if (event.event === 'epoch_done') return { ...event, corrections: [] }
    if (event.event !== 'run_started') return event
    return { ...event, classes: event.classes.map((entry) => ({ ...entry, synthetic: 0 })) }
  })
}

export interface Folded {
  readonly view: RunView
  readonly log: readonly LogLine[]
}

export function folded(events: readonly JournalEvent[]): Folded {
  const log = createRunLog()
  let view = emptyRunView
  for (const event of events) {
    view = reduceRunView(view, event)
    log.add(event, view)
  }
  return { view, log: log.lines() }
}

export interface FrameChoice {
  readonly columns: number
  readonly rows: number
  readonly panel: PanelName
  readonly screen?: Partial<ScreenState>
  readonly colour?: boolean
  readonly unicode?: boolean
  readonly acts?: boolean
  readonly note?: string
}

/** What stands on the screen, one string a row. */
export function frameTexts({ view, log }: Folded, choice: FrameChoice): readonly string[] {
  const { columns, rows, panel, screen, colour = true, unicode = true, acts = true, note } = choice
  const request: FrameRequest = {
    view,
    confusionOf: matrices.confusionOf,
    run: undefined,
    log,
    screen: { ...initialScreen, panel, ...screen },
    note,
    acts,
    now: view.now,
    columns,
    rows,
    theme: themeFor({ colour, unicode }),
  }
  return drawFrame(request).map(lineText)
}
