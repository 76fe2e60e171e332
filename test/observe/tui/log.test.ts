// The log: plain lines with their kind and time, as many as are kept.
import { expect, test } from 'vitest'
import { createRunLog, logLimit } from '../../../runtime/observe/tui/log.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { emptyRunView, reduceRunView } from '../../../runtime/run/view/run-view.js'
import { recordedStart, tenClasses } from '../text/recorded-run.js'
import { cockpitRun } from './cockpit-run.js'

function logged(events: readonly JournalEvent[]) {
  const log = createRunLog()
  let view = emptyRunView
  for (const event of events) {
    view = reduceRunView(view, event)
    log.add(event, view)
  }
  return log.lines()
}

const started = cockpitRun(tenClasses).slice(0, 1)
const at = (seconds: number) => recordedStart + 1000 * seconds

test('a line has its kind and the seconds since the run began', () => {
  const lines = logged([
    ...started,
    { time: at(5), event: 'warned', code: 'SAU7110', message: 'a file changed' },
    { time: at(6), event: 'commanded', command: 'extend', epochs: 3, by: 'the terminal UI' },
    { time: at(7), event: 'advised', message: 'tensorflow would be faster' },
    {
      time: at(8),
      event: 'run_ended',
      outcome: 'failed',
      exitCode: 5,
      code: 'SAU7201',
      message: 'memory ran out',
      help: undefined,
      epoch: 0,
      step: 0,
      seconds: 8,
      peakMemory: 0,
    },
  ])
  expect(lines.slice(-4)).toEqual([
    { seconds: 5, kind: 'warning', text: 'warning    SAU7110: a file changed' },
    { seconds: 6, kind: 'command', text: 'command    extend by 3 epochs (the terminal UI)' },
    { seconds: 7, kind: 'advice', text: 'advice     tensorflow would be faster' },
    { seconds: 8, kind: 'failure', text: 'failed     SAU7201: memory ran out' },
  ])
})

test('the oldest lines go first', () => {
  const warnings = Array.from(
    { length: logLimit + 10 },
    (_, i): JournalEvent => ({ time: at(i), event: 'warned', code: undefined, message: `${i}` }),
  )
  const lines = logged([...started, ...warnings])
  expect(lines).toHaveLength(logLimit)
  expect(lines[0]?.text).toBe('warning    10')
})
