// The alternate screen: entered for the time of the UI, and left whatever happens, so that a crash never
// leaves a terminal without its cursor or its text.

const enterCodes = '\u001b[?1049h\u001b[2J\u001b[H\u001b[?25l'
const leaveCodes = '\u001b[?25h\u001b[?1049l'

export interface AlternateScreen {
  /** Gives the normal screen back; harmless when called again. */
  readonly leave: () => void
}

export function enterAlternateScreen(stream: NodeJS.WriteStream): AlternateScreen {
  let isInside = true
  const leave = (): void => {
    if (!isInside) return
    isInside = false
    process.off('exit', leave)
    // Raw mode belongs to the terminal, not to the process: a crash would leave it on.
    if (process.stdin.isTTY && process.stdin.isRaw) process.stdin.setRawMode(false)
    stream.write(leaveCodes)
  }
  process.on('exit', leave)
  stream.write(enterCodes)
  return { leave }
}
