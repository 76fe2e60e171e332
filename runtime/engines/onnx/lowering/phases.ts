// The input gradient of a convolution as convolutions. With stride 1 it is one convolution with the kernel
// turned round; with stride 2 every second row and every second column of the result has taps of its own:
// four small convolutions whose results interleave, without zeros between the pixels (a sub-pixel
// convolution).
import type { ConvolutionOptions } from '../../../../compiler/graph/operations/convolution.js'
import { imageSizes } from '../../../../compiler/graph/operations/convolution.js'

/**
 * Along one axis: which kernel taps make the results of one phase, in the order of the pixels they read, and
 * the padding.
 */
export interface AxisPhase {
  readonly taps: readonly number[]
  readonly before: number
  readonly after: number
}

/** Phases by row and by column; as many on each axis as the stride. A phase without taps gives zeros. */
export interface InputGradientPhases {
  readonly rows: readonly AxisPhase[]
  readonly columns: readonly AxisPhase[]
}

/**
 * Undefined where the shape does not divide into phases. `picture` is the shape of the convolution's input.
 */
export function inputGradientPhases(
  picture: readonly number[],
  kernel: readonly number[],
  options: ConvolutionOptions,
): InputGradientPhases | undefined {
  const { height, width } = imageSizes(picture, options.layout)
  const [, , kernelRows = 0, kernelColumns = 0] = kernel
  const [top, bottom, left, right] = options.padding
  if (options.stride > 2) return undefined
  const rows = axisPhases(height, kernelRows, options.stride, top, bottom)
  const columns = axisPhases(width, kernelColumns, options.stride, left, right)
  return rows === undefined || columns === undefined ? undefined : { rows, columns }
}

function axisPhases(
  size: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
): readonly AxisPhase[] | undefined {
  if (size % stride !== 0) return undefined
  const outputs = Math.floor((size + before + after - kernel) / stride) + 1
  const phases: AxisPhase[] = []
  for (let phase = 0; phase < stride; phase++) {
    // Result pixel stride * q + phase reads gradient pixel q + offset(tap).
    const offset = (tap: number): number => (phase + before - tap) / stride
    const taps = Array.from({ length: kernel }, (_, tap) => tap)
      .filter((tap) => Number.isInteger(offset(tap)))
      .sort((a, b) => offset(a) - offset(b))
    const [first] = taps
    if (first === undefined) {
      phases.push({ taps, before: 0, after: 0 })
      continue
    }
    const paddingBefore = 0 - offset(first)
    const paddingAfter = size / stride - outputs + taps.length - 1 - paddingBefore
    if (paddingBefore < 0 || paddingAfter < 0) return undefined
    phases.push({ taps, before: paddingBefore, after: paddingAfter })
  }
  return phases
}
