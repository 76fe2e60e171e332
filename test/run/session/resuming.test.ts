// What a resumed run may change, and new runs that begin where another one stands.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planHash } from '../../../compiler/plan/hash.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { RunError } from '../../../runtime/platform/errors.js'
import type { CheckpointTensors } from '../../../runtime/run/folder/checkpoint.js'
import { readLock } from '../../../runtime/run/folder/lock.js'
import { readLockedPlan } from '../../../runtime/run/folder/locked-plan.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { forkPoint } from '../../../runtime/run/process/fork.js'
import { type StartedTraining, startTraining } from '../../../runtime/run/process/start-training.js'
import { atEpoch, finalState, finish, type RunHarness, runHarness } from './run-harness.js'
import { tinyPlan } from './tiny-experiment.js'

const plan = tinyPlan({ epochs: 30 })
/** Long enough that a request arrives long before its end. */
const longer = tinyPlan({ epochs: 500 })

let harness: RunHarness
let uninterrupted: CheckpointTensors
beforeAll(async () => {
  harness = runHarness()
  const whole = harness.start(plan)
  await finish(whole)
  uninterrupted = finalState(whole.runFolder)
})
afterAll(() => harness.dispose())

/** A run that was stopped in its epoch `epoch`. */
async function stoppedRun(of: Plan, epoch: number): Promise<string> {
  const training = harness.start(of)
  const { exitCode } = await finish(
    training,
    atEpoch(epoch, () => training.tell({ command: 'stop' }, 'test')),
  )
  expect(exitCode).toBe(75)
  return training.runFolder
}

function epochsOf(runFolder: string): number {
  return readLockedPlan(runFolder).plan.train.epochs
}

function refusal(start: () => unknown): RunError {
  try {
    start()
  } catch (error) {
    if (error instanceof RunError) return error
    throw error
  }
  throw new Error('was not refused')
}

/** A fork of a run, with the plan that its file compiles to now. */
function fork(from: string, of: Plan): StartedTraining {
  return startTraining({
    plan: of,
    planHash: planHash(of),
    file: 'forked.sau',
    locations: [[], [], []],
    texts: [{ path: 'forked.sau', text: 'sau 1\n' }],
    runs: harness.runs,
    settings: { engine: 'reference', workers: 0 },
    fork: forkPoint(from, () => {}),
  })
}

describe('more epochs', () => {
  test('a command extends a running run: its Plan, its lock and its journal say so', async () => {
    const training = harness.start(plan)
    const { events, exitCode } = await finish(
      training,
      atEpoch(1, () => training.tell({ command: 'extend', epochs: 2 }, 'test')),
    )
    expect(exitCode).toBe(0)
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'commanded', command: 'extend', epochs: 2, by: 'test' }),
    )
    expect(events).toContainEqual(expect.objectContaining({ event: 'extended', epochs: 32, before: 30 }))
    expect(events.filter(({ event }) => event === 'epoch_done')).toHaveLength(32)
    expect(epochsOf(training.runFolder)).toBe(32)
    expect(readLock(training.runFolder)).toMatchObject({
      planHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      earlierPlans: [planHash(plan)],
    })
  })

  test('a run that is done is trained for longer, from its last weights on', async () => {
    const training = harness.start(tinyPlan({ epochs: 2 }))
    await finish(training)
    expect(refusal(() => startTraining({ resume: training.runFolder })).code).toBe('SAU7105')
    const { events, exitCode } = await finish(harness.resume({ resume: training.runFolder, extend: 1 }))
    expect(exitCode).toBe(0)
    expect(events[0]).toMatchObject({ event: 'run_started', epochs: 3, resumed: { epoch: 2, step: 6 } })
    expect(events.flatMap((event) => (event.event === 'epoch_done' ? event.epoch : []))).toEqual([2])
  })

  test('a file with more epochs is the same experiment; one with fewer is not', async () => {
    const runFolder = await stoppedRun(plan, 1)
    const named = (epochs: number) => {
      const longer = tinyPlan({ epochs })
      return { plan: longer, planHash: planHash(longer) }
    }
    expect(refusal(() => startTraining({ resume: runFolder, ...named(4) })).message).toContain(
      'train.epochs: 30 -> 4',
    )
    const { exitCode } = await finish(harness.resume({ resume: runFolder, ...named(32) }))
    expect(exitCode).toBe(0)
    expect(readLock(runFolder)).toMatchObject({
      planHash: named(32).planHash,
      earlierPlans: [planHash(plan)],
    })
  })
})

describe('a refused file', () => {
  test('is shown with the fields and the lines that differ', async () => {
    const runFolder = await stoppedRun(plan, 1)
    const error = refusal(() =>
      startTraining({
        resume: runFolder,
        plan: tinyPlan({ epochs: 30, rate: 0.25 }),
        planHash: planHash(tinyPlan({ epochs: 30, rate: 0.25 })),
        texts: [
          { path: 'examples/Tiny one.sau', text: 'sau 1\nrate = 0.25\n' },
          { path: 'examples/base.sau', text: 'sau 1\n// base\n' },
        ],
      }),
    )
    expect(error.code).toBe('SAU7104')
    expect(error.message.split('\n').slice(1)).toEqual([
      '  train.optimizer.rate: 0.05 -> 0.25',
      '  param rate: 0.05 -> 0.25',
      '  Tiny one.sau:2  + rate = 0.25',
    ])
    expect(error.help).toContain('--fork')
  })
})

describe('a fork', () => {
  test('of the same Plan ends with the weights of a run that never stopped, and leaves the first as it was', async () => {
    const from = await stoppedRun(plan, 2)
    const before = readFileSync(join(from, 'journal.jsonl'), 'utf8')
    const training = fork(from, plan)
    const { events, exitCode } = await finish(training)
    expect(exitCode).toBe(0)
    expect(training.runFolder).not.toBe(from)
    expect(finalState(training.runFolder)).toEqual(uninterrupted)
    const { step } = forkPoint(from, () => {}).origin
    const forkedFrom = { run: from.split('/').at(-1), step }
    expect(events[0]).toMatchObject({ event: 'run_started', forkedFrom, resumed: { step } })
    expect(readLock(training.runFolder).forkedFrom).toEqual({ ...forkedFrom, folder: from })
    expect(readFileSync(join(from, 'journal.jsonl'), 'utf8')).toBe(before)
  })

  test('of another Plan trains the epoch of the checkpoint as a whole', async () => {
    const from = await stoppedRun(longer, 2)
    const epoch = Math.floor(forkPoint(from, () => {}).origin.step / longer.train.stepsPerEpoch)
    const other = tinyPlan({ epochs: epoch + 2, rate: 0.01 })
    const { events, exitCode } = await finish(fork(from, other))
    expect(exitCode).toBe(0)
    expect(events[0]).toMatchObject({ resumed: { epoch, step: 3 * epoch } })
    const trained = (event: JournalEvent) => (event.event === 'epoch_done' ? [event.epoch] : [])
    expect(events.flatMap(trained)).toEqual([epoch, epoch + 1])
  })

  test('that would have no epoch left is refused', async () => {
    const from = await stoppedRun(longer, 3)
    expect(refusal(() => fork(from, tinyPlan({ epochs: 3 })))).toMatchObject({
      code: 'SAU7109',
      exitCode: 2,
    })
  })

  test('of another network fails with a sentence', async () => {
    const from = await stoppedRun(plan, 1)
    const wider = tinyPlan({ epochs: 30 })
    const networks = wider.networks.map((network) => ({
      ...network,
      backbone: { ...network.backbone, width: 8 } as typeof network.backbone,
    }))
    const { last, exitCode } = await finish(fork(from, { ...wider, networks }))
    expect(exitCode).toBe(1)
    expect(last).toMatchObject({ outcome: 'failed', code: 'SAU7108' })
  })
})
