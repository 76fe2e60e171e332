import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planHash } from '../../../compiler/plan/hash.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { takeOwnership } from '../../../runtime/platform/files/ownership.js'
import { type CheckpointTensors, listCheckpoints } from '../../../runtime/run/folder/checkpoint.js'
import { readLock } from '../../../runtime/run/folder/lock.js'
import { readJournal } from '../../../runtime/run/journal/journal.js'
import { startTraining } from '../../../runtime/run/process/start-training.js'
import { atEpoch, finalState, finish, type RunHarness, runHarness } from '../session/run-harness.js'
import { tinyPlan } from '../session/tiny-experiment.js'

/** Long enough that a request sent in epoch 1 arrives before the end. */
const plan = tinyPlan({ epochs: 10 })

let harness: RunHarness
let uninterrupted: CheckpointTensors
beforeAll(async () => {
  harness = runHarness()
  const whole = harness.start(plan)
  await finish(whole)
  uninterrupted = finalState(whole.runFolder)
})
afterAll(() => harness.dispose())

function failure(action: () => unknown): RunError {
  try {
    action()
  } catch (error) {
    if (error instanceof RunError) return error
    throw error
  }
  throw new Error('did not fail')
}

describe('a whole run in a process of its own', () => {
  test('leaves a folder with everything it was made from, and ends with 0', async () => {
    const small = tinyPlan()
    const training = harness.start(small)
    const { events, exitCode, last } = await finish(training)
    expect(exitCode).toBe(0)
    expect(last).toMatchObject({ event: 'run_ended', outcome: 'done', exitCode: 0, epoch: 1, step: 5 })
    expect(events[0]).toMatchObject({
      event: 'run_started',
      title: 'Tiny',
      planHash: planHash(small),
      losses: ['unaware.cutmix', 'aware.contrast'],
      params: { rate: 0.05 },
      classes: [
        { name: '0', real: 5, synthetic: 0 },
        { name: '1', real: 3, synthetic: 2 },
        { name: '2', real: 1, synthetic: 3 },
      ],
    })
    expect(training.runFolder.startsWith(join(harness.runs, 'tiny-one'))).toBe(true)
    expect(readdirSync(training.runFolder).sort()).toEqual([
      'checkpoints',
      'commands.jsonl',
      'confusions.jsonl',
      'correction',
      'draws',
      'experiment.sau',
      'imports',
      'journal.jsonl',
      'lock.json',
      'losses.f64',
      'metrics.csv',
      'plan.json',
      'process.log',
      'report.html',
      'tb',
    ])
    expect(readFileSync(join(training.runFolder, 'imports', '01-base.sau'), 'utf8')).toBe('sau 1\n// base\n')
    expect(JSON.parse(readFileSync(join(training.runFolder, 'plan.json'), 'utf8'))).toEqual(small)
    expect(readLock(training.runFolder).processes).toEqual([
      expect.objectContaining({
        engine: 'reference',
        node: process.version,
        code: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
    ])
    expect(readJournal(join(training.runFolder, 'journal.jsonl')).events).toEqual(events)
    expect(failure(() => startTraining({ resume: training.runFolder })).code).toBe('SAU7105')
  })

  test('that diverges ends with 6 and says where', async () => {
    const { exitCode, last } = await finish(harness.start(tinyPlan({ rate: 1e200, epochs: 3 })))
    expect(exitCode).toBe(6)
    expect(last).toMatchObject({ outcome: 'diverged', exitCode: 6 })
    expect(last?.event === 'run_ended' && last.message).toMatch(/step \d|epoch \d/)
  })
})

describe('stopping and going on', () => {
  test('SIGINT: the step, a checkpoint, 75; resumed it equals an uninterrupted run bit for bit', async () => {
    const training = harness.start(plan)
    const stopped = await finish(
      training,
      atEpoch(1, (pid) => process.kill(pid, 'SIGINT')),
    )
    expect(stopped.exitCode).toBe(75)
    expect(stopped.last).toMatchObject({ outcome: 'stopped', exitCode: 75 })
    expect(stopped.events).toContainEqual(
      expect.objectContaining({ event: 'commanded', command: 'stop', by: 'SIGINT' }),
    )
    const checkpoint = stopped.events.findLast((event) => event.event === 'checkpoint_written')
    expect(stopped.last).toMatchObject({ step: (checkpoint?.step ?? Number.NaN) - 1 })
    const resumed = await finish(harness.resume({ resume: training.runFolder }))
    expect(resumed.exitCode).toBe(0)
    expect(resumed.events[0]).toMatchObject({ event: 'run_started', resumed: { step: checkpoint?.step } })
    expect(finalState(training.runFolder)).toEqual(uninterrupted)
  })

  test('now ends at once with 130, and the run can be resumed', async () => {
    const training = harness.start(tinyPlan({ epochs: 500 }))
    const { exitCode, last, events } = await finish(
      training,
      atEpoch(2, () => training.tell({ command: 'stop_now' }, 'SIGINT')),
    )
    expect(exitCode).toBe(130)
    expect(last).toMatchObject({ event: 'run_ended', outcome: 'stopped', exitCode: 130 })
    expect(events.filter(({ event }) => event === 'run_ended')).toHaveLength(1)
    const again = harness.resume({ resume: training.runFolder })
    const second = await finish(again, (event) => {
      if (event.event === 'engine_ready') again.tell({ command: 'stop' }, 'test')
    })
    expect(second.events[0]).toMatchObject({ resumed: { step: expect.any(Number) } })
    expect(second.exitCode).toBe(75)
  })
})

describe('accidents', () => {
  test('a process that is killed: its parent says so and how to go on', async () => {
    const training = harness.start(tinyPlan({ epochs: 500 }))
    const { exitCode, last } = await finish(
      training,
      atEpoch(1, (pid) => process.kill(pid, 'SIGKILL')),
    )
    expect(exitCode).toBe(1)
    expect(last).toMatchObject({ event: 'run_ended', outcome: 'failed', code: 'SAU7302' })
    expect(last?.event === 'run_ended' && last.message).toContain('SIGKILL')
    expect(last?.event === 'run_ended' && last.help).toContain(`--resume ${training.runFolder}`)
    expect(readJournal(join(training.runFolder, 'journal.jsonl')).events.at(-1)).toEqual(last)
  })

  test('a damaged checkpoint: the one before it is used, with a warning, and the end is the same', async () => {
    const training = harness.start(plan)
    const stopped = await finish(
      training,
      atEpoch(2, () => training.tell({ command: 'stop' }, 'test')),
    )
    expect(stopped.exitCode).toBe(75)
    truncateSync(join(listCheckpoints(training.runFolder).at(-1) ?? '', 'optimizer.safetensors'), 100)
    const { events, exitCode } = await finish(harness.resume({ resume: training.runFolder }))
    expect(exitCode).toBe(0)
    const message = expect.stringContaining('optimizer.safetensors is damaged')
    expect(events.filter((event) => event.event === 'warned')).toEqual([
      expect.objectContaining({ code: 'SAU7107', message }),
    ])
    expect(events[0]).toMatchObject({ event: 'run_started', warnings: [] })
    expect(finalState(training.runFolder)).toEqual(uninterrupted)
  })

  test('whatever a power failure leaves half written, the run goes on and ends the same', async () => {
    const training = harness.start(plan)
    const { runFolder } = training
    await finish(
      training,
      atEpoch(2, () => training.tell({ command: 'stop' }, 'test')),
    )
    const journal = join(runFolder, 'journal.jsonl')
    truncateSync(journal, readFileSync(journal).length - 30)
    appendFileSync(join(runFolder, 'commands.jsonl'), '{"time":1,"command":"sto')
    const halfWritten = ['metrics.csv.0a1b2c3d.tmp', 'lock.json.0a1b2c3d.tmp', 'owner.json.00.tmp']
    for (const name of ['owner.json', ...halfWritten]) {
      writeFileSync(join(runFolder, name), '')
      utimesSync(join(runFolder, name), new Date(0), new Date(0))
    }
    const unfinished = join(runFolder, 'checkpoints', '.writing-0a1b2c3d')
    mkdirSync(unfinished)
    writeFileSync(join(unfinished, 'weights.safetensors'), 'torn')
    const { exitCode, events } = await finish(harness.resume({ resume: runFolder }))
    expect(exitCode).toBe(0)
    expect(events.filter(({ event }) => event === 'warned' || event === 'commanded')).toEqual([])
    expect(finalState(runFolder)).toEqual(uninterrupted)
    expect(existsSync(unfinished)).toBe(false)
    for (const name of halfWritten) expect(existsSync(join(runFolder, name))).toBe(false)
    expect(readJournal(journal).damagedLines).toBe(1)
  })

  test('all checkpoints damaged: SAU7103 at every try, and nothing is deleted', async () => {
    const training = harness.start(plan)
    const { runFolder } = training
    await finish(
      training,
      atEpoch(3, () => training.tell({ command: 'stop' }, 'test')),
    )
    const folders = listCheckpoints(runFolder)
    expect(folders.length).toBeGreaterThan(1)
    for (const folder of folders) truncateSync(join(folder, 'weights.safetensors'), 100)
    for (let attempt = 0; attempt < 2; attempt++) {
      const { exitCode, last } = await finish(harness.resume({ resume: runFolder }))
      expect(exitCode).toBe(1)
      expect(last).toMatchObject({ event: 'run_ended', outcome: 'failed', code: 'SAU7103' })
      expect(listCheckpoints(runFolder)).toEqual(folders)
    }
  })

  test('a second process on the same run is refused and leaves its journal alone', async () => {
    const training = harness.start(tinyPlan({ epochs: 500 }))
    let refusal: RunError | undefined
    await finish(
      training,
      atEpoch(1, () => {
        refusal = failure(() => startTraining({ resume: training.runFolder }))
        training.tell({ command: 'stop' }, 'test')
      }),
    )
    expect(refusal).toMatchObject({ code: 'SAU7102', exitCode: 1 })
    expect(refusal?.message).toContain(training.runFolder)
    const journal = join(training.runFolder, 'journal.jsonl')
    const before = readFileSync(journal, 'utf8')
    // Owned only after the parent looked: the training process itself finds the owner.
    const late = harness.resume({ resume: training.runFolder })
    const ownership = takeOwnership(training.runFolder)
    // What the owner writes meanwhile is no part of the one that is refused.
    const owners = readJournal(journal)
      .events.slice(0, 1)
      .map((event) => `${JSON.stringify(event)}\n`)
    appendFileSync(journal, owners.join(''))
    const seen: string[] = []
    const reading = finish(late, ({ event }) => seen.push(event))
    await expect(reading).rejects.toMatchObject({ name: 'RunError', code: 'SAU7102', exitCode: 1 })
    ownership.release()
    expect(seen).toEqual([])
    expect(await late.exit).toBe(1)
    expect(readFileSync(journal, 'utf8')).toBe(`${before}${owners.join('')}`)
  })

  test('another plan is refused, naming the fields that differ', async () => {
    const training = harness.start(tinyPlan({ epochs: 500 }))
    await finish(training, (event) => {
      if (event.event === 'engine_ready') training.tell({ command: 'stop' }, 'test')
    })
    const other = tinyPlan({ epochs: 3, rate: 0.25 })
    const error = failure(() =>
      startTraining({ resume: training.runFolder, plan: other, planHash: planHash(other) }),
    )
    expect(error).toMatchObject({ code: 'SAU7104', exitCode: 2 })
    expect(error.message).toContain(':\n  train.epochs: 500 -> 3\n  train.optimizer.rate: 0.05 -> 0.25')
  })

  test('a folder that is no run is refused', () => {
    expect(failure(() => startTraining({ resume: harness.runs })).code).toBe('SAU7101')
    expect(existsSync(join(harness.runs, 'journal.jsonl'))).toBe(false)
  })
})
