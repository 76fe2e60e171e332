// A long-tailed draw, saved and read back, is the same draw: record by record, and by its hash.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileExperiment } from '../../compiler/index.js'
import { indexFileText } from '../../compiler/plan/index-file.js'
import type { Plan } from '../../compiler/plan/plan.js'
import type { Dataset } from '../../runtime/data/dataset.js'
import { labelsOfLoaded, namedDraws } from '../../runtime/data/draws.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'
import { loadData } from '../../runtime/data/load.js'
import { labelsOfSource } from '../../runtime/data/source-labels.js'
import { createBatchSource } from '../../runtime/data/views/source.js'
import { encodedImage, noRealData, realData, skipReason, temporaryFolder, writeFiles } from './files.js'

const host = createDiskHost({ cacheFolder: undefined })

function experiment(real: string, test: string): string {
  return `sau 1
experiment "drawn"
dataset real  = ${real}
dataset extra = shapes(classes: 4, per_class: 40, size: 32, seed: 9, origin: synthetic)
dataset test  = ${test}
view plain = crop(padding: 2) |> flip |> normalize
network net = cifar_resnet(depth: 8, width: 8) { head logits = linear(classes) }
stream a = shuffle(real)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 2; batch = 8; optimizer = sgd(lr: 0.1) }
evaluate test { using = net.logits }
`
}

function compiled(folder: string, text: string) {
  const file = join(folder, 'exp.sau')
  writeFileSync(file, text)
  const { plan, hash, locations, diagnostics } = compileExperiment(host, { file, cwd: folder })
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ title }) => title)
  if (plan === undefined || locations === undefined) throw new Error(errors.join('\n'))
  return { plan, hash, locations: plan.sources.map((_, i) => locations[i] ?? []) }
}

function drawnFrom(plan: Plan, locations: readonly (readonly string[])[]) {
  return namedDraws(
    plan,
    plan.sources.map((source, i) => labelsOfSource(source, locations[i] ?? [])),
  )
}

/** The bytes of all batches of an epoch, with their labels. */
async function batchesOf(plan: Plan, locations: readonly (readonly string[])[]) {
  const batches = createBatchSource(plan, await loadData(plan, locations), { workers: 0 })
  const seen: string[] = []
  try {
    for await (const { inputs } of batches.epoch(0, 0)) {
      for (const [name, { data }] of Object.entries(inputs)) {
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
        seen.push(`${name} ${createHash('sha256').update(bytes).digest('hex')}`)
      }
    }
  } finally {
    await batches.dispose()
  }
  expect(seen.length).toBeGreaterThan(0)
  return seen
}

function columns({ labels, origins, store, record }: Dataset) {
  return { labels: [...labels], origins: [...origins], store: [...store], record: [...record] }
}

const shapes = 'shapes(classes: 4, per_class: 40, size: 32, seed: 1)'
const test = 'shapes(classes: 4, per_class: 4, size: 32, seed: 2)'

describe.each([
  ['without replacement', 'seed: 3'],
  ['with replacement', 'seed: 4, draw: with_replacement'],
  ['the first', 'draw: first'],
])('a draw %s', (_, how) => {
  it('trains on the same images in the same order when it is read from its file', async () => {
    const folder = temporaryFolder()
    const seeded = compiled(folder, experiment(`${shapes} |> longtail(factor: 10, ${how})`, test))
    const [draw] = drawnFrom(seeded.plan, seeded.locations)
    if (draw === undefined) throw new Error('no draw')
    writeFileSync(join(folder, 'indices.json'), indexFileText(draw.saved))
    const read = compiled(folder, experiment(`${shapes} |> longtail(factor: 10, draw: "indices.json")`, test))

    const before = await loadData(seeded.plan, seeded.locations)
    const after = await loadData(read.plan, read.locations)
    const stream = seeded.plan.streams[0]?.dataset ?? -1
    expect(columns(after.datasets[stream] as Dataset)).toEqual(columns(before.datasets[stream] as Dataset))
    expect(await batchesOf(read.plan, read.locations)).toEqual(await batchesOf(seeded.plan, seeded.locations))
    const [again] = drawnFrom(read.plan, read.locations)
    expect(again?.sha256).toBe(draw.sha256)
    expect(again?.images).toBe(before.datasets[stream]?.count)
  })
})

describe('draws of a Plan', () => {
  it('are those of the sources, whatever is resized between', () => {
    const folder = temporaryFolder()
    const plain = compiled(folder, experiment(`${shapes} |> longtail(factor: 10, seed: 3)`, test))
    const resized = compiled(
      folder,
      experiment(`${shapes} |> resize(16) |> longtail(factor: 10, seed: 3)`, `${test} |> resize(16)`),
    )
    const hash = ({ plan, locations }: typeof plain) => drawnFrom(plan, locations)[0]?.sha256
    expect(hash(resized)).toBe(hash(plain))
  })

  it('name records of the source where a part of it was drawn from', () => {
    const folder = temporaryFolder()
    const chain = `${shapes} |> take(per_class: 20, seed: 5) |> longtail(factor: 10, seed: 3)`
    const { plan, locations } = compiled(folder, experiment(chain, test))
    const [draw] = drawnFrom(plan, locations)
    if (draw === undefined) throw new Error('no draw')
    expect(draw.saved.indices.map(({ length }) => length)).toEqual([20, 9, 4, 2])
    for (const [label, records] of draw.saved.indices.entries())
      for (const record of records) expect(Math.floor(record / 40)).toBe(label)
    writeFileSync(join(folder, 'i.json'), indexFileText(draw.saved))
    const read = compiled(folder, experiment(`${shapes} |> longtail(factor: 10, draw: "i.json")`, test))
    expect(drawnFrom(read.plan, read.locations)[0]?.sha256).toBe(draw.sha256)
  })

  it('are the same from loaded data as from labels alone', async () => {
    const { plan, locations } = compiled(
      temporaryFolder(),
      experiment(`${shapes} |> longtail(factor: 10, seed: 3)`, test),
    )
    const { datasets } = await loadData(plan, locations)
    expect(namedDraws(plan, labelsOfLoaded(plan.sources.length, datasets))).toEqual(
      drawnFrom(plan, locations),
    )
  })

  it('work on a list of images, whose records are its lines', async () => {
    const folder = temporaryFolder()
    const lines: string[] = []
    const files: Record<string, Buffer> = {}
    for (let i = 0; i < 24; i++) {
      files[`i/${i}.png`] = await encodedImage('png', 32, 32, { r: i, g: 2 * i, b: 90 })
      lines.push(`i/${i}.png ${i % 4}`)
    }
    writeFiles(folder, { ...files, 'list.txt': `${lines.join('\n')}\n` })
    const list = 'image_list(".", "list.txt")'
    const own = `image_list(".", "test.txt")`
    for (let i = 0; i < 4; i++)
      files[`t/${i}.png`] = await encodedImage('png', 32, 32, { r: i, g: 200, b: 30 })
    writeFiles(folder, { ...files, 'test.txt': 't/0.png 0\nt/1.png 1\nt/2.png 2\nt/3.png 3\n' })
    const seeded = compiled(folder, experiment(`${list} |> longtail(factor: 3, seed: 3)`, own))
    const [draw] = drawnFrom(seeded.plan, seeded.locations)
    if (draw === undefined) throw new Error('no draw')
    for (const [label, records] of draw.saved.indices.entries())
      for (const record of records) expect(record % 4).toBe(label)
    writeFileSync(join(folder, 'i.json'), indexFileText(draw.saved))
    const read = compiled(folder, experiment(`${list} |> longtail(factor: 3, draw: "i.json")`, own))
    expect(await batchesOf(read.plan, read.locations)).toEqual(await batchesOf(seeded.plan, seeded.locations))
  })

  it.skipIf(noRealData)(`work on CIFAR-10, and refuse another split${skipReason}`, async () => {
    const folder = temporaryFolder()
    const path = join(realData, 'cifar-10-batches-bin')
    const cifar = (split: string) => `cifar10("${path}", split: ${split})`
    const seeded = compiled(
      folder,
      experiment(`${cifar('train')} |> longtail(factor: 100, seed: 1)`, cifar('test')),
    )
    const [draw] = drawnFrom(seeded.plan, seeded.locations)
    if (draw === undefined) throw new Error('no draw')
    expect(draw.images).toBe(1236)
    writeFileSync(join(folder, 'i.json'), indexFileText(draw.saved))
    const read = compiled(
      folder,
      experiment(`${cifar('train')} |> longtail(factor: 100, draw: "i.json")`, cifar('test')),
    )
    expect(await batchesOf(read.plan, read.locations)).toEqual(await batchesOf(seeded.plan, seeded.locations))
    expect(() =>
      compiled(
        folder,
        experiment(`${cifar('test')} |> longtail(factor: 100, draw: "i.json")`, cifar('train')),
      ),
    ).toThrow('`i.json` was drawn from other data than `real`')
  })
})
