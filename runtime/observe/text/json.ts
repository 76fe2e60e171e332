// Machine output: a run's journal as newline-delimited JSON, and answers of commands as one object.
import { jsonText } from '../../platform/texts/json.js'

/** One event or record as a line of NDJSON, with its line end. */
export function eventLine(event: object): string {
  return `${jsonText(event)}\n`
}

/** An answer as one indented JSON object with a final line end. */
export function answerText(answer: object): string {
  return `${jsonText(answer, 2)}\n`
}
