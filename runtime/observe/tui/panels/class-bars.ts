// The classes, largest first, as bars: images they have (real and synthetic) and how well they are
// recognized. One row a class where that fits, otherwise one column a class, otherwise one column for a few
// neighbours.
import { printable } from '../../../../grammar/printable.js'
import { cellWidth, padLeft, padRight } from '../../../platform/cell-width.js'
import { formatCount } from '../../../platform/quantities.js'
import { classesBySize, type EvaluationView, type RunView } from '../../../run/view/run-view.js'
import { type Column, columnChart, horizontalBar, stackedBar } from '../bars.js'
import { remember } from '../remember.js'
import type { Line } from '../spans.js'
import { groupColour, originColours, type Theme } from '../theme.js'

export interface ClassEntry {
  readonly name: string
  readonly real: number
  readonly synthetic: number
  /**
   * In 0..1; undefined until it is measured, where no metric measures it, and where there is no image to
   * measure it on.
   */
  readonly accuracy: number | undefined
  readonly group: string | undefined
}

/** Classes of the run, ordered by size. Accuracies are those of the first evaluation that measures them. */
export function classEntries(view: RunView): readonly ClassEntry[] {
  const measured =
    view.evaluations.find((evaluation) => evaluation.latest?.perClass !== undefined) ?? view.evaluations[0]
  return entriesOf(view.started, measured?.groups, measured?.latest?.perClass)
}

const entriesOf = remember(function entriesOf(
  started: RunView['started'],
  groups: EvaluationView['groups'] | undefined,
  perClass: readonly (number | null)[] | undefined,
): readonly ClassEntry[] {
  const classes = started?.classes ?? []
  const groupOf = new Map<number, string>()
  for (const group of groups ?? []) for (const position of group.classes) groupOf.set(position, group.name)
  return classesBySize(classes).flatMap((position) => {
    const entry = classes[position]
    if (entry === undefined) return []
    return [
      {
        name: printable(entry.name),
        real: entry.real,
        synthetic: entry.synthetic,
        accuracy: perClass?.[position] ?? undefined,
        group: groupOf.get(position),
      },
    ]
  })
})

/** Those whose name contains `filter`, in whatever case. */
export function matching<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  filter: string,
): readonly Entry[] {
  if (filter === '') return entries
  const part = filter.toLowerCase()
  return entries.filter(({ name }) => name.toLowerCase().includes(part))
}

/** Cells that one row needs at the least to say something. */
export const narrowestClassRow = 34

/**
 * One line per class of `entries` from `from` up to `to`: name, images, accuracy. Bars share the scale of all
 * entries.
 */
export function classRows(
  entries: readonly ClassEntry[],
  width: number,
  theme: Theme,
  from = 0,
  to = entries.length,
): readonly Line[] {
  const largest = entries.reduce((most, entry) => Math.max(most, entry.real + entry.synthetic), 1)
  const longestName = entries.reduce((longest, entry) => Math.max(longest, cellWidth(entry.name)), 4)
  const countWidth = entries.reduce((longest, entry) => Math.max(longest, countText(entry).length), 0)
  const nameWidth = Math.max(4, Math.min(longestName, Math.floor(width / 4)))
  const accuracyWidth = 5
  const room = Math.max(0, width - nameWidth - countWidth - accuracyWidth - 4)
  const countBar = Math.floor(room / 2)
  const accuracyBar = room - countBar
  return entries.slice(from, to).map((entry) => [
    { text: padRight(entry.name, nameWidth, theme.cut), colour: groupColour(entry.group) },
    { text: ' ' },
    ...stackedBar(
      [
        { value: entry.real, character: theme.full, colour: originColours.real },
        { value: entry.synthetic, character: theme.synthetic, colour: originColours.synthetic },
      ],
      largest,
      countBar,
    ),
    { text: ' ' },
    { text: padLeft(countText(entry), countWidth), dim: true },
    { text: ' ' },
    ...(entry.accuracy === undefined
      ? [{ text: ' '.repeat(accuracyBar) }]
      : horizontalBar(entry.accuracy, accuracyBar, groupColour(entry.group), theme)),
    { text: ' ' },
    { text: padLeft(entry.accuracy === undefined ? '-' : (100 * entry.accuracy).toFixed(1), accuracyWidth) },
  ])
}

function countText(entry: ClassEntry): string {
  return entry.synthetic === 0
    ? formatCount(entry.real)
    : `${formatCount(entry.real)}+${formatCount(entry.synthetic)}`
}

/** Two columns of rows, filled downwards, `width` cells in all. */
export function classRowsInTwo(entries: readonly ClassEntry[], width: number, theme: Theme): readonly Line[] {
  const gap = 2
  const half = Math.floor((width - gap) / 2)
  const perColumn = Math.ceil(entries.length / 2)
  const rows = classRows(entries, half, theme)
  return rows.slice(0, perColumn).map((left, i) => {
    const right = rows[i + perColumn]
    return right === undefined
      ? [...left, { text: ' '.repeat(width - half) }]
      : [...left, { text: ' '.repeat(width - 2 * half) }, ...right]
  })
}

/** Columns: accuracy above, images below, groups named under them. At least four lines. */
export function classColumns(
  entries: readonly ClassEntry[],
  width: number,
  height: number,
  theme: Theme,
): readonly Line[] {
  const labelWidth = 7
  const bins = binClasses(entries, Math.max(1, width - labelWidth))
  const repeat = Math.max(1, Math.floor((width - labelWidth) / Math.max(1, bins.length)))
  const stretched = bins.flatMap((bin) => Array.from({ length: repeat }, () => bin))
  const accuracyHeight = Math.max(1, Math.ceil((height - 1) * 0.6))
  const countHeight = Math.max(1, height - 1 - accuracyHeight)
  const largest = Math.max(1, ...bins.map((bin) => bin.real + bin.synthetic))
  const accuracy: readonly Column[] = stretched.map((bin) => ({
    share: bin.accuracy ?? 0,
    colour: groupColour(bin.group),
  }))
  const total = stackedColumns(stretched, countHeight, largest, theme)
  const label = (text: string): Line => [{ text: `${padLeft(text, labelWidth - 1)} `, dim: true }]
  const rest = ' '.repeat(Math.max(0, width - labelWidth - stretched.length))
  const lines: Line[] = []
  columnChart(accuracy, accuracyHeight, theme).forEach((line, row) => {
    const text = row === 0 ? '100 %' : row === accuracyHeight - 1 ? '0 %' : ''
    lines.push([...label(text), ...line, { text: rest }])
  })
  total.forEach((line, row) => {
    lines.push([
      ...label(row === 0 ? formatCount(largest) : row === total.length - 1 ? '0' : ''),
      ...line,
      { text: rest },
    ])
  })
  lines.push([{ text: ' '.repeat(labelWidth) }, ...groupLine(stretched, width - labelWidth, theme)])
  return lines
}

/** Real images from below, synthetic ones on top of them. */
function stackedColumns(
  bins: readonly ClassEntry[],
  height: number,
  largest: number,
  theme: Theme,
): readonly Line[] {
  const lines: Line[] = []
  for (let row = height - 1; row >= 0; row--) {
    lines.push(
      bins.map((bin) => {
        const real = (bin.real / largest) * height
        const total = ((bin.real + bin.synthetic) / largest) * height
        // The lowest cell shows which images there are at all; half a cell counts as one above it.
        const isReal = row === 0 ? bin.real > 0 && (real >= 0.5 || bin.synthetic === 0) : real >= row + 0.5
        const isThere = row === 0 ? bin.real + bin.synthetic > 0 : total >= row + 0.5
        if (isReal) return { text: theme.full, colour: originColours.real }
        if (isThere) return { text: theme.synthetic, colour: originColours.synthetic }
        return { text: ' ' }
      }),
    )
  }
  return lines
}

/**
 * Neighbours put together until there are at most `limit` of them; counts and measured accuracies are means.
 */
function binClasses(entries: readonly ClassEntry[], limit: number): readonly ClassEntry[] {
  if (entries.length <= limit) return entries
  const bins: ClassEntry[] = []
  const border = (bin: number): number => Math.floor((bin * entries.length) / limit)
  for (let bin = 0; bin < limit; bin++) {
    const members = entries.slice(border(bin), border(bin + 1))
    const mean = (pick: (entry: ClassEntry) => number): number =>
      members.reduce((sum, entry) => sum + pick(entry), 0) / members.length
    const accuracies = members.flatMap(({ accuracy }) => accuracy ?? [])
    bins.push({
      name: members[0]?.name ?? '',
      real: mean((entry) => entry.real),
      synthetic: mean((entry) => entry.synthetic),
      accuracy:
        accuracies.length === 0
          ? undefined
          : accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length,
      group: members[Math.floor(members.length / 2)]?.group,
    })
  }
  return bins
}

/** `many......medium...few.`: where each group begins. */
function groupLine(bins: readonly ClassEntry[], width: number, theme: Theme): Line {
  const spans: { text: string; colour: string }[] = []
  let at = 0
  while (at < bins.length) {
    const group = bins[at]?.group
    let end = at
    while (end < bins.length && bins[end]?.group === group) end++
    const size = end - at
    const name = group ?? ''
    const text =
      name.length + 1 > size
        ? theme.border.horizontal.repeat(size)
        : `${name}${theme.border.horizontal.repeat(size - name.length - 1)} `
    spans.push({ text, colour: groupColour(group) })
    at = end
  }
  return [...spans, { text: ' '.repeat(Math.max(0, width - bins.length)) }]
}
