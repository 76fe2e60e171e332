// Data whose header announces more than the memory holds is refused by it, before anything is read or
// unpacked.
import { execFileSync } from 'node:child_process'
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readIdx } from '../../runtime/data/readers/idx.js'
import { readNpy } from '../../runtime/data/readers/npy.js'
import { idxFile, temporaryFolder, writeFiles } from './files.js'

describe('IDX files', () => {
  const labels = idxFile([2], Uint8Array.of(0, 1))
  const read = (images: Uint8Array) => {
    const folder = writeFiles(temporaryFolder(), { images, labels })
    return readIdx({ format: 'idx', path: join(folder, 'images'), labelsPath: join(folder, 'labels') })
  }

  it('that announce more than memory holds are refused, packed or not', () => {
    const huge = idxFile([60_000, 28_000, 28_000], new Uint8Array())
    for (const images of [huge, gzipSync(huge)])
      expect(read(images)).toMatchObject({
        ok: false,
        reason: 'large',
        message: expect.stringMatching(
          /^announces 47,040,000,000,000 \(60000 x 28000 x 28000\) bytes of images/,
        ),
      })
  })

  it('that are packed are unpacked no further than their header announces', () => {
    const bomb = gzipSync(Buffer.concat([idxFile([2, 4, 4], new Uint8Array(32)), Buffer.alloc(2 ** 25)]))
    expect(read(bomb)).toMatchObject({
      reason: 'format',
      message: 'has more bytes of images after its header than the 32 (2 x 4 x 4) that it announces',
    })
    expect(read(gzipSync(idxFile([2, 4, 4], new Uint8Array(32))))).toMatchObject({ ok: true })
    expect(read(gzipSync(Buffer.alloc(2 ** 25)))).toMatchObject({ ok: false, reason: 'format' })
  })
})

describe('NumPy files', () => {
  const npy = (type: string, shape: readonly number[]): Buffer => {
    const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
    const text = `${dictionary.padEnd(117)}\n`
    return Buffer.concat([
      Buffer.from('\x93NUMPY\x01\0', 'latin1'),
      Buffer.of(118, 0),
      Buffer.from(text, 'latin1'),
    ])
  }
  const read = (shape: readonly number[], bytes: number) => {
    const folder = writeFiles(temporaryFolder(), {
      'images.npy': npy('|u1', shape),
      'labels.npy': npy('<i8', [shape[0] ?? 0]),
    })
    // Holes take no place on the disk.
    truncateSync(join(folder, 'images.npy'), 128 + bytes)
    truncateSync(join(folder, 'labels.npy'), 128 + 8 * (shape[0] ?? 0))
    return readNpy({
      format: 'npy',
      path: join(folder, 'images.npy'),
      labelsPath: join(folder, 'labels.npy'),
    })
  }

  it('of an image that fills the memory are refused', () => {
    expect(read([1, 100_000, 100_000], 1e10)).toMatchObject({
      reason: 'large',
      message: expect.stringMatching(/^has images of 100,000 x 100,000 pixels/),
    })
  })

  it('of more records than anybody has are refused', () => {
    expect(read([2e9, 1, 1], 2e9)).toMatchObject({
      reason: 'large',
      message: 'has 2,000,000,000 records, and up to 20,000,000 are read',
    })
  })

  it('of a shape that no file has are refused by their length', () => {
    expect(read([3, 9e15, 9e15], 12)).toMatchObject({ ok: false })
    expect(read([3, 2, 2], 12)).toMatchObject({ ok: true })
  })

  it.skipIf(process.platform === 'win32')('are no pipes', () => {
    const folder = writeFiles(temporaryFolder(), { 'labels.npy': npy('<i8', [3]) })
    const path = join(folder, 'pipe.npy')
    execFileSync('mkfifo', [path])
    for (const file of [path, '/dev/zero']) {
      const failed = {
        ok: false,
        path: file,
        message: expect.stringMatching(/^is a (named pipe|device), but a file/),
      }
      expect(readNpy({ format: 'npy', path: file, labelsPath: join(folder, 'labels.npy') })).toMatchObject(
        failed,
      )
      expect(readIdx({ format: 'idx', path: file, labelsPath: file })).toMatchObject(failed)
    }
  })
})
