import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SourceFailure } from '../../compiler/host.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'
import { loadData } from '../../runtime/data/load.js'
import { readNpy } from '../../runtime/data/readers/npy.js'
import { temporaryFolder, writeFiles } from './files.js'
import { datasetOf, decoded, planOf } from './plans.js'

interface Header {
  readonly version?: 1 | 2 | 3
  readonly descr?: string
  readonly fortran?: boolean
  readonly shape: string
}

/** A .npy file as NumPy writes it. */
function npyFile({ version = 1, descr = "'|u1'", fortran = false, shape }: Header, data: Uint8Array): Buffer {
  const dictionary = `{'descr': ${descr}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`
  const before = version === 1 ? 10 : 12
  const padded = `${dictionary.padEnd(64 * Math.ceil((before + dictionary.length + 1) / 64) - before - 1)}\n`
  const start = Buffer.alloc(before)
  start.write('\x93NUMPY', 'latin1')
  start[6] = version
  if (version === 1) start.writeUInt16LE(padded.length, 8)
  else start.writeUInt32LE(padded.length, 8)
  return Buffer.concat([start, Buffer.from(padded, version === 3 ? 'utf8' : 'latin1'), data])
}

const pixels = Uint8Array.from({ length: 3 * 2 * 4 * 3 }, (_, i) => (i * 7) % 256)
const images = npyFile({ shape: '(3, 2, 4, 3)' }, pixels)
const labels = npyFile({ descr: "'<i8'", shape: '(3,)' }, bytesOf(BigInt64Array.of(2n, 0n, 2n)))

function bytesOf(array: NodeJS.TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

function files(more: Readonly<Record<string, Uint8Array>> = {}) {
  const folder = writeFiles(temporaryFolder(), { 'images.npy': images, 'labels.npy': labels, ...more })
  return {
    format: 'npy',
    path: join(folder, 'images.npy'),
    labelsPath: join(folder, 'labels.npy'),
  } as const
}

const probe = (more: Readonly<Record<string, Uint8Array>> = {}) =>
  createDiskHost({ cacheFolder: undefined }).probe(files(more))

describe('NumPy files', () => {
  const facts = {
    ok: true,
    classes: ['0', '1', '2'],
    counts: [1, 0, 2],
    image: { height: 2, width: 4, channels: 3 },
  }

  it.each([1, 2, 3] as const)('version %i is read, and the pixels are those of the file', (version) => {
    const request = files({ 'images.npy': npyFile({ version, shape: '(3, 2, 4, 3)' }, pixels) })
    expect(createDiskHost({ cacheFolder: undefined }).probe(request)).toEqual(facts)
    const records = readNpy(request)
    if (!records.ok) throw new Error(records.message)
    for (const i of [2, 0, 1])
      expect([...records.pixels(i)]).toEqual([...pixels.subarray(24 * i, 24 * i + 24)])
    expect(() => records.pixels(3)).toThrow(RangeError)
  })

  it('grey images may do without an axis of channels, and Python 2 wrote long numbers', () => {
    const grey = { image: { height: 6, width: 4, channels: 1 } }
    for (const shape of ['(3, 6, 4)', '(3, 6, 4, 1)', '(3L, 6L, 4L)'])
      expect(probe({ 'images.npy': npyFile({ shape }, pixels) })).toMatchObject(grey)
  })

  it.each([
    ['|u1', Uint8Array.of(2, 0, 2)],
    ['|i1', Int8Array.of(2, 0, 2)],
    ['<u2', Uint16Array.of(2, 0, 2)],
    ['<i2', Int16Array.of(2, 0, 2)],
    ['<u4', Uint32Array.of(2, 0, 2)],
    ['<i4', Int32Array.of(2, 0, 2)],
    ['<u8', BigUint64Array.of(2n, 0n, 2n)],
    ['>i2', Int16Array.of(2 << 8, 0, 2 << 8)],
    ['>u4', Uint32Array.of(2 << 24, 0, 2 << 24)],
    ['>i8', BigInt64Array.of(2n << 56n, 0n, 2n << 56n)],
  ])('labels of the type %s are read', (descr, values) => {
    const file = npyFile({ descr: `'${descr}'`, shape: '(3,)' }, bytesOf(values))
    expect(probe({ 'labels.npy': file })).toEqual(facts)
  })

  const of = (header: Partial<Header>, data = pixels) => npyFile({ shape: '(3, 2, 4, 3)', ...header }, data)
  it.each<[string, Record<string, Uint8Array>, SourceFailure['reason'], string, RegExp | undefined]>([
    ['an empty file', { 'images.npy': new Uint8Array(0) }, 'format', 'is empty', undefined],
    [
      'another file',
      { 'images.npy': Buffer.from('hello world') },
      'format',
      'is not a NumPy file (.npy)',
      undefined,
    ],
    [
      'a header that is cut off',
      { 'images.npy': images.subarray(0, 40) },
      'format',
      'ends inside its header',
      undefined,
    ],
    [
      'a damaged header',
      { 'images.npy': of({ shape: '[3, 2' }) },
      'format',
      'has a damaged header',
      undefined,
    ],
    [
      'missing pixels',
      { 'images.npy': images.subarray(0, images.length - 5) },
      'format',
      'has 67 bytes after its header, which announces 72',
      undefined,
    ],
    [
      'an archive',
      { 'images.npy': Buffer.from('PK\x03\x04 and more') },
      'array',
      'is an archive of arrays (.npz)',
      /np\.load\("archive\.npz"\)/,
    ],
    [
      'pickled objects',
      { 'images.npy': of({ descr: "'|O'" }) },
      'array',
      'holds pickled Python objects, which are never read',
      /np\.stack/,
    ],
    [
      'floating point',
      { 'images.npy': of({ descr: "'<f4'" }) },
      'array',
      'holds float32, and images are bytes (uint8)',
      /\* 255/,
    ],
    [
      'Fortran order',
      { 'images.npy': of({ fortran: true }) },
      'array',
      'is in Fortran order, where the pixels of an image lie far apart',
      /ascontiguousarray/,
    ],
    [
      'channels in front',
      { 'images.npy': of({ shape: '(3, 3, 2, 4)' }) },
      'array',
      'has the shape (3, 3, 2, 4), and images are [N, H, W] or [N, H, W, C] with one or three channels: the channels come first here',
      /transpose\(0, 2, 3, 1\)/,
    ],
    [
      'transparency',
      { 'images.npy': of({ shape: '(1, 9, 2, 4)' }) },
      'array',
      'has the shape (1, 9, 2, 4), and images are [N, H, W] or [N, H, W, C] with one or three channels',
      /\[\.\.\., :3\]/,
    ],
    [
      'rows without a shape',
      { 'images.npy': of({ shape: '(3, 24)' }) },
      'array',
      'has the shape (3, 24), and images are [N, H, W] or [N, H, W, C]',
      /reshape\(len\(images\), height, width\)/,
    ],
    [
      'no image',
      { 'images.npy': of({ shape: '(0, 2, 4)' }, pixels.subarray(0, 0)) },
      'array',
      'has the shape (0, 2, 4): no image',
      undefined,
    ],
    [
      'labels of floating point',
      { 'labels.npy': npyFile({ descr: "'<f8'", shape: '(3,)' }, new Uint8Array(24)) },
      'array',
      'holds float64, and labels are whole numbers',
      /astype\(np\.int64\)/,
    ],
    [
      'one-hot labels',
      { 'labels.npy': npyFile({ shape: '(3, 10)' }, new Uint8Array(30)) },
      'array',
      'has the shape (3, 10), and labels are [N]',
      /argmax\(axis=1\)/,
    ],
    [
      'too few labels',
      { 'labels.npy': npyFile({ shape: '(2,)' }, new Uint8Array(2)) },
      'array',
      'has 2 labels, but there are 3 images',
      undefined,
    ],
    [
      'a label below 0',
      { 'labels.npy': npyFile({ descr: "'|i1'", shape: '(3,)' }, bytesOf(Int8Array.of(0, -1, 0))) },
      'label',
      'has the label -1 in record 1 (from 0), but labels count from 0 on',
      undefined,
    ],
  ])('%s is told', (_, more, reason, message, help) => {
    const failure = probe(more)
    expect(failure).toMatchObject({ ok: false, reason, message })
    if (help !== undefined) expect(!failure.ok && failure.help).toMatch(help)
  })

  it('a run holds them or reads them as they are drawn, and the digest is of labels and pixels', async () => {
    const request = files()
    const host = createDiskHost({ cacheFolder: undefined })
    const content = host.digest(request)
    const { path, labelsPath } = request
    const source = { format: 'npy', path, labelsPath, content } as const
    const whole = { op: 'source', source: 0, origin: 'real' } as const
    const { classes, image } = facts
    const plan = planOf([source], [datasetOf(whole, { real: facts.counts }, { classes, image })])
    const held = await loadData(plan, [[path, labelsPath]], { verify: true })
    expect([...new Uint8Array(decoded(held.stores[0]).pixels)]).toEqual([...pixels])
    const drawn = await loadData(plan, [[path, labelsPath]], { verify: true, memory: 0 })
    expect(drawn.stores[0]).toMatchObject({ kind: 'array', count: 3 })
    const { size } = statSync(path)
    writeFileSync(
      path,
      of(
        {},
        pixels.map((value) => value ^ 1),
      ),
    )
    expect(statSync(path).size).toBe(size)
    for (const memory of [0, 1000])
      await expect(loadData(plan, [[path, labelsPath]], { verify: true, memory })).rejects.toMatchObject({
        code: 'SAU8006',
      })
  })
})
