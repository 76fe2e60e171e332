// What goes to standard output and standard error. Commands write with `paint` and `clearLine`, whose marks
// carry a number that nobody outside of this process knows; `terminalText` turns them into escape codes, and
// everything else that would move the terminal into its escape, wherever it comes from.
import { randomInt } from 'node:crypto'
import { characterEscape, unprintable } from '../../../grammar/printable.js'

const secret = randomInt(1e9, 1e10)

/** Text between two codes of ECMA-48 (Select Graphic Rendition), such as 31 and 39 for red. */
export function styled(open: number, text: string, close: number): string {
  return `\u001b[${secret};${open}m${text}\u001b[${secret};${close}m`
}

/** Empties the line that the cursor is in, and puts it at its beginning. */
export const clearLine = `\u001b[${secret};2K`

const marksAndOthers = new RegExp(
  `\\u001b\\[${secret};(?<code>\\d+)(?<kind>[mK])|(?![\\n\\t]|\\r\\n)(?:${unprintable})`,
  'gu',
)

/**
 * As it may be written to a stream: line ends and tabs as they are, styles as codes, the rest so that it is
 * seen.
 */
export function terminalText(text: string): string {
  return text.replace(marksAndOthers, (found, code: string | undefined, kind: string | undefined) => {
    if (code === undefined) return characterEscape(found)
    return `${kind === 'K' ? '\r' : ''}\u001b[${code}${kind}`
  })
}

/**
 * A line for whoever reads what a process without a terminal leaves: on standard error, or where it is said.
 */
export function logLine(text: string, stream: NodeJS.WritableStream = process.stderr): void {
  stream.write(`${terminalText(text)}\n`)
}
