// What the check of data finds: in small data where everything is planted, and in the shared real data.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { compileDatasets, compileExperiment } from '../../../compiler/index.js'
import { checkData } from '../../../runtime/apps/data-check/check-data.js'
import type { DataFindings, ImagePlace } from '../../../runtime/apps/data-check/findings.js'
import { lenientHost } from '../../../runtime/apps/data-check/lenient-host.js'
import { createDiskHost } from '../../../runtime/data/host/disk-host.js'
import { dataCheckText } from '../../../runtime/observe/text/data-check-text.js'
import { palette } from '../../../runtime/observe/text/palette.js'
import { cellWidth } from '../../../runtime/platform/cell-width.js'
import {
  cifarNames,
  encodedImage,
  noRealData,
  realData,
  skipReason,
  temporaryFolder,
  writeFiles,
} from '../../data/files.js'

const host = lenientHost(createDiskHost({ cacheFolder: undefined }))

async function check(folder: string, text: string): Promise<DataFindings> {
  const file = join(folder, 'exp.sau')
  writeFileSync(file, `sau 1\n${text}`)
  const options = { file, cwd: folder }
  const result = compileDatasets(host, options)
  if (result.datasets === undefined) throw new Error(result.diagnostics.map(({ title }) => title).join('\n'))
  const { plan, locations } = result.library ? {} : compileExperiment(host, options)
  const experiment =
    plan === undefined ? undefined : { plan, locations: plan.sources.map((_, i) => locations?.[i] ?? []) }
  return checkData({ declared: result.datasets, experiment }, () => {})
}

const training = `
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 8) { head logits = linear(classes) }
stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 1; batch = 2; optimizer = sgd(lr: 0.1) }
evaluate test { using = net.logits }
`

/** Noise that only its number decides; \`planes\` of it as records hold them. */
function picture(number: number): Uint8Array {
  const bytes = new Uint8Array(3072)
  for (let at = 0; at < bytes.length; at += 32)
    bytes.set(createHash('sha256').update(`${number} ${at}`).digest(), at)
  return bytes
}

function records(
  pictures: readonly (readonly [label: number, picture: number])[],
  labelBytes: number,
): Uint8Array {
  return Buffer.concat(
    pictures.map(([label, number]) => Buffer.concat([Buffer.alloc(labelBytes, label), picture(number)])),
  )
}

/** Where the record stands, in short. */
const at = ({ source, record }: ImagePlace) => `${source}:${record}`

describe('duplicates', () => {
  it('are found inside the training set and between it and the test set, as in CIFAR-100', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `class${i}`).join('\n')
    const coarse = Array.from({ length: 20 }, (_, i) => `group${i}`).join('\n')
    // 100 pictures, then 14 of them again, in the training set; 10 of them among 100 of the test set.
    const train = Array.from({ length: 114 }, (_, i) => [i % 100, i % 100] as const)
    const test = Array.from({ length: 100 }, (_, i) => [i, i < 10 ? i + 20 : 1000 + i] as const)
    const wide = (list: readonly (readonly [number, number])[]) => {
      const bytes = Buffer.from(records(list, 2))
      for (let i = 0; i < list.length; i++) bytes[i * 3074] = 0
      return bytes
    }
    const folder = writeFiles(temporaryFolder(), {
      'c/fine_label_names.txt': names,
      'c/coarse_label_names.txt': coarse,
      'c/train.bin': wide(train),
      'c/test.bin': wide(test),
    })
    const found = await check(
      folder,
      `experiment "x"\ndataset train = cifar100("c", split: train)\ndataset test = cifar100("c", split: test)${training}`,
    )
    expect(found.images).toBe(214)
    expect(found.duplicates.within).toEqual([{ source: 0, groups: 14, repeats: 14 }])
    expect(found.duplicates.between).toEqual([{ sources: [0, 1], kind: 'splits', images: [10, 10] }])
    expect(found.duplicates.evaluatedAndTrained).toBe(10)
    expect(found.duplicates.labelsDiffer).toBe(10)
    expect(found.duplicates.groups).toHaveLength(24)
    expect(found.duplicates.groups[0]?.map(at)).toEqual(['0:0', '0:100'])
    expect(found.sources[0]?.used).toEqual({ training: 114, evaluation: 0, nothing: 0 })
  })

  it('are found between records and files, and between real and synthetic images', async () => {
    // Two classes of two images; the second picture is a PNG in the synthetic folder, under another class
    // too.
    const planes = picture(1)
    const interleaved = new Uint8Array(3072)
    for (let p = 0; p < 1024; p++)
      for (let c = 0; c < 3; c++) interleaved[3 * p + c] = planes[1024 * c + p] as number
    const png = await sharp(interleaved, { raw: { width: 32, height: 32, channels: 3 } })
      .png()
      .toBuffer()
    const other = await encodedImage('png', 32, 32, { r: 10, g: 200, b: 30 })
    const train = cifarNames.map((_, i) => [i, i] as const)
    const [first, ...rest] = cifarNames
    const folder = writeFiles(temporaryFolder(), {
      'c/batches.meta.txt': cifarNames.join('\n'),
      ...Object.fromEntries(
        [1, 2, 3, 4, 5].map((part) => [
          `c/data_batch_${part}.bin`,
          records(train.slice(2 * part - 2, 2 * part), 1),
        ]),
      ),
      'c/test_batch.bin': records(
        cifarNames.map((_, i) => [i, 50 + i] as const),
        1,
      ),
      [`s/${first}/a.png`]: png,
      [`s/${first}/b.png`]: other,
      ...Object.fromEntries(rest.flatMap((name, i) => [[`s/${name}/a.png`, i === 0 ? png : other]])),
    })
    const found = await check(
      folder,
      `dataset train = cifar10("c", split: train)\ndataset made = image_folder("s", origin: synthetic)\n`,
    )
    expect(found.duplicates.between).toEqual([{ sources: [0, 1], kind: 'origins', images: [1, 2] }])
    expect(found.duplicates.groups.map((group) => group.map(at))).toContainEqual(['0:1', '1:0', '1:2'])
    expect(found.duplicates.groups.flat().find(({ file }) => file === 'aa/a.png')).toMatchObject({
      class: 'aa',
      record: 0,
    })
    expect(found.duplicates.labelsDiffer).toBe(2)
    // A library: nothing is said of what is used.
    expect(found.sources.map(({ used }) => used)).toEqual([undefined, undefined])
    expect(found.origins.map(({ origin, images }) => [origin, images])).toEqual([
      ['real', 10],
      ['synthetic', 11],
    ])
    expect(found.sources[1]?.nearConstant.length).toBe(9)
  })
})

describe('files', () => {
  it('that cannot be read are all named, and the rest is counted', async () => {
    const image = (r: number, width = 20, height = 10) =>
      encodedImage('jpeg', width, height, { r, g: 3, b: 90 })
    const whole = await sharp(Buffer.from(picture(3)), { raw: { width: 32, height: 32, channels: 3 } })
      .jpeg()
      .toBuffer()
    const folder = writeFiles(temporaryFolder(), {
      'i/a/1.jpg': await image(10),
      'i/a/2.jpg': 'no image at all',
      'i/a/3.jpg': whole.subarray(0, whole.length - 200),
      'i/b/1.jpg': await image(200, 31, 40),
      'i/b/2.png': '',
      'i/b/3.jpg': whole,
    })
    const found = await check(folder, 'dataset all = image_folder("i")\n')
    expect(found.undecodable).toBe(3)
    const [source] = found.sources
    expect(source?.undecodable.map(({ file }) => file)).toEqual(['a/2.jpg', 'a/3.jpg', 'b/2.png'])
    for (const { reason } of source?.undecodable ?? []) expect(reason).toMatch(/\w/)
    expect(source?.classes).toEqual([
      { name: 'a', images: 3 },
      { name: 'b', images: 3 },
    ])
    expect(source).toMatchObject({ differentSizes: 3, smallest: [10, 20], largest: [40, 31] })
    expect(source?.nearConstant.map(({ file }) => file)).toEqual(['a/1.jpg', 'b/1.jpg'])
  })

  it('give means and deviations over all their pixels', async () => {
    const raw = (values: readonly number[]) =>
      sharp(Uint8Array.from(values), { raw: { width: 2, height: 1, channels: 3 } })
        .png()
        .toBuffer()
    const folder = writeFiles(temporaryFolder(), {
      'i/a/1.png': await raw([0, 10, 20, 100, 10, 40]),
      'i/b/1.png': await raw([200, 10, 60, 100, 10, 80]),
    })
    const { sources, origins } = await check(folder, 'dataset all = image_folder("i")\n')
    expect(sources[0]?.mean).toEqual([100, 10, 50])
    expect(sources[0]?.deviation?.map((value) => value.toFixed(4))).toEqual([
      Math.sqrt(5000).toFixed(4),
      '0.0000',
      Math.sqrt(500).toFixed(4),
    ])
    expect(origins[0]?.mean).toEqual([100, 10, 50])
  })
})

describe('a list of images', () => {
  const image = (r: number) => encodedImage('png', 16, 16, { r, g: 3, b: 90 })

  it('names all files that are missing or broken', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'i/1.png': await image(1),
      'i/2.png': 'broken',
      'i/4.png': await image(1),
      'list.txt': 'i/1.png 0\ni/2.png 1\ni/3.png 0\ni/4.png 1\n',
    })
    const { sources, duplicates } = await check(folder, 'dataset all = image_list(".", "list.txt")\n')
    expect(sources[0]?.undecodable.map(({ file }) => file)).toEqual(['i/2.png', 'i/3.png'])
    expect(duplicates.groups.map((group) => group.map(({ file }) => file))).toEqual([['i/1.png', 'i/4.png']])
    expect(duplicates.labelsDiffer).toBe(1)
  })
})

describe('records', () => {
  it('that the experiment does not use are checked, and said to be unused', async () => {
    const { sources } = await check(
      temporaryFolder(),
      `experiment "x"
dataset all   = shapes(classes: 4, per_class: 10, size: 16, seed: 1)
dataset train = all |> longtail(factor: 5, seed: 2)
dataset test  = shapes(classes: 4, per_class: 3, size: 16, seed: 3)
dataset spare = shapes(classes: 4, per_class: 2, size: 16, seed: 4)${training}`,
    )
    expect(sources.map(({ datasets, images, used }) => [datasets.join(), images, used])).toEqual([
      ['all', 40, { training: 20, evaluation: 0, nothing: 20 }],
      ['test', 12, { training: 0, evaluation: 12, nothing: 0 }],
      ['spare', 8, { training: 0, evaluation: 0, nothing: 8 }],
    ])
  })

  it('of one source under fine and under coarse labels are one source', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'c/fine_label_names.txt': Array.from({ length: 100 }, (_, i) => `f${i}`).join('\n'),
      'c/coarse_label_names.txt': Array.from({ length: 20 }, (_, i) => `g${i}`).join('\n'),
      'c/train.bin': records(
        Array.from({ length: 20 }, (_, i) => [i, i] as const),
        2,
      ),
    })
    const found = await check(
      folder,
      'dataset fine = cifar100("c", split: train)\ndataset coarse = cifar100("c", split: train, labels: coarse)\n',
    )
    expect(found.sources.map(({ datasets }) => datasets)).toEqual([['fine', 'coarse']])
    expect(found.duplicates.groups).toEqual([])
  })
})

describe('the text', () => {
  it('fits a narrow terminal and says what matters', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'i/a/1.png': await encodedImage('png', 20, 10, { r: 1, g: 3, b: 90 }),
      'i/a/2.png': 'broken',
      'i/b/1.png': await encodedImage('png', 20, 10, { r: 1, g: 3, b: 90 }),
    })
    const findings = await check(folder, 'dataset all = image_folder("i")\n')
    const text = dataCheckText(findings, { paint: palette(false), columns: 50, verbose: false })
    for (const line of text.split('\n')) expect(cellWidth(line)).toBeLessThan(50)
    expect(text).toContain('1 image cannot be read')
    expect(text).toContain('a/2.png')
    expect(text).toContain('all a/1.png = all b/1.png')
    expect(text).toContain('1 picture with different labels')
  })
})

const cifar = (split: string) => `cifar10("${join(realData, 'cifar-10-batches-bin')}", split: ${split})`

describe.skipIf(noRealData)(`the shared real data${skipReason}`, () => {
  it('has 13 pictures twice among the synthetic images: dogs, birds and frogs', async () => {
    const { duplicates, sources } = await check(
      temporaryFolder(),
      `dataset real = ${cifar('train')}
dataset made = image_folder("${join(realData, 'cifar-10-synthetic')}", origin: synthetic)
dataset test = ${cifar('test')}\n`,
    )
    // Counted by a program of its own (numpy and Pillow); so were the means and deviations.
    expect(duplicates.groups).toHaveLength(13)
    expect(duplicates.within).toEqual([{ source: 1, groups: 13, repeats: 13 }])
    const classes = duplicates.groups.map(([first]) => first?.class)
    expect(classes.filter((name) => name === 'dog')).toHaveLength(6)
    expect(classes.filter((name) => name === 'bird')).toHaveLength(5)
    expect(classes.filter((name) => name === 'frog')).toHaveLength(2)
    expect(sources[0]?.mean?.map((value) => value.toFixed(3))).toEqual(['125.270', '122.620', '113.311'])
    expect(sources[1]?.mean?.map((value) => value.toFixed(3))).toEqual(['115.028', '112.990', '98.824'])
    expect(sources[1]?.deviation?.map((value) => value.toFixed(3))).toEqual(['57.967', '58.515', '67.860'])
  })

  it('has none of the duplicates of CIFAR-100 in its sample of it', async () => {
    const folder = join(realData, 'cifar-100-binary')
    const found = await check(
      temporaryFolder(),
      `dataset train = cifar100("${folder}", split: train)\ndataset test = cifar100("${folder}", split: test)\n`,
    )
    expect(found.images).toBe(1300)
    expect(found.duplicates.groups).toEqual([])
    expect(found.sources[0]?.mean?.map((value) => value.toFixed(3))).toEqual([
      '132.057',
      '127.101',
      '115.542',
    ])
  })
})
