// Whole runs in bfloat16, on the reference engine.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nearestBfloat16 } from '../../../../compiler/graph/bfloat16.js'
import type { NetworkPrecision, Plan } from '../../../../compiler/plan/plan.js'
import type { JournalEvent } from '../../../../runtime/run/journal/events.js'
import { finalState, finish, type RunHarness, runHarness } from '../run-harness.js'
import { tinyPlan } from '../tiny-experiment.js'

/** What the measurement remembers lies in a folder of this test's own. */
const cache = mkdtempSync(join(tmpdir(), 'saurun-cache-'))
const cacheBefore = process.env.SAURUN_CACHE
let harness: RunHarness
beforeAll(() => {
  process.env.SAURUN_CACHE = cache
  harness = runHarness()
})
afterAll(async () => {
  await harness.dispose()
  if (cacheBefore === undefined) delete process.env.SAURUN_CACHE
  else process.env.SAURUN_CACHE = cacheBefore
  rmSync(cache, { recursive: true })
})

function planIn(precision: NetworkPrecision): Plan {
  const plan = tinyPlan({ epochs: 25, rate: 0.05, evaluateEvery: 25 })
  // All images in one batch: statistics of a few images would turn rounding into another run.
  const train = { ...plan.train, precision, batch: 14, lastBatch: 14, stepsPerEpoch: 1 }
  return { ...plan, train, objective: { op: 'loss', loss: 0 } }
}

const warningsOf = (events: readonly JournalEvent[]) =>
  events.flatMap((event) => (event.event === 'warned' ? [event] : []))

/** What is minimized, epoch by epoch. */
const lossesOf = (events: readonly JournalEvent[]): readonly number[] =>
  events.flatMap((event) => (event.event === 'epoch_done' ? [event.loss] : []))

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

test('a run in bfloat16 reaches about the loss of one in float32, and says that it is no faster here', async () => {
  const single = harness.start(planIn('float32'))
  const inSingle = await finish(single)
  const half = harness.start(planIn('bfloat16'))
  const inHalf = await finish(half)
  expect(inHalf.exitCode).toBe(0)
  expect(warningsOf(inSingle.events)).toEqual([])
  expect(warningsOf(inHalf.events)).toMatchObject([
    {
      code: 'SAU7610',
      message: expect.stringContaining('the engine reference computes in float32 and rounds'),
    },
  ])

  const expected = mean(lossesOf(inSingle.events).slice(-5))
  const actual = mean(lossesOf(inHalf.events).slice(-5))
  expect(actual).toBeCloseTo(expected, 1)
  expect(actual).not.toBe(expected)

  // Weights are kept in more digits than the network sees of them.
  const weight = finalState(half.runFolder).weights['net.conv1.weight']
  const kept = [...(weight?.data ?? [])].map(Number)
  expect(kept.length).toBeGreaterThan(0)
  expect(kept.map(nearestBfloat16)).not.toEqual(kept)
  // What was measured is remembered for the next run.
  expect(readdirSync(cache)).toContain('bfloat16.json')
}, 30_000)
