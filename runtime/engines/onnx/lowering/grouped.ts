// Convolutions of groups of channels on blocked kernels, which want whole blocks in every group. Groups
// narrower than a block are put together until they fill whole ones: the kernel gets zeros where two groups
// do not meet, and the gradient of those zeros is left out. A block of channels is one vector instruction, so
// up to its width the zeros cost nothing.
import type { ModelWriter } from '../model.js'
import { kernelSizes, kernelToPlain, plainToKernel } from './conversions.js'

/** How the groups of a convolution are put together. */
export interface Widening {
  /** Groups that become one, and how many groups are left. */
  readonly together: number
  readonly groups: number
  /** Shape of the kernel with zeros: [out, in / groups, rows, columns]. */
  readonly kernel: readonly number[]
}

/** Undefined where no number of groups fills whole blocks. @param kernel [out, in / groups, rows, columns] */
export function widened(kernel: readonly number[], groups: number, block: number): Widening | undefined {
  const [out = 0, into = 0, rows = 0, columns = 0] = kernel
  if (block === 0) return undefined
  for (let together = 1; together <= groups; together++) {
    const fits = groups % together === 0 && (together * into) % block === 0
    if (fits && ((out / groups) * together) % block === 0) {
      return { together, groups: groups / together, kernel: [out, together * into, rows, columns] }
    }
  }
  return undefined
}

/**
 * Ones where a channel out and a channel in are of one group, to be multiplied with [groups, together, out,
 * together, in, taps].
 */
function sameGroup(model: ModelWriter, together: number): string {
  const ones = Array.from({ length: together * together }, (_, position) =>
    position % (together + 1) === 0 ? 1 : 0,
  )
  return model.floats(ones, [1, together, 1, together, 1, 1])
}

/** A row-major kernel with the zeros between its groups, in blocks. */
export function wideKernel(
  model: ModelWriter,
  name: string,
  shape: readonly number[],
  { together, groups, kernel }: Widening,
  block: number,
): string {
  const { out, into, taps } = kernelSizes(shape)
  const apart = model.reshape(name, [groups, together, out / (groups * together), 1, into, taps])
  const spread = model.node('Mul', [apart, sameGroup(model, together)])
  return plainToKernel(model, model.reshape(spread, kernel), kernel, block)
}

/** The way back for gradients: from the kernel with zeros, in blocks, to the row-major kernel. */
export function narrowKernel(
  model: ModelWriter,
  name: string,
  shape: readonly number[],
  { together, groups, kernel }: Widening,
  block: number,
): string {
  const { out, into, taps } = kernelSizes(shape)
  const plain = kernelToPlain(model, name, kernel, block)
  const apart = model.reshape(plain, [groups, together, out / (groups * together), together, into, taps])
  const kept = model.node('Mul', [apart, sameGroup(model, together)])
  return model.reshape(model.node('ReduceSum', [kept, model.integers([3])], { keepdims: 0 }), shape)
}
