// CIFAR-10 and CIFAR-100 in the official binary form (cs.toronto.edu/~kriz/cifar.html): records of one label
// byte, or a coarse and a fine one, and 3,072 bytes: a red, a green and a blue plane of 32 x 32. A file may
// hold any number of records.
import { join } from 'node:path'
import { labelsFromOneHelp } from '../../../compiler/functions/labels-from-one.js'
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { wrongCifarFolder } from './cifar-folder.js'
import { readNames } from './class-names.js'
import { countFromOne } from './labels-from-one.js'
import { counted, failure, folderFailure, type Records, readBytes, thousands } from './reading.js'

export type CifarRequest = Extract<SourceRequest, { format: 'cifar10' | 'cifar100' }>

const planes = 3 * 32 * 32

interface Layout {
  readonly files: readonly string[]
  readonly names: string
  readonly classes: number
  /** Label bytes before the pixels, and which of them counts. */
  readonly labelBytes: number
  readonly labelAt: number
}

function layoutOf(request: CifarRequest): Layout {
  if (request.format === 'cifar10') {
    const train = [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`)
    const files = request.split === 'train' ? train : ['test_batch.bin']
    return { files, names: 'batches.meta.txt', classes: 10, labelBytes: 1, labelAt: 0 }
  }
  const fine = request.labels === 'fine'
  return {
    files: [`${request.split}.bin`],
    names: fine ? 'fine_label_names.txt' : 'coarse_label_names.txt',
    classes: fine ? 100 : 20,
    labelBytes: 2,
    labelAt: fine ? 1 : 0,
  }
}

/** All files that are read for `request`, absolute: class names, then records. */
export function cifarFiles(request: CifarRequest): readonly string[] {
  const { names, files } = layoutOf(request)
  return [names, ...files].map((file) => join(request.path, file))
}

/** Reads the files of a split in their official order. */
export function readCifar(request: CifarRequest): Records | SourceFailure {
  const layout = layoutOf(request)
  const noFolder = wrongCifarFolder(request) ?? folderFailure(request.path)
  if (noFolder !== undefined) return noFolder
  const classes = readNames(join(request.path, layout.names), layout.classes)
  if ('ok' in classes)
    return classes.reason === 'names'
      ? { ...classes, help: 'the official file names every class once: fetch the data again' }
      : classes

  const recordBytes = layout.labelBytes + planes
  const parts: { readonly bytes: Uint8Array; readonly first: number }[] = []
  let count = 0
  for (const file of layout.files) {
    const path = join(request.path, file)
    const bytes = readBytes(path)
    if ('ok' in bytes) return bytes
    const wrong = wrongRecords(path, bytes, layout, recordBytes)
    if (wrong !== undefined) return wrong
    parts.push({ bytes, first: count })
    count += bytes.length / recordBytes
  }

  const labels = new Int32Array(count)
  for (const { bytes, first } of parts)
    for (let at = layout.labelAt, i = first; at < bytes.length; at += recordBytes, i++)
      labels[i] = bytes[at] as number
  return {
    ok: true,
    classes,
    labels,
    height: 32,
    width: 32,
    channels: 3,
    arrangement: 'planes',
    pixels(i) {
      const part = parts.findLast(({ first, bytes }) => first <= i && bytes.length > 0)
      if (part === undefined || i >= count) throw new RangeError(`record ${i} of ${count}`)
      const at = (i - part.first) * recordBytes + layout.labelBytes
      return part.bytes.subarray(at, at + planes)
    },
  }
}

function* labelsIn(bytes: Uint8Array, first: number, recordBytes: number): Iterable<number> {
  for (let at = first; at < bytes.length; at += recordBytes) yield bytes[at] as number
}

function wrongRecords(
  path: string,
  bytes: Uint8Array,
  layout: Layout,
  recordBytes: number,
): SourceFailure | undefined {
  const records = Math.floor(bytes.length / recordBytes)
  const rest = bytes.length % recordBytes
  if (rest !== 0)
    return failure(
      'format',
      path,
      `has ${counted(rest, 'byte')} left over after ${counted(records, 'record')} of ${thousands(recordBytes)} bytes`,
    )
  if (records === 0) return failure('format', path, 'is empty')
  for (let i = 0, at = layout.labelAt; i < records; i++, at += recordBytes) {
    const label = bytes[at] as number
    if (label >= layout.classes)
      return failure(
        'label',
        path,
        `has the label ${label} in record ${thousands(i)} (from 0), but labels go from 0 to ${layout.classes - 1}`,
        records >= layout.classes &&
          countFromOne(labelsIn(bytes, layout.labelAt, recordBytes), layout.classes)
          ? labelsFromOneHelp(layout.labelBytes === 1 ? 'cifar10' : 'cifar100')
          : undefined,
      )
  }
  return undefined
}
