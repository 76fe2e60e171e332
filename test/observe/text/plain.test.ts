// Plain lines and the closing summary, as people read them.
import { describe, expect, test } from 'vitest'
import { plainRenderer } from '../../../runtime/observe/text/plain.js'
import { runSummary } from '../../../runtime/observe/text/summary.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { emptyRunView, reduceRunView } from '../../../runtime/run/view/run-view.js'
import { hundredClasses, recordedRun, tenClasses } from './recorded-run.js'

function plainLines(events: readonly JournalEvent[], verbose = false): readonly string[] {
  const renderer = plainRenderer({ verbose })
  return [...events.flatMap((event) => renderer.event(event)), ...renderer.finish()]
}

const done = recordedRun({ ...tenClasses, doneEpochs: 8, extraSteps: 0 })

describe('plain lines', () => {
  test('are one an epoch, with losses, accuracy, groups, noise and pace', () => {
    expect(plainLines(done).join('\n')).toMatchSnapshot()
  })

  test('hold no control characters and nothing outside ASCII', () => {
    for (const line of plainLines(done, true)) expect(line).toMatch(/^[\x20-\x7e]*$/)
  })

  test('come every 30 seconds while an epoch lasts longer', () => {
    const lines = plainLines(
      recordedRun({ ...hundredClasses, stepsPerEpoch: 1600, doneEpochs: 1, extraSteps: 0, epochs: 2 }),
    )
    const inside = lines.filter((line) => line.includes(' step '))
    // 1600 steps at four per 200 ms are 80 s: two lines at 30 s and 60 s.
    expect(inside).toHaveLength(2)
    expect(inside[0]).toMatch(/^epoch 1\/2 {2}step 596\/1,600 {2}loss /)
  })

  test('show what a run of an earlier version was advised of', () => {
    const events: readonly JournalEvent[] = [
      ...done.slice(0, 2),
      { time: 1, event: 'advised', message: 'tensorflow would be faster' },
      ...done.slice(2),
    ]
    expect(plainLines(events).filter((line) => line.includes('tensorflow'))).toEqual([
      'advice     tensorflow would be faster',
    ])
  })

  test('show control characters of names as escapes', () => {
    const [started] = done
    if (started?.event !== 'run_started') throw new Error('the recording begins otherwise')
    const [line] = plainLines([{ ...started, title: 'a\u001b[2Jb\nc' }])
    expect(line).toBe('experiment a\\u001b[2Jb\\u000ac')
  })
})

describe('the summary', () => {
  const summary = (events: readonly JournalEvent[]) =>
    runSummary(events.reduce(reduceRunView, emptyRunView), {
      folder: 'runs/quickstart/20260101-120000-k3v9q2',
      resume: 'saurun --resume last',
    }).join('\n')

  test('of a finished run says accuracy, groups, planted noise and where it lies', () => {
    expect(summary(done)).toMatchSnapshot()
  })

  test('of a stopped run says how to go on', () => {
    const stopped: JournalEvent = {
      time: 1,
      event: 'run_ended',
      outcome: 'stopped',
      exitCode: 75,
      code: undefined,
      message: 'stopped after a checkpoint',
      help: undefined,
      epoch: 5,
      step: 131,
      seconds: 12.4,
      peakMemory: 450_000_000,
    }
    expect(summary([...recordedRun(tenClasses), stopped])).toMatchSnapshot()
  })

  test('of a diverged run says the code and where', () => {
    const diverged: JournalEvent = {
      time: 1,
      event: 'run_ended',
      outcome: 'diverged',
      exitCode: 6,
      code: 'SAU7201',
      message: 'the loss aware.contrast is NaN at step 131',
      help: 'lower the rate',
      epoch: 5,
      step: 131,
      seconds: 12.4,
      peakMemory: 450_000_000,
    }
    expect(summary([...recordedRun(tenClasses), diverged])).toMatchSnapshot()
  })
})
