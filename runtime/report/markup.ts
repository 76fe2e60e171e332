// HTML that is put together from pieces. Whatever is not markup already is text, and written so that it stays text.

export interface Markup {
  readonly markup: string
}

export type Piece = Markup | string | number | undefined | readonly Piece[]

/** A template whose insertions are escaped, except markup. `undefined` is nothing. Attributes need their quotes. */
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

/** Text for between tags and for between the quotes of an attribute. Control characters, which HTML forbids, are shown. */
export function escapeText(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\u{fffd}')
  )
}

/** JSON for inside a script element: no `<` can end the element or begin a comment. */
export function scriptJson(value: unknown): Markup {
  return { markup: JSON.stringify(value).replaceAll('<', '\\u003c') }
}
