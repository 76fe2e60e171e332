// No line of a journal breaks whoever reads it: a field that was changed is told, or does no harm.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { recordOf } from '../../../runtime/apps/replay/record.js'
import { historyOf } from '../../../runtime/observe/report/history.js'
import { plainRenderer } from '../../../runtime/observe/text/plain.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { parseEvent, readJournal } from '../../../runtime/run/journal/journal.js'
import { createMetricsTable } from '../../../runtime/run/journal/metrics-csv.js'
import { emptyRunView, reduceRunView } from '../../../runtime/run/view/run-view.js'
import { recordedRun, tenClasses } from '../../observe/text/recorded-run.js'

const folder = mkdtempSync(join(tmpdir(), 'saurun-lines-'))
afterAll(() => rmSync(folder, { recursive: true }))

const recorded = recordedRun({
  ...tenClasses,
  classes: 3,
  epochs: 3,
  stepsPerEpoch: 4,
  doneEpochs: 3,
  extraSteps: 0,
})

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

function readAll(events: readonly JournalEvent[]): void {
  const renderer = plainRenderer({ verbose: true })
  for (const event of events) renderer.event(event)
  renderer.finish()
  events.reduce(reduceRunView, emptyRunView)
  const table = createMetricsTable()
  for (const event of events) table.add(event)
  table.text()
  historyOf(events)
  recordOf(events, 3)
}

/** Places in a value: each field and entry, as the names that lead there. */
function placesIn(value: unknown, before: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, entry]) => {
    const place = [...before, name]
    return [place, ...placesIn(entry, place)]
  })
}

function put(value: unknown, [name = '', ...rest]: readonly string[], entry: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const changed = rest.length === 0 ? entry : put(Reflect.get(value, name), rest, entry)
  return Array.isArray(value) ? Object.assign([...value], { [name]: changed }) : { ...value, [name]: changed }
}

const others = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  0.5,
  1e300,
  2 ** 52,
  '',
  'text',
  [],
  [null],
  {},
  { a: 1 },
)

test('a whole line is what was written', () => {
  for (const event of recorded) {
    const written: unknown = JSON.parse(JSON.stringify(event))
    expect(parseEvent(bytes(event))).toEqual(written)
  }
})

test.each([
  'null',
  '{}',
  '7',
  '[]',
  '"text"',
  '{"event":"warned"}',
  '{"time":1,"event":"toString"}',
  '\0\0\0\0',
  '{"time":1',
])('a line of %j is no event', (line) => {
  const path = join(folder, 'journal.jsonl')
  writeFileSync(path, `${line}\n`)
  expect(readJournal(path)).toMatchObject({ events: [], damagedLines: 1 })
})

test('a number that JSON does not have comes back as NaN', () => {
  const event = {
    time: 1,
    event: 'steps_done',
    epoch: 0,
    step: 0,
    steps: 1,
    loss: Number.NaN,
    losses: [Number.NaN],
  }
  const rest = { rate: 1, samplesPerSecond: Number.POSITIVE_INFINITY, dataWait: 0, memory: 1 }
  expect(parseEvent(bytes({ ...event, ...rest }))).toMatchObject({
    loss: Number.NaN,
    losses: [Number.NaN],
    samplesPerSecond: Number.NaN,
  })
})

test('whatever one field becomes, no reader fails', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), others, (which, where, entry) => {
      const at = which % recorded.length
      const event = recorded[at]
      const places = placesIn(event)
      const changed = put(event, places[where % places.length] ?? [], entry)
      const events = recorded.flatMap((one, i) => parseEvent(bytes(i === at ? changed : one)) ?? [])
      readAll(events)
    }),
    { numRuns: 300 },
  )
})
