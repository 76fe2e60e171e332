// LaTeX that is put together from pieces. Whatever is not LaTeX already is text, and written so that it is
// printed as it stands.
import { printable } from '../../../grammar/printable.js'

export interface Latex {
  readonly latex: string
}

/** A template whose insertions are escaped, except LaTeX. */
export function latex(parts: TemplateStringsArray, ...pieces: readonly (Latex | string | number)[]): Latex {
  return {
    latex: parts.raw.reduce((text, part, i) => {
      const piece = pieces[i - 1] ?? ''
      return `${text}${typeof piece === 'object' ? piece.latex : latexText(String(piece))}${part}`
    }),
  }
}

/** Pieces with `separator`, which is LaTeX, between them. */
export function joinLatex(pieces: readonly Latex[], separator: string): Latex {
  return { latex: pieces.map((piece) => piece.latex).join(separator) }
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  // A sign by its number needs no encoding of fonts, which \textquotedbl does.
  '"': '\\symbol{34}',
  '`': '\\symbol{96}',
  "'": '\\symbol{39}',
  // Behind the \\ of a row these two would be its arguments.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
}

/** Text that LaTeX prints as it stands, in one line; what cannot be seen, as its escape. */
function latexText(text: string): string {
  return (
    printable(text.replace(/\s+/g, ' '))
      .replace(/[\\~^{}&%$#_<>|"`'[\]*]/g, (sign) => escapes[sign] ?? sign)
      // Two hyphens would become a dash.
      .replace(/-(?=-)/g, '-{}')
  )
}
