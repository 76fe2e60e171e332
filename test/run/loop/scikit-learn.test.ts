// Against scikit-learn 1.9.1 on logits with equal scores between images and a class without images, one image
// being taken for it. Computed in float64 from `p`, the softmax of these logits, `pred` = argmax, and `there`
// = np.unique(y), the classes with images:
//   balanced_accuracy: balanced_accuracy_score(y, pred)
//   macro_f1: f1_score(y, pred, labels=there, average='macro')
//   geometric_mean, worst_class: of r = recall_score(y, pred, labels=there, average=None),
//   np.prod(r) ** (1 / len(r)) and r.min()
//   nll: log_loss(y, p, labels=range(5))
//   auroc: np.mean([roc_auc_score(y == c, p[:, c]) for c in there])
import { expect, test } from 'vitest'
import type { AskedMetric } from '../../../compiler/plan/metric-table.js'
import { addImage, measures, metricSums } from '../../../runtime/run/loop/metrics.js'

const labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3]
const logits = [
  [1.5, -1.0, -1.5, -3.0, -0.5],
  [2.0, 0.0, 0.5, 1.0, -1.0],
  [3.5, -1.0, 0.5, 2.5, 0],
  [1.0, -0.5, 0.5, -2.0, -0.5],
  [2.5, 0.0, 0, 0.5, 0.5],
  [1.0, 0.5, -1.5, 0.5, -0.5],
  [2.0, 0, -1.0, 0, -1.0],
  [2.0, 0, 1.0, -1.0, 3.0],
  [-0.5, 2.5, 1.0, -1.0, 0.5],
  [2.0, 0.0, 0.5, 1.0, -1.0],
  [-1.0, 1.0, 0.5, 1.0, -0.5],
  [0.5, 1.5, -1.5, -1.0, 0.5],
  [-1.0, 0.0, 1.0, 0.5, 0],
  [0.0, -0.5, 0.5, -0.5, 0.5],
  [-1.0, 1.0, 0.5, 1.0, -0.5],
  [0.5, 1.0, 0.0, 1.0, -0.5],
  [1.0, 1.0, -0.5, -1.0, -0.5],
  [1.0, -0.5, 0.5, 2.5, -0.5],
]

const expected = {
  balanced_accuracy: 0.5770833333333334,
  macro_f1: 0.622549019607843,
  geometric_mean: 0.5438786529686386,
  worst_class: 0.3333333333333333,
  nll: 1.1017042135668627,
  auroc: 0.7972222222222222,
} satisfies Readonly<Partial<Record<AskedMetric, number>>>

const asked = Object.keys(expected) as (keyof typeof expected)[]

function measured(some: readonly number[]) {
  const evaluation = {
    dataset: 0,
    network: 0,
    head: 'logits',
    every: { value: 1, unit: 'epoch' },
    metrics: asked.map((op) => ({ op })),
    view: { operations: [] },
  } as const
  const sums = metricSums(evaluation, 5)
  for (const i of some) addImage(sums, Float32Array.from(logits[i] ?? []), 0, labels[i] ?? 0)
  return measures(evaluation, sums)
}

test.each(Object.entries(expected))('%s is what scikit-learn gives', (name, value) => {
  expect(measured([...labels.keys()])[name as keyof typeof expected]).toBeCloseTo(value, 10)
})

test('data of one class has no area under a curve, and the rest is measured', () => {
  const result = measured([0, 1, 2])
  expect(result).toMatchObject({ balanced_accuracy: 1, macro_f1: 1, geometric_mean: 1, worst_class: 1 })
  expect(result.auroc).toBeUndefined()
})
