// Machine output: a run's journal as newline-delimited JSON, and answers of commands as one object.
import type { JournalEvent } from '../journal/events.js'

/** One event as the line of NDJSON it is in the journal, with its line end. */
export function eventLine(event: JournalEvent): string {
  return `${JSON.stringify(event)}\n`
}

/** An answer as one indented JSON object with a final line end. */
export function answerText(answer: object): string {
  return `${JSON.stringify(answer, undefined, 2)}\n`
}
