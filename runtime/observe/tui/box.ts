// A frame with a title around lines, boxes beside one another, and the small parts that titles and footers
// are made of.
import { cutLine, type Line, lineWidth, padLine } from './spans.js'
import { okabeIto, type Theme } from './theme.js'

/** Cells that a part of the screen fills. */
export interface Extent {
  readonly width: number
  readonly height: number
}

/** Rows and columns that a frame takes of its extent. */
export const borders = 2

/**
 * A frame of exactly `width` x `height` cells, at least 4 x 2; `lines` beyond the inner height are left out,
 * missing ones are blank.
 */
export function boxed(
  title: Line,
  lines: readonly Line[],
  { width, height }: Extent,
  theme: Theme,
): readonly Line[] {
  const { border } = theme
  const inner = width - borders
  const head = cutLine([{ text: ' ' }, ...title, { text: ' ' }], Math.max(0, inner - 1), theme.cut)
  const rule = border.horizontal.repeat(Math.max(0, inner - 1 - lineWidth(head)))
  const framed: Line[] = [
    [
      { text: border.topLeft + border.horizontal, dim: true },
      ...head,
      { text: rule + border.topRight, dim: true },
    ],
  ]
  for (let row = 0; row < height - borders; row++) {
    framed.push([
      { text: border.vertical, dim: true },
      ...padLine(lines[row] ?? [], inner, theme.cut),
      { text: border.vertical, dim: true },
    ])
  }
  framed.push([
    {
      text: border.bottomLeft + border.horizontal.repeat(Math.max(0, inner)) + border.bottomRight,
      dim: true,
    },
  ])
  return framed
}

/** Lines of `left`, each followed by the line of `right` in the same row; both are as high. */
export function beside(left: readonly Line[], right: readonly Line[]): readonly Line[] {
  return left.map((line, row) => [...line, ...(right[row] ?? [])])
}

/** The first row shown of `total` where `page` fit, and the words for it; no words where all fit. */
export function shownRows(
  scroll: number,
  total: number,
  page: number,
): { readonly from: number; readonly to: number; readonly words: string } {
  const from = Math.max(0, Math.min(scroll, total - page))
  const to = Math.min(total, from + page)
  return { from, to, words: total > page ? `${from + 1}-${to} of ${total}` : '' }
}

interface LegendEntry {
  readonly name: string
  readonly colour: string
  readonly mark: string
  readonly value: string
}

/** Curves by colour, name and latest value; without the values where `width` cells do not hold them. */
export function legend(width: number, entries: readonly LegendEntry[], theme: Theme): Line {
  const draw = (withValues: boolean): Line =>
    entries.flatMap((entry, position) => [
      { text: position === 0 ? '' : withValues ? '  ' : ' ' },
      {
        text:
          theme.colour && theme.unicode ? (withValues ? `${theme.bullet} ` : theme.bullet) : `${entry.mark} `,
        colour: entry.colour,
      },
      { text: entry.name, colour: entry.colour },
      ...(withValues ? [{ text: ` ${entry.value}`, bold: true }] : []),
    ])
  const full = draw(true)
  return lineWidth(full) <= width ? full : draw(false)
}

/** A key and what it does. */
export function keyHint(key: string, does: string): Line {
  return [
    { text: key, colour: okabeIto.skyBlue, bold: true },
    { text: ` ${does}`, dim: true },
  ]
}
