// Puts frames on the alternate screen: only lines that changed are written, each at its absolute place,
// inside one synchronized update.
import { terminalSize } from '../text/terminal.js'

const beginUpdate = '\u001b[?2026h'
const endUpdate = '\u001b[?2026l'
const clearScreen = '\u001b[0m\u001b[2J'

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

export interface Painter {
  /** Shows a frame: as many of its lines as the terminal has rows. */
  readonly paint: (lines: readonly string[]) => void
}

/** A painter that begins anew whenever the terminal has another size than for the frame before. */
export function createPainter(terminal: Paintable): Painter {
  let shown: readonly string[] = []
  let size = ''
  return {
    paint(frame) {
      const { columns, rows } = terminalSize(terminal)
      const lines = frame.slice(0, rows)
      const now = `${columns}x${rows}`
      if (now !== size) {
        size = now
        shown = []
        terminal.write(clearScreen)
      }
      const text = repaint(shown, lines)
      shown = lines
      if (text !== '') terminal.write(text)
    },
  }
}
