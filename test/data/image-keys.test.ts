// Images that are evaluated and trained on, recognised by bytes and by pixels.
import { describe, expect, it } from 'vitest'
import { differentImages, recordsOfSources, type SourceLabels } from '../../runtime/data/draws.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'
import {
  type ImageKeys,
  imageKeys,
  imageKeysOfLoaded,
  sharedImagesText,
  sharedWithTraining,
} from '../../runtime/data/image-keys.js'
import { loadData } from '../../runtime/data/load.js'
import { encodedImage, idxFile, temporaryFolder, writeFiles } from './files.js'
import { datasetOf, planOf } from './plans.js'

const whole = (source: number) => ({ op: 'source', source, origin: 'real' }) as const

/** Trains on dataset 0 and evaluates dataset 1. */
const use = {
  streams: [{ name: 's', dataset: 0, seed: 1 }],
  memories: [],
  evaluations: [
    {
      dataset: 1,
      network: 0,
      head: 'x',
      every: { value: 1, unit: 'epoch' },
      metrics: [],
      view: { operations: [] },
    },
  ],
} as const

it('different images are counted once, however often they are drawn', () => {
  const labels = [{ labels: new Int32Array(3), shown: undefined }]
  const make = { op: 'indexed', input: 0, path: '', sha256: '', counts: [4], records: [0, 0, 2, 0] } as const
  const [whole3, drawn] = recordsOfSources(
    [datasetOf(whole(0), { real: [3] }), datasetOf(make, { real: [4] })],
    labels,
  ).map(differentImages)
  expect([whole3, drawn]).toEqual([3, 2])
})

describe('evaluated images that are trained on', () => {
  const labels: readonly SourceLabels[] = [3, 2].map((count) => ({
    labels: new Int32Array(count),
    shown: undefined,
  }))
  const datasets = recordsOfSources(
    [datasetOf(whole(0), { real: [3] }), datasetOf(whole(1), { real: [2] }, { name: 'test' })],
    labels,
  )
  const shared = (first: ImageKeys, second: ImageKeys) => sharedWithTraining(use, datasets, [first, second])

  it('are counted once, whatever they are recognised by', () => {
    const [one, two] = [BigUint64Array.of(1n, 2n, 3n), BigUint64Array.of(3n, 9n)]
    expect(shared({ bytes: one }, { bytes: two })).toEqual([{ dataset: 'test', images: 2, shared: 1 }])
    expect(shared({ bytes: one, pixels: one }, { bytes: two, pixels: two })).toEqual([
      { dataset: 'test', images: 2, shared: 1 },
    ])
    expect(shared({ bytes: one }, { pixels: two })).toEqual([])
    expect(
      shared({ bytes: one, pixels: BigUint64Array.of(9n, 8n, 7n) }, { bytes: two, pixels: two }),
    ).toEqual([{ dataset: 'test', images: 2, shared: 2 }])
    expect(shared({}, {})).toEqual([])
  })

  it('are told in a sentence', () => {
    expect(sharedImagesText({ dataset: 'test', images: 10_000, shared: 10 })).toContain(
      '10 of 10,000 images of `test` are',
    )
    expect(sharedImagesText({ dataset: 'test', images: 10, shared: 1 })).toContain(
      '1 of 10 images of `test` is',
    )
    expect(sharedImagesText({ dataset: 'test', images: 10, shared: 10 })).toContain(
      'all 10 images of `test` are',
    )
  })
})

it('a picture is recognised under another name, and in another format once it is in memory', async () => {
  const grey = { r: 7, g: 7, b: 7 }
  const png = await encodedImage('png', 4, 4, grey)
  const other = await encodedImage('png', 4, 4, { r: 9, g: 9, b: 9 })
  const train = writeFiles(temporaryFolder(), { 'a/1.png': png, 'a/2.png': other })
  const copied = writeFiles(temporaryFolder(), { 'a/other-name.png': png })
  const array = writeFiles(temporaryFolder(), {
    images: idxFile([2, 4, 4], new Uint8Array(32).fill(7, 0, 16)),
    labels: idxFile([2], Uint8Array.of(0, 0)),
  })
  const image = { height: 4, width: 4, channels: 3 }
  const plan = {
    ...planOf(
      [
        { format: 'image_folder', path: '', content: '' },
        { format: 'image_folder', path: '', content: '' },
        { format: 'idx', path: '', labelsPath: '', content: '' },
      ],
      [
        datasetOf(whole(0), { real: [2] }, { classes: ['a'], image }),
        datasetOf(whole(1), { real: [1] }, { name: 'copied', classes: ['a'], image }),
        datasetOf(
          whole(2),
          { real: [2] },
          { name: 'array', classes: ['0'], image: { ...image, channels: 1 } },
        ),
      ],
    ),
    ...use,
    evaluations: [1, 2].map((dataset) => ({ ...use.evaluations[0], dataset })),
  }
  const locations = [[train], [copied], [`${array}/images`, `${array}/labels`]]
  const data = await loadData(plan, locations)
  const keys = imageKeys(plan, locations, createDiskHost({ cacheFolder: undefined }))
  expect(sharedWithTraining(plan, data.datasets, keys)).toEqual([{ dataset: 'copied', images: 1, shared: 1 }])
  expect(sharedWithTraining(plan, data.datasets, await imageKeysOfLoaded(keys, data.stores))).toEqual([
    { dataset: 'copied', images: 1, shared: 1 },
    { dataset: 'array', images: 2, shared: 1 },
  ])
})
