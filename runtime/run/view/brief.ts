// How a run stands, from its journal in brief: every line is looked at, whatever its length, but of those
// that are many or long (steps, epochs, evaluations) only the newest are parsed.
import { statSync } from 'node:fs'
import { parseEvent } from '../journal/journal.js'
import { type EventKind, type JournalLine, lineKind, linesOf } from '../journal/lines.js'
import { emptyRunView, type RunView, reduceRunView } from './run-view.js'

/**
 * Lines that are kept of a kind. Speed is smoothed over steps: of the value before these, less than a
 * thousandth would be left. The time of an epoch is that since the one before, and of these one more than the
 * estimate looks at is needed. Evaluations are counted each by its number. All that happened besides is
 * folded as it comes.
 */
const kept: Partial<Record<EventKind, number>> = { steps_done: 32, epoch_done: 6, evaluated: 1 }

export interface BriefReader {
  /** The view now. Curves, the best epoch and what was spent are not whole. */
  read(): RunView
}

/** Reads a journal again and again, each time only what is new in it. */
export function briefReader(path: string): BriefReader {
  let position = 0
  let settled = emptyRunView
  const newest = new Newest()
  return {
    read() {
      // A journal only grows: a shorter one is another.
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < position) {
        position = 0
        settled = emptyRunView
        newest.clear()
      }
      for (const line of linesOf(path, position)) {
        position = line.end
        const kind = lineKind(line.bytes)
        if (kind !== undefined && kept[kind] !== undefined) {
          newest.add(kind, line)
          continue
        }
        // What was measured before a process went on is measured before it: it may take some of it back.
        if (kind === 'run_started') {
          settled = newest.fold(settled)
          newest.clear()
        }
        settled = folded(settled, line.bytes)
      }
      return newest.fold(settled)
    },
  }
}

/** The newest lines of the kinds that are many, in the order of the journal. */
class Newest {
  private readonly places = new Map<string, { readonly start: number; readonly bytes: Uint8Array }[]>()

  add(kind: EventKind, { start, bytes }: JournalLine): void {
    const place = kind === 'evaluated' ? `evaluated ${evaluationOf(bytes)}` : kind
    const lines = this.places.get(place) ?? []
    lines.push({ start, bytes: Uint8Array.from(bytes) })
    if (lines.length > (kept[kind] ?? 0)) lines.shift()
    this.places.set(place, lines)
  }

  fold(view: RunView): RunView {
    const lines = [...this.places.values()].flat().sort((a, b) => a.start - b.start)
    return lines.reduce((before, { bytes }) => folded(before, bytes), view)
  }

  clear(): void {
    this.places.clear()
  }
}

function folded(view: RunView, line: Uint8Array): RunView {
  const event = parseEvent(line)
  return event === undefined ? view : reduceRunView(view, event)
}

/** Behind its kind an evaluation has its epoch and its number. */
function evaluationOf(line: Uint8Array): string {
  const head = Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, 128)).toString('latin1')
  return /"evaluation":(\d+)/.exec(head)?.[1] ?? ''
}
