import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EvaluationPlan, Metric } from '../../../compiler/plan/plan.js'
import { addImage, type Measures, measures, metricSums } from '../../../runtime/run/loop/metrics.js'
import { dense } from '../journal/made-matrices.js'

function evaluation(metrics: readonly Metric[]): EvaluationPlan {
  return {
    dataset: 0,
    network: 0,
    head: 'logits',
    every: { value: 1, unit: 'epoch' },
    metrics,
    view: { operations: [] },
  }
}

function measured(
  metrics: readonly Metric[],
  rows: readonly (readonly number[])[],
  labels: readonly number[],
): Measures {
  const plan = evaluation(metrics)
  const sums = metricSums(plan, rows[0]?.length ?? 0)
  const logits = Float32Array.from(rows.flat())
  for (const [i, label] of labels.entries()) addImage(sums, logits, i * sums.classes, label)
  return measures(plan, sums)
}

// Predictions 0, 1, 2, 0 of the labels 0, 1, 1, 2.
const rowsOf = ({ confusion }: Measures) => (confusion === undefined ? [] : dense(confusion))

const rows = [
  [4, 1, 0],
  [0, 3, 1],
  [0, 1, 2],
  [5, 0, 0],
]
const labels = [0, 1, 1, 2]

describe('a case worked out by hand', () => {
  test('top-1, recall per class and confusion', () => {
    const result = measured([{ op: 'per_class' }, { op: 'confusion' }], rows, labels)
    expect(result).toMatchObject({ count: 4, top1: 0.5, perClass: [1, 0.5, 0] })
    expect(rowsOf(result)).toEqual([
      [1, 0, 0],
      [0, 1, 1],
      [1, 0, 0],
    ])
  })

  test('a class without images is not measured, and groups say how many of theirs are', () => {
    const groups = [
      { name: 'many', rule: '> 9', classes: [0, 2] },
      { name: 'few', rule: '<= 9', classes: [1] },
    ] as const
    const shots = {
      op: 'shots',
      of: 0,
      groups: [...groups, { name: 'medium', rule: '0..0', classes: [3] }],
    } as const
    const wider = rows.map((row) => [...row, -1])
    const result = measured([{ op: 'per_class' }, shots], wider.slice(0, 3), labels.slice(0, 3))
    expect(result.perClass).toEqual([1, 0.5, null, null])
    expect(result.shots).toEqual([
      { name: 'many', accuracy: 1, classes: 2, measured: 1 },
      { name: 'few', accuracy: 0.5, classes: 1 },
      { name: 'medium', accuracy: null, classes: 1, measured: 0 },
    ])
  })

  test('the loss is the mean cross-entropy', () => {
    const of = (row: readonly number[], label: number) =>
      Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - (row[label] ?? 0)
    const expected = rows.reduce((sum, row, i) => sum + of(row, labels[i] ?? 0), 0) / 4
    expect(measured([], rows, labels).loss).toBeCloseTo(expected, 12)
  })

  test('shots count images, not classes, and an empty group is null', () => {
    const groups = [
      { name: 'many', rule: '> 100', classes: [0, 1] },
      { name: 'medium', rule: '21..100', classes: [] },
      { name: 'few', rule: '<= 20', classes: [2] },
    ] as const
    expect(measured([{ op: 'shots', of: 0, groups }], rows, labels).shots).toEqual([
      { name: 'many', accuracy: 2 / 3, classes: 2 },
      { name: 'medium', accuracy: null, classes: 0 },
      { name: 'few', accuracy: 0, classes: 1 },
    ])
  })

  test('what is not asked for is not there', () => {
    expect(measured([], rows, labels)).toMatchObject({
      top5: undefined,
      ece: undefined,
      calibration: undefined,
      perClass: undefined,
      confusion: undefined,
      shots: undefined,
    })
  })
})

test('top-5 counts the labels with fewer than five larger logits, ties by position', () => {
  const logits = [9, 8, 7, 6, 5, 4, 4]
  const asked = [{ op: 'top5' }] as const
  expect([4, 5].map((label) => measured(asked, [logits], [label]).top5)).toEqual([1, 0])
  const tied = [1, 1, 1, 1, 1, 1]
  expect([0, 4, 5].map((label) => measured(asked, [tied], [label]).top5)).toEqual([1, 1, 0])
})

test('of equal logits the first counts as the prediction', () => {
  expect(rowsOf(measured([{ op: 'confusion' }], [[2, 2]], [1]))).toEqual([
    [0, 0],
    [1, 0],
  ])
})

describe('the expected calibration error', () => {
  test('weighs the gap of each bin by its images', () => {
    // Two images of confidence 0.75, one right: gap 0.25. Two of confidence 0.92, both right: gap 0.08.
    const of = (p: number) => [Math.log(p), Math.log(1 - p)]
    const sample = [of(0.75), of(0.75), of(0.92), of(0.92)]
    const { ece, calibration } = measured([{ op: 'ece', bins: 10 }], sample, [0, 1, 0, 0])
    expect(ece).toBeCloseTo((2 * 0.25 + 2 * 0.08) / 4, 6)
    expect(calibration?.map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 0, 0, 2, 0, 2])
    expect(calibration?.[7]).toEqual({ count: 2, confidence: expect.closeTo(0.75, 6), accuracy: 0.5 })
    expect(calibration?.[0]).toEqual({ count: 0, confidence: null, accuracy: null })
  })

  test('gaps of opposite sign cancel within a bin but not between bins', () => {
    const of = (p: number) => [Math.log(p), Math.log(1 - p)]
    const sample = [of(0.6), of(0.9)]
    expect(measured([{ op: 'ece', bins: 1 }], sample, [0, 1]).ece).toBeCloseTo(0.25, 6)
    expect(measured([{ op: 'ece', bins: 10 }], sample, [0, 1]).ece).toBeCloseTo((0.4 + 0.9) / 2, 6)
  })
})

test('large logits do not overflow, and a logit that is no number makes the loss no number', () => {
  expect(measured([], [[1000, 0]], [0]).loss).toBe(0)
  expect(measured([], [[1000, 0]], [1]).loss).toBe(1000)
  const sums = metricSums(evaluation([]), 2)
  expect(addImage(sums, [1, Number.NaN], 0, 0)).toBeNaN()
})

test('top-1 is the trace of the confusion over all images, for any logits', () => {
  const row = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(fc.tuple(row, fc.nat(3)), { minLength: 1, maxLength: 30 }), (images) => {
      const result = measured(
        [{ op: 'confusion' }, { op: 'top5' }],
        images.map(([logits]) => logits),
        images.map(([, label]) => label),
      )
      const trace = rowsOf(result).reduce((sum, counts, c) => sum + (counts[c] ?? 0), 0)
      expect(result.top1).toBe(trace / images.length)
      expect(
        rowsOf(result)
          .flat()
          .reduce((sum, count) => sum + count, 0),
      ).toBe(images.length)
      expect(result.top5).toBe(1)
      expect(result.loss).toBeGreaterThanOrEqual(0)
    }),
  )
})
