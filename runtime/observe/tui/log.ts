// The log of a run: its events as the plain lines that a pipe would get, each with its time and its kind.

import { printable } from '../../../grammar/printable.js'
import type { JournalEvent } from '../../run/journal/events.js'
import type { RunView } from '../../run/view/run-view.js'
import { plainLines } from '../text/plain.js'

export interface LogLine {
  /** Seconds since this session of the run began. */
  readonly seconds: number
  readonly kind: 'note' | 'warning' | 'advice' | 'command' | 'failure'
  readonly text: string
}

/** Lines kept at most; the oldest go first. */
export const logLimit = 2000

export interface RunLog {
  /** Takes an event with the run's view after it. */
  readonly add: (event: JournalEvent, view: RunView) => void
  /** Oldest first; the same object until a line is added. */
  readonly lines: () => readonly LogLine[]
}

export function createRunLog(): RunLog {
  const plain = plainLines({ verbose: true })
  let lines: readonly LogLine[] = []
  return {
    add(event, view) {
      const texts = [...plain.event(event, view)]
      if (event.event === 'run_ended') {
        texts.push(
          `${event.outcome.padEnd(10)} ${event.code === undefined ? '' : `${event.code}: `}${event.message}`,
        )
      }
      if (texts.length === 0) return
      const seconds = Math.max(0, (event.time - view.startedAt) / 1000)
      const added = texts.map((text) => ({ seconds, kind: kindOf(event, text), text: printable(text) }))
      lines = [...lines, ...added].slice(-logLimit)
    },
    lines: () => lines,
  }
}

function kindOf(event: JournalEvent, text: string): LogLine['kind'] {
  switch (event.event) {
    case 'run_started':
      return text.startsWith('warning ') ? 'warning' : 'note'
    case 'warned':
      return 'warning'
    case 'advised':
      return 'advice'
    case 'commanded':
    case 'extended':
      return 'command'
    case 'run_ended':
      return event.outcome === 'failed' || event.outcome === 'diverged' ? 'failure' : 'note'
    default:
      return 'note'
  }
}
