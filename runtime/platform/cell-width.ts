// How many terminal cells a text takes, and texts cut or padded to a number of cells.
import { printable } from '../../grammar/printable.js'

const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

const combining = /\p{Mark}|[\u200c\u200d]/u

const ascii = /^[\x20-\x7e]*$/

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0
  // Latin letters, lines, blocks and Braille, of which whole screens are made: known without a search.
  if (code < 0x300 || (code >= 0x2500 && code < 0x2900)) return 1
  if (combining.test(character)) return 0
  for (const [from, to] of wideRanges) if (code >= from && code <= to) return 2
  return 1
}

/** Cells that `text` takes as `printable` shows it. */
export function cellWidth(text: string): number {
  if (ascii.test(text)) return text.length
  let width = 0
  for (const character of printable(text)) width += characterWidth(character)
  return width
}

/**
 * At most `width` cells of `text` as `printable` shows it; where something is cut, its last cell is `mark`.
 */
export function truncate(text: string, width: number, mark = '…'): string {
  if (ascii.test(text) && text.length <= width) return text
  const shown = printable(text)
  if (cellWidth(shown) <= width) return shown
  if (width <= 0) return ''
  let kept = ''
  let used = 0
  for (const character of shown) {
    const next = characterWidth(character)
    if (used + next > width - 1) break
    kept += character
    used += next
  }
  // A joiner with nothing to join would be shown.
  return kept.replace(/[\u200c\u200d]+$/, '') + mark
}

/** Exactly `width` cells, the text on the left. */
export function padRight(text: string, width: number, mark = '…'): string {
  const cut = truncate(text, width, mark)
  return cut + ' '.repeat(Math.max(0, width - cellWidth(cut)))
}

/** Exactly `width` cells, the text on the right. */
export function padLeft(text: string, width: number, mark = '…'): string {
  const cut = truncate(text, width, mark)
  return ' '.repeat(Math.max(0, width - cellWidth(cut))) + cut
}
