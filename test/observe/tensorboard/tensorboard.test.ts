import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventFiles } from '../../../runtime/observe/tensorboard/event-file.js'
import { openTensorBoard } from '../../../runtime/observe/tensorboard/tensorboard.js'
import { openConfusions } from '../../../runtime/run/folder/confusions.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { sparse } from '../../run/journal/made-matrices.js'
import { tinyPlan } from '../../run/session/tiny-experiment.js'
import { recordedRun, recordedStart, tenClasses } from '../text/recorded-run.js'
import { hparamsIn, type ReadEvent, readEvents, seriesOf } from './read-events.js'

let runFolder: string
beforeEach(() => {
  runFolder = mkdtempSync(join(tmpdir(), 'saurun-tb-'))
})
afterEach(() => rmSync(runFolder, { recursive: true }))

/** One process: each event goes into the journal, then to TensorBoard's files. */
function process(events: readonly JournalEvent[]): void {
  const tensorBoard = openTensorBoard(runFolder, tinyPlan())
  for (const event of events) {
    appendFileSync(join(runFolder, 'journal.jsonl'), `${JSON.stringify(event)}\n`)
    tensorBoard.hear(event)
  }
  tensorBoard.flush()
  tensorBoard.close()
}

function filesOf(): readonly (readonly ReadEvent[])[] {
  const folder = join(runFolder, 'tb')
  return eventFiles(folder).map((name) => readEvents(join(folder, name)))
}

function onlyFile(): readonly ReadEvent[] {
  const files = filesOf()
  expect(files).toHaveLength(1)
  return files[0] ?? []
}

function kindOf<K extends JournalEvent['event']>(events: readonly JournalEvent[], kind: K) {
  return events.filter((event): event is Extract<JournalEvent, { event: K }> => event.event === kind)
}

const run = recordedRun({ ...tenClasses, doneEpochs: 8 })

test('a file begins with the version, the start of a process and the hyperparameters', () => {
  process(run)
  const [version, start, hparams] = onlyFile()
  expect(version).toEqual({ wallTime: recordedStart / 1000, step: 0, fileVersion: 'brain.Event:2' })
  expect(start).toMatchObject({ step: 0, sessionLog: { status: 'START' } })
  const [experiment, session] = hparams?.summary?.value ?? []
  expect(experiment).toMatchObject({
    tag: '_hparams_/experiment',
    metadata: { pluginData: { pluginName: 'hparams' } },
  })
  expect(hparamsIn(experiment)).toMatchObject({
    experiment: {
      hparamInfos: expect.arrayContaining([
        { name: 'strategy', type: 'STRING' },
        { name: 'train.rate', type: 'FLOAT64' },
      ]),
      metricInfos: [
        'train/loss',
        'val/test/loss',
        'val/test/top1',
        'val/test/many',
        'val/test/medium',
        'val/test/few',
      ].map((tag) => ({ name: { tag } })),
    },
  })
  expect(session?.tag).toBe('_hparams_/session_start_info')
  expect(hparamsIn(session)).toMatchObject({
    sessionStartInfo: {
      startTimeSecs: recordedStart / 1000,
      hparams: {
        strategy: { stringValue: 'pos_neg' },
        'train.epochs': { numberValue: 2 },
        'train.optimizer': { stringValue: 'sgd' },
        'train.rate': { numberValue: 0.05 },
        'train.seed': { numberValue: 7 },
      },
    },
  })
})

test('scalars are the numbers of the journal, at the last step of their epoch', () => {
  process(run)
  const events = onlyFile()
  const epochs = kindOf(run, 'epoch_done')
  const evaluations = kindOf(run, 'evaluated')
  const expected = (values: readonly (number | null | undefined)[]) =>
    values.map((value, epoch) => [24 * (epoch + 1) - 1, Math.fround(value ?? Number.NaN)])
  const series = (tag: string) => seriesOf(events, tag)
  expect(series('train/loss')).toEqual(expected(epochs.map(({ loss }) => loss)))
  expect(series('train/loss/aware.contrast')).toEqual(expected(epochs.map(({ losses }) => losses[1])))
  expect(series('train/learning_rate')).toEqual(expected(epochs.map(({ rate }) => rate)))
  expect(series('system/epoch_seconds')).toEqual(expected(epochs.map(({ seconds }) => seconds)))
  expect(series('correction/aware/recall')).toEqual(
    expected(epochs.map(({ corrections }) => corrections[0]?.planted?.recall)),
  )
  expect(series('correction/aware/called_noise')).toEqual(
    expected(epochs.map(({ corrections: [of] }) => (of?.calledNoise ?? 0) / (of?.synthetic ?? 0))),
  )
  expect(series('val/test/top1')).toEqual(expected(evaluations.map(({ top1 }) => top1)))
  expect(series('val/test/few')).toEqual(expected(evaluations.map(({ shots }) => shots?.[2]?.accuracy)))
  expect(series('val/test/per_class/disc')).toEqual(
    expected(evaluations.map(({ perClass }) => perClass?.[0])),
  )
  // Nobody asked for it.
  expect(series('val/test/top5')).toEqual([])
  // The first class has no synthetic image.
  expect(series('correction/aware/called_noise/disc')).toEqual([])
})

test('steps inside an epoch have a point every fifteen seconds at most, means of all of them', () => {
  // 32 times as slow: 6.4 seconds from one event to the next.
  const slow = run.map((event) => ({ ...event, time: recordedStart + 32 * (event.time - recordedStart) }))
  process(slow)
  const points = seriesOf(onlyFile(), 'train/steps/loss')
  expect(points.map(([step]) => step).slice(0, 6)).toEqual([3, 15, 23, 27, 39, 47])
  const losses = kindOf(run, 'steps_done').flatMap(({ step, loss }) => (step > 3 && step <= 15 ? loss : []))
  expect(losses).toHaveLength(3)
  expect(points[1]?.[1]).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 3, 5)
  expect(points).toHaveLength(3 * 8)
})

test('a confusion matrix is an image', () => {
  const confusion = Array.from({ length: 10 }, (_, i) =>
    Array.from({ length: 10 }, (_, j) => (i === j ? 9 : 1)),
  )
  const confusions = openConfusions(runFolder)
  process(
    run.map((event) => {
      if (event.event !== 'evaluated') return event
      const placed = { ...event, confusion: confusions.append({ ...event, ...sparse(confusion) }) }
      confusions.hear(placed)
      return placed
    }),
  )
  confusions.close()
  const images = onlyFile().flatMap(({ summary }) =>
    (summary?.value ?? []).filter(({ image }) => image !== undefined),
  )
  expect(images).toHaveLength(8)
  expect(images[0]).toMatchObject({ tag: 'val/test/confusion', image: { width: 320, height: 320 } })
  expect([...(images[0]?.image?.encodedImageString.subarray(1, 4) ?? [])]).toEqual([...Buffer.from('PNG')])
})

test.each([
  ['done', 'SUCCESS'],
  ['diverged', 'FAILURE'],
  ['stopped', undefined],
  ['failed', undefined],
] as const)(
  'of a run that ended %s the HParams tab hears %s, for it believes only the first word',
  (outcome, status) => {
    process(run.map((event) => (event.event === 'run_ended' ? { ...event, outcome } : event)))
    const values = onlyFile().flatMap(({ summary }) => summary?.value ?? [])
    const end = values.find(({ tag }) => tag === '_hparams_/session_end_info')
    if (status === undefined) expect(end).toBeUndefined()
    else expect(hparamsIn(end)).toMatchObject({ sessionEndInfo: { status } })
  },
)

test('a resumed run goes on in a new file, later by name, that says from which step on', () => {
  const broken = recordedRun({ ...tenClasses, doneEpochs: 3 })
  process(broken)
  const [first] = run
  if (first?.event !== 'run_started') throw new Error('a run begins with run_started')
  // In the very second in which the first process began.
  const resumed = { ...first, resumed: { epoch: 2, step: 48, checkpoint: 'step-000048' } }
  process([resumed, ...run.filter((event) => 'epoch' in event && event.epoch >= 2)])
  const [before = [], after = []] = filesOf()
  expect(after[1]).toMatchObject({ step: 48, sessionLog: { status: 'START' } })
  expect(seriesOf(before, 'train/loss').map(([step]) => step)).toEqual([23, 47, 71])
  expect(seriesOf(after, 'train/loss').map(([step]) => step)).toEqual([71, 95, 119, 143, 167, 191])
})

test('a run that began without tb/ gets all that its journal tells', () => {
  process(recordedRun({ ...tenClasses, doneEpochs: 3 }))
  rmSync(join(runFolder, 'tb'), { recursive: true })
  const [first] = run
  if (first?.event !== 'run_started') throw new Error('a run begins with run_started')
  process([{ ...first, resumed: { epoch: 3, step: 72, checkpoint: 'step-000072' } }])
  const events = onlyFile()
  expect(seriesOf(events, 'train/loss').map(([step]) => step)).toEqual([23, 47, 71])
  expect(events.filter(({ sessionLog }) => sessionLog !== undefined).map(({ step }) => step)).toEqual([0, 72])
})

test('a run that never started leaves no tb/', () => {
  process(run.slice(-1))
  expect(existsSync(join(runFolder, 'tb'))).toBe(false)
})
