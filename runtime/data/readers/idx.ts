// IDX files, plain or gzipped, as MNIST and its kin are published (yann.lecun.com/exdb/mnist): two zero
// bytes, the type of a value (8: unsigned byte), the number of dimensions, each dimension as a big-endian
// 32-bit number, then the values.
import { constants, gunzipSync } from 'node:zlib'
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { defaultDataMemory } from '../memory-budget.js'
import { namedClasses } from './class-names.js'
import { kindOf } from './file-kind.js'
import { counted, failure, mostBytes, type Records, readBytes, readStart, thousands } from './reading.js'

export type IdxRequest = Extract<SourceRequest, { format: 'idx' }>

interface Idx {
  readonly ok: true
  readonly dimensions: readonly number[]
  readonly values: Uint8Array
}

/** Grey images and their labels from two files; the classes are the numbers from 0 to the largest label. */
export function readIdx(request: IdxRequest): Records | SourceFailure {
  const images = readIdxFile(request.path, 3, 'images')
  if (!images.ok) return images
  const labelFile = readIdxFile(request.labelsPath, 1, 'labels')
  if (!labelFile.ok) return labelFile
  const [count = 0, height = 0, width = 0] = images.dimensions
  if (count === 0 || height === 0 || width === 0) return failure('format', request.path, 'holds no image')
  const labels = Int32Array.from(labelFile.values)
  if (labels.length !== count)
    return failure(
      'format',
      request.labelsPath,
      `has ${counted(labels.length, 'label')}, but there are ${counted(count, 'image')}`,
    )
  const classes = namedClasses(labels, request)
  if ('ok' in classes) return classes
  const bytes = height * width
  return {
    ok: true,
    classes,
    labels,
    height,
    width,
    channels: 1,
    arrangement: 'interleaved',
    pixels: (i) => images.values.subarray(i * bytes, (i + 1) * bytes),
  }
}

/** The header comes first: nothing is read or unpacked beyond what it announces. */
function readIdxFile(path: string, dimensions: number, what: string): Idx | SourceFailure {
  const start = readStart(path, startBytes)
  if ('ok' in start) return start
  const unpacked = isGzip(start) ? inflated(path, start, constants.Z_SYNC_FLUSH) : start
  if (unpacked === 'more') throw new RangeError(`${startBytes} bytes unpack to more than can be`)
  if ('ok' in unpacked) return unpacked
  const header = 4 + 4 * dimensions
  const sizes = sizesFrom(path, unpacked, dimensions, what)
  if ('ok' in sizes) return sizes
  const needed = sizes.reduce((product, size) => product * size, 1)
  const announced = `${thousands(needed)} (${sizes.join(' x ')})`
  const most = Math.min(defaultDataMemory(), mostBytes - header)
  if (needed > most)
    return failure(
      'large',
      path,
      `announces ${announced} bytes of ${what}, and up to ${thousands(most)} are read`,
      'take a part of it, or save it as a NumPy file: `npy` reads what does not fit into memory',
    )
  const read = readBytes(path)
  if ('ok' in read) return read
  const bytes = isGzip(read) ? inflated(path, read, constants.Z_FINISH, header + needed) : read
  if (bytes === 'more')
    return failure(
      'format',
      path,
      `has more bytes of ${what} after its header than the ${announced} that it announces`,
    )
  if ('ok' in bytes) return bytes
  const there = bytes.length - header
  return there === needed
    ? { ok: true, dimensions: sizes, values: bytes.subarray(header) }
    : failure(
        'format',
        path,
        `has ${counted(there, 'byte')} of ${what} after its header, which announces ${announced}`,
      )
}

/** Enough for the header of a packed file, whatever its packing says before it. */
const startBytes = 4096

function sizesFrom(
  path: string,
  bytes: Uint8Array,
  dimensions: number,
  what: string,
): readonly number[] | SourceFailure {
  const header = 4 + 4 * dimensions
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4 || view.getUint16(0) !== 0) {
    const kind = kindOf(bytes)
    return failure('format', path, kind ? `is ${kind.name}` : 'is not an IDX file', kind?.help)
  }
  if (bytes[2] !== 8) return failure('format', path, 'holds values that are not unsigned bytes')
  if (bytes[3] !== dimensions)
    return failure(
      'format',
      path,
      `has ${counted(bytes[3] ?? 0, 'dimension')}, but ${what} have ${dimensions} in an IDX file`,
      bytes[3] === 4 - dimensions ? 'the two files are swapped: images come first, then labels' : undefined,
    )
  if (bytes.length < header) return failure('format', path, 'ends inside its header')
  return Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i))
}

/** Gzip is known by its first two bytes, whatever the file is called. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Unpacked, up to `atMost` bytes: `more` where there are more. */
function inflated(
  path: string,
  bytes: Uint8Array,
  finishFlush: number,
  atMost: number = mostBytes,
): Uint8Array | 'more' | SourceFailure {
  try {
    return gunzipSync(bytes, { finishFlush, maxOutputLength: atMost })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'more'
    if (code === 'Z_BUF_ERROR') return failure('format', path, 'ends in the middle of its gzip stream')
    if (code === 'Z_DATA_ERROR') return failure('format', path, 'has a damaged gzip stream')
    throw error
  }
}
