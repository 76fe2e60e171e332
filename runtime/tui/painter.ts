// Puts frames on the alternate screen: only lines that changed are written, each at its absolute place, inside one
// synchronized update. Ink hands over whole frames (its debug mode); its own line-wise update is not used because it
// addresses lines relative to the cursor and loses its place when the terminal is resized.

import { terminalSize } from '../output/terminal.js'

const beginUpdate = '\u001b[?2026h'
const endUpdate = '\u001b[?2026l'

/** What has to be written so that a screen that shows `before` shows `after`; empty where they are equal. */
export function repaint(before: readonly string[], after: readonly string[]): string {
  let text = ''
  for (let row = 0; row < Math.max(before.length, after.length); row++) {
    const line = after[row] ?? ''
    if (line === (before[row] ?? '')) continue
    // Erased before it is written: erasing after a line of full width would take its last character.
    text += `\u001b[${row + 1};1H\u001b[0m\u001b[2K${line}`
  }
  return text === '' ? '' : `${beginUpdate}${text}\u001b[0m${endUpdate}`
}

/** What painting asks of a terminal. */
export interface Paintable {
  readonly columns?: number
  readonly rows?: number
  write(text: string): boolean
}

/** `stream`, but with a size in any case, and what is written to it is a frame; short control codes go through. */
export function paintingStream<Terminal extends Paintable>(
  stream: Terminal,
  isOpen: () => boolean,
): Terminal {
  let shown: readonly string[] = []
  let size = ''
  const paint = (frame: string): void => {
    if (!isOpen() || frame === '') return
    if (frame.startsWith('\u001b[?')) {
      stream.write(frame)
      return
    }
    const { columns, rows } = terminalSize(stream)
    const lines = frame.split('\n').slice(0, rows)
    const now = `${columns}x${rows}`
    if (now !== size) {
      size = now
      shown = []
      stream.write('\u001b[0m\u001b[2J')
    }
    const text = repaint(shown, lines)
    shown = lines
    if (text !== '') stream.write(text)
  }
  // As a stream's: what is written, then perhaps an encoding, then perhaps whom to tell.
  const write = (frame: unknown, ...rest: readonly unknown[]): boolean => {
    if (typeof frame === 'string') paint(frame)
    const tell = rest.at(-1)
    if (typeof tell === 'function') setImmediate(() => tell())
    return true
  }
  return new Proxy(stream, {
    get(target, key) {
      if (key === 'write') return write
      if (key === 'columns' || key === 'rows') return terminalSize(target)[key]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
