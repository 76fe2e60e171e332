import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ViewOperation } from '../../../compiler/plan/plan.js'
import { keyOf } from '../../../compiler/random/random.js'
import type { StepBatch } from '../../../runtime/data/views/batch-source.js'
import { createBatchSource } from '../../../runtime/data/views/source.js'
import { WorkerPool } from '../../../runtime/data/views/worker-pool.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { decoded } from '../plans.js'
import { collect, dataOf, planOf } from './plans.js'

const wild: readonly ViewOperation[] = [
  { op: 'crop', padding: 2, size: 8 },
  { op: 'flip', probability: 0.5 },
  { op: 'autoaugment', policy: 'cifar10' },
  { op: 'color_jitter', brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  { op: 'maybe', probability: 0.5, operations: [{ op: 'gaussian_blur', sigma: [0.1, 2] }] },
]

const twoStreams = planOf({
  counts: [20, 7],
  streams: { a: 0, b: 1 },
  views: { wild, plain: [] },
  feeds: [
    ['a', 'wild'],
    ['b', 'plain'],
    ['a', 'plain'],
    ['a', 'wild'],
  ],
  batch: 6,
  stepsPerEpoch: 4,
  lastBatch: 2,
})

async function epochs(
  workers: number,
  numbers: readonly number[],
  fromStep = 0,
  prefetch = 3,
): Promise<StepBatch[]> {
  const source = createBatchSource(twoStreams, dataOf(twoStreams), { workers, prefetch })
  try {
    const batches: StepBatch[] = []
    for (const epoch of numbers) batches.push(...(await collect(source.epoch(epoch, fromStep))))
    return batches
  } finally {
    await source.dispose()
  }
}

function ints(batch: StepBatch, name: string): number[] {
  return Array.from(batch.inputs[name]?.data ?? [])
}

function all(batches: readonly StepBatch[], name: string): number[] {
  return batches.flatMap((batch) => ints(batch, name))
}

describe('an epoch', () => {
  it('has its steps in order, with the last batch as small as the Plan says', async () => {
    const batches = await epochs(0, [0])
    expect(batches.map(({ step, size }) => [step, size])).toEqual([
      [0, 6],
      [1, 6],
      [2, 6],
      [3, 2],
    ])
    expect(batches[3]?.inputs['batch:a.wild']?.shape).toEqual([2, 8, 8, 3])
  })

  it('feeds every view of a stream once, and labels, origin and index of every stream', async () => {
    const [first] = await epochs(0, [0])
    expect(Object.keys(first?.inputs ?? {}).sort()).toEqual([
      'batch:a.plain',
      'batch:a.wild',
      'batch:b.plain',
      'index:a',
      'index:b',
      'labels:a',
      'labels:b',
      'origin:a',
      'origin:b',
    ])
    expect(first?.inputs['batch:a.plain']?.dtype).toBe('uint8')
    expect(first?.inputs['labels:a']?.dtype).toBe('int32')
  })

  it('takes every record of the longest stream once, in another order each time', async () => {
    const batches = await epochs(0, [0, 1])
    const first = all(batches.slice(0, 4), 'index:a')
    const second = all(batches.slice(4), 'index:a')
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect([...second].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(second).not.toEqual(first)
  })

  it('reshuffles a shorter stream at the end of each pass and goes on through the epochs', async () => {
    const drawn = all(await epochs(0, [0, 1, 2]), 'index:b')
    expect(drawn).toHaveLength(60)
    const passes = Array.from({ length: 8 }, (_, pass) => drawn.slice(7 * pass, 7 * pass + 7))
    for (const pass of passes) expect([...pass].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(new Set(passes.map(String)).size).toBeGreaterThan(1)
  })

  it('hands out labels, origins and pixels of the records that it names', async () => {
    const data = dataOf(twoStreams)
    const pixels = new Uint8Array(decoded(data.stores[0]).pixels)
    for (const batch of await epochs(0, [0])) {
      const records = ints(batch, 'index:a')
      expect(ints(batch, 'labels:a')).toEqual(records.map((record) => record % 2))
      expect(ints(batch, 'origin:a')).toEqual(records.map((record) => (record % 3 === 0 ? 1 : 0)))
      const images = ints(batch, 'batch:a.plain')
      for (const [i, record] of records.entries()) {
        const stored = pixels.subarray(192 * (19 - record), 192 * (20 - record))
        expect(images.slice(192 * i, 192 * i + 192)).toEqual(Array.from(stored))
      }
    }
  })

  it('leaves the rest of a pass out where the last batch is dropped, and starts the next epoch with a new pass', async () => {
    const plan = planOf({
      counts: [10],
      streams: { a: 0 },
      views: { plain: [] },
      feeds: [['a', 'plain']],
      batch: 4,
      stepsPerEpoch: 2,
      lastBatch: 4,
    })
    const source = createBatchSource(plan, dataOf(plan), { workers: 0 })
    for (const epoch of [0, 1, 2]) {
      const drawn = all(await collect(source.epoch(epoch, 0)), 'index:a')
      expect(new Set(drawn).size).toBe(8)
    }
  })
})

describe('the number of workers', () => {
  it('changes nothing', async () => {
    const inline = await epochs(0, [0, 1])
    expect(await epochs(1, [0, 1])).toEqual(inline)
    expect(await epochs(3, [0, 1], 0, 1)).toEqual(inline)
  })

  it('a run resumed inside an epoch gets the batches of an uninterrupted one', async () => {
    const whole = await epochs(0, [2])
    expect(await epochs(2, [2], 2)).toEqual(whole.slice(2))
  })

  it('leaves the source usable when an epoch is left early', async () => {
    const source = createBatchSource(twoStreams, dataOf(twoStreams), { workers: 2, prefetch: 3 })
    for await (const batch of source.epoch(0, 0)) if (batch.step === 1) break
    const again = await collect(source.epoch(0, 0))
    await source.dispose()
    expect(again).toEqual(await epochs(0, [0]))
  })
})

describe('draws', () => {
  it('differ between epochs for the same record, and between views of the same operations', async () => {
    const plan = planOf({
      counts: [40],
      streams: { a: 0 },
      views: { sim: wild, sim2: wild },
      feeds: [
        ['a', 'sim'],
        ['a', 'sim2'],
      ],
      batch: 40,
      stepsPerEpoch: 1,
      lastBatch: 40,
    })
    const source = createBatchSource(plan, dataOf(plan), { workers: 0 })
    const [first] = await collect(source.epoch(0, 0))
    const [second] = await collect(source.epoch(1, 0))
    if (first === undefined || second === undefined) throw new Error('an epoch without a batch')
    const images = (batch: StepBatch, name: string) => {
      const data = ints(batch, name)
      return new Map(
        ints(batch, 'index:a').map((record, i) => [record, String(data.slice(192 * i, 192 * i + 192))]),
      )
    }
    const sim = images(first, 'batch:a.sim')
    const sim2 = images(first, 'batch:a.sim2')
    const later = images(second, 'batch:a.sim')
    const records = [...sim.keys()]
    expect(records.filter((record) => sim.get(record) === sim2.get(record)).length).toBeLessThan(4)
    expect(records.filter((record) => sim.get(record) === later.get(record)).length).toBeLessThan(4)
  })
})

describe('a sweep', () => {
  it('goes over all records in order, the last batch smaller', async () => {
    const source = createBatchSource(twoStreams, dataOf(twoStreams), { workers: 2, prefetch: 2 })
    const parts = await collect(
      source.sweep({ dataset: 1, view: { view: 1 }, purpose: 'memory', epoch: 0, batch: 3 }),
    )
    await source.dispose()
    expect(parts.map(({ indices }) => Array.from(indices))).toEqual([[0, 1, 2], [3, 4, 5], [6]])
    expect(parts[2]?.images).toHaveLength(192)
  })

  it('draws a memory afresh in every epoch, and an evaluation never', async () => {
    const source = createBatchSource(twoStreams, dataOf(twoStreams), { workers: 0 })
    const memory = (epoch: number) =>
      collect(source.sweep({ dataset: 0, view: { view: 0 }, purpose: 'memory', epoch, batch: 20 }))
    const evaluation = (epoch: number) =>
      collect(source.sweep({ dataset: 0, view: { evaluation: 0 }, purpose: 'evaluation', epoch, batch: 20 }))
    expect(await memory(0)).toEqual(await memory(0))
    expect(await memory(0)).not.toEqual(await memory(1))
    expect(await evaluation(0)).toEqual(await evaluation(1))
  })

  it('brings images of varied size to the size of the network', async () => {
    const plan = planOf({
      counts: [6],
      streams: { a: 0 },
      views: { cut: [{ op: 'resized_crop', size: 8, scale: [0.2, 1], ratio: [0.75, 4 / 3] }] },
      feeds: [['a', 'cut']],
      batch: 6,
      stepsPerEpoch: 1,
      lastBatch: 6,
      evaluation: [
        { op: 'resize', size: 10 },
        { op: 'center_crop', size: 8 },
      ],
    })
    const data = dataOf(plan, [
      [20, 31],
      [9, 40],
      [50, 13],
    ])
    const source = createBatchSource(plan, data, { workers: 0 })
    const [part] = await collect(
      source.sweep({ dataset: 0, view: { evaluation: 0 }, purpose: 'evaluation', epoch: 0, batch: 6 }),
    )
    const [batch] = await collect(source.epoch(0, 0))
    expect(part?.images).toHaveLength(6 * 192)
    expect(batch?.inputs['batch:a.cut']?.shape).toEqual([6, 8, 8, 3])
  })
})

describe('failures', () => {
  const tooLarge = planOf({
    counts: [4],
    streams: { a: 0 },
    views: { cut: [{ op: 'crop', padding: 1, size: 8 }] },
    feeds: [['a', 'cut']],
    batch: 4,
    stepsPerEpoch: 1,
    lastBatch: 4,
  })

  it.each([0, 1])('a crop that does not fit is an error of the run, with %i workers', async (workers) => {
    const source = createBatchSource(tooLarge, dataOf(tooLarge, [[5, 9]]), { workers })
    const failure = await collect(source.epoch(0, 0)).catch((error: unknown) => error)
    await source.dispose()
    expect(failure).toBeInstanceOf(RunError)
    expect(failure).toMatchObject({
      code: 'SAU8501',
      message: 'a crop of 8 px does not fit into an image of 5 x 9 px with 1 px of padding',
    })
  })

  const views = [{ view: 0, key: keyOf(0) }]
  const job = { views, dataset: 0, records: new Int32Array(1), passes: new Int32Array(1) }
  const nothing = { views: [], datasets: [], stores: [] }

  it('a bug in a thread comes out as it is', async () => {
    const pool = new WorkerPool(nothing, 1)
    const failure = await pool.render(job).catch((error: unknown) => error)
    await pool.dispose()
    expect(failure).not.toBeInstanceOf(RunError)
    expect(String(failure)).toContain('no such dataset')
    expect(String(failure)).not.toContain('\n')
    expect(failure).toHaveProperty('stack', expect.stringMatching(/no such dataset.*\n\s+at /))
  })

  it('a thread that dies is an error of the run, for what waits and for what comes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'saurun-views-'))
    const entry = join(folder, 'dying.mjs')
    writeFileSync(
      entry,
      "import { parentPort } from 'node:worker_threads'\nparentPort.on('message', () => process.exit(3))\n",
    )
    const pool = new WorkerPool(nothing, 2, entry)
    const failures = await Promise.all(
      [job, job, job].map((each) => pool.render(each).catch((error: unknown) => error)),
    )
    const later = await pool.render(job).catch((error: unknown) => error)
    await pool.dispose()
    rmSync(folder, { recursive: true })
    for (const failure of [...failures, later]) {
      expect(failure).toBeInstanceOf(RunError)
      expect(failure).toMatchObject({
        code: 'SAU7701',
        message: 'a thread that prepares images died: it ended with code 3',
      })
    }
  })
})
