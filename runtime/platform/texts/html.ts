// HTML that is put together from pieces. Whatever is not markup already is text, and written so that it stays
// text.

import { printable } from '../../../grammar/printable.js'
import { jsonText } from './json.js'

export interface Markup {
  readonly markup: string
}

export type Piece = Markup | string | number | undefined | readonly Piece[]

/**
 * A template whose insertions are escaped, except markup. `undefined` is nothing. Attributes need their
 * quotes.
 */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { markup: parts.reduce((text, part, i) => text + render(pieces[i - 1]) + part) }
}

function render(piece: Piece): string {
  if (piece === undefined) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escapeText(String(piece))
  if (isList(piece)) return piece.map(render).join('')
  return piece.markup
}

function isList(piece: Markup | readonly Piece[]): piece is readonly Piece[] {
  return Array.isArray(piece)
}

/**
 * Text for between tags and for between the quotes of an attribute. What cannot be seen, line ends aside, is
 * shown.
 */
export function escapeText(text: string): string {
  return text
    .replace(/[^\n\t]+/g, printable)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** JSON for inside a script element: no `<` can end the element or begin a comment. */
export function scriptJson(value: unknown): Markup {
  return { markup: jsonText(value).replaceAll('<', '\\u003c') }
}
