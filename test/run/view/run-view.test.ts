// The view model: what a journal folds to.
import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import {
  activity,
  classesBySize,
  emptyRunView,
  epochProgress,
  plantedNoise,
  reduceRunView,
  remainingSeconds,
  runProgress,
} from '../../../runtime/run/view/run-view.js'
import { hundredClasses, recordedRun, tenClasses } from '../../observe/text/recorded-run.js'

const fold = (events: readonly JournalEvent[]) => events.reduce(reduceRunView, emptyRunView)

describe('a run in progress', () => {
  const view = fold(recordedRun(tenClasses))

  test('knows how far it is', () => {
    expect(runProgress(view)).toBeCloseTo((5 * 24 + 12) / (8 * 24))
    expect(epochProgress(view)).toEqual({ epoch: 5, done: 12, steps: 24 })
    expect(view.epochsDone).toBe(5)
    expect(activity(view)).toBe('training')
  })

  test('has one curve per loss, against epochs', () => {
    expect(view.losses).toHaveLength(2)
    const last = view.losses[1]?.points.at(-1)
    expect(last?.x).toBeCloseTo(5 + 10 / 24)
    expect(view.losses[0]?.points).toHaveLength((5 * 24 + 12) / 4)
  })

  test('has accuracy against epochs done, for the data and each of its groups', () => {
    const [evaluation] = view.evaluations
    expect(evaluation?.top1.map((point) => point.x)).toEqual([1, 2, 3, 4, 5])
    expect(evaluation?.shots.map((points) => points.length)).toEqual([5, 5, 5])
    expect(evaluation?.best).toEqual({ epoch: 4, value: evaluation?.latest?.top1 })
  })

  test('estimates the remaining time from whole epochs, with their evaluations and checkpoints', () => {
    // Six step events of 200 ms and 300 ms of memory; the evaluation (150) and the checkpoint (60) of an
    // epoch fall between its end and the end of the next one.
    const first = 6 * 0.2 + 0.3
    const later = first + 0.15 + 0.06
    expect(remainingSeconds(view)).toBeCloseTo(((first + 4 * later) / 5) * (8 - 5.5), 6)
  })

  test('measures planted noise over what the correction called noise', () => {
    expect(plantedNoise(view.corrections)?.recall).toBeCloseTo(0.575, 2)
    expect(plantedNoise(fold(recordedRun(hundredClasses)).corrections)).toBeUndefined()
  })
})

test('before the first epoch ends, the remaining time rests on samples a second', () => {
  const view = fold(recordedRun({ ...tenClasses, doneEpochs: 0, extraSteps: 4 }))
  const steps = 8 * 24 - 4
  expect(remainingSeconds(view)).toBeCloseTo((steps * 64) / (view.speed ?? 0))
})

test('a resumed run forgets what lies behind its checkpoint and keeps the curves before it', () => {
  const events = recordedRun(tenClasses)
  const [started] = events
  if (started?.event !== 'run_started') throw new Error('the recording begins otherwise')
  const resumed: JournalEvent = {
    ...started,
    time: started.time + 60_000,
    resumed: { epoch: 3, step: 72, checkpoint: 'step-000072' },
  }
  const view = fold([...events, resumed])
  expect(view.stepsDone).toBe(72)
  expect(view.epochsDone).toBe(3)
  expect(view.losses[0]?.points.at(-1)?.x).toBeLessThanOrEqual(3)
  expect(view.losses[0]?.points).toHaveLength(18)
  expect(view.evaluations[0]?.top1.map((point) => point.x)).toEqual([1, 2, 3])
  expect(view.startedAt).toBe(started.time + 60_000)
})

test('a stop stays asked for until the end, and a second one means now', () => {
  const stop = (command: 'stop' | 'stop_now'): JournalEvent => ({
    time: 1,
    event: 'commanded',
    command,
    by: 'SIGINT',
  })
  expect(activity(fold([...recordedRun(tenClasses), stop('stop')]))).toBe('stopping after a checkpoint')
  expect(activity(fold([...recordedRun(tenClasses), stop('stop_now'), stop('stop')]))).toBe('stopping now')
})

test('classes are ordered by real images, then by all, then as they were', () => {
  const classes = [
    { real: 5, synthetic: 0 },
    { real: 9, synthetic: 0 },
    { real: 5, synthetic: 4 },
    { real: 5, synthetic: 0 },
  ]
  expect(classesBySize(classes)).toEqual([1, 2, 0, 3])
})

test('the reducer changes nothing it was given', () => {
  const freeze = <T>(value: T): T => {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
      Object.freeze(value)
      for (const inner of Object.values(value)) freeze(inner)
    }
    return value
  }
  let view = freeze(emptyRunView)
  for (const event of recordedRun(tenClasses)) view = freeze(reduceRunView(view, event))
  expect(view.stepsDone).toBe(132)
})

test('an epoch that was resumed in its middle counts as what a whole one would have taken', () => {
  const [started] = recordedRun(tenClasses)
  if (started?.event !== 'run_started') throw new Error('the recording begins otherwise')
  const time = started.time
  const view = fold([
    { ...started, resumed: { epoch: 3, step: 90, checkpoint: 'step-000090' } },
    { time, event: 'phase_started', phase: 'train', epoch: 3, name: undefined },
    {
      time: time + 2_000,
      event: 'epoch_done',
      epoch: 3,
      step: 95,
      loss: 1,
      losses: [0.5, 0.5],
      rate: 0.1,
      seconds: 2,
      samplesPerSecond: 100,
      corrections: [],
    },
  ])
  // Six steps of 24 took two seconds: a whole epoch takes eight, and four are left.
  expect(remainingSeconds(view)).toBeCloseTo(8 * 4, 6)
})
