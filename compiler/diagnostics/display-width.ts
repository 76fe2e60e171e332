// How wide text is on a terminal, and how to cut it to a width.
import { printable } from '../../grammar/printable.js'

const combining = /\p{Mark}|\p{Default_Ignorable_Code_Point}/u
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u

/** Columns that one character takes on a terminal. */
function characterWidth(character: string): number {
  if (character < '\u0300') return character < ' ' || character === '\u007f' ? 0 : 1
  if (combining.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** Columns that text takes on a terminal; it must hold no tab. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** Text as it can be shown in a frame: tabs as two blanks, what cannot be seen as its escape. */
export function framed(text: string): string {
  return printable(text.replaceAll('\t', '  '))
}

/** The longest beginning of `text` that takes at most `width` columns. */
export function cutToWidth(text: string, width: number): string {
  let taken = 0
  let cut = ''
  for (const character of text) {
    taken += characterWidth(character)
    if (taken > width) break
    cut += character
  }
  return cut
}
