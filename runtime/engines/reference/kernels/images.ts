// Convolution, batch normalization and the shortcut, in either layout: pixels are reached by strides.

import type { Layout } from '../../../../compiler/graph/graph.js'
import type { ConvolutionOptions } from '../../../../compiler/graph/operations/convolution.js'
import { convolutionOptions, imageSizes } from '../../../../compiler/graph/operations/convolution.js'
import { normalizationOptions } from '../../../../compiler/graph/operations/normalization.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { rowMajorStrides } from '../../../../compiler/graph/operations/shapes.js'
import { shortcutOptions } from '../../../../compiler/graph/operations/shortcut.js'
import { copyBlock } from './arrangement.js'
import type { Kernel, Numbers } from './kernel.js'
import { at } from './kernel.js'

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

type Visit = (
  image: number,
  imageStep: number,
  result: number,
  resultStep: number,
  kernel: number,
  count: number,
) => void

/**
 * Every product of a convolution, one row of pixels at a time: kernel element `kernel` meets `count` pixels of the image,
 * from `image` on in steps of `imageStep`, and as many of the result. All three operations are this walk.
 */
function walkConvolution(
  imageShape: readonly number[],
  kernelShape: readonly number[],
  resultShape: readonly number[],
  options: ConvolutionOptions,
  visit: Visit,
): void {
  const { layout, stride, padding } = options
  const [top, , left] = padding
  const image = imageSizes(imageShape, layout)
  const result = imageSizes(resultShape, layout)
  const x = pixelStrides(imageShape, layout)
  const y = pixelStrides(resultShape, layout)
  const [out = 0, into = 0, rows = 0, columns = 0] = kernelShape
  for (let n = 0; n < result.batch; n++) {
    for (let o = 0; o < out; o++) {
      for (let c = 0; c < into; c++) {
        for (let r = 0; r < rows; r++) {
          for (let q = 0; q < columns; q++) {
            // Result columns whose pixel lies inside the image.
            const from = Math.max(0, Math.ceil((left - q) / stride))
            const to = Math.min(result.width - 1, Math.floor((image.width - 1 + left - q) / stride))
            const kernel = ((o * into + c) * rows + r) * columns + q
            for (let row = 0; row < result.height; row++) {
              const imageRow = row * stride + r - top
              if (imageRow < 0 || imageRow >= image.height || to < from) continue
              const start =
                n * x.batch + c * x.channel + imageRow * x.row + (from * stride + q - left) * x.column
              const end = n * y.batch + o * y.channel + row * y.row + from * y.column
              visit(start, stride * x.column, end, y.column, kernel, to - from + 1)
            }
          }
        }
      }
    }
  }
}

export const conv2d: Kernel = ({ node, inputs, types, outputs }) => {
  const [x, kernel, out] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)]
  const shapes = [at(types, 0).shape, at(types, 1).shape, at(node.outputs, 0).shape] as const
  walkConvolution(...shapes, convolutionOptions(node.attributes), (from, step, to, outStep, tap, count) => {
    const factor = kernel[tap] as number
    for (let i = 0; i < count; i++) {
      out[to + i * outStep] = (out[to + i * outStep] as number) + factor * (x[from + i * step] as number)
    }
  })
}

export const conv2dInputGradient: Kernel = ({ node, inputs, types, outputs }) => {
  const [gradient, kernel, out] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)]
  const shapes = [at(node.outputs, 0).shape, at(types, 1).shape, at(types, 0).shape] as const
  walkConvolution(...shapes, convolutionOptions(node.attributes), (to, outStep, from, step, tap, count) => {
    const factor = kernel[tap] as number
    for (let i = 0; i < count; i++) {
      out[to + i * outStep] =
        (out[to + i * outStep] as number) + factor * (gradient[from + i * step] as number)
    }
  })
}

export const conv2dWeightGradient: Kernel = ({ node, inputs, types, outputs }) => {
  const [x, gradient, out] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)]
  const shapes = [at(types, 0).shape, at(node.outputs, 0).shape, at(types, 1).shape] as const
  walkConvolution(...shapes, convolutionOptions(node.attributes), (a, aStep, b, bStep, tap, count) => {
    let sum = 0
    for (let i = 0; i < count; i++) sum += (x[a + i * aStep] as number) * (gradient[b + i * bStep] as number)
    out[tap] = (out[tap] as number) + sum
  })
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

export const batchNormalization: Kernel = ({ node, inputs, types, outputs }) => {
  const { axis, epsilon } = normalizationOptions(node.attributes)
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

export const batchNormalizationInference: Kernel = ({ node, inputs, types, outputs }) => {
  const { axis, epsilon } = normalizationOptions(node.attributes)
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
export const batchNormalizationGradient: Kernel = ({ node, inputs, types, outputs }) => {
  const { axis, epsilon } = normalizationOptions(node.attributes)
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
  node: Parameters<Kernel>[0]['node'],
  narrow: readonly number[],
  wide: readonly number[],
) {
  const { layout, stride, channelsBefore } = shortcutOptions(node.attributes)
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

export const shortcutPad: Kernel = ({ node, inputs, types, outputs }) => {
  const blocks = shortcutBlocks(node, at(types, 0).shape, at(node.outputs, 0).shape)
  copyBlock(blocks.shape, at(inputs, 0), 0, blocks.narrow, at(outputs, 0), blocks.offset, blocks.wide)
}

export const shortcutPadGradient: Kernel = ({ node, inputs, types, outputs }) => {
  const blocks = shortcutBlocks(node, at(node.outputs, 0).shape, at(types, 0).shape)
  copyBlock(blocks.shape, at(inputs, 0), blocks.offset, blocks.wide, at(outputs, 0), 0, blocks.narrow)
}
