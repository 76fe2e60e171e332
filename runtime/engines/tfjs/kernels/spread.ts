// How a strided convolution's input gradient is one convolution that gives blocks of pixels. Along one axis,
// result pixel o of the forward convolution read image pixel o * stride + tap - before. So with `shift` empty
// taps put in front of the kernel, until before + shift is a multiple of the stride, the gradient of image
// pixel q * stride + phase is the sum over the m of gradient pixel q + (before + shift) / stride - m times
// tap m * stride + phase.

/** One axis of a forward convolution. */
export interface SpreadAxis {
  /** Pixels of the image, and of the result. */
  readonly size: number
  readonly outputs: number
  readonly kernel: number
  /** Padding in front. */
  readonly before: number
  readonly stride: number
}

export interface AxisSpread {
  /** Taps of the convolution over the gradient. */
  readonly reach: number
  /** Its padding; where it is negative, so many pixels of the gradient are not read. */
  readonly before: number
  readonly after: number
  /** Pixels of its result, each of which is a block of `stride` pixels of the image. */
  readonly blocks: number
  readonly stride: number
  /**
   * For each of its taps in turn and each pixel of the block: the tap of the forward kernel, -1 where there
   * is none.
   */
  readonly taps: readonly number[]
}

export function axisSpread({ size, outputs, kernel, before, stride }: SpreadAxis): AxisSpread {
  const shift = (stride - (before % stride)) % stride
  const reach = Math.ceil((kernel + shift) / stride)
  const blocks = Math.ceil(size / stride)
  const paddingBefore = reach - 1 - (before + shift) / stride
  const taps: number[] = []
  for (let turn = 0; turn < reach; turn++) {
    for (let phase = 0; phase < stride; phase++) {
      const tap = (reach - 1 - turn) * stride + phase - shift
      taps.push(tap >= 0 && tap < kernel ? tap : -1)
    }
  }
  const after = blocks - outputs - paddingBefore + reach - 1
  return { reach, before: paddingBefore, after, blocks, stride, taps }
}

/**
 * The matrix [tap row, tap column, row of the block, column of the block; taps of the forward kernel] of
 * zeros and ones whose product with a kernel picks its taps.
 */
export function tapSelection(
  rows: AxisSpread,
  columns: AxisSpread,
  kernelRows: number,
  kernelColumns: number,
): { readonly count: number; readonly values: Float32Array } {
  const taps = kernelRows * kernelColumns
  const count = rows.taps.length * columns.taps.length
  const values = new Float32Array(count * taps)
  let line = 0
  for (let row = 0; row < rows.reach; row++) {
    for (let column = 0; column < columns.reach; column++) {
      for (let rowPhase = 0; rowPhase < rows.stride; rowPhase++) {
        for (let columnPhase = 0; columnPhase < columns.stride; columnPhase++) {
          const rowTap = rows.taps[row * rows.stride + rowPhase] ?? -1
          const columnTap = columns.taps[column * columns.stride + columnPhase] ?? -1
          if (rowTap >= 0 && columnTap >= 0) values[line * taps + rowTap * kernelColumns + columnTap] = 1
          line++
        }
      }
    }
  }
  return { count, values }
}
