// How a run stands, from journals whose lines are long, or many.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { evaluationReader } from '../../../runtime/apps/sweep/results.js'
import { statusDetails, statusTable } from '../../../runtime/observe/text/status-text.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { type JournalWriter, openJournal } from '../../../runtime/run/journal/journal.js'
import { runStatus, runStatusReader } from '../../../runtime/run/view/run-status.js'
import { emptyRunView, reduceRunView } from '../../../runtime/run/view/run-view.js'
import { recordedRun, tenClasses } from '../../observe/text/recorded-run.js'

let runFolder: string
let path: string
beforeEach(() => {
  runFolder = join(mkdtempSync(join(tmpdir(), 'saurun-status-')), 'tails', '20260101-120000-abcdef')
  mkdirSync(runFolder, { recursive: true })
  path = join(runFolder, 'journal.jsonl')
})
afterEach(() => rmSync(join(runFolder, '..', '..'), { recursive: true }))

/** Writes events as they are, each with its own time. */
function write(events: readonly JournalEvent[]): void {
  let now = 0
  const journal: JournalWriter = openJournal(path, () => now)
  for (const { time, ...event } of events) {
    now = time
    journal.write(event)
  }
  journal.close()
}

/** What of a view is whole in a status. */
function told(status: ReturnType<typeof runStatus>) {
  const {
    started,
    stepsDone,
    epochsDone,
    latest,
    lastEpoch,
    checkpoint,
    warnings,
    ended,
    paused,
    stopping,
    now,
    phase,
  } = status.view
  const evaluations = status.view.evaluations.map(({ dataset, latest: newest }) => [dataset, newest])
  const seconds = status.view.pace.recent
  return {
    started,
    stepsDone,
    epochsDone,
    latest,
    lastEpoch,
    checkpoint,
    warnings,
    ended,
    paused,
    stopping,
    now,
    phase,
    evaluations,
    seconds,
  }
}

function whole(events: readonly JournalEvent[]) {
  const view = JSON.parse(JSON.stringify(events)).reduce(reduceRunView, emptyRunView)
  return told({ ...runStatus(runFolder), view })
}

/** A run of `classes` classes that counts every one of them, over before its last event. */
function manyClasses(classes: number, epochs = 2): readonly JournalEvent[] {
  return recordedRun({ ...tenClasses, classes, epochs, doneEpochs: epochs })
}

describe.each([1000, 8142])('a run of %i classes', (classes) => {
  test('is at its last epoch, with its measures', () => {
    const events = manyClasses(classes)
    write(events)
    const status = runStatus(runFolder)
    expect(status.state).toBe('done')
    expect(told(status)).toEqual(whole(events))
    const lines = statusDetails(status, 0).join('\n')
    expect(lines).toContain('2 of 2 epochs, 48 steps, 100.0 %')
    expect(lines).toContain('top-1')
    expect(statusTable([status], 0)[1]).toMatch(/done +2\/2 +\d+\.\d %/)
  })
})

test('lines of megabytes, as matrices made them before 0.5.0, hide nothing', () => {
  const events = manyClasses(1000)
  const matrix = Array.from({ length: 1000 }, (_, label) =>
    Array.from({ length: 1000 }, (_, predicted) => (label === predicted ? 9 : 0)),
  )
  const lines = events.map((event) =>
    JSON.stringify(event.event === 'evaluated' ? { ...event, confusion: matrix } : event),
  )
  expect(Math.max(...lines.map(({ length }) => length))).toBeGreaterThan(1 << 20)
  writeFileSync(path, `${lines.join('\n')}\n`)
  const status = runStatus(runFolder)
  expect(status).toMatchObject({ state: 'done', progress: 1 })
  expect(status.view.evaluations[0]?.latest?.top1).toBeGreaterThan(0)
  const values = evaluationReader().read(runFolder, 0)
  expect([...values.keys()]).toEqual([0, 1])
  expect(values.get(1)?.get('top1')).toBe(status.view.evaluations[0]?.latest?.top1)
})

test('a run that was extended has its epochs however much came after', () => {
  const events = recordedRun({ ...tenClasses, epochs: 900, doneEpochs: 30 })
  const at = events.findIndex(({ event }) => event === 'epoch_done')
  const time = events[at]?.time ?? 0
  const steps = events.filter(({ event }) => event === 'steps_done').slice(0, 5)
  const megabytes = Array.from({ length: 1500 }, () => steps).flat()
  const extended: JournalEvent[] = [
    { time, event: 'commanded', command: 'extend', epochs: 1100, by: 'test' },
    { time, event: 'extended', epochs: 2000, before: 900, step: 24, planHash: 'longer' },
    { time, event: 'warned', code: 'SAU7124', message: 'long ago' },
    { time, event: 'commanded', command: 'pause', by: 'test' },
  ]
  write([...events.slice(0, at), ...extended, ...megabytes, ...events.slice(at)])
  const status = runStatus(runFolder)
  expect(status.view.started?.epochs).toBe(2000)
  expect(status.view.warnings).toEqual(['long ago'])
  expect(status.view.paused).toBe(true)
  expect(statusDetails(status, 0).join('\n')).toContain('30 of 2,000 epochs')
})

test('a run that went on from a checkpoint stands where it went on', () => {
  const events = recordedRun({ ...tenClasses, epochs: 40, doneEpochs: 20 })
  const [started] = events
  if (started?.event !== 'run_started') throw new Error('begins with its start')
  const resumed = { ...started, time: 9e12, resumed: { epoch: 12, step: 12 * 24, checkpoint: 'step-000288' } }
  const all = [...events, resumed]
  write(all)
  expect(told(runStatus(runFolder))).toEqual(whole(all))
  expect(runStatus(runFolder).view.epochsDone).toBe(12)
})

test('looked at again and again, each time as if for the first', () => {
  const events = recordedRun({ ...tenClasses, epochs: 20, doneEpochs: 20 })
  const reader = runStatusReader(runFolder)
  expect(reader.read()).toMatchObject({ state: 'prepared', progress: 0 })
  for (let from = 0; from < events.length; from += 17) {
    write(events.slice(from, from + 17))
    expect(told(reader.read())).toEqual(whole(events.slice(0, from + 17)))
    expect(reader.read()).toEqual(runStatus(runFolder))
  }
  rmSync(path)
  expect(reader.read()).toMatchObject({ state: 'prepared', progress: 0 })
})
