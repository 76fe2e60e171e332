import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DatasetPlan } from '../../compiler/plan/plan.js'
import type { SourcePlan } from '../../compiler/plan/sources.js'
import type { Dataset } from '../../runtime/data/dataset.js'
import { loadData } from '../../runtime/data/load.js'
import { resizeBilinear } from '../../runtime/data/pixels/resize.js'
import { imageOf } from '../../runtime/data/store.js'
import { goldenCases } from '../apps/parity/golden-cases.js'
import { noRealData, realData, skipReason } from './files.js'
import { datasetOf, decoded, planOf, shapesSource, sourceDataset } from './plans.js'

async function load(sources: readonly SourcePlan[], datasets: readonly DatasetPlan[]) {
  const data = await loadData(planOf(sources, datasets), [])
  const last = data.datasets.at(-1)
  if (last === undefined) throw new Error('no dataset')
  return { ...data, last }
}

/** Records by their places in the stores. */
function places({ store, record }: Dataset): string[] {
  return Array.from(store, (number, i) => `${number}:${record[i]}`)
}

function countsOf({ labels, plan }: Dataset): number[] {
  return plan.classes.map((_, label) => labels.filter((one) => one === label).length)
}

const real = shapesSource({ perClass: 40 })
const whole = sourceDataset(0, 'real', [40, 40, 40])

describe('both', () => {
  it('has the records of the first, then those of the second, with their origins and what they show', async () => {
    const noisy = shapesSource({ perClass: 4, seed: 2, origin: 'synthetic', noise: 0.5 })
    const { last, datasets } = await load(
      [real, noisy],
      [
        whole,
        sourceDataset(1, 'synthetic', [4, 4, 4]),
        datasetOf({ op: 'both', first: 0, second: 1 }, { real: [40, 40, 40], synthetic: [4, 4, 4] }),
      ],
    )
    const [first, second] = datasets
    if (first === undefined || second === undefined) throw new Error('no datasets')
    expect(places(last)).toEqual([...places(first), ...places(second)])
    expect([...last.labels]).toEqual([...first.labels, ...second.labels])
    expect([...last.origins]).toEqual([...first.origins, ...second.origins])
    expect([...(last.shown ?? [])]).toEqual([...first.labels, ...(second.shown ?? [])])
  })
})

describe('longtail', () => {
  const make = { op: 'longtail', input: 0, profile: 'exp', factor: 20, seed: 5 } as const
  const counts = [40, 8, 2]
  const tail = (draw: 'without_replacement' | 'with_replacement' | 'first', seed = 5) =>
    datasetOf({ ...make, counts, draw, seed }, { real: counts })

  it('draws the planned number of each class, no record twice', async () => {
    const { last } = await load([real], [whole, tail('without_replacement')])
    expect(countsOf(last)).toEqual(counts)
    expect(new Set(places(last)).size).toBe(50)
  })

  it('draws the same under the same seed and others under another', async () => {
    const drawn = async (seed: number) =>
      places((await load([real], [whole, tail('without_replacement', seed)])).last)
    expect(await drawn(5)).toEqual(await drawn(5))
    expect(await drawn(6)).not.toEqual(await drawn(5))
  })

  it('takes the first records of each class with `first`', async () => {
    const { last } = await load([real], [whole, tail('first')])
    expect([...last.record].slice(40)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 80, 81])
  })

  it('may draw a record twice with replacement', async () => {
    const { last } = await load([real], [whole, tail('with_replacement')])
    expect(countsOf(last)).toEqual(counts)
    expect(new Set(places(last)).size).toBeLessThan(50)
    expect([...last.labels]).toEqual([...last.record].map((record) => Math.floor(record / 40)))
  })

  it.skipIf(noRealData)(`gives CIFAR-10 the counts of the published profile${skipReason}`, async () => {
    const published: unknown = JSON.parse(readFileSync(join(goldenCases, 'class-counts.json'), 'utf8'))
    const full = (published as Record<string, number[]>)['cifar10-if100'] ?? []
    const tenth = full.map((_, c) => Math.floor(500 * 0.01 ** (c / 9)))
    const folder = join(realData, 'cifar-10-batches-bin')
    const classes = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ')
    const image = { height: 32, width: 32, channels: 3 }
    const plan = planOf(
      [{ format: 'cifar10', path: 'cifar', split: 'train', content: '' }],
      [
        datasetOf(
          { op: 'source', source: 0, origin: 'real' },
          { real: new Array(10).fill(500) },
          { classes, image },
        ),
        datasetOf(
          { ...make, factor: 100, counts: tenth, draw: 'without_replacement' },
          { real: tenth },
          { classes, image },
        ),
      ],
    )
    const { datasets } = await loadData(plan, [[folder]])
    const last = datasets[1]
    expect(last && countsOf(last)).toEqual([500, 299, 179, 107, 64, 38, 23, 13, 8, 5])
  })
})

describe('fill', () => {
  const synthetic = shapesSource({ perClass: 40, seed: 2, origin: 'synthetic', noise: 0.25 })
  const counts = [5, 3, 1]
  const tail = datasetOf(
    { op: 'longtail', input: 0, profile: 'exp', factor: 5, counts, draw: 'first', seed: 0 },
    { real: counts },
  )
  const added = [0, 2, 4]
  const filled = datasetOf(
    { op: 'fill', base: 1, from: 2, counts: added, seed: 9 },
    { real: counts, synthetic: added },
  )

  it('keeps all of the base in place and adds exactly what is planned, no record twice', async () => {
    const { datasets, last } = await load(
      [real, synthetic],
      [whole, tail, sourceDataset(1, 'synthetic', [40, 40, 40]), filled],
    )
    expect(places(last).slice(0, 9)).toEqual(datasets[1] && places(datasets[1]))
    expect([...last.origins]).toEqual([...new Array(9).fill(0), ...new Array(6).fill(1)])
    expect([...last.labels].slice(9)).toEqual([1, 1, 2, 2, 2, 2])
    expect(new Set(places(last)).size).toBe(15)
  })

  it('carries along what each picture shows', async () => {
    const { datasets, last } = await load(
      [real, synthetic],
      [whole, tail, sourceDataset(1, 'synthetic', [40, 40, 40]), filled],
    )
    expect([...(last.shown ?? [])].slice(0, 9)).toEqual([...last.labels].slice(0, 9))
    const from = datasets[2]
    expect([...(last.shown ?? [])].slice(9)).toEqual(
      [...last.record].slice(9).map((record) => from?.shown?.[record]),
    )
  })

  it('matches classes by name, and knows no class for a picture of one that the base lacks', async () => {
    const pool = { ...sourceDataset(1, 'synthetic', [40, 40, 40]), classes: ['triangle', 'other', 'square'] }
    const base = { ...whole, classes: ['square', 'triangle'], real: [40, 40], synthetic: [0, 0] }
    const two = [shapesSource({ classes: 2, perClass: 40 }), { ...synthetic, noise: 1 } as SourcePlan]
    const plan = datasetOf(
      { op: 'fill', base: 0, from: 1, counts: [7, 3], seed: 1 },
      { real: [40, 40], synthetic: [7, 3] },
      { classes: base.classes },
    )
    const { last } = await load(two, [base, pool, plan])
    const fromPool = [...last.record].slice(80).map((record) => Math.floor(record / 40))
    expect(fromPool).toEqual([...new Array(7).fill(2), ...new Array(3).fill(0)])
    expect([...last.labels].slice(80)).toEqual([...new Array(7).fill(0), ...new Array(3).fill(1)])
    // Every picture shows a class that is not its label's; those of `other` have no number here.
    const shown = [...(last.shown ?? [])].slice(80)
    expect(shown.every((label, i) => label !== last.labels[80 + i])).toBe(true)
    expect(shown).toContain(-1)
  })
})

describe('split, take and only', () => {
  const part = (which: 'first' | 'rest', counts: readonly number[]) =>
    datasetOf({ op: 'split', input: 0, share: 0.25, part: which, seed: 3 }, { real: counts })

  it('the two parts of a split are complementary in every class', async () => {
    const { datasets } = await load([real], [whole, part('first', [10, 10, 10]), part('rest', [30, 30, 30])])
    const [all, first, rest] = datasets.map(places)
    expect([...(first ?? []), ...(rest ?? [])].sort()).toEqual(all?.sort())
    expect(datasets.slice(1).map(countsOf)).toEqual([
      [10, 10, 10],
      [30, 30, 30],
    ])
  })

  it('take draws as many of each class, not just the first ones', async () => {
    const make = { op: 'take', input: 0, perClass: 4, seed: 2 } as const
    const { last } = await load([real], [whole, datasetOf(make, { real: [4, 4, 4] })])
    expect(countsOf(last)).toEqual([4, 4, 4])
    expect([...last.record].slice(0, 4)).not.toEqual([0, 1, 2, 3])
    expect(new Set(places(last)).size).toBe(12)
  })

  it('only keeps the records of one origin, in order', async () => {
    const both = datasetOf(
      { op: 'fill', base: 0, from: 1, counts: [2, 2, 2], seed: 1 },
      { real: [40, 40, 40], synthetic: [2, 2, 2] },
    )
    const only = datasetOf(
      { op: 'only', input: 2, origin: 'synthetic' },
      { real: [0, 0, 0], synthetic: [2, 2, 2] },
    )
    const sources = [real, shapesSource({ origin: 'synthetic', perClass: 40 })]
    const { datasets, last } = await load(sources, [
      whole,
      sourceDataset(1, 'synthetic', [40, 40, 40]),
      both,
      only,
    ])
    expect(places(last)).toEqual(datasets[2] && places(datasets[2]).slice(120))
  })
})

describe('resize', () => {
  it('puts every image in use into a new store, once', async () => {
    const tail = datasetOf(
      {
        op: 'longtail',
        input: 0,
        profile: 'step',
        factor: 8,
        counts: [5, 5, 5],
        draw: 'with_replacement',
        seed: 1,
      },
      { real: [5, 5, 5] },
    )
    const image = { height: 4, width: 4, channels: 3 }
    const small = datasetOf({ op: 'resize', input: 1, size: 4 }, { real: [5, 5, 5] }, { image })
    const few = sourceDataset(0, 'real', [6, 6, 6])
    const { stores, datasets, last } = await load([shapesSource()], [few, tail, small])
    const used = new Set(datasets[1] && places(datasets[1]))
    expect(stores.length).toBe(2)
    expect(stores[1]?.count).toBe(used.size)
    expect([...last.store]).toEqual(new Array(15).fill(1))
    expect([...last.labels]).toEqual([...(datasets[1]?.labels ?? [])])
    // `resizeBilinear` itself is held against Pillow in test/data/views.
    const [source, resized] = stores.map(decoded)
    if (!source || !resized) throw new Error('two stores are needed')
    for (let i = 0; i < 15; i++) {
      const image = imageOf(source, datasets[1]?.record[i] ?? 0)
      expect(imageOf(resized, last.record[i] ?? 0).pixels).toEqual(
        resizeBilinear({ ...image, channels: 3 }, 4, 4),
      )
    }
  })
})
