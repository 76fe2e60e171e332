// Progress of something that takes minutes, as text: on a terminal one line that moves, in a log a line now
// and then.
import { clearLine } from './terminal.js'

/** Time between two lines of progress in a log, ms. */
const logInterval = 10_000

export interface ProgressLine {
  /** What is shown now began at this time, ms. */
  begin(now: number): void
  /** The line in its new state, or what is due in a log at this time. */
  show(onTerminal: string, inLog: string, now: number): string
  /** Takes away the line that moves, so that others can be written. */
  clear(): string
  /** Text that ends a line which still moves. */
  end(): string
}

/** `columns`: of the terminal; undefined for a log. */
export function progressLine(columns: number | undefined): ProgressLine {
  let isMoving = false
  let lastLine = 0
  const clear = (): string => {
    const text = isMoving ? clearLine : ''
    isMoving = false
    return text
  }
  return {
    begin(now) {
      lastLine = now
    },
    show(onTerminal, inLog, now) {
      if (columns !== undefined) {
        const cleared = clear()
        isMoving = true
        return `${cleared}${onTerminal.slice(0, Math.max(1, columns - 1))}`
      }
      if (now - lastLine < logInterval) return ''
      lastLine = now
      return `${inLog}\n`
    },
    clear,
    end: () => (isMoving ? '\n' : ''),
  }
}
