// The one sentence of a long run about a faster engine: when it comes, and what it says.
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../compiler/plan/plan.js'
import {
  createAdvisor,
  type EngineSituation,
  measuredOn,
  measuredSpeed,
  measuredSteps,
} from '../../runtime/training/faster-engine.js'
import { tinyPlan } from './tiny-experiment.js'

const onOnnx: EngineSituation = {
  engine: 'onnx',
  choice: 'auto',
  isInstalled: false,
  seesGpu: false,
  platform: 'linux',
}

/** A run of so many steps in batches of 6. */
function planOf(steps: number): Plan {
  const plan = tinyPlan()
  return { ...plan, train: { ...plan.train, epochs: steps / 10, stepsPerEpoch: 10 } }
}

/** Sentences of a run whose steps take so many seconds each, told of 10 at a time. */
function advice(plan: Plan, secondsPerStep: number, situation = onOnnx, isSaid = false): string[] {
  const advisor = createAdvisor(plan, situation, isSaid)
  const event = { steps: 10, samplesPerSecond: 6 / secondsPerStep }
  return Array.from({ length: 8 }, () => advisor.hear(event)).filter((text) => text !== undefined)
}

describe('a run on onnx', () => {
  test('of more than ten minutes says once that tensorflow would be faster, and how to get it', () => {
    expect(advice(planOf(7000), 0.1)).toEqual([
      expect.stringMatching(
        /^this run takes about 12 minutes on onnx, and tensorflow would be faster \(.*\): `saurun engine install tensorflow` gets it$/,
      ),
    ])
    expect(advice(planOf(70_000), 0.4)[0]).toContain('about 8 hours')
  })

  test('of less says nothing', () => {
    expect(advice(planOf(5000), 0.1)).toEqual([])
  })

  test('leaves the first steps out of its estimate', () => {
    const advisor = createAdvisor(planOf(5000), onOnnx, false)
    const told = [60, 600, 600, 600].map((samplesPerSecond) => advisor.hear({ steps: 10, samplesPerSecond }))
    expect(told.every((text) => text === undefined)).toBe(true)
  })

  test('that was told before it was resumed is not told again', () => {
    expect(advice(planOf(7000), 0.1, onOnnx, true)).toEqual([])
  })

  test.each<[string, Partial<EngineSituation>, string | undefined]>([
    [
      'by choice, with tensorflow there',
      { choice: 'onnx', isInstalled: true },
      '`--engine tensorflow` takes it',
    ],
    ['with a GPU', { seesGpu: true }, '`saurun engine install tensorflow --gpu` gets it'],
    ['because tensorflow does not load, which was a warning', { isInstalled: true }, undefined],
    ['where tensorflow cannot be installed', { platform: 'darwin' }, undefined],
    ['no: on tensorflow', { engine: 'tensorflow' }, undefined],
  ])('%s', (_why, changes, says) => {
    const told = advice(planOf(7000), 0.1, { ...onOnnx, ...changes })
    expect(told.map((text) => text.slice(-(says ?? '').length))).toEqual(says === undefined ? [] : [says])
  })
})

describe('by how much', () => {
  const withNetwork = (blocks: readonly number[], width: number): Plan => {
    const plan = tinyPlan()
    const networks = plan.networks.map((network) => ({
      ...network,
      backbone: { ...network.backbone, blocks, width },
    }))
    return { ...plan, networks }
  }

  test('is what was measured for the network of the run, where it was', () => {
    expect(measuredSpeed(withNetwork([1, 1, 1], 16))).toBe(
      `1.2 times for ResNet-8 of width 16, batch 128, on ${measuredOn}`,
    )
  })

  test('else what was measured for others, which are named', () => {
    const text = measuredSpeed(withNetwork([3, 3, 3], 16))
    expect(text).toContain('ResNet-8 of width 16')
    expect(text).toContain('ResNet-32 of width 64')
  })

  test('was not measured in bfloat16, so nothing is said of it there', () => {
    const plan = tinyPlan()
    expect(measuredSpeed({ ...plan, train: { ...plan.train, precision: 'bfloat16' } })).toBeUndefined()
  })

  test('is a speedup in every measurement', () => {
    for (const { onnx, tensorflow } of measuredSteps) expect(onnx / tensorflow).toBeGreaterThan(1)
  })
})
