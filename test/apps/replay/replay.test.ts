// Runs of all kinds, trained again from what their folders hold.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planHash } from '../../../compiler/plan/hash.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { replayOf, replaySettings } from '../../../runtime/apps/replay/prepare-replay.js'
import { readRecord } from '../../../runtime/apps/replay/record.js'
import { compareReplay, outcomeOf, readVerdict } from '../../../runtime/apps/replay/verdict.js'
import { checkpointFolder } from '../../../runtime/apps/replay/weights.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { listCheckpoints } from '../../../runtime/run/folder/checkpoint.js'
import { readLock } from '../../../runtime/run/folder/lock.js'
import { forkPoint } from '../../../runtime/run/process/fork.js'
import { atEpoch, finish } from '../../run/session/run-harness.js'
import { tinyPlan } from '../../run/session/tiny-experiment.js'
import { type ReplayHarness, replayHarness } from './tiny-replays.js'

let harness: ReplayHarness
beforeAll(() => {
  harness = replayHarness()
})
afterAll(() => harness.dispose())

async function trained(plan: Plan): Promise<string> {
  const training = harness.start(plan)
  expect((await finish(training)).exitCode).toBe(0)
  return training.runFolder
}

/** Trains a replay and returns its folder; it has to be the same as its original in everything. */
async function identicalReplay(original: string, exitCode = 0): Promise<string> {
  const replay = harness.replay(original)
  const ended = await finish(replay)
  expect(ended.exitCode).toBe(exitCode)
  expect(ended.events.filter(({ event }) => event === 'warned')).toEqual([])
  const verdict = compareReplay(original, replay.runFolder)
  expect(verdict).toMatchObject({ identical: true, complete: true, difference: null })
  expect(verdict.weights?.different).toEqual([])
  expect(readVerdict(replay.runFolder)).toEqual(verdict)
  return replay.runFolder
}

test('a run that is done: every step, epoch, evaluation and weight is the same', async () => {
  const original = await trained(tinyPlan({ epochs: 3 }))
  const replay = await identicalReplay(original)
  expect(compareReplay(original, replay)).toMatchObject({ epochs: 3, evaluations: 3, steps: 9 })
  const lock = readLock(replay)
  expect(lock.replayOf).toMatchObject({ folder: original, epochs: 3, extensions: [] })
  expect(lock.planHash).toBe(readLock(original).planHash)
})

describe('a run that was given more epochs', () => {
  test('while it trained, in the midst of an epoch: at the very same step', async () => {
    const training = harness.start(tinyPlan({ epochs: 25 }))
    await finish(
      training,
      atEpoch(1, () => training.tell({ command: 'extend', epochs: 3 }, 'test')),
    )
    const { course, plan } = readRecord(training.runFolder)
    expect(course).toMatchObject({ epochs: 25, extensions: [{ epochs: 28 }] })
    expect(plan.train.epochs).toBe(28)
    const replay = await identicalReplay(training.runFolder)
    expect(readRecord(replay).course).toEqual(course)
    expect(readLock(replay)).toMatchObject({ planHash: planHash(plan) })
  })

  test('when it was done: its schedule stretches where it did', async () => {
    const original = await trained(tinyPlan({ epochs: 3 }))
    await finish(harness.resume({ resume: original, extend: 2 }))
    expect(readRecord(original).course).toEqual({ epochs: 3, extensions: [{ step: 9, epochs: 5 }] })
    await identicalReplay(original)
  })
})

describe('a fork', () => {
  async function fork(): Promise<{ readonly parent: string; readonly folder: string }> {
    const parent = await trained(tinyPlan({ epochs: 2 }))
    const plan = tinyPlan({ epochs: 8, rate: 0.02 })
    const training = harness.start(plan, { fork: forkPoint(parent, () => {}) })
    expect((await finish(training)).exitCode).toBe(0)
    return { parent, folder: training.runFolder }
  }

  test('begins again with the checkpoint of the run that it left', async () => {
    const { folder } = await fork()
    expect(listCheckpoints(folder)).not.toContain(checkpointFolder(folder, 6))
    const replay = await identicalReplay(folder)
    expect(readLock(replay).forkedFrom).toEqual(readLock(folder).forkedFrom)
  })

  test('says which checkpoint is missing where it is gone', async () => {
    const { parent, folder } = await fork()
    rmSync(parent, { recursive: true })
    const record = readRecord(folder)
    const request = {
      runs: harness.runs,
      settings: replaySettings(record, {}),
      locations: [],
      findings: [],
      stopAtDifference: false,
    }
    expect(() => replayOf(record, request)).toThrow(
      expect.objectContaining({
        code: 'SAU7123',
        message: expect.stringContaining(join(parent, 'checkpoints')),
      }),
    )
  })
})

test('a run that was stopped is repeated to its last checkpoint', async () => {
  const training = harness.start(tinyPlan({ epochs: 500 }))
  const { exitCode } = await finish(
    training,
    atEpoch(4, () => training.tell({ command: 'stop' }, 'test')),
  )
  expect(exitCode).toBe(75)
  await identicalReplay(training.runFolder, 75)
})

test('a run that diverged diverges again at the same place', async () => {
  const training = harness.start(tinyPlan({ epochs: 30, rate: 1e30 }))
  expect((await finish(training)).exitCode).toBe(6)
  const replay = harness.replay(training.runFolder)
  expect((await finish(replay)).exitCode).toBe(6)
  const verdict = compareReplay(training.runFolder, replay.runFolder)
  expect(verdict.identical).toBe(true)
  expect(verdict.endings?.replay).toMatch(/after epoch 0: its weights have diverged/)
})

test('an interrupted replay goes on to the same end', async () => {
  const original = await trained(tinyPlan({ epochs: 20 }))
  const replay = harness.replay(original)
  const stopped = await finish(
    replay,
    atEpoch(3, () => replay.tell({ command: 'stop' }, 'test')),
  )
  expect(stopped.exitCode).toBe(75)
  expect(outcomeOf(compareReplay(original, replay.runFolder))).toBe('identical so far')
  expect((await finish(harness.resume({ resume: replay.runFolder }))).exitCode).toBe(0)
  expect(outcomeOf(compareReplay(original, replay.runFolder))).toBe('identical')
})

describe('a replay that differs', () => {
  /** The replay of a run whose rate was another one from the beginning: step 0 is the same, step 1 is not. */
  async function differing(stopAtDifference: boolean) {
    const original = await trained(tinyPlan({ epochs: 3 }))
    const plan = tinyPlan({ epochs: 3, rate: 0.051 })
    const replay = harness.replay(original, { stopAtDifference }, { plan, planHash: planHash(plan) })
    return { original, replay, ended: await finish(replay) }
  }

  test('says so as soon as it does, once, and which number it is', async () => {
    const { original, replay, ended } = await differing(false)
    expect(ended.exitCode).toBe(0)
    const warned = ended.events.filter(({ event }) => event === 'warned')
    expect(warned).toHaveLength(1)
    expect(warned[0]).toMatchObject({
      code: 'SAU7124',
      message: expect.stringMatching(
        /^step 1 \(epoch 0\), objective: [\d.]+ in the original, [\d.]+ here, a diff/,
      ),
    })
    const verdict = compareReplay(original, replay.runFolder)
    expect(outcomeOf(verdict)).toBe('differs')
    expect(verdict.difference).toMatchObject({ epoch: 0, step: 1, quantity: 'objective' })
    expect(verdict.weights?.different.length).toBeGreaterThan(10)
  })

  test('stops there where it is asked to', async () => {
    const { original, replay, ended } = await differing(true)
    expect(ended.exitCode).toBe(75)
    expect(ended.events.filter(({ event }) => event === 'epoch_done')).toHaveLength(0)
    expect(outcomeOf(compareReplay(original, replay.runFolder))).toBe('differs')
  })
})

test('a run that has no checkpoint has nothing to compare with', async () => {
  const training = harness.start(tinyPlan({ epochs: 500 }))
  await finish(training, (event) => {
    if (event.event === 'run_started') training.tell({ command: 'stop_now' }, 'test')
  })
  rmSync(join(training.runFolder, 'checkpoints'), { recursive: true, force: true })
  expect(() => harness.replay(training.runFolder)).toThrow(RunError)
  expect(() => harness.replay(training.runFolder)).toThrow(/has left nothing to compare with/)
})
