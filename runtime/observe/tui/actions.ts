// What whoever watches a run may ask of it. A screen without actions only shows.
import type { Command } from '../../run/journal/commands.js'

export interface RunActions {
  readonly tell: (command: Command) => void
  /** Stop watching; the run goes on. */
  readonly detach: () => void
}
