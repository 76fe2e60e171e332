// Lines of spans as text with escape codes. Colours come as near to what is meant as the terminal can show.
import chalk, { type ChalkInstance } from 'chalk'
import { printable } from '../../../grammar/printable.js'
import type { Line, Span } from './spans.js'
import type { Theme } from './theme.js'

/** Text of lines in a theme; a line that is the same object as before is not made anew. */
export function lineStyler(theme: Theme): (line: Line) => string {
  const known = new WeakMap<Line, string>()
  const styles = new Map<string, ChalkInstance>()
  const styleOf = (span: Span): ChalkInstance | undefined => {
    const colour = theme.colour ? span.colour : undefined
    if (colour === undefined && span.bold !== true && span.dim !== true) return undefined
    const name = `${colour ?? ''}${span.bold === true ? 'b' : ''}${span.dim === true ? 'd' : ''}`
    let style = styles.get(name)
    if (style === undefined) {
      style = colour === undefined ? chalk : chalk.hex(colour)
      if (span.bold === true) style = style.bold
      if (span.dim === true) style = style.dim
      styles.set(name, style)
    }
    return style
  }
  return (line) => {
    let text = known.get(line)
    if (text === undefined) {
      // Names come from files of others: whatever they hold, nothing but what is meant here moves the
      // terminal.
      text = line
        .map((span) => {
          const shown = printable(span.text)
          return styleOf(span)?.(shown) ?? shown
        })
        .join('')
      known.set(line, text)
    }
    return text
  }
}
