// metrics.csv as it grows.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as durable from '../../../runtime/platform/files/durable.js'
import { openMetrics } from '../../../runtime/run/folder/metrics-file.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { createMetricsTable } from '../../../runtime/run/journal/metrics-csv.js'
import { recordedRun, tenClasses } from '../../observe/text/recorded-run.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-metrics-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const contents = () => readFileSync(join(folder, 'metrics.csv'), 'utf8')

function wholeText(events: readonly JournalEvent[]): string | undefined {
  const table = createMetricsTable()
  for (const event of events) table.add(event)
  return table.text()
}

const run = recordedRun({ ...tenClasses, epochs: 6, doneEpochs: 6 }).filter(({ event }) =>
  ['run_started', 'epoch_done', 'evaluated'].includes(event),
)
const [started] = run
if (started?.event !== 'run_started') throw new Error('begins with its start')

test('after every event it is what the whole journal gives, whatever happened in whatever order', () => {
  const resumption = fc
    .integer({ min: 0, max: 5 })
    .map((epoch): JournalEvent => ({ ...started, resumed: { epoch, step: epoch * 24, checkpoint: '' } }))
  const measured = fc.constantFrom(...run.slice(1)).chain((event): fc.Arbitrary<JournalEvent> => {
    if (event.event !== 'evaluated') return fc.constant(event)
    // Shorter and longer rows, columns that come late, and an epoch that is evaluated in its midst.
    return fc
      .record({
        top1: fc.double({ min: 0, max: 1, noNaN: true }),
        ece: fc.constantFrom(undefined, 0.25),
        dataset: fc.constantFrom('test', 'val'),
      })
      .map((more) => ({ ...event, ...more }))
  })
  const histories = fc.array(fc.oneof({ weight: 8, arbitrary: measured }, resumption), { maxLength: 30 })
  fc.assert(
    fc.property(histories, fc.nat(40), (events, before) => {
      const all = [started, ...events, started]
      const metrics = openMetrics(folder)
      const from = Math.min(before, all.length - 1)
      for (const event of all.slice(0, from)) metrics.recall(event)
      for (const [at, event] of all.slice(from).entries()) {
        metrics.hear(event)
        expect(contents()).toBe(wholeText(all.slice(0, from + at + 1)))
      }
      metrics.close()
    }),
    { numRuns: 60 },
  )
})

test('what an epoch writes does not grow with the epochs before it', () => {
  const writes = vi.spyOn(durable, 'writeDurably')
  const metrics = openMetrics(folder)
  metrics.hear(started)
  const [trained, evaluated] = run.slice(1)
  if (trained?.event !== 'epoch_done' || evaluated?.event !== 'evaluated') throw new Error('an epoch first')
  for (let epoch = 0; epoch < 300; epoch++) {
    metrics.hear({ ...trained, epoch })
    metrics.hear({ ...evaluated, epoch })
  }
  metrics.close()
  expect(contents().split('\n')).toHaveLength(302)
  // The table's columns are known after the first epoch.
  expect(writes.mock.calls.length).toBeLessThanOrEqual(4)
})
