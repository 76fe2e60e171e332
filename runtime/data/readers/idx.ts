// IDX files, plain or gzipped, as MNIST and its kin are published (yann.lecun.com/exdb/mnist): two zero bytes, the type
// of a value (8: unsigned byte), the number of dimensions, each dimension as a big-endian 32-bit number, then the values.
import { gunzipSync } from 'node:zlib'
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { counted, failure, type Records, readBytes, thousands } from './reading.js'

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
  const classes = labels.reduce((most, label) => Math.max(most, label), 0) + 1
  const bytes = height * width
  return {
    ok: true,
    classes: Array.from({ length: classes }, (_, label) => String(label)),
    labels,
    height,
    width,
    channels: 1,
    arrangement: 'interleaved',
    pixels: (i) => images.values.subarray(i * bytes, (i + 1) * bytes),
  }
}

function readIdxFile(path: string, dimensions: number, what: string): Idx | SourceFailure {
  const read = readBytes(path)
  if ('ok' in read) return read
  const bytes = inflated(path, read)
  if ('ok' in bytes) return bytes
  const header = 4 + 4 * dimensions
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4 || view.getUint16(0) !== 0) return failure('format', path, 'is not an IDX file')
  if (bytes[2] !== 8) return failure('format', path, 'holds values that are not unsigned bytes')
  if (bytes[3] !== dimensions)
    return failure(
      'format',
      path,
      `has ${counted(bytes[3] ?? 0, 'dimension')}, but ${what} have ${dimensions} in an IDX file`,
    )
  if (bytes.length < header) return failure('format', path, 'ends inside its header')
  const sizes = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i))
  const needed = sizes.reduce((product, size) => product * size, 1)
  const there = bytes.length - header
  if (there !== needed)
    return failure(
      'format',
      path,
      `has ${counted(there, 'byte')} of ${what} after its header, which announces ${thousands(needed)} (${sizes.join(' x ')})`,
    )
  return { ok: true, dimensions: sizes, values: bytes.subarray(header) }
}

/** Gzip is known by its first two bytes, whatever the file is called. */
function inflated(path: string, bytes: Uint8Array): Uint8Array | SourceFailure {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'Z_BUF_ERROR') return failure('format', path, 'ends in the middle of its gzip stream')
    if (code === 'Z_DATA_ERROR') return failure('format', path, 'has a damaged gzip stream')
    throw error
  }
}
