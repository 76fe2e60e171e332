// What is kept of data that was read, and that two sources may share.
import {
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDiskHost } from '../../../runtime/data/host/disk-host.js'
import { cifarFolder, encodedImage, temporaryFolder, writeFiles } from '../../data/files.js'

const host = createDiskHost({ cacheFolder: undefined })
const green = { r: 20, g: 200, b: 60 }

describe('records that two sources share', () => {
  const lists = (folder: string, a: string, b: string) => {
    writeFiles(folder, { 'a.txt': a, 'b.txt': b })
    const of = (name: string) =>
      ({ format: 'image_list', path: folder, listPath: join(folder, name) }) as const
    return createDiskHost({ cacheFolder: undefined }).sharedRecords(of('a.txt'), of('b.txt'))
  }
  const folderOf = (path: string) => ({ format: 'image_folder', path }) as const

  it('are found by file, in lists, folders, and through links of every kind', async () => {
    const folder = temporaryFolder()
    const [one, two] = [await encodedImage('png', 2, 2, green), await encodedImage('png', 3, 2, green)]
    writeFiles(folder, { 'a/1.png': one, 'a/2.png': two, 'b/1.png': one })
    expect(lists(folder, 'a/1.png 0\na/2.png 0\n', 'b/1.png 0\n')).toBe('none')
    expect(lists(folder, 'a/1.png 0\na/2.png 0\n', 'b/1.png 0\na/2.png 1\na/./1.png 0\n')).toEqual({
      first: Uint32Array.of(1, 0),
      second: Uint32Array.of(1, 2),
    })
    const other = writeFiles(temporaryFolder(), { 'a/3.png': one })
    const mark = join(other, 'a', '4.png')
    expect(host.sharedRecords(folderOf(folder), folderOf(other))).toBe('none')
    symlinkSync(join(folder, 'a', '2.png'), mark)
    const fresh = () => createDiskHost({ cacheFolder: undefined })
    const shared = { first: Uint32Array.of(1), second: Uint32Array.of(1) }
    expect(fresh().sharedRecords(folderOf(folder), folderOf(other))).toEqual(shared)
    rmSync(mark)
    linkSync(join(folder, 'a', '2.png'), mark)
    expect(fresh().sharedRecords(folderOf(folder), folderOf(other))).toEqual(shared)
    symlinkSync(folder, join(other, 'link'))
    expect(host.sharedRecords(folderOf(folder), folderOf(join(other, 'link')))).toEqual({
      first: Uint32Array.of(0, 1, 2),
      second: Uint32Array.of(0, 1, 2),
    })
  })

  it('are all where one source is a copy of the other, byte for byte', async () => {
    const image = await encodedImage('png', 2, 2, green)
    const [first, copy, relabelled] = [1, 2, 3].map(() => temporaryFolder()) as [string, string, string]
    writeFiles(first, { 'a/1.png': image, 'b/1.png': image })
    writeFiles(copy, { 'a/1.png': image, 'b/1.png': image })
    writeFiles(relabelled, { 'a/1.png': image, 'a/2.png': image })
    expect(host.sharedRecords(folderOf(first), folderOf(copy))).toBe('all')
    expect(host.sharedRecords(folderOf(first), folderOf(relabelled))).toBe('none')
    const cifar = (path: string) => ({ format: 'cifar10', path, split: 'test' }) as const
    const [one, two] = [cifarFolder(temporaryFolder()), cifarFolder(temporaryFolder())]
    expect(host.sharedRecords(cifar(one), cifar(two))).toBe('all')
    expect(host.sharedRecords(cifar(one), { ...cifar(one), split: 'train' })).toBe('none')
    expect(host.sharedRecords(cifar(one), folderOf(first))).toBe('none')
  })
})

describe('the cache', () => {
  /** The clock of the tests is ahead of that of the files, so that none of them changed this moment. */
  const later = () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  afterEach(() => vi.useRealTimers())

  it('serves an unchanged source without reading it', async () => {
    later()
    const cache = temporaryFolder()
    const folder = writeFiles(temporaryFolder(), { 'a/1.png': await encodedImage('png', 2, 2, green) })
    const request = { format: 'image_folder', path: folder } as const
    const fresh = () => createDiskHost({ cacheFolder: cache })
    const facts = fresh().probe(request)
    const digest = fresh().digest(request)
    const hashes = fresh().imageHashes(request)
    expect(hashes.length).toBe(1)
    const [hashFile = '', entry = ''] = readdirSync(cache).sort((a, b) => b.length - a.length)
    // Only a cache can know what nobody reads.
    writeFileSync(join(cache, entry), readFileSync(join(cache, entry), 'utf8').replace(digest, 'abc'))
    expect(fresh().probe(request)).toEqual(facts)
    expect(fresh().digest(request)).toBe('abc')
    const bytes = readFileSync(join(cache, hashFile))
    writeFileSync(join(cache, hashFile), Buffer.concat([bytes.subarray(0, 64), Buffer.alloc(8)]))
    expect(fresh().imageHashes(request)).toEqual(BigUint64Array.of(0n))
    fresh().forget(request)
    expect(fresh().digest(request)).toBe(digest)
    expect(fresh().imageHashes(request)).toEqual(hashes)
  })

  it.each([
    ['written over with its times set back', 'over'],
    ['swapped with another one', 'swapped'],
  ])('a file of the same size and time that was %s is read anew', async (_, how) => {
    later()
    const cache = temporaryFolder()
    const one = await encodedImage('png', 2, 2, green)
    const two = Buffer.concat([one.subarray(0, -1), Buffer.of(0)])
    const folder = writeFiles(temporaryFolder(), { 'a/1.png': one, 'b/1.png': two })
    const [first, second] = [join(folder, 'a', '1.png'), join(folder, 'b', '1.png')]
    const time = new Date('2020-01-01')
    for (const file of [first, second]) utimesSync(file, time, time)
    const request = { format: 'image_folder', path: folder } as const
    const fresh = () => createDiskHost({ cacheFolder: cache })
    const before = fresh().digest(request)
    if (how === 'over') {
      writeFileSync(first, two)
      utimesSync(first, time, time)
    } else {
      renameSync(first, join(folder, 'other'))
      renameSync(second, first)
      renameSync(join(folder, 'other'), second)
    }
    expect(fresh().digest(request)).not.toBe(before)
  })

  it('a label that changed in a CIFAR file of the same size and time is read anew', () => {
    later()
    const cache = temporaryFolder()
    const folder = cifarFolder(temporaryFolder())
    const request = { format: 'cifar10', path: folder, split: 'test' } as const
    const fresh = () => createDiskHost({ cacheFolder: cache })
    const file = join(folder, 'test_batch.bin')
    const { atime, mtime } = statSync(file)
    expect(fresh().probe(request)).toMatchObject({ counts: new Array(10).fill(1) })
    const before = fresh().digest(request)
    const bytes = readFileSync(file)
    bytes[0] = 9
    writeFileSync(file, bytes)
    utimesSync(file, atime, mtime)
    expect(fresh().probe(request)).toMatchObject({ counts: [0, 1, 1, 1, 1, 1, 1, 1, 1, 2] })
    expect(fresh().digest(request)).not.toBe(before)
  })

  it('keeps nothing of a file that changed this moment, and may change again in the same tick of the clock', () => {
    const cache = temporaryFolder()
    const folder = cifarFolder(temporaryFolder())
    vi.useFakeTimers({ toFake: ['Date'], now: statSync(join(folder, 'test_batch.bin')).ctimeMs })
    const request = { format: 'cifar10', path: folder, split: 'test' } as const
    createDiskHost({ cacheFolder: cache }).digest(request)
    expect(readdirSync(cache)).toEqual([])
  })

  it('a damaged cache file and an impossible cache folder cost nothing but time', () => {
    const folder = cifarFolder(temporaryFolder())
    const request = { format: 'cifar10', path: folder, split: 'test' } as const
    const cache = temporaryFolder()
    later()
    createDiskHost({ cacheFolder: cache }).probe(request)
    for (const name of readdirSync(cache)) writeFileSync(join(cache, name), '{"version":')
    expect(createDiskHost({ cacheFolder: cache }).probe(request).ok).toBe(true)
    expect(createDiskHost({ cacheFolder: join(folder, 'test_batch.bin', 'below') }).probe(request).ok).toBe(
      true,
    )
  })
})
