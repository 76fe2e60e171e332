// The journal of a run: one JSON object a line, appended, never changed.
import {
  appendFileSync,
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'
import type { JournalEvent } from './events.js'

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
  write(event: NewEvent): void
  /** Forces what was written onto the disk. */
  flush(): void
  close(): void
}

/** Opens (or begins) a journal. Where the last line was torn by a crash, a newline keeps it apart from what follows. */
export function openJournal(path: string, now: () => number = Date.now): JournalWriter {
  const file = openSync(path, 'a+')
  if (endsInsideLine(file)) writeSync(file, '\n')
  let isTorn = false
  return {
    write(event) {
      const line = `${JSON.stringify({ time: now(), ...event })}\n`
      // A full disk takes the beginning of a line; what is written once there is room must not be joined to it.
      const before = isTorn ? '\n' : ''
      isTorn = true
      appendFileSync(file, `${before}${line}`)
      isTorn = false
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

/** Reads a journal from byte `from` (the start of a line) to its last whole line; a torn last line is left out. */
export function readJournal(path: string, from = 0): JournalContents {
  const { lines } = splitLines(readFileSync(path).subarray(from))
  const events: JournalEvent[] = []
  let damagedLines = 0
  for (const line of lines) {
    const event = parseEvent(line)
    if (event !== undefined) events.push(event)
    else if (line.byteLength > 0) damagedLines++
  }
  return {
    events,
    damagedLines,
    end: lines.reduce((total, line) => total + line.byteLength + 1, from),
  }
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
    return isEvent(value) ? value : undefined
  } catch {
    return undefined
  }
}

const eventKinds: Readonly<Record<JournalEvent['event'], true>> = {
  run_started: true,
  data_ready: true,
  data_drawn: true,
  engine_ready: true,
  phase_started: true,
  steps_done: true,
  epoch_done: true,
  evaluated: true,
  checkpoint_written: true,
  profiled: true,
  warned: true,
  advised: true,
  commanded: true,
  extended: true,
  run_ended: true,
}

/** Lines are written by this program and whole or torn, so the kind and the time tell an event. */
function isEvent(value: unknown): value is JournalEvent {
  if (typeof value !== 'object' || value === null) return false
  const { event, time } = value as { event?: unknown; time?: unknown }
  return typeof time === 'number' && typeof event === 'string' && Object.hasOwn(eventKinds, event)
}
