import { expect, test } from 'vitest'
import type { Dataset, LoadedData } from '../../../runtime/data/dataset.js'
import type { Tensor } from '../../../runtime/platform/tensor.js'
import {
  correctionSites,
  corrections,
  countCorrections,
  noCorrections,
} from '../../../runtime/run/loop/correction.js'
import { tinyPlan } from '../session/tiny-experiment.js'

const plan = tinyPlan()

function vector(values: readonly number[]): Tensor {
  return { dtype: 'int32', shape: [values.length], data: Int32Array.from(values) }
}

/** Six records of classes 0 0 1 1 2 2; the last four synthetic. */
function data(shown: readonly number[] | undefined): LoadedData {
  const [first] = plan.datasets
  if (first === undefined) throw new Error('no dataset')
  const dataset: Dataset = {
    plan: first,
    count: 6,
    labels: Int32Array.from([0, 0, 1, 1, 2, 2]),
    origins: Uint8Array.from([0, 0, 1, 1, 1, 1]),
    shown: shown === undefined ? undefined : Int32Array.from(shown),
    store: new Uint16Array(6),
    record: new Uint32Array(6),
  }
  return { datasets: plan.datasets.map(() => dataset), stores: [] }
}

function count(loaded: LoadedData, steps: readonly { index: readonly number[]; noise: readonly number[] }[]) {
  const sites = correctionSites(plan, loaded)
  const counts = noCorrections(sites)
  for (const { index, noise } of steps) {
    countCorrections(sites, counts, { 'index:a': vector(index) }, { 'noise:12': vector(noise) })
  }
  return corrections(sites, counts)
}

test('precision and recall compare what was called noise with what was planted', () => {
  // Records 3 and 5 show another class. Called noise: 3 (rightly), 2 and 4 (wrongly).
  const result = count(data([0, 0, 1, 0, 2, 1]), [
    { index: [0, 3, 2], noise: [0, 1, 1] },
    { index: [4, 5, 1], noise: [1, 0, 0] },
  ])
  expect(result).toEqual([
    {
      branch: 'aware',
      synthetic: 4,
      calledNoise: 3,
      perClass: [
        { synthetic: 0, calledNoise: 0 },
        { synthetic: 2, calledNoise: 2 },
        { synthetic: 2, calledNoise: 1 },
      ],
      planted: { truePositives: 1, noisy: 2, precision: 1 / 3, recall: 1 / 2 },
    },
  ])
})

test('real samples are not counted, whatever the step says of them', () => {
  expect(count(data(undefined), [{ index: [0, 1], noise: [1, 1] }])[0]).toMatchObject({
    synthetic: 0,
    calledNoise: 0,
  })
})

test('without planted noise there is neither precision nor recall', () => {
  expect(count(data(undefined), [{ index: [2], noise: [1] }])[0]?.planted).toBeUndefined()
})

test('precision of nothing called, and recall of no noise, are null', () => {
  const clean = data([0, 0, 1, 1, 2, 2])
  expect(count(clean, [{ index: [2], noise: [0] }])[0]?.planted).toEqual({
    truePositives: 0,
    noisy: 0,
    precision: null,
    recall: null,
  })
})
