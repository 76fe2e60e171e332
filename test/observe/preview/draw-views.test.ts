// What a preview shows is what training sees: the same records, the same draws.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../../compiler/plan/plan.js'
import { loadData } from '../../../runtime/data/load.js'
import { createBatchSource } from '../../../runtime/data/views/source.js'
import { chooseImages } from '../../../runtime/observe/preview/choose-images.js'
import { contactSheet } from '../../../runtime/observe/preview/contact-sheet.js'
import { drawViews, type PreviewedView } from '../../../runtime/observe/preview/draw-views.js'
import { drawLetters } from '../../../runtime/observe/preview/letters.js'
import { operationsText } from '../../../runtime/observe/preview/operation-text.js'
import { previewPage } from '../../../runtime/observe/preview/preview-page.js'
import { collect, dataOf } from '../../data/views/plans.js'
import { tinyPlan } from '../../run/session/tiny-experiment.js'
import { imageFolder } from './folder.js'

const plan = tinyPlan({ epochs: 3 })
const nowhere = plan.sources.map(() => [])

function preview(of: Plan, views: readonly string[] = [], images = 6, draws = 2) {
  return drawViews({ plan: of, locations: of.sources.map(() => []), views, images, draws })
}

/** Pictures of a view that training is fed: record -> its bytes in each epoch. */
async function fed(of: Plan, name: string, epochs: number): Promise<Map<number, Buffer[]>> {
  const data = await loadData(of, nowhere)
  const source = createBatchSource(of, data, { workers: 0 })
  const found = new Map<number, Buffer[]>()
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { inputs, size } of await collect(source.epoch(epoch, 0))) {
      const images = inputs[`batch:a.${name}`]?.data
      const index = inputs['index:a']?.data
      if (!(images instanceof Uint8Array) || index === undefined) throw new Error('nothing was fed')
      const length = images.length / size
      for (let i = 0; i < size; i++) {
        const record = index[i] ?? -1
        found.set(record, [
          ...(found.get(record) ?? []),
          Buffer.from(images.subarray(i * length, (i + 1) * length)),
        ])
      }
    }
  }
  await source.dispose()
  return found
}

describe('draws', () => {
  test('are those of the first epochs of training, byte for byte', async () => {
    const views = await preview(plan)
    expect(views.map(({ name, usedBy }) => [name, usedBy])).toEqual([
      ['plain', ['a', 'b']],
      ['strong', ['a', 'prototypes']],
    ])
    for (const view of views) {
      const seen = await fed(plan, view.name, 2)
      expect(view.images).toHaveLength(6)
      for (const { record, draws } of view.images) {
        expect(draws.map(({ epoch }) => epoch)).toEqual([0, 1])
        expect(draws.map(({ picture }) => Buffer.from(picture.pixels))).toEqual(seen.get(record))
      }
    }
  })

  test('of another seed are others, of the same seed the same', async () => {
    const [once, again] = await Promise.all([preview(plan), preview(plan)])
    expect(again).toEqual(once)
    const other = await preview({ ...plan, seed: 8 })
    expect(other[0]?.images.map(({ draws }) => draws)).not.toEqual(once[0]?.images.map(({ draws }) => draws))
  })

  test('say what was done with which numbers', async () => {
    const [, strong] = await preview(plan, [], 1, 1)
    const [draw] = strong?.images[0]?.draws ?? []
    expect(operationsText(draw?.operations ?? [])).toMatch(/^crop top -?[01], left -?[01], mirrored$/)
    expect(operationsText([{ op: 'brightness', factor: 1.23456 }, { op: 'grayscale' }])).toBe(
      'brightness 1.235; grayscale',
    )
    expect(operationsText([])).toBe('nothing')
  })
})

describe('images', () => {
  test('are of classes with many, some and few real images, real and synthetic', async () => {
    const [plain] = await preview(plan)
    const shown = plain?.images.map(({ class: name, origin }) => `${name} ${origin}`)
    expect(shown).toEqual(['0 real', '0 real', '1 real', '1 synthetic', '2 real', '2 synthetic'])
    expect(plain?.images.map(({ real, synthetic }) => [real, synthetic])[4]).toEqual([1, 3])
  })

  test('are no more than asked for, and none comes twice', () => {
    const dataset = dataOf({ ...plan, datasets: plan.datasets.slice(0, 1) }).datasets[0]
    if (dataset === undefined) throw new Error('no data')
    for (const count of [1, 2, 3, 5, 9]) {
      const chosen = chooseImages(dataset, count, 7)
      expect(chosen.length).toBeLessThanOrEqual(count)
      expect(chosen.length).toBeGreaterThan(0)
      expect(new Set(chosen).size).toBe(chosen.length)
    }
  })
})

test('a view that is not there is named with the nearest, one that nothing passes is refused', async () => {
  await expect(preview(plan, ['strnog'])).rejects.toMatchObject({
    code: 'SAU7651',
    help: expect.stringContaining('did you mean `strong`?'),
  })
  const views = [...plan.views, { ...(plan.views[0] as Plan['views'][number]), name: 'idle' }]
  await expect(preview({ ...plan, views }, ['idle'])).rejects.toMatchObject({ code: 'SAU7652' })
  expect((await preview({ ...plan, views })).map(({ name }) => name)).toEqual(['plain', 'strong'])
})

describe('images of many sizes', () => {
  let folder = ''
  let views: readonly PreviewedView[] = []
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'saurun-preview-'))
    const made = await imageFolder(folder, [
      [300, 200],
      [40, 90],
      [8, 8],
    ])
    views = await drawViews({ plan: made, locations: [[folder]], views: [], images: 9, draws: 1 })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('are shown small enough, with their own size beside them', () => {
    const sizes = views[0]?.images.map(({ width, height, original }) => [
      [width, height],
      [original.width, original.height],
    ])
    expect(sizes).toContainEqual([
      [300, 200],
      [192, 128],
    ])
    expect(sizes).toContainEqual([
      [40, 90],
      [40, 90],
    ])
    expect(views[0]?.images.every(({ draws }) => draws[0]?.picture.width === 8)).toBe(true)
  })

  test('fit into the contact sheet, which any reader of PNG opens', async () => {
    const sheet = contactSheet('Größen & más.sau', views)
    const { width, height, channels } = await sharp(sheet).metadata()
    expect([channels, (width ?? 0) >= 560, height]).toEqual([3, true, 40 + 40 + 3 * 110 + 8])
    expect(Buffer.from(contactSheet('Größen & más.sau', views))).toEqual(Buffer.from(sheet))
  })

  test('and into the page, which asks for nothing outside of it', () => {
    const text = {
      title: '<b>& co',
      file: 'x.sau',
      seed: 7,
      declarations: new Map([['small', 'view small = resize(8) |> center_crop(8)']]),
    }
    const page = previewPage(text, views)
    expect(page).toContain('<h1>&lt;b&gt;&amp; co: what its views do</h1>')
    expect(page).toContain('view small = resize(8) |&gt; center_crop(8)')
    expect(page.match(/<figure>/g)).toHaveLength(6)
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/)
    expect(page).not.toContain('<script')
  })
})

test('letters need no font: marks are left out, and what there is none for is a box', () => {
  const dots = (text: string) => {
    const found: string[] = []
    drawLetters(text, (x, y) => found.push(`${x},${y}`))
    return found
  }
  expect(dots('i')).toEqual(dots('I'))
  expect(dots('é')).toEqual(dots('E'))
  expect(dots('界')).toHaveLength(20)
  expect(dots('L').length).toBe(11)
})

test('data that is only evaluated is neither needed nor in the way', async () => {
  const [first] = plan.datasets
  const [evaluation] = plan.evaluations
  if (first === undefined || evaluation === undefined) throw new Error('nothing is evaluated')
  const made: Plan = {
    ...plan,
    sources: [...plan.sources, { format: 'cifar10', path: 'elsewhere', split: 'test', content: 'unknown' }],
    datasets: [
      ...plan.datasets,
      { ...first, name: 'held', make: { op: 'source', source: plan.sources.length, origin: 'real' } },
    ],
    evaluations: [{ ...evaluation, dataset: plan.datasets.length }],
  }
  expect(await preview(made)).toEqual(await preview(plan))
})
