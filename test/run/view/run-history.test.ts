// Memory, speed, waiting, correction and time of a run, folded from its journal.
import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { emptyRunView, reduceRunView } from '../../../runtime/run/view/run-view.js'
import { recordedRun, tenClasses } from '../../observe/text/recorded-run.js'

const fold = (events: readonly JournalEvent[]) => events.reduce(reduceRunView, emptyRunView)
const events = recordedRun(tenClasses)
const { history } = fold(events)

test('every step event is a point of memory, speed and waiting, in the order of the epochs', () => {
  const steps = events.filter((event) => event.event === 'steps_done')
  expect(history.memory.points.map(({ y }) => y)).toEqual(steps.map(({ memory }) => memory))
  expect(history.speed.points).toHaveLength(steps.length)
  expect(history.dataWait.points.every(({ y }) => y === 0.021)).toBe(true)
  expect(history.memory.points.at(-1)?.x).toBeCloseTo(5.5 - 2 / 24, 6)
})

test('correction has a point for every epoch: share called noise, precision and recall', () => {
  const done = events.filter((event) => event.event === 'epoch_done')
  const [aware] = history.corrections
  expect(history.corrections).toHaveLength(1)
  expect(aware?.branch).toBe('aware')
  expect(aware?.calledNoise).toEqual(
    done.map(({ epoch, corrections }) => ({ x: epoch + 1, y: (corrections[0]?.calledNoise ?? 0) / 1755 })),
  )
  expect(aware?.precision.at(-1)?.y).toBe(done.at(-1)?.corrections[0]?.planted?.precision)
  expect(aware?.recall.at(-1)?.y).toBe(done.at(-1)?.corrections[0]?.planted?.recall)
})

test('seconds are added up by what they went to', () => {
  expect(history.spent.epochs).toBe(5)
  expect(history.spent.training).toBeCloseTo(5 * 1.2, 6)
  expect(history.spent.evaluation).toBeCloseTo(5 * 0.15, 6)
  expect(history.spent.checkpoint).toBeCloseTo(5 * 0.06, 6)
})

test('a resumed run forgets what lies behind its checkpoint, and counts its seconds anew', () => {
  const [started] = events
  if (started?.event !== 'run_started') throw new Error('the recording begins otherwise')
  const again = fold([
    ...events,
    { ...started, resumed: { epoch: 3, step: 3 * 24, checkpoint: 'checkpoints/step-000072' } },
  ]).history
  expect(Math.max(...again.memory.points.map(({ x }) => x))).toBeLessThanOrEqual(3)
  expect(again.corrections[0]?.calledNoise.map(({ x }) => x)).toEqual([1, 2, 3])
  expect(again.spent).toEqual({ epochs: 0, training: 0, evaluation: 0, checkpoint: 0 })
})

test('a branch that met no synthetic sample has no share in that epoch', () => {
  const empty = events.map(
    (event): JournalEvent =>
      event.event === 'epoch_done' && event.epoch === 1
        ? {
            ...event,
            corrections: event.corrections.map((correction) => ({
              ...correction,
              synthetic: 0,
              calledNoise: 0,
              planted: { truePositives: 0, noisy: 0, precision: null, recall: null },
            })),
          }
        : event,
  )
  const [aware] = fold(empty).history.corrections
  expect(aware?.calledNoise.map(({ x }) => x)).toEqual([1, 3, 4, 5])
  expect(aware?.precision.map(({ x }) => x)).toEqual([1, 3, 4, 5])
})
