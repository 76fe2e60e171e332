// Convolution and its two gradients, all three as forward convolutions: the backends' own gradients are ten
// times slower, or missing. Kernels come in and go out as OIHW; the backends want [rows, columns, in, out].
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Kernel, Operators } from './call.js'
import { at } from './call.js'
import { inGroups } from './grouped.js'
import type { AxisSpread } from './spread.js'
import { axisSpread, tapSelection } from './spread.js'

/** OIHW -> [taps, o, i] or [taps, i, o], the taps row by row. */
function tapsFirst(operators: Operators, kernel: Tensor, last: 'in' | 'out'): Tensor {
  const [out = 0, into = 0, rows = 0, columns = 0] = kernel.shape
  const flat = operators.reshape(kernel, [out, into, rows * columns])
  return operators.transpose(flat, last === 'in' ? [2, 0, 1] : [2, 1, 0])
}

const conv2d: Kernel<'conv2d'> = (call) => {
  const { operators, inputs } = call
  const { stride, padding } = call.node.attributes
  const filter = call.arranged(1, 'forward', (kernel) => {
    const [out = 0, into = 0, rows = 0, columns = 0] = kernel.shape
    return operators.reshape(tapsFirst(operators, kernel, 'out'), [rows, columns, into, out])
  })
  return operators.convolution(at(inputs, 0), filter, { strides: [stride, stride], padding })
}

/**
 * One convolution of the result's gradient, with the kernel turned round. With a stride every pixel of the
 * gradient makes a block of stride x stride pixels of the images: the convolution gives them as so many times
 * the channels, which are then spread (a sub-pixel convolution, Shi et al., arXiv 1609.05158).
 */
const conv2dInputGradient: Kernel<'conv2d_input_gradient'> = (call) => {
  const { operators, node, inputs } = call
  const { stride, padding } = node.attributes
  const [top, , left] = padding
  const { shape } = at(node.outputs, 0)
  const [, height = 0, width = 0, channels = 0] = shape
  const [out = 0, , kernelRows = 0, kernelColumns = 0] = at(inputs, 1).shape
  const [batch = 0, gradientRows = 0, gradientColumns = 0] = at(inputs, 0).shape
  const rows = axisSpread({ size: height, outputs: gradientRows, kernel: kernelRows, before: top, stride })
  const columns = axisSpread({
    size: width,
    outputs: gradientColumns,
    kernel: kernelColumns,
    before: left,
    stride,
  })
  const arrangement = `backward ${rows.taps.join()} ${columns.taps.join()}`
  const filter = call.arranged(1, arrangement, (kernel) => {
    const taps = kernelRows * kernelColumns
    const selection = tapSelection(rows, columns, kernelRows, kernelColumns)
    const choice = call.constant(`${arrangement} ${taps}`, () =>
      operators.core.tensor2d(selection.values, [selection.count, taps]),
    )
    const flat = operators.reshape(tapsFirst(operators, kernel, 'in'), [taps, out * channels])
    const chosen = operators.product(choice, flat)
    const positions = [rows.reach * columns.reach, stride * stride, out, channels]
    const arranged = operators.transpose(operators.reshape(chosen, positions), [0, 2, 1, 3])
    return operators.reshape(arranged, [rows.reach, columns.reach, out, stride * stride * channels])
  })
  const gradient = cropped(operators, at(inputs, 0), rows, columns)
  const spread = operators.convolution(gradient, filter, {
    strides: [1, 1],
    padding: [positive(rows.before), positive(rows.after), positive(columns.before), positive(columns.after)],
  })
  if (stride === 1) return spread
  const blocks = [batch * rows.blocks, columns.blocks, stride, stride * channels]
  const inRows = operators.transpose(operators.reshape(spread, blocks), [0, 2, 1, 3])
  const whole = [batch, rows.blocks * stride, columns.blocks * stride, channels]
  const images = operators.reshape(inRows, whole)
  if (rows.blocks * stride === height && columns.blocks * stride === width) return images
  return operators.run('Slice', { x: images }, { begin: [0, 0, 0, 0], size: [...shape] })
}

const positive = (padding: number): number => Math.max(padding, 0)

/** Images without the rows and columns that negative padding takes away. */
function cropped(operators: Operators, images: Tensor, rows: Edges, columns: Edges): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = images.shape
  const [top, left] = [positive(-rows.before), positive(-columns.before)]
  const [bottom, right] = [positive(-rows.after), positive(-columns.after)]
  if (top + left + bottom + right === 0) return images
  const size = [batch, height - top - bottom, width - left - right, channels]
  return operators.run('Slice', { x: images }, { begin: [0, top, left, 0], size })
}

type Edges = Pick<AxisSpread, 'before' | 'after'>

/**
 * The images' channels as images of their own, whose channels are the batch, in a convolution with the
 * result's gradient as one large kernel. Its result is the gradient of every tap.
 */
const conv2dWeightGradient: Kernel<'conv2d_weight_gradient'> = ({ operators, node, inputs }) => {
  const { stride, padding } = node.attributes
  const [top, , left] = padding
  const [image, gradient] = [at(inputs, 0), at(inputs, 1)]
  const { shape } = at(node.outputs, 0)
  const [out = 0, into = 0, kernelRows = 0, kernelColumns = 0] = shape
  const [batch = 0, height = 0, width = 0] = image.shape
  const [, gradientRows = 0, gradientColumns = 0] = gradient.shape
  // Just so much behind the images that the result has as many rows and columns as the kernel.
  const rows = { before: top, after: (gradientRows - 1) * stride + kernelRows - height - top }
  const columns = { before: left, after: (gradientColumns - 1) * stride + kernelColumns - width - left }

  const used = cropped(operators, image, { ...rows, before: 0 }, { ...columns, before: 0 })
  const [, usedRows = 0, usedColumns = 0] = used.shape
  const pixels = usedRows * usedColumns
  // In two steps, each of which moves whole rows: half the time of one.
  const batchLast = operators.transpose(operators.reshape(used, [batch, pixels * into]), [1, 0])
  const channelsFirst = operators.transpose(operators.reshape(batchLast, [pixels, into, batch]), [1, 0, 2])
  const pictures = operators.reshape(channelsFirst, [into, usedRows, usedColumns, batch])

  const positions = gradientRows * gradientColumns
  const pixelsFirst = operators.transpose(operators.reshape(gradient, [batch, positions, out]), [1, 0, 2])
  const filter = operators.reshape(pixelsFirst, [gradientRows, gradientColumns, batch, out])

  const taps = operators.convolution(pictures, filter, {
    strides: [1, 1],
    dilations: [stride, stride],
    padding: [top, positive(rows.after), left, positive(columns.after)],
  })
  const flat = operators.reshape(taps, [into * kernelRows * kernelColumns, out])
  return operators.reshape(operators.transpose(flat, [1, 0]), shape)
}

export const convolutionKernels = {
  conv2d: inGroups(conv2d, ['images', 'kernel'], 'images'),
  conv2d_input_gradient: inGroups(conv2dInputGradient, ['images', 'kernel'], 'images'),
  conv2d_weight_gradient: inGroups(conv2dWeightGradient, ['images', 'images'], 'kernel'),
}
