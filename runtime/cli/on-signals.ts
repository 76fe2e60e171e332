// Signals of a command that can end in order: the first asks it to, a second does not wait.
import { exitCodes } from '../platform/errors.js'

/**
 * Calls `act` at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process. Returns how to hear no
 * more.
 */
export function onSignals(act: (signal: NodeJS.Signals) => void): () => void {
  let asked = false
  const hear = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated)
    asked = true
    act(signal)
  }
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, hear)
  return () => {
    for (const signal of signals) process.off(signal, hear)
  }
}
