// Panel 3: what label correction does to the data: how much of the synthetic images it calls noise, over time
// and by class, and how right it is where noise was planted. Without correction: what the data is made of.
import { printable } from '../../../../grammar/printable.js'
import { cellWidth, padLeft, padRight } from '../../../platform/cell-width.js'
import { formatCount, formatRatio, formatShare } from '../../../platform/quantities.js'
import type { RunView } from '../../../run/view/run-view.js'
import { horizontalBar } from '../bars.js'
import { beside, borders, boxed, type Extent, shownRows } from '../box.js'
import { listLayout } from '../layout.js'
import { remember } from '../remember.js'
import { joinFitting, type Line } from '../spans.js'
import { groupColour, okabeIto, originColours, seriesColours, type Theme } from '../theme.js'
import { type ClassEntry, classEntries, classRows, matching } from './class-bars.js'
import { filterTitle, listTitle, nothingFound } from './classes.js'
import { type Curve, curvesBox, pick, shareLabel } from './curves.js'
import { originLegend } from './overview.js'
import type { PanelRequest } from './panel-request.js'

export function dataPanel(request: PanelRequest): readonly Line[] {
  const { view, screen, body, theme } = request
  if (view.corrections.length === 0) return uncorrected(request)
  const { direction, list, parts } = listLayout(body)
  const rows = noiseListBox(
    noiseEntries(view),
    screen.filter,
    screen.scroll.data,
    list.width,
    list.height,
    theme,
  )
  if (parts === undefined) return rows
  const curves = correctionCurves(view.history.corrections, view.corrections, parts[0], parts[1], theme)
  return direction === 'beside' ? besideEachOther(rows, curves) : stackedBelow(rows, curves)
}

/** Rows that the list has, and rows of it that fit. */
export function dataListRows({ view, screen, body }: Pick<PanelRequest, 'view' | 'screen' | 'body'>): {
  readonly total: number
  readonly page: number
} {
  const total = matching(classEntries(view), screen.filter).length
  const height =
    view.corrections.length === 0 ? body.height - factsHeight(body) : listLayout(body).list.height
  return { total, page: height - borders }
}

const besideEachOther = remember(beside)
const stackedBelow = remember((above: readonly Line[], below: readonly Line[]) => [...above, ...below])

interface NoiseEntry {
  readonly name: string
  readonly group: string | undefined
  /** Synthetic samples that passed in the last epoch, and how many of them were called noise. */
  readonly synthetic: number
  readonly calledNoise: number
}

function noiseEntries(view: RunView): readonly NoiseEntry[] {
  return noiseEntriesOf(view.started, view.corrections, view.evaluations[0]?.groups)
}

/** All branches together, the class with the greatest share first. */
const noiseEntriesOf = remember(
  (
    started: RunView['started'],
    corrections: RunView['corrections'],
    groups: RunView['evaluations'][number]['groups'] | undefined,
  ): readonly NoiseEntry[] => {
    const groupOf = new Map(
      (groups ?? []).flatMap((group) => group.classes.map((position) => [position, group.name] as const)),
    )
    const entries = (started?.classes ?? []).map(({ name }, position) => {
      const sum = (key: 'synthetic' | 'calledNoise'): number =>
        corrections.reduce((total, { perClass }) => total + (perClass[position]?.[key] ?? 0), 0)
      return {
        name: printable(name),
        group: groupOf.get(position),
        synthetic: sum('synthetic'),
        calledNoise: sum('calledNoise'),
      }
    })
    return entries.sort((a, b) => shareOf(b) - shareOf(a) || b.synthetic - a.synthetic)
  },
)

function shareOf({ synthetic, calledNoise }: NoiseEntry): number {
  return synthetic === 0 ? -1 : calledNoise / synthetic
}

const noiseListBox = remember(
  (
    entries: readonly NoiseEntry[],
    filter: string,
    scroll: number,
    width: number,
    height: number,
    theme: Theme,
  ) => {
    const found = matching(entries, filter)
    const { from, to, words } = shownRows(scroll, found.length, height - borders)
    const name = [{ text: filterTitle('called noise', filter), bold: true }]
    const title = listTitle(name, width, words, 'of synthetic, last epoch')
    const lines =
      found.length === 0
        ? [nothingFound(entries, filter)]
        : noiseRows(found, width - borders, theme, from, to)
    return boxed(title, lines, { width, height }, theme)
  },
)

function noiseRows(
  entries: readonly NoiseEntry[],
  width: number,
  theme: Theme,
  from: number,
  to: number,
): readonly Line[] {
  const countOf = ({ synthetic, calledNoise }: NoiseEntry): string =>
    synthetic === 0 ? 'no synthetic' : `${formatCount(calledNoise)} of ${formatCount(synthetic)}`
  const longestName = entries.reduce((longest, { name }) => Math.max(longest, cellWidth(name)), 4)
  const countWidth = entries.reduce((longest, entry) => Math.max(longest, countOf(entry).length), 0)
  const nameWidth = Math.max(4, Math.min(longestName, Math.floor(width / 3)))
  const shareWidth = 7
  const barWidth = Math.max(0, width - nameWidth - countWidth - shareWidth - 3)
  return entries.slice(from, to).map((entry) => {
    const share = shareOf(entry)
    return [
      { text: padRight(entry.name, nameWidth, theme.cut), colour: groupColour(entry.group) },
      { text: ' ' },
      ...horizontalBar(share, barWidth, originColours.synthetic, theme),
      { text: ` ${padLeft(countOf(entry), countWidth)}`, dim: true },
      { text: ` ${padLeft(share < 0 ? '-' : formatShare(share), shareWidth)}` },
    ]
  })
}

/** Shares above; below them precision and recall where noise was planted. */
const correctionCurves = remember(
  (
    histories: RunView['history']['corrections'],
    corrections: RunView['corrections'],
    above: Extent,
    below: Extent,
    theme: Theme,
  ) => {
    const names = histories.map(({ branch }) => branch)
    const shares = histories.map((history, position) => ({
      name: history.branch,
      colour: pick(seriesColours, position),
      points: history.calledNoise,
      value: lastShare(history.calledNoise),
    }))
    const shareRequest = { title: 'called noise', curves: shares, label: shareLabel, include: [0] }
    const planted = histories.flatMap((history, position) => {
      const now = corrections[position]?.planted
      if (now === undefined) return []
      const name = (measure: string): string =>
        names.length === 1 ? measure : `${history.branch} ${measure}`
      const curve = (measure: 'precision' | 'recall', offset: number): Curve => ({
        name: name(measure),
        colour: pick(seriesColours, 2 * position + offset),
        points: history[measure],
        value: formatRatio(now[measure], 2),
      })
      return [curve('precision', 1), curve('recall', 2)]
    })
    if (planted.length === 0) {
      return curvesBox(shareRequest, above.width, above.height + below.height, theme)
    }
    const plantedRequest = { title: 'planted', curves: planted, label: shareLabel, include: [0, 1] }
    return [
      ...curvesBox(shareRequest, above.width, above.height, theme),
      ...curvesBox(plantedRequest, below.width, below.height, theme),
    ]
  },
)

function lastShare(points: Curve['points']): string {
  const last = points.at(-1)
  return last === undefined ? '-' : formatShare(last.y)
}

/** The facts of the data take so many rows of the panel, where there is room for them. */
function factsHeight({ height }: Extent): number {
  return height >= 10 ? 6 : 0
}

function uncorrected({ view, screen, body, theme }: PanelRequest): readonly Line[] {
  const { width, height } = body
  const facts = factsHeight(body)
  return uncorrectedBox(
    classEntries(view),
    view.lastEpoch === undefined,
    screen.filter,
    screen.scroll.data,
    width,
    height,
    facts,
    theme,
  )
}

const uncorrectedBox = remember(
  (
    entries: readonly ClassEntry[],
    isEarly: boolean,
    filter: string,
    scroll: number,
    width: number,
    height: number,
    facts: number,
    theme: Theme,
  ) => {
    const words = isEarly
      ? 'correction: known after the first epoch'
      : 'nothing corrects labels in this experiment'
    const inner = width - borders
    const found = matching(entries, filter)
    const shown = shownRows(scroll, found.length, height - facts - borders)
    const rows =
      found.length === 0
        ? [nothingFound(entries, filter)]
        : classRows(found, inner, theme, shown.from, shown.to)
    const name = originLegend(filterTitle('classes', filter), theme)
    const title = listTitle(name, width, ...(facts === 0 ? [words] : []), shown.words)
    const list = boxed(title, rows, { width, height: height - facts }, theme)
    if (facts === 0) return list
    const head: Line = [{ text: 'data', bold: true }]
    const lines = [...countLines(entries, inner, theme), [{ text: words, colour: okabeIto.yellow }]]
    return [...boxed(head, lines, { width, height: facts }, theme), ...list]
  },
)

function countLines(entries: readonly ClassEntry[], width: number, theme: Theme): readonly Line[] {
  const totals = (key: 'real' | 'synthetic'): number => entries.reduce((sum, entry) => sum + entry[key], 0)
  const real = totals('real')
  const synthetic = totals('synthetic')
  const say = (...texts: readonly string[]): Line =>
    joinFitting(
      texts.map((text) => [{ text }]),
      theme.separator,
      width,
    )
  const withBoth = entries.map((entry) => entry.real + entry.synthetic)
  return [
    say(
      `${formatCount(entries.length)} classes`,
      `${formatCount(real)} real images`,
      `${formatCount(synthetic)} synthetic`,
    ),
    say(
      `largest class ${formatCount(Math.max(0, ...withBoth))}`,
      `smallest ${formatCount(entries.length === 0 ? 0 : Math.min(...withBoth))} images`,
    ),
    say(
      `imbalance factor ${factorOf(entries.map((entry) => entry.real))}`,
      ...(synthetic === 0 ? [] : [`${factorOf(withBoth)} with the synthetic ones`]),
    ),
  ]
}

/** Images of the largest class for one of the smallest. */
function factorOf(counts: readonly number[]): string {
  const smallest = Math.min(...counts)
  return counts.length === 0 || smallest === 0
    ? 'none: a class is empty'
    : (Math.max(...counts) / smallest).toFixed(1)
}
