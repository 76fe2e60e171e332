import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { createMetricsTable } from '../../../runtime/run/journal/metrics-csv.js'
import { recordedRun, tenClasses } from '../../observe/text/recorded-run.js'

function metricsCsv(events: readonly JournalEvent[]): string | undefined {
  const table = createMetricsTable()
  for (const event of events) table.add(event)
  return table.text()
}

const rowsOf = (text: string | undefined): readonly (readonly string[])[] =>
  (text ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))

test('a run has one row an epoch, with the numbers of its journal', () => {
  const events = recordedRun({ ...tenClasses, doneEpochs: 3 })
  const [header = [], ...rows] = rowsOf(metricsCsv(events))
  expect(header.slice(0, 8)).toEqual([
    'epoch',
    'step',
    'seconds',
    'samples_per_second',
    'learning_rate',
    'loss',
    'loss.unaware.mixup',
    'loss.aware.contrast',
  ])
  expect(rows.map(([epoch]) => epoch)).toEqual(['0', '1', '2'])
  const evaluated = events.filter((event) => event.event === 'evaluated')
  const column = header.findIndex((name) => name.endsWith('.top1'))
  expect(rows.map((row) => Number(row[column]))).toEqual(evaluated.map(({ top1 }) => top1))
})

test('an epoch that is trained again after a resumption has one row', () => {
  const events = recordedRun({ ...tenClasses, doneEpochs: 3 })
  const [start] = events
  if (start?.event !== 'run_started') throw new Error('a run begins with run_started')
  const again: JournalEvent = { ...start, resumed: { epoch: 1, step: 24, checkpoint: 'step-000024' } }
  const [, ...rows] = rowsOf(metricsCsv([...events, again]))
  expect(rows.map(([epoch]) => epoch)).toEqual(['0'])
})

test('names with commas and quotes stay one cell', () => {
  const events = recordedRun({ ...tenClasses, doneEpochs: 1 }).map((event) =>
    event.event === 'evaluated' ? { ...event, dataset: 'a "b", c' } : event,
  )
  expect(metricsCsv(events)).toContain('"a ""b"", c.top1"')
})

test('nothing has happened yet: there is no table', () => {
  expect(metricsCsv([])).toBeUndefined()
})
