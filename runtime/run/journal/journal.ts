// The journal of a run: one JSON object a line, appended, never changed.
import { appendFileSync, closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { conforms } from '../../platform/forms/json-form.js'
import { journalEventForm } from './event-form.js'
import type { JournalEvent, RunEnded } from './events.js'
import { type EventKind, lineKind, linesFromEnd, linesOf } from './lines.js'

/** File name of the journal inside a run folder. */
export const journalFile = 'journal.jsonl'

/** What can be written: an event of any kind, its time filled in by the journal. */
export type NewEvent = JournalEvent extends infer E
  ? E extends JournalEvent
    ? Omit<E, 'time'>
    : never
  : never

/** Appends to a journal. Every event is one write, so a process that dies tears at most the last line. */
export interface JournalWriter {
  /** Returns the event as it stands in the journal. */
  write(event: NewEvent): JournalEvent
  /** Forces what was written onto the disk. */
  flush(): void
  close(): void
}

/**
 * Opens (or begins) a journal. Where the last line was torn by a crash, a newline keeps it apart from what
 * follows.
 */
export function openJournal(path: string, now: () => number = Date.now): JournalWriter {
  const file = openSync(path, 'a+')
  if (endsInsideLine(file)) writeSync(file, '\n')
  let isTorn = false
  return {
    write(event) {
      const written = { time: now(), ...event }
      const line = `${JSON.stringify(written)}\n`
      // A full disk takes the beginning of a line; what is written once there is room must not be joined to
      // it.
      const before = isTorn ? '\n' : ''
      isTorn = true
      appendFileSync(file, `${before}${line}`)
      isTorn = false
      return written
    },
    flush() {
      fsyncSync(file)
    },
    close() {
      closeSync(file)
    },
  }
}

function endsInsideLine(file: number): boolean {
  const { size } = fstatSync(file)
  if (size === 0) return false
  const last = Buffer.alloc(1)
  readSync(file, last, 0, 1, size - 1)
  return last[0] !== 0x0a
}

export interface JournalContents {
  readonly events: readonly JournalEvent[]
  /** Whole lines that are no events: torn by a crash and followed by a resumption. */
  readonly damagedLines: number
  /** Bytes up to the end of the last whole line; where `followJournal` goes on. */
  readonly end: number
}

/**
 * Reads a journal from byte `from` (the start of a line) to its last whole line; a torn last line is left
 * out. A journal that is not there has no events.
 * @throws RunError SAU7130 where something else is in its place, or it cannot be read.
 */
export function readJournal(path: string, from = 0): JournalContents {
  const events: JournalEvent[] = []
  let damagedLines = 0
  let position = from
  for (const { bytes, end } of linesOf(path, from)) {
    position = end
    const event = parseEvent(bytes)
    if (event !== undefined) events.push(event)
    else if (bytes.byteLength > 0) damagedLines++
  }
  return { events, damagedLines, end: position }
}

/**
 * The events of some kinds from byte `from` on (the start of a line), in order, one after the other, each
 * with where the line behind it begins; undefined for a line of another kind, which is not parsed.
 */
export function* eventsFrom<Kind extends EventKind>(
  path: string,
  from: number,
  kinds: readonly Kind[],
): Generator<{ readonly event: EventOf<Kind> | undefined; readonly end: number }> {
  for (const { bytes, end } of linesOf(path, from)) {
    yield { event: eventOf(lineKind(bytes), () => bytes, kinds), end }
  }
}

/** The events of some kinds of a whole journal. */
export function* eventsOf<Kind extends EventKind>(
  path: string,
  kinds: readonly Kind[],
): Generator<EventOf<Kind>> {
  for (const { event } of eventsFrom(path, 0, kinds)) if (event !== undefined) yield event
}

/** An event of a kind. */
export type EventOf<Kind extends EventKind> = JournalEvent & { readonly event: Kind }

/**
 * The newest event of some kinds behind byte `from`, however long the lines are; of those that are `wanted`.
 * Looked for from the end: it takes as long as there is behind it.
 */
export function newestEvent<Kind extends EventKind>(
  path: string,
  kinds: readonly Kind[],
  { from = 0, wanted = () => true }: NewestOptions<Kind> = {},
): EventOf<Kind> | undefined {
  for (const line of linesFromEnd(path, from)) {
    const event = eventOf(line.kind, () => line.bytes, kinds)
    if (event !== undefined && wanted(event)) return event
  }
  return undefined
}

interface NewestOptions<Kind extends EventKind> {
  readonly from?: number
  readonly wanted?: (event: EventOf<Kind>) => boolean
}

/**
 * How the last process that worked in a run ended, from byte `from` of the journal on; undefined where it did
 * not.
 */
export function lastEnding(path: string, from = 0): (RunEnded & { readonly time: number }) | undefined {
  const newest = newestEvent(path, ['run_started', 'run_ended'], { from })
  return newest?.event === 'run_ended' ? newest : undefined
}

/** The event of a line whose beginning tells `kind`; undefined where it is of no kind of `kinds`. */
function eventOf<Kind extends EventKind>(
  kind: EventKind | undefined,
  bytes: () => Uint8Array,
  kinds: readonly Kind[],
): EventOf<Kind> | undefined {
  const isOfKind = (event: EventKind): event is Kind => kinds.some((one) => one === event)
  if (kind !== undefined && !isOfKind(kind)) return undefined
  const event = parseEvent(bytes())
  return event !== undefined && isOfKind(event.event) ? (event as EventOf<Kind>) : undefined
}

/** Whole lines of `bytes`, without their newlines, and what stands after the last newline. */
export function splitLines(bytes: Uint8Array): {
  readonly lines: readonly Uint8Array[]
  readonly rest: Uint8Array
} {
  const lines: Uint8Array[] = []
  let start = 0
  for (;;) {
    const newline = bytes.indexOf(0x0a, start)
    if (newline < 0) return { lines, rest: bytes.subarray(start) }
    lines.push(bytes.subarray(start, newline))
    start = newline + 1
  }
}

const strict = new TextDecoder('utf-8', { fatal: true })

/** The event of one line; undefined for an empty or damaged line. */
export function parseEvent(line: Uint8Array): JournalEvent | undefined {
  try {
    const value: unknown = JSON.parse(strict.decode(line))
    return conforms(journalEventForm, value) ? value : undefined
  } catch {
    return undefined
  }
}
