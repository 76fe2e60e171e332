// Images that are decoded as they are drawn give the very batches that images in memory give.
import { createHash } from 'node:crypto'
import { rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DatasetPlan, Plan, ViewOperation } from '../../compiler/plan/plan.js'
import type { SourcePlan } from '../../compiler/plan/sources.js'
import type { LoadedData } from '../../runtime/data/dataset.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'
import { loadData, type ResidentData } from '../../runtime/data/load.js'
import { bytesOf, defaultDataMemory } from '../../runtime/data/memory-budget.js'
import { residentImages } from '../../runtime/data/residence.js'
import { openImages } from '../../runtime/data/stored-images.js'
import { createBatchSource } from '../../runtime/data/views/source.js'
import { RunError } from '../../runtime/platform/errors.js'
import { temporaryFolder } from './files.js'
import { datasetOf } from './plans.js'
import { collect, planOf as viewsPlan } from './views/plans.js'

const count = 24
const perClass = [count / 2, count / 2]
const folder = temporaryFolder()
const file = (i: number) => join(folder, `${String(i).padStart(2, '0')}.${i % 3 === 0 ? 'png' : 'jpg'}`)

beforeAll(async () => {
  const lines: string[] = []
  for (let i = 0; i < count; i++) {
    const [width, height] = [20 + (i % 5), 18 + (i % 7)]
    const pixels = Uint8Array.from({ length: 3 * width * height }, (_, p) => (p * (i + 3) * 7919) % 251)
    const image = sharp(pixels, { raw: { width, height, channels: 3 } })
    writeFileSync(file(i), await (i % 3 === 0 ? image.png() : image.jpeg({ quality: 95 })).toBuffer())
    lines.push(`${file(i).slice(folder.length + 1)} ${i % 2}`)
  }
  writeFileSync(join(folder, 'list.txt'), `${lines.join('\n')}\n`)
  writeFileSync(join(folder, 'images.npy'), npy('|u1', `(${count}, 20, 22, 3)`, count * 20 * 22 * 3))
  writeFileSync(join(folder, 'labels.npy'), npy('|u1', `(${count},)`, count))
})

function npy(descr: string, shape: string, bytes: number): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117)
  const data = Uint8Array.from({ length: bytes }, (_, i) => (bytes === count ? i % 2 : (i * 31) % 253))
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${header}\n`), data])
}

const views: Readonly<Record<string, readonly ViewOperation[]>> = {
  wild: [
    { op: 'resized_crop', size: 8, scale: [0.3, 1], ratio: [0.75, 4 / 3] },
    { op: 'flip', probability: 0.5 },
    { op: 'color_jitter', brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  ],
  cut: [
    { op: 'resize', size: 10 },
    { op: 'center_crop', size: 8 },
  ],
}

interface Data {
  readonly plan: Plan
  readonly locations: readonly (readonly string[])[]
}

/** A Plan with one stream through two views over the last of `datasets`, its memory and its evaluation. */
function dataOf(source: SourcePlan, datasets: readonly DatasetPlan[], location: readonly string[]): Data {
  const last = datasets.length - 1
  const small = viewsPlan({
    counts: datasets.map(() => count),
    streams: { s: last },
    views,
    feeds: [
      ['s', 'wild'],
      ['s', 'cut'],
    ],
    batch: 10,
    stepsPerEpoch: 3,
    lastBatch: 4,
    evaluation: views.cut ?? [],
  })
  const evaluations = small.evaluations.map((evaluation) => ({ ...evaluation, dataset: last }))
  return { plan: { ...small, sources: [source], datasets, evaluations }, locations: [location] }
}

const whole = { op: 'source', source: 0, origin: 'real' } as const
const host = createDiskHost({ cacheFolder: undefined })

function listed(): Data {
  const [path, listPath] = [folder, join(folder, 'list.txt')]
  const content = host.digest({ format: 'image_list', path, listPath })
  const source = { format: 'image_list', path, listPath, content } as const
  return dataOf(source, [varied()], [path, listPath])
}

const varied = () => datasetOf(whole, { real: perClass }, { classes: ['0', '1'], image: 'varied' })

function resized(): Data {
  const { plan, locations } = listed()
  const image = { height: 9, width: 9, channels: 3 }
  const make = { op: 'resize', input: 0, size: 9 } as const
  const small = datasetOf(make, { real: perClass }, { classes: ['0', '1'], image })
  const [source] = plan.sources
  if (source === undefined) throw new Error('no source')
  return dataOf(source, [varied(), small], locations[0] ?? [])
}

function array(): Data {
  const [path, labelsPath] = [join(folder, 'images.npy'), join(folder, 'labels.npy')]
  const content = host.digest({ format: 'npy', path, labelsPath })
  const image = { height: 20, width: 22, channels: 3 }
  const dataset = datasetOf(whole, { real: perClass }, { classes: ['0', '1'], image })
  return dataOf({ format: 'npy', path, labelsPath, content }, [dataset], [path, labelsPath])
}

/** Everything that a run draws: two epochs, a memory's sweep, an evaluation's, as one digest. */
async function drawn({ plan }: Data, data: LoadedData, workers: number): Promise<string> {
  const source = createBatchSource(plan, data, { workers })
  const hash = createHash('sha256')
  const dataset = plan.datasets.length - 1
  try {
    for (const epoch of [0, 1])
      for (const { inputs } of await collect(source.epoch(epoch, 0)))
        for (const [name, { data: values }] of Object.entries(inputs))
          hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    for (const [view, purpose] of [
      [{ view: 0 }, 'memory'],
      [{ evaluation: 0 }, 'evaluation'],
    ] as const)
      for (const { images } of await collect(source.sweep({ dataset, view, purpose, epoch: 1, batch: 7 })))
        hash.update(images)
  } finally {
    await source.dispose()
  }
  return hash.digest('hex')
}

const kinds = (data: ResidentData) => data.stores.map(({ kind }) => kind)

describe.each([
  ['a list of files', listed, 24 * 3 * 22 * 21, ['decoded'], ['files']],
  ['files that are resized', resized, 24 * 3 * 9 * 9, ['files', 'decoded'], ['files', 'resized']],
  ['a NumPy file', array, 24 * 3 * 20 * 22, ['decoded'], ['array']],
] as const)('%s', (_, made, bytes, held, streamed) => {
  it('gives the same batches from memory and from its files, with any number of workers', async () => {
    const data = made()
    const load = (memory: number) => loadData(data.plan, data.locations, { verify: true, memory })
    const inMemory = await load(1e9)
    const fromFiles = await load(0)
    expect(kinds(inMemory)).toEqual(held)
    expect(kinds(fromFiles)).toEqual(streamed)
    const expected = await drawn(data, inMemory, 0)
    for (const workers of [0, 1, 3]) expect(await drawn(data, fromFiles, workers)).toBe(expected)
  })

  it('is held where it fits to the byte', async () => {
    const data = made()
    const whole = await loadData(data.plan, data.locations, { memory: 1e9 })
    const { held: images, heldBytes, streamed: none } = residentImages(whole.residence)
    expect([images, none]).toEqual([count, 0])
    expect(Math.abs(heldBytes - bytes) / bytes).toBeLessThan(0.05)
    expect(kinds(await loadData(data.plan, data.locations, { memory: heldBytes }))).toEqual(held)
    const less = await loadData(data.plan, data.locations, { memory: heldBytes - 1 })
    expect(kinds(less)).toEqual(streamed)
    expect(residentImages(less.residence)).toEqual({
      held: 0,
      heldBytes: 0,
      streamed: count,
      budget: heldBytes - 1,
    })
    // A host that remembers sizes comes to the same.
    for (const memory of [heldBytes, heldBytes - 1])
      expect(kinds(await loadData(data.plan, data.locations, { memory, host }))).toEqual(
        memory === heldBytes ? held : streamed,
      )
  })
})

it('sizes of images are known without decoding them', async () => {
  const { plan, locations } = resized()
  const data = await loadData(plan, locations, { memory: 0 })
  const images = openImages(data.stores)
  for (let i = 0; i < count; i++) {
    const { height, width } = await images.read(0, i)
    expect(images.size(0, i)).toMatchObject({ height, width })
    expect(images.size(1, i)).toEqual({ height: 9, width: 9 })
  }
  images.close()
})

describe('damage while images are drawn', () => {
  const places = temporaryFolder()

  /** What an epoch fails with when `damage` is done to the third image after loading. */
  async function failure(workers: number, damage: (path: string) => void): Promise<unknown> {
    const path = join(places, 'c.png')
    const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251)
    const png = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer()
    for (const name of ['a', 'b', 'c']) writeFileSync(join(places, `${name}.png`), png)
    writeFileSync(join(places, 'list.txt'), 'a.png 0\nb.png 1\nc.png 1\n')
    const source = { format: 'image_list', path: '', listPath: '', content: '' } as const
    const image = { height: 64, width: 64, channels: 3 }
    const dataset = datasetOf(whole, { real: [1, 2] }, { classes: ['0', '1'], image })
    const { plan, locations } = dataOf(source, [dataset], [places, join(places, 'list.txt')])
    const train = { ...plan.train, batch: 3, stepsPerEpoch: 1, lastBatch: 3 }
    const data = await loadData({ ...plan, train }, locations, { memory: 0 })
    damage(path)
    const batches = createBatchSource({ ...plan, train }, data, { workers })
    const thrown = await collect(batches.epoch(0, 0)).catch((error: unknown) => error)
    await batches.dispose()
    return thrown
  }

  it.each([0, 2])('is an error that names the file, with %i workers', async (workers) => {
    const path = join(places, 'c.png')
    const gone = await failure(workers, rmSync)
    expect(gone).toBeInstanceOf(RunError)
    expect(gone).toMatchObject({ code: 'SAU8001', exitCode: 4, message: `\`${path}\` is not there` })
    expect(await failure(workers, (at) => truncateSync(at, 500))).toMatchObject({
      code: 'SAU8006',
      message: `\`${path}\` has changed since the experiment was compiled`,
    })
    expect(await failure(workers, (at) => utimesSync(at, 1, 1))).toMatchObject({ code: 'SAU8006' })
    const damaged = await failure(workers, (at) => {
      const { size, atimeMs, mtimeMs } = statSync(at)
      writeFileSync(at, Buffer.concat([png8, Buffer.alloc(size - png8.length)]))
      utimesSync(at, atimeMs / 1000, mtimeMs / 1000)
    })
    // Where the file system keeps finer times than can be set, the change itself is seen first.
    expect(['SAU8005', 'SAU8006']).toContain((damaged as RunError).code)
    expect((damaged as RunError).message).toContain(path)
  })

  const png8 = Buffer.from('89504e470d0a1a0a0000000d49484452000000400000004008020000002524b5a0', 'hex')
})

describe('the memory for images', () => {
  it.each([
    ['4GiB', 4 * 2 ** 30],
    ['500 MiB', 500 * 2 ** 20],
    ['1.5g', 1.5 * 2 ** 30],
    ['2KB', 2048],
    ['12b', 12],
    ['0', 0],
  ])('%s is a size', (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes)
  })

  it.each(['', 'much', '-1', '4 giga', '4GiBs', '0x10'])('%s is none', (text) => {
    expect(bytesOf(text)).toBeUndefined()
  })

  it('is a part of the machine where nobody says how much', () => {
    expect(defaultDataMemory()).toBeGreaterThan(2 ** 24)
  })
})
