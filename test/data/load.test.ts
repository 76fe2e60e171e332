import { createHash } from 'node:crypto'
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { SourcePlan } from '../../compiler/plan/sources.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'
import { type LoadProgress, loadData } from '../../runtime/data/load.js'
import { imageOf } from '../../runtime/data/store.js'
import { RunError } from '../../runtime/platform/errors.js'
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
} from './files.js'
import { datasetOf, decoded, planOf } from './plans.js'

const cifar: SourcePlan = { format: 'cifar10', path: 'cifar', split: 'test', content: 'abc' }
const folderOf: SourcePlan = { format: 'image_folder', path: 'images', content: '' }

function planFor(source: SourcePlan, classes: readonly string[], counts: readonly number[]) {
  return planOf(
    [source],
    [datasetOf({ op: 'source', source: 0, origin: 'real' }, { real: counts }, { classes })],
  )
}
const cifarPlan = planFor(cifar, cifarNames, new Array(10).fill(1))

async function errorOf(loading: Promise<unknown>): Promise<RunError> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof RunError) return error
  throw error ?? new Error('nothing went wrong')
}

function onlyStore(data: Awaited<ReturnType<typeof loadData>>) {
  return decoded(data.stores[0])
}

describe('records', () => {
  it('planes of CIFAR become interleaved pixels', async () => {
    const store = onlyStore(await loadData(cifarPlan, [[cifarFolder(temporaryFolder())]]))
    expect(store.count).toBe(10)
    const { pixels, height, width } = imageOf(store, 7)
    expect([height, width, store.channels]).toEqual([32, 32, 3])
    // Byte b of record i is (i + b) mod 256, and plane c starts at 1024 c.
    for (const [y, x] of [
      [0, 0],
      [0, 1],
      [5, 9],
      [31, 31],
    ] as const)
      for (let c = 0; c < 3; c++) expect(pixels[(y * 32 + x) * 3 + c]).toBe((7 + 1024 * c + 32 * y + x) % 256)
  })

  it('grey images keep one channel', async () => {
    const folder = writeFiles(temporaryFolder(), {
      images: idxFile([2, 1, 3], Uint8Array.of(1, 2, 3, 4, 5, 6)),
      labels: idxFile([2], Uint8Array.of(1, 0)),
    })
    const source: SourcePlan = { format: 'idx', path: 'images', labelsPath: 'labels', content: '' }
    const data = await loadData(planFor(source, ['0', '1'], [1, 1]), [
      [join(folder, 'images'), join(folder, 'labels')],
    ])
    expect([...imageOf(onlyStore(data), 1).pixels]).toEqual([4, 5, 6])
    expect(onlyStore(data).channels).toBe(1)
    expect([...(data.datasets[0]?.labels ?? [])]).toEqual([1, 0])
  })
})

describe('image folders', () => {
  const red = { r: 200, g: 30, b: 40 }

  it('grey, transparent, CMYK and 16-bit images come out as 8-bit RGB', async () => {
    const gradient = Uint8Array.from({ length: 16 }, (_, i) => i * 16)
    const grey = await sharp(gradient, { raw: { width: 4, height: 4, channels: 1 } })
      .png()
      .toBuffer()
    const transparent = await encodedImage('png', 4, 4, { ...red, alpha: 0.5 })
    const deep = await sharp(await encodedImage('png', 4, 4, red))
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    const cmyk = await sharp(await encodedImage('png', 4, 4, red))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer()
    const folder = writeFiles(temporaryFolder(), {
      'a/1.png': grey,
      'a/2.png': transparent,
      'a/3.png': deep,
      'a/4.jpg': cmyk,
    })
    const store = onlyStore(await loadData(planFor(folderOf, ['a'], [4]), [[folder]]))
    expect([...imageOf(store, 0).pixels]).toEqual([...gradient].flatMap((value) => [value, value, value]))
    expect([...imageOf(store, 1).pixels.subarray(0, 3)]).toEqual([200, 30, 40])
    expect([...imageOf(store, 2).pixels.subarray(0, 3)]).toEqual([200, 30, 40])
    const [r = 0, g = 0, b = 0] = imageOf(store, 3).pixels
    expect(r).toBeGreaterThan(120)
    expect(Math.max(g, b)).toBeLessThan(100)
  })

  it('images of varied shapes lie one after the other, turned as their EXIF part says', async () => {
    // Left half white: turned by a quarter, the white half is above.
    const half = Uint8Array.from({ length: 16 * 8 * 3 }, (_, i) => (Math.floor(i / 3) % 16 < 8 ? 255 : 0))
    const turned = sharp(half, { raw: { width: 16, height: 8, channels: 3 } })
    const folder = writeFiles(temporaryFolder(), {
      'a/1.png': await encodedImage('png', 3, 5, red),
      'b/1.jpg': await turned.jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer(),
      'b/2.png': await encodedImage('png', 2, 2, red),
    })
    const store = onlyStore(await loadData(planFor(folderOf, ['a', 'b'], [1, 2]), [[folder]]))
    expect([0, 1, 2].map((i) => [imageOf(store, i).height, imageOf(store, i).width])).toEqual([
      [5, 3],
      [16, 8],
      [2, 2],
    ])
    const { pixels } = imageOf(store, 1)
    expect([pixels[3], pixels[(15 * 8 + 4) * 3]]).toEqual([255, 0])
    expect([...imageOf(store, 2).pixels]).toEqual([200, 30, 40, 200, 30, 40, 200, 30, 40, 200, 30, 40])
  })

  it('says how far it is', async () => {
    const folder = writeFiles(temporaryFolder(), { 'a/1.png': await encodedImage('png', 2, 2, red) })
    const seen: LoadProgress[] = []
    await loadData(planFor(folderOf, ['a'], [1]), [[folder]], {
      onProgress: (progress) => seen.push(progress),
    })
    expect(seen.at(-1)).toEqual({ source: 0, sources: 1, done: 1, total: 1 })
  })
})

describe('what is wrong with data names the file, and the record', () => {
  const broken = (files: Readonly<Record<string, string | Uint8Array>>) => {
    const folder = writeFiles(cifarFolder(temporaryFolder()), files)
    return { folder, file: join(folder, 'test_batch.bin'), error: errorOf(loadData(cifarPlan, [[folder]])) }
  }

  it('a file that is cut off', async () => {
    const { error, file } = broken({ 'test_batch.bin': cifarRecords([1, 2]).subarray(0, 5000) })
    expect(await error).toMatchObject({
      code: 'SAU8002',
      exitCode: 4,
      message: `\`${file}\` has 1,927 bytes left over after 1 record of 3,073 bytes`,
    })
  })

  it('a label out of range', async () => {
    const { error, file } = broken({ 'test_batch.bin': cifarRecords([0, 0, 0, 255]) })
    expect(await error).toMatchObject({
      code: 'SAU8003',
      message: `\`${file}\` has the label 255 in record 3 (from 0), but labels go from 0 to 9`,
    })
  })

  it('a missing file', async () => {
    const folder = cifarFolder(temporaryFolder())
    rmSync(join(folder, 'test_batch.bin'))
    expect(await errorOf(loadData(cifarPlan, [[folder]]))).toMatchObject({
      code: 'SAU8001',
      message: `\`${join(folder, 'test_batch.bin')}\` is not there`,
    })
  })

  it('other counts than the plan has', async () => {
    const { error, folder } = broken({ 'test_batch.bin': cifarRecords([0, 0]) })
    expect(await error).toMatchObject({
      code: 'SAU8006',
      message: `\`${folder}\` has changed since the experiment was compiled`,
    })
  })

  it('other content than the plan was made from, where it is verified', async () => {
    const folder = cifarFolder(temporaryFolder())
    const { digest } = createDiskHost({ cacheFolder: undefined })
    const content = digest({ format: 'cifar10', path: folder, split: 'test' })
    const plan = planFor({ ...cifar, content }, cifarNames, new Array(10).fill(1))
    const file = join(folder, 'test_batch.bin')
    const { atime, mtime } = statSync(file)
    const whole = readFileSync(file)
    expect((await loadData(plan, [[folder]], { verify: true })).stores.length).toBe(1)
    const changed = Uint8Array.from(whole)
    changed[2000] = (changed[2000] ?? 0) ^ 1
    // Same size, same time of change: what is read counts, not what a cache says of such a file.
    writeFileSync(file, changed)
    utimesSync(file, atime, mtime)
    expect(await errorOf(loadData(plan, [[folder]], { verify: true }))).toMatchObject({
      code: 'SAU8006',
      exitCode: 4,
      message: `\`${folder}\` has changed since the experiment was compiled`,
    })
    expect((await loadData(plan, [[folder]])).stores.length).toBe(1)
    writeFileSync(file, whole)
    expect((await loadData(plan, [[folder]], { verify: true })).stores.length).toBe(1)
  })

  it('images that change after the first was read, or go, while they are read', async () => {
    const images: Record<string, Uint8Array> = {}
    for (let i = 0; i < 700; i++)
      images[`a/${String(i).padStart(3, '0')}.png`] = await encodedImage('png', 2, 2, {
        r: i % 256,
        g: 1,
        b: 2,
      })
    const folder = writeFiles(temporaryFolder(), images)
    const content = createDiskHost({ cacheFolder: undefined }).digest({
      format: 'image_folder',
      path: folder,
    })
    const plan = planFor({ ...folderOf, content }, ['a'], [700])
    expect((await loadData(plan, [[folder]], { verify: true })).stores[0]?.count).toBe(700)
    const last = join(folder, 'a', '699.png')
    const whileLoading = (act: () => void) => {
      let hasActed = false
      // Called in the midst of the images: two thirds of them are still to come.
      const onProgress = () => {
        if (!hasActed) act()
        hasActed = true
      }
      return errorOf(loadData(plan, [[folder]], { verify: true, onProgress }))
    }
    const other = await encodedImage('png', 2, 2, { r: 9, g: 9, b: 9 })
    expect((await whileLoading(() => writeFileSync(last, other))).code).toBe('SAU8006')
    const before = images['a/699.png'] ?? other
    writeFileSync(last, before)
    expect(await whileLoading(() => rmSync(last))).toMatchObject({
      code: 'SAU8001',
      exitCode: 4,
      message: `\`${last}\` is not there`,
    })
    writeFileSync(last, before)
    expect((await loadData(plan, [[folder]], { verify: true })).stores[0]?.count).toBe(700)
  })

  it('an image whose header is fine and whose pixels are not', async () => {
    const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251)
    const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer()
    const png = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer()
    for (const [name, content, code, problem] of [
      ['b/2.jpg', jpeg.subarray(0, 1500), 'SAU8005', 'does not decode ('],
      ['b/2.png', png.subarray(0, png.length / 2), 'SAU8005', 'does not decode ('],
      // Pillow, too, cannot identify a PNG image whose chunks are none.
      ['b/2.png', Buffer.from(png).fill(1, 60, 200), 'SAU8002', ''],
    ] as const) {
      const folder = writeFiles(temporaryFolder(), { 'a/1.jpg': jpeg, 'b/1.jpg': jpeg, [name]: content })
      const error = await errorOf(loadData(planFor(folderOf, ['a', 'b'], [1, 2]), [[folder]]))
      expect(error.code).toBe(code)
      expect(error.message.startsWith(`\`${join(folder, name)}\` ${problem}`), error.message).toBe(true)
      expect(error.message).not.toContain('\n')
    }
  })

  it('a class whose images are not read', async () => {
    const folder = writeFiles(temporaryFolder(), {
      'a/1.png': await encodedImage('png', 2, 2, { r: 1, g: 2, b: 3 }),
      'b/x.heic': 'x',
    })
    expect((await errorOf(loadData(planFor(folderOf, ['a', 'b'], [1, 1]), [[folder]]))).code).toBe('SAU8004')
  })
})

describe.skipIf(noRealData)(`real data${skipReason}`, () => {
  it('the pixels of CIFAR-10 are those of the file', async () => {
    const classes = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ')
    const data = await loadData(planFor(cifar, classes, new Array(10).fill(100)), [
      [join(realData, 'cifar-10-batches-bin')],
    ])
    const pixels = new Uint8Array(onlyStore(data).pixels)
    const sums = [0, 0, 0]
    for (let i = 0; i < pixels.length; i++) sums[i % 3] = (sums[i % 3] ?? 0) + (pixels[i] ?? 0)
    const means = sums.map((sum) => sum / (pixels.length / 3))
    // The data's own README gives 125.3, 122.9, 113.9 for all of it; the test part is near.
    for (const [c, mean] of [125.3, 122.9, 113.9].entries())
      expect(Math.abs((means[c] ?? 0) - mean)).toBeLessThan(4)
  })

  it('the drawn CIFAR-10 images decode to the mean colour that Pillow gives them, duplicates included', async () => {
    const folder = join(realData, 'cifar-10-synthetic')
    const classes = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ')
    const data = await loadData(planFor(folderOf, classes, new Array(10).fill(500)), [[folder]])
    const pixels = new Uint8Array(onlyStore(data).pixels)
    const sums = [0, 0, 0]
    for (let i = 0; i < pixels.length; i++) sums[i % 3] = (sums[i % 3] ?? 0) + (pixels[i] ?? 0)
    const means = sums.map((sum) => Math.round((sum / (pixels.length / 3)) * 1000) / 1000)
    expect(means).toEqual([115.028, 112.99, 98.824])
    // The exact duplicates that the README tells of are there.
    const digests = new Set<string>()
    for (let i = 0; i < 5000; i++)
      digests.add(
        createHash('sha1')
          .update(pixels.subarray(i * 3072, (i + 1) * 3072))
          .digest('hex'),
      )
    expect(digests.size).toBeLessThan(5000)
    expect(digests.size).toBeGreaterThan(4900)
  })
})
