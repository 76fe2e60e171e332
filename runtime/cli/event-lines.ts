// A long command's events as JSON lines, for programs: `engine install` and `data get`.

import { eventLine } from '../observe/text/json.js'
import { RunError } from '../platform/errors.js'
import type { Context } from './context.js'

/** What shows the events of a command that takes long, and its failure. */
export interface EventDisplay<Event extends object> {
  event(event: Event): void
  failed(error: unknown): void
}

export function eventLines<Event extends object>(context: Context): EventDisplay<Event> {
  const line = (event: object): void => context.out(eventLine(event))
  return {
    event: line,
    failed(error) {
      if (!(error instanceof RunError)) return
      const { code, message, help, exitCode } = error
      line({ event: 'failed', code, message, help, exitCode })
    },
  }
}
