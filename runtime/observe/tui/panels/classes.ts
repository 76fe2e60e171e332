// Panel 2: every class with its images and its recall, the curves of the groups, and which classes are taken
// for which.
import { printable } from '../../../../grammar/printable.js'
import { cellWidth, padLeft, padRight } from '../../../platform/cell-width.js'
import { formatCount, formatShare } from '../../../platform/quantities.js'
import type { ConfusionReader } from '../../../run/folder/confusions.js'
import type { ConfusionMatrix } from '../../../run/journal/confusion-matrix.js'
import type { RunView } from '../../../run/view/run-view.js'
import { beside, borders, boxed, shownRows } from '../box.js'
import { worstConfusions } from '../confusions.js'
import { listLayout } from '../layout.js'
import { remember } from '../remember.js'
import { joinFitting, type Line } from '../spans.js'
import { groupColour, okabeIto, type Theme } from '../theme.js'
import { type ClassEntry, classEntries, classRows, matching } from './class-bars.js'
import { accuracyBox } from './curves.js'
import { originLegend } from './overview.js'
import type { PanelRequest } from './panel-request.js'

export function classesPanel({ view, confusionOf, screen, body, theme }: PanelRequest): readonly Line[] {
  const { direction, list, parts } = listLayout(body)
  const rows = listBox(
    classEntries(view),
    screen.filter,
    screen.scroll.classes,
    list.width,
    list.height,
    theme,
  )
  if (parts === undefined) return rows
  const [curves, confusions] = parts
  const right = stacked(
    accuracyBox('groups', view.evaluations, curves.width, curves.height, theme),
    confusionBox(
      view.started,
      latestConfusion(view, confusionOf),
      screen.filter,
      confusions.width,
      confusions.height,
      theme,
    ),
  )
  return direction === 'beside' ? besideEachOther(rows, right) : stackedBelow(rows, right)
}

/** Rows that the list has, and rows of it that fit. */
export function classListRows({ view, screen, body }: Pick<PanelRequest, 'view' | 'screen' | 'body'>): {
  readonly total: number
  readonly page: number
} {
  const total = matching(classEntries(view), screen.filter).length
  return { total, page: listLayout(body).list.height - borders }
}

const besideEachOther = remember(beside)
const stacked = remember((above: readonly Line[], below: readonly Line[]) => [...above, ...below])
const stackedBelow = remember((above: readonly Line[], below: readonly Line[]) => [...above, ...below])

const listBox = remember(
  (
    entries: readonly ClassEntry[],
    filter: string,
    scroll: number,
    width: number,
    height: number,
    theme: Theme,
  ) => {
    const found = matching(entries, filter)
    const { from, to, words } = shownRows(scroll, found.length, height - borders)
    const lines =
      found.length === 0
        ? [nothingFound(entries, filter)]
        : classRows(found, width - borders, theme, from, to)
    const title = listTitle(originLegend(filterTitle('classes', filter), theme), width, words, 'recall in %')
    return boxed(title, lines, { width, height }, theme)
  },
)

/** A title with as many words behind it as fit; earlier ones first. */
export function listTitle(name: Line, width: number, ...words: readonly string[]): Line {
  const parts = words.filter((word) => word !== '').map((text): Line => [{ text, dim: true }])
  return joinFitting([name, ...parts], '  ', width - borders - 3)
}

/** `classes`, or `classes "ca"` while only some are listed. */
export function filterTitle(name: string, filter: string): string {
  return filter === '' ? name : `${name} "${printable(filter)}"`
}

export function nothingFound(entries: readonly unknown[], filter: string): Line {
  const text =
    entries.length === 0 ? 'no class yet' : `no class is named "${printable(filter)}"; esc shows all`
  return [{ text, dim: true }]
}

/** Of the first evaluation that counts it. */
function latestConfusion(view: RunView, confusionOf: ConfusionReader): LatestConfusion {
  const latest = view.evaluations.find(({ latest }) => latest?.confusion !== undefined)?.latest
  return latest === undefined ? 'none' : (confusionOf(latest) ?? 'unreadable')
}

type LatestConfusion = ConfusionMatrix | 'none' | 'unreadable'

const confusionBox = remember(
  (
    started: RunView['started'],
    confusion: LatestConfusion,
    filter: string,
    width: number,
    height: number,
    theme: Theme,
  ) => {
    const title: Line = [
      { text: 'worst confusions', bold: true },
      { text: '  true -> predicted', dim: true },
    ]
    return boxed(
      title,
      confusionLines(started, confusion, filter, width - borders, height - borders, theme),
      { width, height },
      theme,
    )
  },
)

function confusionLines(
  started: RunView['started'],
  confusion: LatestConfusion,
  filter: string,
  width: number,
  height: number,
  theme: Theme,
): readonly Line[] {
  if (confusion === 'unreadable') return [[{ text: 'cannot be read from the run folder', dim: true }]]
  if (confusion === 'none') {
    const isMeasured = started?.evaluations.some(({ metrics }) => metrics.includes('confusion')) === true
    const words = isMeasured ? 'not evaluated yet' : 'the file does not measure confusion'
    return [[{ text: words, dim: true }]]
  }
  const names = (started?.classes ?? []).map(({ name }) => printable(name))
  const wanted = new Set(
    matching(
      names.map((name, position) => ({ name, position })),
      filter,
    ).map(({ position }) => position),
  )
  const worst = worstConfusions(confusion, height, (a, b) => wanted.has(a) || wanted.has(b))
  if (worst.length === 0) return [[{ text: 'no class is taken for another', dim: true }]]
  const groupOf = new Map(
    (started?.evaluations[0]?.groups ?? []).flatMap((group) =>
      group.classes.map((position) => [position, group.name] as const),
    ),
  )
  const nameOf = (position: number): string => names[position] ?? `${position}`
  const longest = worst.reduce(
    (most, { actual, predicted }) => Math.max(most, cellWidth(nameOf(actual)), cellWidth(nameOf(predicted))),
    3,
  )
  const shares = worst.map(({ share }) => formatShare(share))
  const both = worst.map(({ count }, i) => `${formatCount(count)}  ${padLeft(shares[i] ?? '', 7)}`)
  const widthOf = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length))
  const arrow = ' -> '
  // Names say more than counts: where both do not fit, the share alone stands beside them.
  const counts = 2 * longest + arrow.length + 2 + widthOf(both) <= width ? both : shares
  const countWidth = widthOf(counts)
  const nameWidth = Math.max(3, Math.min(longest, Math.floor((width - countWidth - arrow.length - 2) / 2)))
  return worst.map(({ actual, predicted }, i) => [
    { text: padRight(nameOf(actual), nameWidth, theme.cut), colour: groupColour(groupOf.get(actual)) },
    { text: arrow, dim: true },
    { text: padRight(nameOf(predicted), nameWidth, theme.cut), colour: groupColour(groupOf.get(predicted)) },
    { text: `  ${padLeft(counts[i] ?? '', countWidth)}`, colour: okabeIto.yellow },
  ])
}
