// From one form of a value to another, as nodes of the model.
import type { ModelWriter } from '../model.js'
import { domains } from '../model.js'

/** Image [n, c, h, w]: row-major to blocks of channels. */
export function plainToBlocked(model: ModelWriter, name: string): string {
  return model.node('ReorderInput', [name], {}, domains.blocked)
}

export function blockedToPlain(model: ModelWriter, name: string, shape: readonly number[]): string {
  return model.node('ReorderOutput', [name], { channels: shape[1] }, domains.blocked)
}

/** Kernel [o, i, r, c]: row-major to [o/b, i/b, r, c, b of i, b of o], under its nominal shape. */
export function plainToKernel(
  model: ModelWriter,
  name: string,
  shape: readonly number[],
  block: number,
): string {
  const { out, into, taps } = kernelSizes(shape)
  const split = model.reshape(name, [out / block, block, into / block, block, taps])
  return model.reshape(model.transpose(split, [0, 2, 4, 3, 1]), shape)
}

export function kernelToPlain(
  model: ModelWriter,
  name: string,
  shape: readonly number[],
  block: number,
): string {
  const { out, into, taps } = kernelSizes(shape)
  const split = model.reshape(name, [out / block, into / block, taps, block, block])
  return model.reshape(model.transpose(split, [0, 4, 1, 3, 2]), shape)
}

/** Kernel of few input channels: row-major to [o/b, i, r, c, b of o], under its nominal shape. */
export function plainToStemKernel(
  model: ModelWriter,
  name: string,
  shape: readonly number[],
  block: number,
): string {
  const { out, into, taps } = kernelSizes(shape)
  const split = model.reshape(name, [out / block, block, into * taps])
  return model.reshape(model.transpose(split, [0, 2, 1]), shape)
}

export function kernelSizes(shape: readonly number[]): {
  readonly out: number
  readonly into: number
  readonly rows: number
  readonly columns: number
  readonly taps: number
} {
  const [out = 0, into = 0, rows = 0, columns = 0] = shape
  return { out, into, rows, columns, taps: rows * columns }
}

/** Kernel values between row-major [o, i, taps] and the blocked order, on the host. */
export function reorderKernel(
  data: Float32Array,
  shape: readonly number[],
  block: number,
  direction: 'to blocked' | 'to plain',
): Float32Array {
  const { out, into, taps } = kernelSizes(shape)
  const result = new Float32Array(data.length)
  let blocked = 0
  for (let o = 0; o < out; o += block) {
    for (let i = 0; i < into; i += block) {
      for (let tap = 0; tap < taps; tap++) {
        for (let inner = 0; inner < block; inner++) {
          for (let outer = 0; outer < block; outer++) {
            const plain = ((o + outer) * into + i + inner) * taps + tap
            if (direction === 'to blocked') result[blocked++] = data[plain] as number
            else result[plain] = data[blocked++] as number
          }
        }
      }
    }
  }
  return result
}
