import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Dataset, LoadedData } from '../../../runtime/data/dataset.js'
import { createStore } from '../../../runtime/data/store.js'
import type { Tensor } from '../../../runtime/platform/tensor.js'
import { correctionSites } from '../../../runtime/run/loop/correction.js'
import {
  type CorrectionExamples,
  collectExamples,
  exampleFiles,
} from '../../../runtime/run/loop/correction-examples.js'
import { tinyPlan } from '../session/tiny-experiment.js'

const plan = tinyPlan()
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-examples-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/**
 * Forty synthetic records after two real ones; record i is a picture of grey i. Class 0; those of even number
 * show class 1.
 */
function data(size = 8): LoadedData {
  const [first] = plan.datasets
  if (first === undefined) throw new Error('no dataset')
  const count = 42
  const store = createStore(count, size, size, 3)
  const pixels = new Uint8Array(store.pixels)
  for (let i = 0; i < count; i++) pixels.fill(i, i * size * size * 3, (i + 1) * size * size * 3)
  const dataset: Dataset = {
    plan: first,
    count,
    labels: new Int32Array(count),
    origins: Uint8Array.from({ length: count }, (_, i) => (i < 2 ? 0 : 1)),
    shown: Int32Array.from({ length: count }, (_, i) => (i + 1) % 2),
    store: new Uint16Array(count),
    record: Uint32Array.from({ length: count }, (_, i) => i),
  }
  return { datasets: plan.datasets.map(() => dataset), stores: [store] }
}

const ints = (values: readonly number[]): Tensor => ({
  dtype: 'int32',
  shape: [values.length],
  data: Int32Array.from(values),
})
const floats = (values: readonly number[]): Tensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
})

function collector(loaded: LoadedData, stepsPerEpoch = 1) {
  const examples = collectExamples(folder, correctionSites(plan, loaded), loaded, stepsPerEpoch)
  return {
    ...examples,
    step(decisions: readonly (readonly [record: number, margin: number])[]) {
      examples.add(
        { 'index:a': ints(decisions.map(([record]) => record)) },
        {
          'noise:12': ints(decisions.map(([, margin]) => (margin < 0 ? 1 : 0))),
          'margin:12': floats(decisions.map(([, margin]) => margin)),
        },
      )
    },
  }
}

const written = (): CorrectionExamples =>
  JSON.parse(readFileSync(join(folder, 'correction', 'aware.json'), 'utf8')) as CorrectionExamples

test('the most and the least certain images of each decision are kept, real ones never', async () => {
  const examples = collector(data())
  // The real record 1 would be the surest of all. Records 2..21 are noise, 22..41 kept; the later the surer.
  examples.step([
    [1, -2],
    ...Array.from({ length: 40 }, (_, i) => [i + 2, (i < 20 ? -1 : 1) * (i + 1) * 0.01] as const),
  ])
  await examples.finish(3)
  const { noise, kept, ...rest } = written()
  expect(rest).toEqual({
    correction: 1,
    branch: 'aware',
    epoch: 3,
    whole: true,
    images: 40,
    calledNoise: 20,
  })
  const records = (list: CorrectionExamples['noise']['most']) => list.map(({ record }) => record)
  expect(records(noise.most)).toEqual([21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10])
  expect(records(noise.least)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  expect(records(kept.most)).toEqual([41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30])
  expect(records(kept.least)).toEqual([22, 23, 24, 25, 26, 27, 28, 29])
  const [first] = kept.most
  expect(first).toMatchObject({
    class: plan.datasets[0]?.classes[0],
    shows: plan.datasets[0]?.classes[0],
    certainty: expect.closeTo(0.4, 6),
  })
  expect(kept.most[1]?.shows).toBe(plan.datasets[0]?.classes[1])
  const { data: pixels, info } = await sharp(Buffer.from(first?.png ?? '', 'base64'))
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect([info.width, info.height, info.channels]).toEqual([8, 8, 3])
  expect(new Set(pixels)).toEqual(new Set([41]))
})

test('large images are shown with 64 pixels on a side, and the last decision on an image counts', async () => {
  const examples = collector(data(100), 2)
  examples.step([[5, -0.5]])
  examples.step([[5, 0.25]])
  await examples.finish(0)
  const { noise, kept, whole } = written()
  expect(whole).toBe(true)
  expect(noise.most).toEqual([])
  expect(kept.most).toMatchObject([{ record: 5, certainty: 0.25, width: 64, height: 64 }])
})

test('an epoch begins with nothing, and says so when not all of its steps were seen', async () => {
  const examples = collector(data(), 2)
  examples.step([[5, -0.5]])
  examples.step([[6, -0.5]])
  await examples.finish(0)
  examples.step([[7, -0.5]])
  await examples.finish(1)
  expect(written()).toMatchObject({ epoch: 1, whole: false, images: 1, noise: { most: [{ record: 7 }] } })
})

test('a folder that takes no file does not end the run', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  writeFileSync(join(folder, 'correction'), '')
  const examples = collector(data())
  examples.step([[7, -0.5]])
  await expect(examples.finish(0)).resolves.toBeUndefined()
  expect(said).toHaveBeenCalledOnce()
  said.mockRestore()
})

test('each correction of a branch has a file of its own', async () => {
  expect(
    exampleFiles([
      { branch: 'aware', node: 12 },
      { branch: 'twice', node: 14 },
      { branch: 'twice', node: 16 },
      { branch: '', node: 18 },
    ]),
  ).toEqual(['aware.json', 'twice-14.json', 'twice-16.json', 'step-18.json'])
})
