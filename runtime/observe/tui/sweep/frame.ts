// The screen of a sweep as lines: a pure function of the sweep's view, the state of the screen and the size
// of the terminal.
import { printable } from '../../../../grammar/printable.js'
import { type SweepProgress, sweepProgress } from '../../../apps/sweep/progress.js'
import { latestValue, settingResults } from '../../../apps/sweep/results.js'
import type { InstanceView, SweepGoal, SweepView } from '../../../apps/sweep/state.js'
import { formatCount, formatDuration, formatPlural, formatShare } from '../../../platform/quantities.js'
import { metricText, metricTitle } from '../../text/metric-text.js'
import { countsText, paramsText } from '../../text/sweep-progress.js'
import { progressBar } from '../bars.js'
import { borders, boxed, keyHint, shownRows } from '../box.js'
import { promptFor } from '../footer.js'
import { type Overlay, overlayBox, overlayLines } from '../overlays.js'
import { leaveOverlay, stopOverlay } from '../questions.js'
import { remember } from '../remember.js'
import { cutLine, firstFitting, joined, joinFitting, justify, type Line, padLine } from '../spans.js'
import { okabeIto, type Theme } from '../theme.js'
import { type SweepScreenState, selectedRow, sweepWords } from './keys.js'
import { pruneOverlay, sweepHelp } from './overlays.js'
import { sortedRuns, stateColour, tableLines } from './rows.js'

export interface SweepFrameRequest {
  readonly view: SweepView
  readonly goal: SweepGoal
  /** Instances in all, where a search has not chosen all of its settings yet. */
  readonly expected?: number | undefined
  readonly screen: SweepScreenState
  /** A few words in the place of the keys. */
  readonly note: string | undefined
  readonly acts: boolean
  /** Values of a run after each epoch. */
  readonly curveOf: (view: InstanceView) => readonly number[]
  readonly columns: number
  readonly rows: number
  readonly theme: Theme
}

const footerHeight = 1
const lowestTable = 4
const narrowestTable = 24
/** Failures that are listed by themselves where there is room. */
const shownFailures = 3
/** Screens lower than this list none. */
const failureRows = 18

interface SweepLayout {
  readonly status: readonly Line[]
  readonly failures: readonly Line[]
  /** Rows of the table's box; undefined where there is no room for one. */
  readonly table: number | undefined
}

/** At most `rows` lines of exactly `columns` cells. */
export function drawSweepFrame(request: SweepFrameRequest): readonly Line[] {
  const { rows, columns, theme, screen } = request
  const width = Math.max(1, columns)
  const { status, failures, table } = layoutOf(request)
  const overlay = overlayOf(request)
  const last = footer(request)
  const exact = (lines: readonly Line[]): readonly Line[] =>
    lines.map((line) => padLine(line, width, theme.cut))
  if (table === undefined) {
    const above = overlay === undefined ? status : overlayLines(overlay, { width, height: rows }, theme)
    if (rows > above.length) return exact([...above, last])
    const needsLast = overlay === undefined && (screen.mode.kind !== 'watch' || request.note !== undefined)
    return exact(needsLast ? [...above.slice(0, Math.max(0, rows - 1)), last] : above.slice(0, rows))
  }
  const body = { width, height: table }
  if (overlay === undefined) return exact([...status, ...tableBox(request, body), ...failures, last])
  const whole = { width, height: table + status.length + failures.length }
  const box = overlayBox(overlay, { body, screen: whole, theme })
  return exact(box.isWhole ? [...box.lines, last] : [...status, ...box.lines, ...failures, last])
}

/** Rows of the table that fit, for the keys that move by pages. */
export function tablePage(request: SweepFrameRequest): number {
  return Math.max(1, (layoutOf(request).table ?? borders + 2) - borders - 1)
}

function layoutOf(request: SweepFrameRequest): SweepLayout {
  const { rows, columns } = request
  const progress = sweepProgress(request.view, request.expected)
  const few = rows < 10
  const status = [titleLine(request, progress), progressLine(request, progress)]
  if (!few) status.push(countsLine(request, progress))
  status.push(bestLine(request), selectedLine(request))
  const failures = rows < failureRows ? [] : failureLines(request)
  const table = rows - status.length - failures.length - footerHeight
  const hasRoom = table >= lowestTable && columns >= narrowestTable
  return hasRoom ? { status, failures, table } : { status, failures: [], table: undefined }
}

function overlayOf({ screen, acts, theme }: SweepFrameRequest): Overlay | undefined {
  switch (screen.mode.kind) {
    case 'help':
      return sweepHelp(acts, theme)
    case 'leave':
      return leaveOverlay(sweepWords)
    case 'stop':
      return stopOverlay(sweepWords)
    case 'prune':
      return pruneOverlay(screen.mode.name)
    case 'watch':
    case 'add':
      return undefined
  }
}

function titleLine({ view, columns, theme, screen }: SweepFrameRequest, progress: SweepProgress): Line {
  const left: Line = [
    { text: 'saurun ', colour: okabeIto.skyBlue, bold: true },
    { text: printable(view.name), bold: true },
  ]
  const right = columns < 40 ? [] : [{ text: poolText(view, progress, screen), dim: true }]
  return justify(left, right, columns, theme.cut)
}

function poolText(
  view: SweepView,
  { parallel, over, total }: SweepProgress,
  screen: SweepScreenState,
): string {
  const alive = view.pools.filter(({ owner }) => owner.life === 'alive')
  if (alive.length === 0) return over === total ? 'over' : 'no pool runs'
  if (screen.stopping === 'now') return 'stopping now'
  if (screen.stopping === 'after_checkpoint') return 'stopping after checkpoints'
  const hosts = [...new Set(alive.map(({ owner }) => owner.host))]
  const where = hosts.length === 1 ? printable(hosts[0] ?? '') : formatPlural(hosts.length, 'machine')
  const pools = alive.length === 1 ? '' : `${alive.length} pools, `
  return `${pools}${formatCount(parallel)} at a time on ${where}`
}

function progressLine({ columns, theme }: SweepFrameRequest, progress: SweepProgress): Line {
  const { share, over, total, remainingSeconds } = progress
  const left =
    remainingSeconds === undefined
      ? '? left'
      : remainingSeconds > 0
        ? `${formatDuration(remainingSeconds)} left`
        : ''
  const texts = [
    ` ${formatShare(share).padStart(7)}`,
    `  ${formatCount(over)} of ${formatCount(total)}`,
    `  ${left}`,
  ]
  const shown = columns < 40 ? texts.slice(0, 1) : texts
  const bar = Math.max(4, columns - shown.reduce((sum, text) => sum + text.length, 0))
  return [...progressBar(share, bar, okabeIto.skyBlue, theme), ...shown.map((text) => ({ text }))]
}

function countsLine({ columns, theme }: SweepFrameRequest, progress: SweepProgress): Line {
  const { failed, pruned, running, done } = progress.counts
  if (columns >= 60) {
    const parts = countsText(progress).split(', ')
    const lines = parts.map((text): Line => {
      const word = text.split(' ').at(-1)
      const state =
        word === 'failed' || word === 'pruned' || word === 'running' || word === 'done' ? word : undefined
      return [{ text, colour: state === undefined ? undefined : stateColour(state) }]
    })
    return joinFitting(lines, theme.separator, columns)
  }
  const short: readonly (readonly [number, string, string | undefined])[] = [
    [done, 'done', stateColour('done')],
    [running, 'run', stateColour('running')],
    [failed, 'failed', stateColour('failed')],
    [pruned, 'pruned', stateColour('pruned')],
  ]
  const parts = short.flatMap(([count, word, colour]): Line[] =>
    count === 0 && word !== 'done' ? [] : [[{ text: `${count} ${word}`, colour }]],
  )
  return joinFitting(parts, theme.separator, columns)
}

const bestSetting = remember((view: SweepView, goal: SweepGoal) => settingResults(view, goal)[0])

function bestLine({ view, goal, columns, theme }: SweepFrameRequest): Line {
  const best = bestSetting(view, goal)
  if (best?.mean === undefined) return [{ text: 'nothing is measured yet', dim: true }]
  const seeds =
    best.runs.length > 1 ? `, mean of ${best.values.length} of ${formatPlural(best.runs.length, 'seed')}` : ''
  const line: Line = [
    { text: columns < 40 ? '' : 'best ' },
    {
      text: `${metricTitle(goal.metric)} ${metricText(goal.metric, best.mean)}`,
      bold: true,
      colour: okabeIto.green,
    },
    { text: `  ${paramsText(best)}` },
    { text: columns < 60 ? '' : best.standing === 'done' ? seeds : `${seeds}, so far`, dim: true },
  ]
  return cutLine(line, columns, theme.cut)
}

/** What the table has no room for: all params of the selected run by name, and why it is as it is. */
function selectedLine({ view, goal, screen, columns, theme }: SweepFrameRequest): Line {
  const row = selectedRow(screen, sortedRuns(view, goal))
  if (row === undefined) return [{ text: 'no instance yet', dim: true }]
  const { instance, state, reason } = row
  const value = latestValue(row, goal)
  const line: Line = [
    { text: theme.unicode ? '▸ ' : '> ', colour: okabeIto.yellow, bold: true },
    { text: `${instance.number + 1} ` },
    { text: state, colour: stateColour(state) },
    ...(value === undefined || columns >= narrowestTable
      ? []
      : [{ text: ` ${metricText(goal.metric, value)}` }]),
    { text: `  ${printable(instance.name)}` },
    { text: reason === undefined ? '' : `  ${printable(reason)}`, colour: stateColour(state) },
  ]
  return cutLine(line, columns, theme.cut)
}

function failureLines({ view, theme, columns }: SweepFrameRequest): readonly Line[] {
  const failed = view.instances.filter(({ state }) => state === 'failed')
  const listed = failed.length > shownFailures ? failed.slice(-shownFailures + 1) : failed
  const lines = listed.map(({ instance, reason }): Line => {
    const text = `failed ${instance.number + 1}  ${instance.name}: ${reason ?? 'no reason is known'}`
    return cutLine([{ text: printable(text), colour: okabeIto.vermilion }], columns, theme.cut)
  })
  if (listed.length === failed.length) return lines
  const more = `${formatCount(failed.length - listed.length)} more failed; the table has them`
  return [...lines, [{ text: more, dim: true }]]
}

function tableBox(request: SweepFrameRequest, body: { readonly width: number; readonly height: number }) {
  const { view, goal, screen, curveOf, theme } = request
  const runs = sortedRuns(view, goal)
  const row = selectedRow(screen, runs)
  const page = Math.max(1, body.height - borders - 1)
  const at = row === undefined ? 0 : runs.indexOf(row)
  const { from, to, words } = shownRows(Math.max(0, at - Math.floor(page / 2)), runs.length, page)
  const lines = tableLines({
    rows: runs.slice(from, to),
    selected: row?.instance.number,
    goal,
    curveOf,
    width: body.width - borders,
    theme,
  })
  const title: Line = [
    { text: `runs by ${metricTitle(goal.metric)}`, bold: true },
    { text: words === '' ? '' : ` ${words}`, dim: true },
  ]
  return boxed(title, lines, body, theme)
}

function footer({ screen, note, acts, columns, theme }: SweepFrameRequest): Line {
  if (screen.mode.kind === 'add') {
    const hints = [keyHint('enter', 'add'), keyHint('esc', 'leave it')]
    return promptFor('trials more: ', screen.mode.digits, hints, columns)
  }
  if (note !== undefined) return [{ text: note, colour: okabeIto.yellow }]
  const keys: readonly (readonly [key: string, words: string, few: string])[] = [
    ['q', 'leave', 'leave'],
    ['?', 'keys', 'keys'],
    ['enter', 'open', 'open'],
    ...(acts
      ? ([
          ['x', 'stop run', 'end run'],
          ['P', 'prune', 'prune'],
          ['+', 'trials', 'add'],
          ['s', 'stop', 'stop'],
        ] as const)
      : []),
  ]
  const bare = ([key, words]: (typeof keys)[number]): Line =>
    key === '?' ? keyHint(key, words) : [{ text: key, colour: okabeIto.skyBlue, bold: true }]
  const forms = [
    joined(
      keys.map(([key, words]) => keyHint(key, words)),
      '  ',
    ),
    joined(
      keys.map(([key, , few]) => keyHint(key, few)),
      ' ',
    ),
    joined(keys.map(bare), ' '),
  ]
  return firstFitting(forms, columns, theme.cut)
}
