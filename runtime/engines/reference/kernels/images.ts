// Convolution, batch normalization and the shortcut, in either layout: pixels are reached by strides.

import type { Layout } from '../../../../compiler/graph/graph.js'
import type { ConvolutionOptions } from '../../../../compiler/graph/operations/convolution.js'
import { imageSizes } from '../../../../compiler/graph/operations/convolution.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { rowMajorStrides } from '../../../../compiler/graph/operations/shapes.js'
import type { ShortcutOptions } from '../../../../compiler/graph/operations/shortcut.js'
import { copyBlock } from './arrangement.js'
import type { Kernel, Numbers } from './kernel.js'
import { allocateLike, at } from './kernel.js'

interface PixelStrides {
  readonly batch: number
  readonly channel: number
  readonly row: number
  readonly column: number
}

function pixelStrides(shape: readonly number[], layout: Layout): PixelStrides {
  const [first = 0, second = 0, third = 0, fourth = 0] = rowMajorStrides(shape)
  return layout === 'NCHW'
    ? { batch: first, channel: second, row: third, column: fourth }
    : { batch: first, channel: fourth, row: second, column: third }
}

/** Images as [n, rows, columns, channels], whatever the layout; NHWC ones as they are. */
export function channelsLast(x: Numbers, shape: readonly number[], layout: Layout): Numbers {
  if (layout === 'NHWC') return x
  const { batch, channels, height, width } = imageSizes(shape, layout)
  const from = pixelStrides(shape, layout)
  const out = allocateLike(x, x.length)
  const to = [height * width * channels, channels, width * channels, 1]
  const strides = [from.batch, from.column, from.row, from.channel]
  copyBlock([batch, width, height, channels], x, 0, strides, out, 0, to)
  return out
}

/** The way back: what was computed channels last goes into `out` in its layout. */
export function fromChannelsLast(x: Numbers, out: Numbers, shape: readonly number[], layout: Layout): void {
  const { batch, channels, height, width } = imageSizes(shape, layout)
  const to = pixelStrides(shape, layout)
  const from = [height * width * channels, channels, width * channels, 1]
  copyBlock([batch, width, height, channels], x, 0, from, out, 0, [to.batch, to.column, to.row, to.channel])
}

/** A kernel [out, in, rows, columns] with its two channel axes last, in the order asked for. */
function tapsFirst(kernel: Numbers, shape: readonly number[], last: 'in' | 'out'): Numbers {
  const [out = 0, into = 0, rows = 0, columns = 0] = shape
  const [outer, inner] = last === 'out' ? [into, out] : [out, into]
  const strides =
    last === 'out' ? [1, rows * columns, into * rows * columns] : [1, into * rows * columns, rows * columns]
  const result = allocateLike(kernel, kernel.length)
  copyBlock([rows * columns, outer, inner], kernel, 0, strides, result, 0, [outer * inner, inner, 1])
  return result
}

/**
 * Every meeting of a kernel tap with a pixel: `image` and `result` are where the pixel's channels begin,
 * channels last, `tap` counts the taps row by row. All three operations are this walk.
 */
function walkConvolution(
  imageShape: readonly number[],
  kernelShape: readonly number[],
  resultShape: readonly number[],
  options: ConvolutionOptions,
  visit: (image: number, result: number, tap: number) => void,
): void {
  const { layout, stride, padding } = options
  const [top, , left] = padding
  const image = imageSizes(imageShape, layout)
  const result = imageSizes(resultShape, layout)
  const [, , rows = 0, columns = 0] = kernelShape
  let resultStart = 0
  for (let n = 0; n < result.batch; n++) {
    for (let y = 0; y < result.height; y++) {
      for (let x = 0; x < result.width; x++) {
        for (let r = 0; r < rows; r++) {
          const row = y * stride + r - top
          if (row < 0 || row >= image.height) continue
          for (let q = 0; q < columns; q++) {
            const column = x * stride + q - left
            if (column < 0 || column >= image.width) continue
            visit(
              ((n * image.height + row) * image.width + column) * image.channels,
              resultStart,
              r * columns + q,
            )
          }
        }
        resultStart += result.channels
      }
    }
  }
}

const conv2d: Kernel<'conv2d'> = ({ node, inputs, types, outputs }) => {
  const options = node.attributes
  const [imageShape, kernelShape, resultShape] = [
    at(types, 0).shape,
    at(types, 1).shape,
    at(node.outputs, 0).shape,
  ]
  const [out = 0, into = 0] = kernelShape
  const { groups = 1 } = options
  const perGroup = out / groups
  const x = channelsLast(at(inputs, 0), imageShape, options.layout)
  const taps = tapsFirst(at(inputs, 1), kernelShape, 'out')
  const result = allocateLike(at(outputs, 0), at(outputs, 0).length)
  walkConvolution(imageShape, kernelShape, resultShape, options, (image, start, tap) => {
    for (let channel = 0; channel < into * groups; channel++) {
      const value = x[image + channel] as number
      const row = (tap * into + (channel % into)) * out
      const first = Math.floor(channel / into) * perGroup
      for (let o = first; o < first + perGroup; o++)
        result[start + o] = (result[start + o] as number) + value * (taps[row + o] as number)
    }
  })
  fromChannelsLast(result, at(outputs, 0), resultShape, options.layout)
}

const conv2dInputGradient: Kernel<'conv2d_input_gradient'> = ({ node, inputs, types, outputs }) => {
  const options = node.attributes
  const [imageShape, kernelShape, resultShape] = [
    at(node.outputs, 0).shape,
    at(types, 1).shape,
    at(types, 0).shape,
  ]
  const [out = 0, into = 0] = kernelShape
  const { groups = 1 } = options
  const perGroup = out / groups
  const gradient = channelsLast(at(inputs, 0), resultShape, options.layout)
  const taps = tapsFirst(at(inputs, 1), kernelShape, 'in')
  const result = allocateLike(at(outputs, 0), at(outputs, 0).length)
  walkConvolution(imageShape, kernelShape, resultShape, options, (image, start, tap) => {
    for (let o = 0; o < out; o++) {
      const value = gradient[start + o] as number
      const row = (tap * out + o) * into
      const first = image + Math.floor(o / perGroup) * into
      for (let c = 0; c < into; c++)
        result[first + c] = (result[first + c] as number) + value * (taps[row + c] as number)
    }
  })
  fromChannelsLast(result, at(outputs, 0), imageShape, options.layout)
}

const conv2dWeightGradient: Kernel<'conv2d_weight_gradient'> = ({ node, inputs, types, outputs }) => {
  const options = node.attributes
  const [imageShape, kernelShape, resultShape] = [
    at(types, 0).shape,
    at(node.outputs, 0).shape,
    at(types, 1).shape,
  ]
  const [out = 0, into = 0, rows = 0, columns = 0] = kernelShape
  const { groups = 1 } = options
  const perGroup = out / groups
  const x = channelsLast(at(inputs, 0), imageShape, options.layout)
  const gradient = channelsLast(at(inputs, 1), resultShape, options.layout)
  // A kernel's gradient sums over all pixels of the batch: in double precision, as no library sums it one by
  // one.
  const taps = new Float64Array(at(outputs, 0).length)
  walkConvolution(imageShape, kernelShape, resultShape, options, (image, start, tap) => {
    for (let channel = 0; channel < into * groups; channel++) {
      const value = x[image + channel] as number
      const row = (tap * into + (channel % into)) * out
      const first = Math.floor(channel / into) * perGroup
      for (let o = first; o < first + perGroup; o++)
        taps[row + o] = (taps[row + o] as number) + value * (gradient[start + o] as number)
    }
  })
  const strides = [1, rows * columns, into * rows * columns]
  copyBlock([rows * columns, into, out], taps, 0, [into * out, out, 1], at(outputs, 0), 0, strides)
}

/** A tensor seen as [outer, channels, inner] around its channel axis. */
function aroundAxis(shape: readonly number[], axis: number): readonly [number, number, number] {
  return [elementCount(shape.slice(0, axis)), at(shape, axis), elementCount(shape.slice(axis + 1))]
}

/** Sum over everything but the channel c of x, or of x * y. */
function channelSum(
  x: Numbers,
  y: Numbers | undefined,
  c: number,
  sizes: readonly [number, number, number],
): number {
  const [outer, channels, inner] = sizes
  let sum = 0
  for (let o = 0; o < outer; o++) {
    const from = (o * channels + c) * inner
    for (let i = from; i < from + inner; i++)
      sum += y === undefined ? (x[i] as number) : (x[i] as number) * (y[i] as number)
  }
  return sum
}

/** out = x * factor + shift in channel c. */
function scaleChannel(
  x: Numbers,
  factor: number,
  shift: number,
  out: Numbers,
  c: number,
  sizes: readonly [number, number, number],
): void {
  const [outer, channels, inner] = sizes
  for (let o = 0; o < outer; o++) {
    const from = (o * channels + c) * inner
    for (let i = from; i < from + inner; i++) out[i] = (x[i] as number) * factor + shift
  }
}

const batchNormalization: Kernel<'batch_normalization'> = ({ node, inputs, types, outputs }) => {
  const { axis, epsilon } = node.attributes
  const sizes = aroundAxis(at(types, 0).shape, axis)
  const [x, scale, shift] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)]
  const [out, means, variances] = [at(outputs, 0), at(outputs, 1), at(outputs, 2)]
  const [outer, channels, inner] = sizes
  const count = outer * inner
  for (let c = 0; c < channels; c++) {
    const mean = channelSum(x, undefined, c, sizes) / count
    let squares = 0
    for (let o = 0; o < outer; o++) {
      const from = (o * channels + c) * inner
      for (let i = from; i < from + inner; i++) squares += ((x[i] as number) - mean) ** 2
    }
    const variance = squares / count
    const factor = (scale[c] as number) / Math.sqrt(variance + epsilon)
    scaleChannel(x, factor, (shift[c] as number) - mean * factor, out, c, sizes)
    means[c] = mean
    variances[c] = variance
  }
}

const batchNormalizationInference: Kernel<'batch_normalization_inference'> = ({
  node,
  inputs,
  types,
  outputs,
}) => {
  const { axis, epsilon } = node.attributes
  const sizes = aroundAxis(at(types, 0).shape, axis)
  const [x, scale, shift, mean, variance] = [
    at(inputs, 0),
    at(inputs, 1),
    at(inputs, 2),
    at(inputs, 3),
    at(inputs, 4),
  ]
  for (let c = 0; c < sizes[1]; c++) {
    const factor = (scale[c] as number) / Math.sqrt((variance[c] as number) + epsilon)
    scaleChannel(x, factor, (shift[c] as number) - (mean[c] as number) * factor, at(outputs, 0), c, sizes)
  }
}

/** Ioffe and Szegedy, arXiv 1502.03167, section 3, with both sums taken out of the per-element work. */
const batchNormalizationGradient: Kernel<'batch_normalization_gradient'> = ({
  node,
  inputs,
  types,
  outputs,
}) => {
  const { axis, epsilon } = node.attributes
  const sizes = aroundAxis(at(types, 0).shape, axis)
  const [gradient, x, scale] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)]
  const [means, variances] = [at(inputs, 3), at(inputs, 4)]
  const [outX, outScale, outShift] = [at(outputs, 0), at(outputs, 1), at(outputs, 2)]
  const [outer, channels, inner] = sizes
  const count = outer * inner
  for (let c = 0; c < channels; c++) {
    const mean = means[c] as number
    const inverse = 1 / Math.sqrt((variances[c] as number) + epsilon)
    const sum = channelSum(gradient, undefined, c, sizes)
    const scaleGradient = (channelSum(gradient, x, c, sizes) - mean * sum) * inverse
    const factor = (scale[c] as number) * inverse
    for (let o = 0; o < outer; o++) {
      const from = (o * channels + c) * inner
      for (let i = from; i < from + inner; i++) {
        const normalized = ((x[i] as number) - mean) * inverse
        outX[i] = factor * ((gradient[i] as number) - (sum + normalized * scaleGradient) / count)
      }
    }
    outScale[c] = scaleGradient
    outShift[c] = sum
  }
}

/** The pixels that a shortcut keeps, as blocks of the narrow image and of the padded result. */
function shortcutBlocks(
  { layout, stride, channelsBefore }: ShortcutOptions,
  narrow: readonly number[],
  wide: readonly number[],
) {
  const image = imageSizes(narrow, layout)
  const result = imageSizes(wide, layout)
  const from = pixelStrides(narrow, layout)
  const to = pixelStrides(wide, layout)
  return {
    shape: [image.batch, image.channels, result.height, result.width],
    narrow: [from.batch, from.channel, from.row * stride, from.column * stride],
    wide: [to.batch, to.channel, to.row, to.column],
    offset: channelsBefore * to.channel,
  }
}

const shortcutPad: Kernel<'shortcut_pad'> = ({ node, inputs, types, outputs }) => {
  const blocks = shortcutBlocks(node.attributes, at(types, 0).shape, at(node.outputs, 0).shape)
  copyBlock(blocks.shape, at(inputs, 0), 0, blocks.narrow, at(outputs, 0), blocks.offset, blocks.wide)
}

const shortcutPadGradient: Kernel<'shortcut_pad_gradient'> = ({ node, inputs, types, outputs }) => {
  const blocks = shortcutBlocks(node.attributes, at(node.outputs, 0).shape, at(types, 0).shape)
  copyBlock(blocks.shape, at(inputs, 0), blocks.offset, blocks.wide, at(outputs, 0), 0, blocks.narrow)
}

export const imageKernels = {
  conv2d,
  conv2d_input_gradient: conv2dInputGradient,
  conv2d_weight_gradient: conv2dWeightGradient,
  batch_normalization: batchNormalization,
  batch_normalization_gradient: batchNormalizationGradient,
  batch_normalization_inference: batchNormalizationInference,
  shortcut_pad: shortcutPad,
  shortcut_pad_gradient: shortcutPadGradient,
}
