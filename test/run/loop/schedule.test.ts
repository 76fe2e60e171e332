import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Schedule, TrainPlan } from '../../../compiler/plan/plan.js'
import { readSafetensors } from '../../../runtime/platform/safetensors/index.js'
import { learningRate, stepTime } from '../../../runtime/run/loop/schedule.js'
import { goldenCases } from '../../apps/parity/golden-cases.js'

function trainPlan(schedule: Schedule, epochs = 10, stepsPerEpoch = 4, rate = 0.2): TrainPlan {
  return {
    epochs,
    batch: 8,
    stepsPerEpoch,
    lastBatch: 8,
    remainder: 'keep',
    precision: 'float32',
    optimizer: { op: 'sgd', rate, momentum: 0.9, nesterov: false, weightDecay: 0 },
    schedule,
  }
}

describe('the learning rate per epoch', () => {
  test('is the same in all steps of an epoch, and cosine follows its closed form', () => {
    const train = trainPlan({ per: 'epoch', factors: [{ op: 'cosine' }] })
    for (let step = 0; step < 40; step++) {
      const epoch = Math.floor(step / 4)
      expect(learningRate(train, step)).toBeCloseTo((0.2 * (1 + Math.cos((Math.PI * epoch) / 10))) / 2, 15)
    }
  })

  test('cosine is not clamped: past the end it rises again', () => {
    const train = trainPlan({ per: 'epoch', factors: [{ op: 'cosine' }] }, 10, 1)
    expect(learningRate(train, 10)).toBeCloseTo(0, 15)
    expect(learningRate(train, 20)).toBeCloseTo(0.2, 15)
  })

  test('linear falls to rate / epochs in the last epoch', () => {
    const train = trainPlan({ per: 'epoch', factors: [{ op: 'linear' }] })
    expect([0, 4, 39].map((step) => learningRate(train, step))).toEqual([
      0.2,
      0.2 * 0.9,
      expect.closeTo(0.02, 15),
    ])
  })

  test('multistep multiplies from the named epochs on', () => {
    const train = trainPlan({ per: 'epoch', factors: [{ op: 'multistep', at: [3, 7], gamma: 0.1 }] })
    const rates = Array.from({ length: 10 }, (_, epoch) => learningRate(train, epoch * 4))
    expect(rates.map((rate) => Number(rate.toPrecision(6)))).toEqual([
      0.2, 0.2, 0.2, 0.02, 0.02, 0.02, 0.02, 0.002, 0.002, 0.002,
    ])
  })

  test('warm-up multiplies by (epoch + 1) / n in the first n epochs, whatever comes before it in the chain', () => {
    const warm = trainPlan(
      { per: 'epoch', factors: [{ op: 'constant' }, { op: 'warmup', epochs: 4 }] },
      10,
      4,
      1,
    )
    expect([0, 1, 2, 3, 4, 9].map((epoch) => learningRate(warm, epoch * 4))).toEqual([
      0.25, 0.5, 0.75, 1, 1, 1,
    ])
    const both = trainPlan({ per: 'epoch', factors: [{ op: 'cosine' }, { op: 'warmup', epochs: 5 }] })
    expect(learningRate(both, 4)).toBeCloseTo(((0.2 * (1 + Math.cos(Math.PI / 10))) / 2) * (2 / 5), 15)
  })
})

describe('the learning rate per step', () => {
  test('follows the same curves between epochs', () => {
    const train = trainPlan({ per: 'step', factors: [{ op: 'cosine' }] })
    expect(learningRate(train, 6)).toBeCloseTo((0.2 * (1 + Math.cos((Math.PI * 1.5) / 10))) / 2, 15)
    const warm = trainPlan({ per: 'step', factors: [{ op: 'warmup', epochs: 2 }] }, 10, 4, 1)
    expect([0, 3, 7, 8].map((step) => learningRate(warm, step))).toEqual([1 / 8, 4 / 8, 1, 1])
    const steps = trainPlan({ per: 'step', factors: [{ op: 'multistep', at: [2], gamma: 0.5 }] })
    expect([7, 8].map((step) => learningRate(steps, step))).toEqual([0.2, 0.1])
  })
})

test('progress is the share of epochs done, and the step counts over the whole run', () => {
  const train = trainPlan({ per: 'epoch', factors: [] })
  expect(stepTime(train, 22)).toEqual({ epoch: 5, progress: 0.5, step: 22, learningRate: 0.2 })
})

test('learning_rate is that of the golden training cases, a cosine stepped once per step, to 1e-6', () => {
  const names = readdirSync(goldenCases).filter((name) => /^training-.*\.safetensors$/.test(name))
  expect(names.length).toBeGreaterThanOrEqual(2)
  for (const name of names) {
    const { tensors, metadata } = readSafetensors(readFileSync(join(goldenCases, name)))
    const expected = tensors.learning_rate?.data ?? []
    expect(expected.length).toBe(Number(metadata.steps))
    const schedule: Schedule = { per: 'epoch', factors: [{ op: 'cosine' }] }
    const train = trainPlan(schedule, Number(metadata.epochs_cosine), 1, Number(metadata.lr))
    for (const [step, rate] of expected.entries()) {
      expect(Math.abs(learningRate(train, step) - Number(rate))).toBeLessThan(1e-6)
    }
  }
})
