// Data of another kind than the function reads: it is called by its name, and the help says what to write or
// to fetch.

import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { SourceRequest } from '../../compiler/host.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'
import { cifarFolder, cifarNames, cifarRecords, idxFile, temporaryFolder, writeFiles } from './files.js'

const probe = (request: SourceRequest) => createDiskHost({ cacheFolder: undefined }).probe(request)
const cifar10 = (path: string) => probe({ format: 'cifar10', path, split: 'train' })

describe('a folder that is not that of CIFAR-10', () => {
  const cifar100 = { 'train.bin': cifarRecords([0], 2), 'test.bin': cifarRecords([0], 2) }
  it.each([
    ['of CIFAR-100', cifar100, '', /^it is CIFAR-100: read it with `cifar100\(\.\.\.\)`$/],
    [
      'of the Python version',
      { data_batch_1: 'x', 'batches.meta': 'x' },
      '',
      /Python version of CIFAR-10.*saurun data get cifar10/,
    ],
    [
      'above the Python version',
      { 'cifar-10-batches-py/data_batch_1': 'x' },
      '',
      /`cifar-10-batches-py` is the Python version/,
    ],
    ['with the archive', { 'cifar-10-binary.tar.gz': 'x' }, '', /`tar -xzf cifar-10-binary\.tar\.gz`/],
    [
      'with the archive of another version',
      { 'cifar-10-python.tar.gz': 'x' },
      '',
      /another version.*saurun data get cifar10/,
    ],
    [
      'the archive itself',
      { 'cifar-10-binary.tar.gz': gzipSync('x') },
      'cifar-10-binary.tar.gz',
      /`tar -xzf/,
    ],
    ['with folders of images', { 'cat/1.png': 'x' }, '', /`image_folder\(\.\.\.\)`/],
    ['with nothing of it', { 'a.txt': 'x' }, '', /name the folder with `data_batch_1\.bin`/],
  ])('%s', (_, files, below, help) => {
    const folder = writeFiles(temporaryFolder(), files)
    expect(cifar10(join(folder, below))).toMatchObject({
      reason: 'format',
      help: expect.stringMatching(help),
    })
  })

  it('but the one above', () => {
    const folder = temporaryFolder()
    cifarFolder(join(folder, 'cifar-10-batches-bin'))
    expect(cifar10(folder)).toMatchObject({ help: expect.stringMatching(/\/cifar-10-batches-bin`$/) })
    expect(cifar10(join(folder, 'cifar-10-batches-bin', 'test_batch.bin'))).toMatchObject({
      help: expect.stringMatching(/^name its folder: `.*cifar-10-batches-bin`$/),
    })
    expect(
      probe({
        format: 'cifar100',
        path: join(folder, 'cifar-10-batches-bin'),
        split: 'test',
        labels: 'fine',
      }),
    ).toMatchObject({ help: 'it is CIFAR-10: read it with `cifar10(...)`' })
  })

  it('whose labels count from 1', () => {
    const folder = writeFiles(temporaryFolder(), {
      'batches.meta.txt': cifarNames.join('\n'),
      'test_batch.bin': cifarRecords([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    })
    expect(probe({ format: 'cifar10', path: folder, split: 'test' })).toMatchObject({
      reason: 'label',
      help: expect.stringMatching(/labels seem to count from 1/),
    })
  })
})

describe('pairs of files', () => {
  const images = idxFile([3, 1, 2], Uint8Array.of(1, 2, 3, 4, 5, 6))
  const labels = idxFile([3], Uint8Array.of(0, 1, 2))
  const pair = (
    format: 'idx' | 'npy',
    files: Readonly<Record<string, string | Uint8Array>>,
    namesPath?: string,
  ) => {
    const folder = writeFiles(temporaryFolder(), files)
    return probe({
      format,
      path: join(folder, 'images'),
      labelsPath: join(folder, 'labels'),
      ...(namesPath !== undefined && { namesPath: join(folder, namesPath) }),
    })
  }

  it('of IDX have the names of a file', () => {
    expect(pair('idx', { images, labels, names: 'cat\ndog\nfox\nowl\n' }, 'names')).toMatchObject({
      ok: true,
      classes: ['cat', 'dog', 'fox', 'owl'],
      counts: [1, 1, 1, 0],
    })
    const fromOne = idxFile([3], Uint8Array.of(1, 2, 3))
    expect(pair('idx', { images, labels: fromOne, names: 'cat\ndog\nfox\n' }, 'names')).toMatchObject({
      reason: 'label',
      message: 'has the label 3, but there are 3 names',
      help: expect.stringMatching(/labels seem to count from 1/),
    })
    expect(pair('idx', { images, labels }, 'names')).toMatchObject({ reason: 'missing' })
  })

  it.each([
    ['idx', 'swapped', { images: labels, labels: images }, /swapped/],
    [
      'idx',
      'arrays of NumPy',
      { images: Buffer.from('\x93NUMPY', 'latin1'), labels },
      /`npy\(images, labels\)`/,
    ],
    ['idx', 'a web page', { images: '<!DOCTYPE html><html>', labels }, /fetch it again/],
    ['idx', 'an archive', { images: 'PK\x03\x04', labels }, /unpack it/],
    ['npy', 'IDX', { images, labels }, /`idx\(images, labels\)`/],
    ['npy', 'a pickle', { images: Buffer.of(0x80, 4, 1, 2), labels }, /pickles are never read/],
    ['npy', 'gzipped', { images: gzipSync('x'), labels }, /gunzip/],
  ] as const)('%s of what is %s', (format, _, files, help) => {
    expect(pair(format, files)).toMatchObject({ ok: false, help: expect.stringMatching(help) })
  })
})
