// Panel 5: the log, newest at the bottom. Lines longer than the screen go on in the next row.
import { cellWidth, padLeft, truncate } from '../../../platform/cell-width.js'
import { formatDuration } from '../../../platform/quantities.js'
import { borders, boxed, shownRows } from '../box.js'
import type { LogLine } from '../log.js'
import { remember } from '../remember.js'
import type { Line } from '../spans.js'
import { okabeIto, type Theme } from '../theme.js'
import type { PanelRequest } from './panel-request.js'

export function logPanel({ log, screen, body, theme }: PanelRequest): readonly Line[] {
  return logBox(log, screen.scroll.log, body.width, body.height, theme)
}

/** Rows that the log has, and rows of it that fit. */
export function logRows({ log, body }: Pick<PanelRequest, 'log' | 'body'>): {
  readonly total: number
  readonly page: number
} {
  return { total: wrapped(log, body.width - borders).length, page: body.height - borders }
}

const logBox = remember(
  (log: readonly LogLine[], scroll: number, width: number, height: number, theme: Theme) => {
    const rows = wrapped(log, width - borders)
    const { from, to, words } = shownRows(scroll, rows.length, height - borders)
    const title: Line = [
      { text: 'log', bold: true },
      { text: words === '' ? '' : `  ${words}${Number.isFinite(scroll) ? '; end: follow' : ''}`, dim: true },
    ]
    const lines =
      rows.length === 0 ? [[{ text: 'nothing yet', dim: true }]] : rows.slice(from, to).map(styled)
    return boxed(title, lines, { width, height }, theme)
  },
)

interface LogRow {
  readonly kind: LogLine['kind']
  readonly time: string
  readonly text: string
}

const colours: Readonly<Record<LogLine['kind'], string | undefined>> = {
  note: undefined,
  warning: okabeIto.orange,
  advice: okabeIto.yellow,
  command: okabeIto.skyBlue,
  failure: okabeIto.vermilion,
}

function styled({ kind, time, text }: LogRow): Line {
  return [
    { text: time, dim: true },
    { text, colour: colours[kind], bold: kind === 'warning' || kind === 'failure' },
  ]
}

const timeWidth = 9

/** Without times where they would take too much of the width. */
const wrapped = remember((log: readonly LogLine[], width: number): readonly LogRow[] => {
  const withTime = width >= 50
  const room = Math.max(1, width - (withTime ? timeWidth : 0))
  return log.flatMap(({ seconds, kind, text }) =>
    wrap(text, room).map((part, position) => ({
      kind,
      time: !withTime
        ? ''
        : position === 0
          ? `${padLeft(formatDuration(Math.floor(seconds)), timeWidth - 1)} `
          : ' '.repeat(timeWidth),
      text: part,
    })),
  )
})

/** Parts of at most `width` cells, cut between words where there is one to cut at. */
function wrap(text: string, width: number): readonly string[] {
  const parts: string[] = []
  let rest = text
  while (cellWidth(rest) > width) {
    const fitting = truncate(rest, width, '')
    const space = fitting.lastIndexOf(' ')
    const end = space > width / 3 ? space : Math.max(1, fitting.length)
    parts.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return [...parts, rest]
}
