// What the disk tells of each form of data, made up and real.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { SourceRequest } from '../../../compiler/host.js'
import { createDiskHost } from '../../../runtime/data/host/disk-host.js'
import {
  cifarFolder,
  cifarNames,
  cifarRecords,
  encodedImage,
  idxFile,
  noRealData,
  realData,
  skipReason,
  temporaryFolder,
  writeFiles,
} from '../../data/files.js'

const host = createDiskHost({ cacheFolder: undefined })
const green = { r: 20, g: 200, b: 60 }

describe('cifar', () => {
  const request = (path: string, split: 'train' | 'test' = 'train'): SourceRequest => ({
    format: 'cifar10',
    path,
    split,
  })

  it('any number of records a file is read, in the official order', () => {
    const folder = cifarFolder(temporaryFolder())
    const facts = { ok: true, classes: cifarNames, image: { height: 32, width: 32, channels: 3 } }
    expect(host.probe(request(folder))).toEqual({ ...facts, counts: new Array(10).fill(1) })
    writeFiles(folder, { 'test_batch.bin': cifarRecords([3, 3, 9]) })
    expect(host.probe(request(folder, 'test'))).toEqual({ ...facts, counts: [0, 0, 0, 2, 0, 0, 0, 0, 0, 1] })
  })

  it('a file that is cut off says how much is left over', () => {
    const folder = cifarFolder(temporaryFolder())
    writeFiles(folder, { 'data_batch_3.bin': cifarRecords([1, 2]).subarray(0, 3073 + 500) })
    expect(host.probe(request(folder))).toEqual({
      ok: false,
      reason: 'format',
      path: join(folder, 'data_batch_3.bin'),
      message: 'has 500 bytes left over after 1 record of 3,073 bytes',
    })
  })

  it('a label out of range names its record', () => {
    const folder = cifarFolder(temporaryFolder())
    writeFiles(folder, { 'data_batch_2.bin': cifarRecords([1, 10]) })
    expect(host.probe(request(folder))).toEqual({
      ok: false,
      reason: 'label',
      path: join(folder, 'data_batch_2.bin'),
      message: 'has the label 10 in record 1 (from 0), but labels go from 0 to 9',
    })
  })

  it('a missing folder, a missing file, an empty file and a file in place of the folder are told apart', () => {
    const folder = cifarFolder(temporaryFolder())
    const none = join(folder, 'none')
    expect(host.probe(request(none))).toEqual({
      ok: false,
      reason: 'missing',
      path: none,
      message: 'is not there',
    })
    expect(host.probe(request(join(folder, 'test_batch.bin')))).toMatchObject({
      reason: 'format',
      message: 'is a file, but a folder is needed',
    })
    writeFiles(folder, { 'test_batch.bin': '' })
    expect(host.probe(request(folder, 'test'))).toMatchObject({ reason: 'format', message: 'is empty' })
    rmSync(join(folder, 'test_batch.bin'))
    expect(createDiskHost({ cacheFolder: undefined }).probe(request(folder, 'test'))).toEqual({
      ok: false,
      reason: 'missing',
      path: join(folder, 'test_batch.bin'),
      message: 'is not there',
    })
  })

  it('class names must be as many as classes, and differ', () => {
    const folder = cifarFolder(temporaryFolder())
    writeFiles(folder, { 'batches.meta.txt': 'one\ntwo\n' })
    expect(host.probe(request(folder))).toMatchObject({ message: 'has 2 class names, but 10 are needed' })
    writeFiles(folder, { 'batches.meta.txt': cifarNames.with(1, 'aa').join('\n') })
    expect(createDiskHost({ cacheFolder: undefined }).probe(request(folder))).toMatchObject({
      message: 'lines 1 and 2 both say `aa`',
    })
  })

  it('the digest changes with a pixel and with a label, not with a class name', () => {
    const folder = cifarFolder(temporaryFolder())
    const digest = () => createDiskHost({ cacheFolder: undefined }).digest(request(folder, 'test'))
    const before = digest()
    expect(before).toMatch(/^[0-9a-f]{64}$/)
    writeFiles(folder, { 'batches.meta.txt': cifarNames.with(0, 'zz').join('\n') })
    expect(digest()).toBe(before)
    const pixel = cifarRecords([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    pixel[3072] = 1
    writeFiles(folder, { 'test_batch.bin': pixel })
    expect(digest()).not.toBe(before)
    writeFiles(folder, { 'test_batch.bin': cifarRecords([0, 1, 2, 3, 4, 5, 6, 7, 8, 8]) })
    expect(digest()).not.toBe(before)
  })

  it('cifar100 reads the fine or the coarse label', () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`).join('\n')
    const records = cifarRecords([0, 0], 2)
    records[0] = 19
    records[1] = 99
    records[3074] = 20
    const folder = writeFiles(temporaryFolder(), {
      'fine_label_names.txt': names(100),
      'coarse_label_names.txt': names(20),
      'train.bin': records,
    })
    const fine = host.probe({ format: 'cifar100', path: folder, split: 'train', labels: 'fine' })
    expect(fine.ok && [fine.counts[0], fine.counts[99], fine.classes[99]]).toEqual([1, 1, 'n99'])
    expect(host.probe({ format: 'cifar100', path: folder, split: 'train', labels: 'coarse' })).toMatchObject({
      reason: 'label',
      message: 'has the label 20 in record 1 (from 0), but labels go from 0 to 19',
    })
  })
})

describe('idx', () => {
  const pixels = Uint8Array.from({ length: 3 * 2 * 4 }, (_, i) => i)
  const images = idxFile([3, 2, 4], pixels)
  const labels = idxFile([3], Uint8Array.of(2, 0, 2))
  const probe = (files: Readonly<Record<string, Uint8Array | string>>) => {
    const folder = writeFiles(temporaryFolder(), { images, labels, ...files })
    return host.probe({ format: 'idx', path: join(folder, 'images'), labelsPath: join(folder, 'labels') })
  }

  it('plain and gzipped files are the same', () => {
    const facts = {
      ok: true,
      classes: ['0', '1', '2'],
      counts: [1, 0, 2],
      image: { height: 2, width: 4, channels: 1 },
    }
    expect(probe({})).toEqual(facts)
    expect(probe({ images: gzipSync(images), labels: gzipSync(labels) })).toEqual(facts)
  })

  it.each([
    [
      'a gzip stream that is cut off',
      { images: gzipSync(images).subarray(0, 30) },
      'ends in the middle of its gzip stream',
    ],
    ['a damaged gzip stream', { images: gzipSync(images).fill(7, 12, 20) }, 'has a damaged gzip stream'],
    ['no IDX file', { images: 'hello world' }, 'is not an IDX file'],
    ['a header that is cut off', { images: images.subarray(0, 9) }, 'ends inside its header'],
    [
      'values that are not bytes',
      { images: images.with(2, 0x0d) },
      'holds values that are not unsigned bytes',
    ],
    ['labels in place of images', { images: labels }, 'has 1 dimension, but images have 3 in an IDX file'],
    [
      'missing pixels',
      { images: images.subarray(0, images.length - 5) },
      'has 19 bytes of images after its header, which announces 24 (3 x 2 x 4)',
    ],
    ['too few labels', { labels: idxFile([2], Uint8Array.of(0, 1)) }, 'has 2 labels, but there are 3 images'],
    ['no image', { images: idxFile([0, 2, 4], new Uint8Array(0)) }, 'holds no image'],
  ])('%s is told', (_, files, message) => {
    expect(probe(files)).toMatchObject({ ok: false, reason: 'format', message })
  })
})

describe('image folders', () => {
  const probe = (path: string) =>
    createDiskHost({ cacheFolder: undefined }).probe({ format: 'image_folder', path })

  it('classes are sub-folders in code-unit order; files of other kinds and hidden ones do not count', async () => {
    const png = await encodedImage('png', 6, 4, green)
    const folder = writeFiles(temporaryFolder(), {
      'b/1.png': png,
      'b/deeper/2.PNG': png,
      'B/1.jpg': await encodedImage('jpeg', 6, 4, green),
      'ä/x.jpeg': await encodedImage('jpeg', 6, 4, green),
      'b/notes.txt': 'no image',
      'b/.hidden.png': 'no image',
      '.cache/1.png': 'no image',
      'readme.md': '',
    })
    const image = { height: 4, width: 6, channels: 3 }
    expect(probe(folder)).toEqual({ ok: true, classes: ['B', 'b', 'ä'], counts: [1, 2, 1], image })
    writeFiles(folder, { 'b/3.png': await encodedImage('png', 4, 6, green) })
    expect(probe(folder)).toMatchObject({ counts: [1, 3, 1], image: 'varied' })
  })

  it('an image that its EXIF part lays on its side has the shape it is shown with', async () => {
    const upright = sharp(await encodedImage('jpeg', 6, 4, green))
    const folder = writeFiles(temporaryFolder(), {
      'a/1.jpg': await upright.withMetadata({ orientation: 6 }).toBuffer(),
    })
    expect(probe(folder)).toMatchObject({ image: { height: 6, width: 4, channels: 3 } })
  })

  it('a frame header behind a long profile is found', async () => {
    const jpeg = await encodedImage('jpeg', 6, 4, green)
    const profile = Buffer.alloc(2 + 60_000)
    profile.writeUInt16BE(0xffe2)
    profile.writeUInt16BE(60_000, 2)
    const folder = writeFiles(temporaryFolder(), {
      'a/1.jpg': Buffer.concat([jpeg.subarray(0, 2), profile, jpeg.subarray(2)]),
    })
    expect(probe(folder)).toMatchObject({ image: { height: 4, width: 6, channels: 3 } })
  })

  it('says what is wrong with a folder or a file of it', async () => {
    const jpeg = await encodedImage('jpeg', 6, 4, green)
    const folder = temporaryFolder()
    expect(probe(folder)).toEqual({
      ok: false,
      reason: 'format',
      path: folder,
      message: 'has no sub-folders, but an image folder has one for each class',
    })
    writeFiles(folder, { 'b/readme.txt': '' })
    expect(probe(folder)).toEqual({
      ok: false,
      reason: 'format',
      path: folder,
      message: 'holds no image in the folders of its classes',
    })
    writeFiles(folder, { 'a/1.jpg': jpeg })
    expect(probe(folder)).toMatchObject({ ok: true, classes: ['a', 'b'], counts: [1, 0] })
    const bad = join(folder, 'b', '1.jpg')
    for (const [content, message] of [
      ['', 'is empty'],
      ['no image at all', 'is a text, and no image'],
      [jpeg.subarray(0, 60), 'ends before its frame header'],
      [(await encodedImage('png', 6, 4, green)).subarray(0, 20), 'ends inside its header'],
    ] as const) {
      writeFileSync(bad, content)
      expect(probe(folder)).toEqual({ ok: false, reason: 'format', path: bad, message })
    }
  })

  it('the digest is over the bytes of the files in order', async () => {
    const folder = writeFiles(temporaryFolder(), { 'a/1.png': await encodedImage('png', 2, 2, green) })
    const digest = () =>
      createDiskHost({ cacheFolder: undefined }).digest({ format: 'image_folder', path: folder })
    const before = digest()
    writeFiles(folder, { 'a/1.png': await encodedImage('png', 2, 2, { ...green, r: 21 }) })
    expect(digest()).not.toBe(before)
  })
})

describe.skipIf(noRealData)(`real data${skipReason}`, () => {
  const path = (name: string) => join(realData, name)

  it('CIFAR-10 has 500 training and 100 test images a class', () => {
    const facts = host.probe({ format: 'cifar10', path: path('cifar-10-batches-bin'), split: 'train' })
    expect(facts).toMatchObject({ ok: true, counts: new Array(10).fill(500) })
    expect(facts.ok && facts.classes.slice(0, 3)).toEqual(['airplane', 'automobile', 'bird'])
    const test = host.probe({ format: 'cifar10', path: path('cifar-10-batches-bin'), split: 'test' })
    expect(test).toMatchObject({ ok: true, counts: new Array(10).fill(100) })
  })

  it('CIFAR-100 has 10 images a fine class and 50 a coarse one', () => {
    const request = { format: 'cifar100', path: path('cifar-100-binary'), split: 'train' } as const
    expect(host.probe({ ...request, labels: 'fine' })).toMatchObject({ counts: new Array(100).fill(10) })
    expect(host.probe({ ...request, labels: 'coarse' })).toMatchObject({ counts: new Array(20).fill(50) })
  })

  it('Fashion-MNIST is 2,000 grey images of 28 x 28', () => {
    const facts = host.probe({
      format: 'idx',
      path: path('fashion-mnist/train-images-idx3-ubyte.gz'),
      labelsPath: path('fashion-mnist/train-labels-idx1-ubyte.gz'),
    })
    expect(facts).toMatchObject({ ok: true, image: { height: 28, width: 28, channels: 1 } })
    expect(facts.ok && facts.counts.reduce((sum, count) => sum + count, 0)).toBe(2000)
  })

  it('the drawn CIFAR-10 classes are 500 JPEGs of 32 x 32 each, the ImageNet sample is long-tailed', () => {
    expect(host.probe({ format: 'image_folder', path: path('cifar-10-synthetic') })).toMatchObject({
      counts: new Array(10).fill(500),
      image: { height: 32, width: 32, channels: 3 },
    })
    expect(host.probe({ format: 'image_folder', path: path('imagenet-lt-sample/train') })).toMatchObject({
      counts: [16, 12, 9, 7, 5, 4, 3, 2, 2, 1],
      image: { height: 96, width: 96, channels: 3 },
    })
  })
})
