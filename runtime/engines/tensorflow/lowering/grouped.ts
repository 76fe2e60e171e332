// Convolutions of groups of channels. TensorFlow has no gradients of them on the CPU, and its forward pass
// takes one group after the other there. So neighbouring groups are put together into chunks wide enough for
// its fast kernels: a chunk is an ordinary convolution with zeros where its groups do not meet, and the
// gradient of those zeros is left out.
import { bfloat16Bits } from '../../../../compiler/graph/bfloat16.js'
import type { Layout } from '../../../../compiler/graph/graph.js'
import type { GraphWriter } from '../graph-writer.js'
import { typeAttribute } from '../graph-writer.js'
import type { ElementType } from '../protobuf.js'
import type { Lowering } from './lowering.js'

/** Channels that a chunk may have: more is more arithmetic on zeros, less is more, smaller convolutions. */
const widestChunk = 64

/** How the groups of a convolution are put together. */
export interface Chunks {
  /** Number of chunks, and of groups in each. */
  readonly count: number
  readonly together: number
  /** Channels of one group. */
  readonly into: number
  readonly out: number
}

/** @param kernel [out, in / groups, rows, columns] */
export function chunksOf(kernel: readonly number[], groups: number): Chunks {
  const [channels = 0, into = 0] = kernel
  const out = channels / groups
  let together = groups
  while (together > 1 && (groups % together !== 0 || together * Math.max(into, out) > widestChunk)) together--
  return { count: groups / together, together, into, out }
}

const channelAxis = (layout: Layout): number => (layout === 'NCHW' ? 1 : 3)

/** A tensor in equal parts along an axis; the whole of it where there is one. */
function split(
  lowering: Lowering,
  type: ElementType,
  name: string,
  axis: number,
  count: number,
): readonly string[] {
  if (count === 1) return [name]
  const parts = lowering.typed(type, 'Split', [lowering.writer.integers([axis], []), name], {
    num_split: { i: count },
  })
  return Array.from({ length: count }, (_, part) => (part === 0 ? parts : `${parts}:${part}`))
}

function join(lowering: Lowering, type: ElementType, names: readonly string[], axis: number): string {
  const [only = ''] = names
  if (names.length === 1) return only
  return lowering.typed(type, 'ConcatV2', [...names, lowering.writer.integers([axis], [])], {
    N: { i: names.length },
    Tidx: typeAttribute('int32'),
  })
}

/** Images by chunks of their channels, and back. */
export const splitChannels = (
  lowering: Lowering,
  type: ElementType,
  name: string,
  { count }: Chunks,
): readonly string[] => split(lowering, type, name, channelAxis(lowering.layout), count)

export const joinChannels = (lowering: Lowering, type: ElementType, names: readonly string[]): string =>
  join(lowering, type, names, channelAxis(lowering.layout))

/** Ones [channels of a chunk in, all channels out] where both are of one group. */
function sameGroup(writer: GraphWriter, type: ElementType, { count, together, into, out }: Chunks): string {
  const [rows, columns] = [together * into, count * together * out]
  const values = Array.from({ length: rows * columns }, (_, position) => {
    const [row, column] = [Math.floor(position / columns), position % columns]
    return Math.floor(row / into) === Math.floor(column / out) % together ? 1 : 0
  })
  return type === 'bfloat16'
    ? writer.constant(type, [rows, columns], new Uint8Array(bfloat16Bits(values).buffer))
    : writer.floats(values, [rows, columns])
}

/**
 * A kernel that lies as [rows, columns, in / groups, out] as one for each chunk: [rows, columns, in, out] of
 * the chunk.
 */
export function chunkKernels(
  lowering: Lowering,
  type: ElementType,
  kernel: string,
  chunks: Chunks,
): readonly string[] {
  const { count, together } = chunks
  let wide = kernel
  if (together > 1) {
    const repeated = join(lowering, type, new Array<string>(together).fill(kernel), 2)
    wide = lowering.typed(type, 'Mul', [repeated, sameGroup(lowering.writer, type, chunks)])
  }
  return split(lowering, type, wide, 3, count)
}

/**
 * The way back for gradients: those of the chunks' kernels as that of the kernel [rows, columns, in / groups,
 * out].
 */
export function joinKernels(
  lowering: Lowering,
  type: ElementType,
  names: readonly string[],
  kernel: readonly number[],
  chunks: Chunks,
): string {
  const wide = join(lowering, type, names, 3)
  const { together, into } = chunks
  if (together === 1) return wide
  const [out = 0, , rows = 0, columns = 0] = kernel
  const { writer } = lowering
  const kept = lowering.typed(type, 'Mul', [wide, sameGroup(writer, type, chunks)])
  const apart = lowering.typed(type, 'Reshape', [
    kept,
    writer.integers([rows * columns, together, into, out]),
  ])
  const summed = lowering.typed(type, 'Sum', [apart, writer.integers([1])], {
    keep_dims: { b: false },
    Tidx: typeAttribute('int32'),
  })
  return lowering.typed(type, 'Reshape', [summed, writer.integers([rows, columns, into, out])])
}
