// Pairs of NumPy files: images as bytes, and labels. The images may be larger than memory: what is needed of
// them is read from the file, some megabytes at a time. Pickled objects are never read.
import { closeSync, readSync } from 'node:fs'
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { mostClasses } from '../../../compiler/host.js'
import { openRegular } from '../../platform/host/regular-file.js'
import { namedClasses } from './class-names.js'
import { kindOf } from './file-kind.js'
import { mostPixels } from './image-header.js'
import { headerBytes, type NpyHeader, npyHeader, typeName } from './npy-header.js'
import { counted, failure, type Records, readBytes, readStart, thousands, unreadable } from './reading.js'

export type NpyRequest = Extract<SourceRequest, { format: 'npy' }>

/** Images of one shape that lie one after the other in a file. */
export interface ImageArray {
  readonly ok: true
  readonly path: string
  /** Byte of the first image's first pixel. */
  readonly dataAt: number
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Bytes that are read at a time while all images pass. */
const chunk = 4 * 2 ** 20

/** Headers and labels are read, of the images nothing: `pixels` reads them as they are asked for. */
export function readNpy(request: NpyRequest): Records | SourceFailure {
  const images = openImages(request.path)
  if (!images.ok) return images
  const labels = readLabels(request.labelsPath)
  if ('ok' in labels) return labels
  const { count, height, width, channels } = images
  if (labels.length !== count)
    return failure(
      'array',
      request.labelsPath,
      `has ${counted(labels.length, 'label')}, but there are ${counted(count, 'image')}`,
      'the two files are of the same images, in the same order',
    )
  const classes = namedClasses(labels, request)
  if ('ok' in classes) return classes
  return {
    ok: true,
    classes,
    labels,
    height,
    width,
    channels,
    arrangement: 'interleaved',
    pixels: pixelsOf(images),
    array: images,
  }
}

/** The images of a file, from its header. */
export function openImages(path: string): ImageArray | SourceFailure {
  const header = readHeader(path)
  if ('ok' in header) return header
  const wrong = wrongImages(header)
  if (wrong !== undefined) return failure('array', path, ...wrong)
  const [count = 0, height = 0, width = 0, channels = 1] = header.shape
  if (count * height * width === 0) return failure('array', path, `has the shape ${shown(header)}: no image`)
  const tooLarge = tooManyImages(path, count) ?? tooManyPixels(path, height, width)
  if (tooLarge !== undefined) return tooLarge
  const failed = wrongLength(path, header)
  return failed ?? { ok: true, path, dataAt: header.dataAt, count, height, width, channels }
}

/** Images of an array; the numbers of their classes and draws take some twenty bytes for each. */
const mostImages = 20_000_000

function tooManyImages(path: string, count: number): SourceFailure | undefined {
  return count <= mostImages
    ? undefined
    : failure(
        'large',
        path,
        `has ${thousands(count)} records, and up to ${thousands(mostImages)} are read`,
        'save a part of them: `np.save("images.npy", images[:1000000])`',
      )
}

function tooManyPixels(path: string, height: number, width: number): SourceFailure | undefined {
  const most = mostPixels()
  return height * width <= most
    ? undefined
    : failure(
        'large',
        path,
        `has images of ${thousands(height)} x ${thousands(width)} pixels, and images of up to ${thousands(most)} are read`,
        'save smaller images',
      )
}

function wrongImages(header: NpyHeader): readonly [fault: string, help: string] | undefined {
  const { kind, size, shape, fortranOrder } = header
  if (kind === 'O')
    return [
      'holds pickled Python objects, which are never read',
      'save a plain array: `np.save("images.npy", np.stack(images).astype(np.uint8))`',
    ]
  if (kind !== 'u' || size !== 1) {
    const scaled = kind === 'f' ? '(images * 255).round().astype(np.uint8)' : 'images.astype(np.uint8)'
    return [
      `holds ${typeName(header)}, and images are bytes (uint8)`,
      `save bytes from 0 to 255: \`np.save("images.npy", ${scaled})\`${kind === 'f' ? ' for values in 0..1' : ''}`,
    ]
  }
  const [, second, third, channels] = shape
  if (shape.length === 4 && channels !== 1 && channels !== 3) {
    const fault = `has the shape ${shown(header)}, and images are [N, H, W] or [N, H, W, C] with one or three channels`
    if (second === 1 || second === 3)
      return [
        `${fault}: the channels come first here`,
        'move them behind: `np.save("images.npy", images.transpose(0, 2, 3, 1))`',
      ]
    return channels === 4
      ? [fault, 'leave the transparency out: `np.save("images.npy", images[..., :3])`']
      : [fault, 'bring them to one or three channels']
  }
  if (shape.length !== 3 && shape.length !== 4) {
    const flat = shape.length === 2 && third === undefined
    return [
      `has the shape ${shown(header)}, and images are [N, H, W] or [N, H, W, C]`,
      flat ? 'give the images their rows back: `images.reshape(len(images), height, width)`' : 'reshape it',
    ]
  }
  if (fortranOrder)
    return [
      'is in Fortran order, where the pixels of an image lie far apart',
      'save it in C order: `np.save("images.npy", np.ascontiguousarray(images))`',
    ]
  return undefined
}

function readLabels(path: string): Int32Array | SourceFailure {
  const header = readHeader(path)
  if ('ok' in header) return header
  const { kind, size, shape, dataAt } = header
  if ((kind !== 'u' && kind !== 'i') || ![1, 2, 4, 8].includes(size))
    return failure(
      'array',
      path,
      `holds ${typeName(header)}, and labels are whole numbers`,
      'save whole numbers from 0 on: `np.save("labels.npy", labels.astype(np.int64))`',
    )
  if (shape.length !== 1)
    return failure(
      'array',
      path,
      `has the shape ${shown(header)}, and labels are [N]`,
      shape.length === 2 && (shape[1] ?? 0) > 1
        ? 'save the number of each class: `np.save("labels.npy", labels.argmax(axis=1))` for labels that are one-hot'
        : 'save them in a row: `np.save("labels.npy", labels.reshape(-1))`',
    )
  const failed = tooManyImages(path, shape[0] ?? 0) ?? wrongLength(path, header)
  if (failed !== undefined) return failed
  const bytes = readBytes(path)
  if ('ok' in bytes) return bytes
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataAt, bytes.length - dataAt)
  const labels = new Int32Array(shape[0] ?? 0)
  for (let i = 0; i < labels.length; i++) {
    const label = integerAt(view, i * size, header)
    if (label < 0 || label >= mostClasses)
      return failure(
        'label',
        path,
        `has the label ${label} in record ${thousands(i)} (from 0), but labels count from 0 on`,
      )
    labels[i] = label
  }
  return labels
}

function integerAt(view: DataView, at: number, { kind, size, byteOrder }: NpyHeader): number {
  const little = byteOrder !== '>'
  const signed = kind === 'i'
  switch (size) {
    case 1:
      return signed ? view.getInt8(at) : view.getUint8(at)
    case 2:
      return signed ? view.getInt16(at, little) : view.getUint16(at, little)
    case 4:
      return signed ? view.getInt32(at, little) : view.getUint32(at, little)
    default:
      return Number(signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little))
  }
}

function readHeader(path: string): NpyHeader | SourceFailure {
  const start = readStart(path, headerBytes)
  if ('ok' in start) return start
  const header = npyHeader(start)
  if (typeof header !== 'string') return header
  const isArchive = header.includes('.npz')
  const kind = header.startsWith('is not a NumPy file') ? kindOf(start) : undefined
  if (kind !== undefined) return failure('format', path, `is ${kind.name}`, kind.help)
  return failure(
    isArchive ? 'array' : 'format',
    path,
    header,
    isArchive ? 'save one array: `np.save("images.npy", np.load("archive.npz")["images"])`' : undefined,
  )
}

function wrongLength(path: string, { shape, size, dataAt }: NpyHeader): SourceFailure | undefined {
  const needed = shape.reduce((product, length) => product * length, size)
  try {
    const { handle, facts } = openRegular(path)
    try {
      const there = facts.size - dataAt
      return there === needed
        ? undefined
        : failure(
            'format',
            path,
            `has ${counted(there, 'byte')} after its header, which announces ${thousands(needed)}`,
          )
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    return unreadable(path, error)
  }
}

/** As Python writes it. */
function shown({ shape }: NpyHeader): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}

/**
 * Reads images in runs that begin with the one that is asked for: all of them in order cost each byte once.
 */
function pixelsOf({ path, dataAt, count, height, width, channels }: ImageArray): (i: number) => Uint8Array {
  const bytes = height * width * channels
  const run = Math.max(1, Math.floor(chunk / bytes))
  let held = new Uint8Array(0)
  let first = 0
  return (i) => {
    if (i < 0 || i >= count) throw new RangeError(`record ${i} of ${count}`)
    if (i < first || (i - first + 1) * bytes > held.length) {
      held = readAt(path, dataAt + i * bytes, Math.min(run, count - i) * bytes)
      first = i
    }
    return held.subarray((i - first) * bytes, (i - first + 1) * bytes)
  }
}

/** @throws Error of the file system, or RangeError where the file has become shorter */
function readAt(path: string, at: number, length: number): Uint8Array<ArrayBuffer> {
  const { handle } = openRegular(path)
  try {
    const bytes = new Uint8Array(length)
    let got = 0
    while (got < length) {
      const more = readSync(handle, bytes, got, length - got, at + got)
      if (more === 0) throw new RangeError(`${path} ends at byte ${at + got}`)
      got += more
    }
    return bytes
  } finally {
    closeSync(handle)
  }
}
