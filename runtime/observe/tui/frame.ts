// One screen as lines: a pure function of the run's view, the state of the screen and the size of the
// terminal.

import type { ConfusionReader } from '../../run/folder/confusions.js'
import type { RunView } from '../../run/view/run-view.js'
import { footer } from './footer.js'
import { type KeySituation, runWords, type ScreenState } from './keys.js'
import { layoutFor } from './layout.js'
import type { LogLine } from './log.js'
import { helpOverlay, type Overlay, overlayBox, overlayLines } from './overlays.js'
import { classesPanel, classListRows } from './panels/classes.js'
import { dataListRows, dataPanel } from './panels/data.js'
import { logPanel, logRows } from './panels/log.js'
import { overviewPanel } from './panels/overview.js'
import type { PanelRequest } from './panels/panel-request.js'
import { systemPanel, systemRows } from './panels/system.js'
import { leaveOverlay, stopOverlay } from './questions.js'
import { type Line, padLine } from './spans.js'
import { accuracyLine, factsLine, progressLines, titleLine } from './status.js'
import type { Theme } from './theme.js'

export interface FrameRequest {
  readonly view: RunView
  /** The matrix of one of its evaluations. */
  readonly confusionOf: ConfusionReader
  /** Name that the run is known by, where it is not the one in its journal. */
  readonly run: string | undefined
  readonly log: readonly LogLine[]
  readonly screen: ScreenState
  /** A few words in the place of the keys. */
  readonly note: string | undefined
  /** Whether keys may act on the run. */
  readonly acts: boolean
  /** Milliseconds since 1970. */
  readonly now: number
  readonly columns: number
  readonly rows: number
  readonly theme: Theme
}

/** At most `rows` lines of at most `columns` cells. */
export function drawFrame(request: FrameRequest): readonly Line[] {
  const { screen, columns, rows, theme } = request
  const layout = layoutFor(columns, rows, screen.panel)
  const { width } = layout
  const overlay = overlayOf(request)
  const last = footer({ ...request, width })
  if (layout.kind === 'lines') {
    const above =
      overlay === undefined
        ? fullStatus(request, width)
        : overlayLines(overlay, { width, height: rows }, theme).map((line) => padLine(line, width, theme.cut))
    // What is typed or answered must be seen; the keys only where there is room for them.
    const needsLast = overlay === undefined && (screen.mode.kind !== 'watch' || request.note !== undefined)
    if (rows > above.length) return [...above, last]
    return needsLast ? [...above.slice(0, rows - 1), last] : above.slice(0, rows)
  }
  const { body } = layout
  const status = fullStatus(request, width)
  const lines = screen.panel === 'overview' ? status : shortStatus(status)
  if (overlay === undefined) return [...lines, ...panelLines({ ...request, body }), last]
  const whole = { width, height: body.height + lines.length }
  const box = overlayBox(overlay, { body, screen: whole, theme })
  return [...(box.isWhole ? [] : lines), ...box.lines, last]
}

function overlayOf({ screen, acts }: FrameRequest): Overlay | undefined {
  switch (screen.mode.kind) {
    case 'help':
      return helpOverlay(acts)
    case 'leave':
      return leaveOverlay(runWords)
    case 'stop':
      return stopOverlay(runWords)
    case 'watch':
    case 'filter':
    case 'extend':
      return undefined
  }
}

/** Narrower than this, the facts stand among the lines of progress. */
const wideStatus = 64

function fullStatus(request: FrameRequest, width: number): readonly Line[] {
  const status = { ...request, width }
  return [
    titleLine(status),
    ...progressLines(status),
    ...(width < wideStatus ? [] : [factsLine(status)]),
    accuracyLine(status),
  ]
}

/** Title, progress of the run, accuracy. */
function shortStatus(status: readonly Line[]): readonly Line[] {
  return [...status.slice(0, 2), ...status.slice(-1)]
}

function panelLines(request: PanelRequest): readonly Line[] {
  switch (request.screen.panel) {
    case 'overview':
      return overviewPanel(request)
    case 'classes':
      return classesPanel(request)
    case 'data':
      return dataPanel(request)
    case 'system':
      return systemPanel(request)
    case 'log':
      return logPanel(request)
  }
}

/** Rows of the panel on the screen, for the keys that scroll it. */
export function panelRows(request: FrameRequest): KeySituation['rows'] {
  const layout = layoutFor(request.columns, request.rows, request.screen.panel)
  if (layout.kind === 'lines') return { total: 0, page: 0 }
  const panel = { ...request, body: layout.body }
  switch (request.screen.panel) {
    case 'overview':
      return { total: 0, page: 0 }
    case 'classes':
      return classListRows(panel)
    case 'data':
      return dataListRows(panel)
    case 'system':
      return systemRows(panel)
    case 'log':
      return logRows(panel)
  }
}
