// The first number in which two runs differ, and what is said of it.

import { describe, expect, test } from 'vitest'
import {
  type ComparedEvaluation,
  differenceText,
  epochDifference,
  evaluationDifference,
  stepDifference,
} from '../../../runtime/apps/replay/difference.js'
import type { EpochDone } from '../../../runtime/run/journal/events.js'
import { sparse } from '../../run/journal/made-matrices.js'

const names = ['only.ce', 'only.contrast']
const place = { epoch: 1, step: 12 }

const epoch: EpochDone = {
  event: 'epoch_done',
  epoch: 1,
  step: 15,
  loss: 3,
  losses: [1, 2],
  rate: 0.1,
  seconds: 4,
  samplesPerSecond: 100,
  corrections: [],
}

const evaluated: ComparedEvaluation = {
  event: 'evaluated',
  epoch: 1,
  evaluation: 0,
  dataset: 'test',
  count: 9,
  loss: 1,
  top1: 0.5,
  top5: undefined,
  ece: undefined,
  perClass: [0.5, 0.25],
  confusion: sparse([
    [1, 1],
    [3, 0],
  ]),
  shots: [{ name: 'few', accuracy: null, classes: 0 }],
  seconds: 1,
}

describe('of a step', () => {
  test('the first loss that differs in its last bit', () => {
    const other = 1 + Number.EPSILON
    expect(stepDifference(names, place, [3, 1, 2], [3, other, 9])).toEqual({
      epoch: 1,
      step: 12,
      quantity: 'loss only.ce',
      original: 1,
      replay: other,
    })
    expect(stepDifference(names, place, [3, 1, 2], [3, 1, 2])).toBeUndefined()
  })

  test('a step that was not recorded differs from nothing', () => {
    expect(stepDifference(names, place, [], [3, 1, 2])).toBeUndefined()
    expect(stepDifference(names, place, [Number.NaN, Number.NaN, Number.NaN], [3, 1, 2])).toBeUndefined()
  })
})

describe('of an epoch', () => {
  test('times are no difference', () => {
    expect(epochDifference(names, epoch, { ...epoch, seconds: 9, samplesPerSecond: 1 })).toBeUndefined()
    const again = { ...evaluated, seconds: 7, ...{ time: 12 } }
    expect(evaluationDifference(evaluated, again)).toBeUndefined()
  })

  test('names the mean of a loss', () => {
    expect(epochDifference(names, epoch, { ...epoch, losses: [1, 2.5] })).toEqual({
      epoch: 1,
      quantity: 'mean loss only.contrast',
      original: 2,
      replay: 2.5,
    })
  })

  test('names a number inside of an evaluation', () => {
    const other = { ...evaluated, perClass: [0.5, 0.5] }
    expect(evaluationDifference(evaluated, other)?.quantity).toBe('test recall of class[1]')
    const missing = { ...evaluated, shots: undefined }
    expect(evaluationDifference(evaluated, missing)).toMatchObject({ replay: null })
  })

  test('names the first cell of the matrices, with images in one of them or in both', () => {
    const of = (...rows: readonly (readonly number[])[]) => ({ ...evaluated, confusion: sparse(rows) })
    expect(evaluationDifference(evaluated, of([1, 1], [2, 1]))).toEqual({
      epoch: 1,
      quantity: 'test confusion[1][0]',
      original: 3,
      replay: 2,
    })
    expect(evaluationDifference(evaluated, of([1, 1], [3, 4]))).toMatchObject({ original: 0, replay: 4 })
    expect(evaluationDifference(evaluated, of([1, 0], [3, 0]))).toMatchObject({ original: 1, replay: 0 })
    expect(evaluationDifference(evaluated, of([1, 1], [3, 0]))).toBeUndefined()
  })

  test('a matrix that cannot be read differs from nothing', () => {
    expect(evaluationDifference(evaluated, { ...evaluated, confusion: undefined })).toBeUndefined()
  })
})

test('is told with its size', () => {
  expect(differenceText({ ...place, quantity: 'objective', original: 1, replay: 1.5 })).toBe(
    'step 12 (epoch 1), objective: 1 in the original, 1.5 here, a difference of 0.50',
  )
  expect(differenceText({ epoch: 2, quantity: 'test top1', original: null, replay: 1 })).toBe(
    'epoch 2, test top1: nothing in the original, 1 here',
  )
})
