// tb/ as real runs leave it.
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventFiles } from '../../../runtime/observe/tensorboard/event-file.js'
import { atEpoch, finish, type RunHarness, runHarness } from '../../run/session/run-harness.js'
import { tinyPlan } from '../../run/session/tiny-experiment.js'
import { readEvents, seriesOf } from './read-events.js'

let harness: RunHarness
beforeAll(() => {
  harness = runHarness()
})
afterAll(() => harness.dispose())

test('a run that was stopped and resumed has a file of each process with the numbers of its journal', async () => {
  const training = harness.start(tinyPlan({ epochs: 10 }))
  const stopped = await finish(
    training,
    atEpoch(2, () => training.tell({ command: 'stop' }, 'test')),
  )
  expect(stopped.exitCode).toBe(75)
  const resumed = await finish(harness.resume({ resume: training.runFolder }))
  expect(resumed.exitCode).toBe(0)
  const folder = join(training.runFolder, 'tb')
  const files = eventFiles(folder).map((name) => readEvents(join(folder, name)))
  expect(files).toHaveLength(2)
  for (const [position, { events }] of [stopped, resumed].entries()) {
    const expected = events.flatMap((event) =>
      event.event === 'epoch_done' ? [[event.step, Math.fround(event.loss)]] : [],
    )
    expect(expected.length).toBeGreaterThan(0)
    expect(seriesOf(files[position] ?? [], 'train/loss')).toEqual(expected)
  }
  const [first] = resumed.events
  if (first?.event !== 'run_started') throw new Error('a run begins with run_started')
  expect(files[1]?.[1]).toMatchObject({ step: first.resumed?.step, sessionLog: { status: 'START' } })
})

test.skipIf(process.platform !== 'linux')(
  'a tb/ that cannot be written stops the run as a full disk does (skipped outside Linux, for want of /sys)',
  async () => {
    const training = harness.start(tinyPlan())
    // A folder in which nobody can make a file, root neither. The process is not there yet.
    symlinkSync('/sys/kernel', join(training.runFolder, 'tb'))
    const { exitCode, last } = await finish(training)
    expect(exitCode).toBe(1)
    expect(last).toMatchObject({ event: 'run_ended', outcome: 'failed', code: 'SAU7106' })
  },
)
