import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { traceProgram } from '../../../compiler/graph/index.js'
import { listCheckpoints } from '../../../runtime/run/folder/checkpoint.js'
import { estimate } from '../../../runtime/run/session/estimate.js'
import { timeSteps } from '../../../runtime/run/session/timing.js'
import { finish, runHarness } from './run-harness.js'
import { tinyPlan } from './tiny-experiment.js'

test('counts steps, images, evaluations and memories', () => {
  const plan = tinyPlan({ epochs: 7, evaluateEvery: 3 })
  const program = traceProgram(plan, { layout: 'NCHW' })
  expect(estimate(plan, program)).toMatchObject({
    epochs: 7,
    stepsPerEpoch: 3,
    steps: 21,
    batch: 6,
    lastBatch: 2,
    // a.plain, b.plain and a.strong.
    imagesPerStep: 18,
    evaluations: [{ dataset: 'test', times: 3, images: 9 }],
    memories: [{ name: 'prototypes', times: 7, images: 9 }],
  })
})

test('parameters of ResNet-8 are those of its layers, and a step costs at least its convolutions', () => {
  const plan = tinyPlan()
  const result = estimate(plan, traceProgram(plan, { layout: 'NCHW' }))
  const convolutions = [3 * 4, 4 * 4, 4 * 4, 4 * 8, 8 * 8, 8 * 16, 16 * 16].reduce(
    (sum, pairs) => sum + 9 * pairs,
    0,
  )
  const normalizations = 2 * (3 * 4 + 2 * 8 + 2 * 16)
  const heads = 16 * 3 + 3 + (16 * 8 + 8) + 2 * 8 + (8 * 4 + 4)
  expect(result.parameters).toBe(convolutions + normalizations + heads)
  // Two passes of 6 images, forward alone, the stem on 64 pixels.
  expect(result.flopsPerStep).toBeGreaterThan(2 * 6 * 2 * 9 * (3 * 4 + 4 * 4) * 64)
  expect(result.stepBytes).toBeGreaterThan(0)
})

test('the size of a checkpoint is foretold within a fifth', async () => {
  const harness = runHarness()
  try {
    const plan = tinyPlan({ epochs: 1 })
    const training = harness.start(plan)
    await finish(training)
    const [folder = ''] = listCheckpoints(training.runFolder)
    const written = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    // The reference engine keeps double precision: take its numbers' second half off.
    const { checkpointBytes, stateBytes } = estimate(plan, traceProgram(plan, { layout: 'NCHW' }))
    expect(Math.abs(checkpointBytes / (written - stateBytes) - 1)).toBeLessThan(0.2)
  } finally {
    await harness.dispose()
  }
})

test('a few timed steps give an estimate of the whole run', async () => {
  const timing = await timeSteps({
    plan: tinyPlan({ epochs: 100 }),
    locations: [[], [], []],
    settings: { engine: 'reference', workers: 0 },
    steps: 2,
  })
  expect(timing.engine).toBe('reference')
  expect(timing.stepSeconds).toBeGreaterThan(0)
  expect(timing.runSeconds).toBeGreaterThan(300 * timing.stepSeconds)
})
