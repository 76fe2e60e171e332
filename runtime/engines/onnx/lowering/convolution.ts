// Convolutions and shortcuts in ONNX: blocked operators where the channels come in whole blocks, standard
// ones elsewhere.
import type { Node, Value } from '../../../../compiler/graph/graph.js'
import type { ConvolutionOptions } from '../../../../compiler/graph/operations/convolution.js'
import { domains } from '../model.js'
import {
  blockedConvolution,
  imagesOf,
  inputGradient,
  interleave,
  shortcutKernel,
  weightGradient,
} from './blocked-images.js'
import { kernelSizes, plainToStemKernel } from './conversions.js'
import type { Widening } from './grouped.js'
import { narrowKernel, wideKernel, widened } from './grouped.js'
import type { Lowering } from './lowering.js'
import { inputGradientPhases } from './phases.js'

const padsOf = ({ padding: [top, bottom, left, right] }: ConvolutionOptions) =>
  [top, left, bottom, right] as const

export function emitConvolution(lowering: Lowering, node: Node<'conv2d'>, position: number): void {
  const { model, block } = lowering
  const result = { node: position, output: 0 }
  const image = lowering.input(node, 0)
  const kernel = lowering.input(node, 1)
  const shape = lowering.type(kernel).shape
  const { rows, columns } = kernelSizes(shape)
  const options = node.attributes
  const strides = [options.stride, options.stride] as const
  if (lowering.form(result) === 'plain') {
    const inputs = [lowering.plain(image), lowering.plain(kernel)]
    lowering.define(
      result,
      model.node('Conv', inputs, {
        kernel_shape: [rows, columns],
        strides,
        pads: padsOf(options),
        group: options.groups,
      }),
    )
    return
  }
  const settings = { kernel: [rows, columns], strides, padding: padsOf(options) } as const
  const wide = widened(shape, options.groups ?? 1, block)
  if (wide !== undefined) {
    const inputs = [lowering.get(image, 'blocked'), kernelInBlocks(lowering, kernel, wide)] as const
    const { groups: group } = wide
    lowering.define(result, blockedConvolution(model, inputs[0], inputs[1], { ...settings, group }))
    return
  }
  // The first convolution of a pass: nothing of the pass is done before it, so here the work before it is
  // waited for.
  const token = lowering.takeToken()
  const plain = lowering.plain(image)
  const waited = token === undefined ? plain : model.node('Add', [plain, token])
  const stem = plainToStemKernel(model, lowering.plain(kernel), shape, block)
  lowering.define(result, blockedConvolution(model, waited, stem, settings))
}

/**
 * The kernel as blocked convolutions read it, its groups put together where they are narrower than a block.
 */
function kernelInBlocks(lowering: Lowering, kernel: Value, wide: Widening): string {
  if (wide.together === 1) return lowering.get(kernel, 'kernel')
  const { shape } = lowering.type(kernel)
  return wideKernel(lowering.model, lowering.plain(kernel), shape, wide, lowering.block)
}

/** `sum` is the value that a fusion adds, in its own right or as a shortcut's gradient. */
export function emitInputGradient(
  lowering: Lowering,
  node: Node<'conv2d_input_gradient'>,
  position: number,
  sum?: Value,
): string {
  const { model, block } = lowering
  const gradient = lowering.input(node, 0)
  const kernel = lowering.input(node, 1)
  const kernelShape = lowering.type(kernel).shape
  const picture = node.attributes.inputShape
  const options = node.attributes
  const phases = inputGradientPhases(picture, kernelShape, options)
  const wide = widened(kernelShape, options.groups ?? 1, block)
  const isBlocked = lowering.form({ node: position, output: 0 }) === 'blocked'
  if (isBlocked && phases !== undefined && wide !== undefined) {
    let added: string | undefined
    if (sum !== undefined) {
      added = options.stride === 1 ? lowering.get(sum, 'blocked') : shortcutGradientPixels(lowering, sum)
    }
    const names = [lowering.get(gradient, 'blocked'), kernelInBlocks(lowering, kernel, wide)] as const
    const shapes = { picture, kernel: wide.kernel, groups: wide.groups }
    return inputGradient(model, block, names[0], names[1], shapes, phases, added)
  }
  const { rows, columns } = kernelSizes(kernelShape)
  const { height, width } = imagesOf(lowering.type(gradient).shape)
  const { height: rowsIn, width: columnsIn } = imagesOf(picture)
  const [top, bottom, left, right] = options.padding
  // Rows and columns that the stride left over at the end belong to the picture too.
  const over = (size: number, results: number, taps: number, padding: number): number =>
    size - (results - 1) * options.stride - taps + padding
  return model.node('ConvTranspose', [lowering.plain(gradient), lowering.plain(kernel)], {
    kernel_shape: [rows, columns],
    strides: [options.stride, options.stride],
    pads: padsOf(options),
    group: options.groups,
    output_padding: [over(rowsIn, height, rows, top + bottom), over(columnsIn, width, columns, left + right)],
  })
}

export function emitWeightGradient(
  lowering: Lowering,
  node: Node<'conv2d_weight_gradient'>,
  position: number,
): void {
  const { model, block } = lowering
  const result = { node: position, output: 0 }
  const image = lowering.input(node, 0)
  const gradient = lowering.input(node, 1)
  const imageShape = lowering.type(image).shape
  const gradientShape = lowering.type(gradient).shape
  const kernelShape = node.attributes.kernelShape
  const options = node.attributes
  const { into } = kernelSizes(kernelShape)
  const { groups = 1 } = options
  const wide = widened(kernelShape, groups, block)
  const few = groups === 1 && into < block
  if (lowering.form(gradient) === 'blocked' && (wide !== undefined || few)) {
    const whole = weightGradient(
      model,
      block,
      lowering.get(image, few ? 'plain' : 'blocked'),
      imageShape,
      lowering.get(gradient, 'blocked'),
      gradientShape,
      wide?.kernel ?? kernelShape,
      { ...options, groups: wide?.groups ?? 1 },
    )
    const isWide = wide !== undefined && wide.together > 1
    const name = isWide ? narrowKernel(model, whole, kernelShape, wide, block) : whole
    lowering.define(result, name)
    leaveToken(lowering, name, kernelShape)
    return
  }
  lowering.define(result, plainWeightGradient(lowering, image, gradient, kernelShape, options))
}

/**
 * One matrix product a kernel tap over the shifted image, [n, g, o, pixels] x [n, g, i, pixels], added up
 * over the batch.
 */
function plainWeightGradient(
  lowering: Lowering,
  image: Value,
  gradient: Value,
  kernelShape: readonly number[],
  options: ConvolutionOptions,
): string {
  const { model } = lowering
  const { count, channels } = imagesOf(lowering.type(image).shape)
  const { channels: out, height, width } = imagesOf(lowering.type(gradient).shape)
  const { rows, columns } = kernelSizes(kernelShape)
  const [top, bottom, left, right] = options.padding
  const pads = [0, 0, top, left, 0, 0, bottom, right]
  const plain = lowering.plain(image)
  const padded = pads.every((size) => size === 0) ? plain : model.node('Pad', [plain, model.integers(pads)])
  const { groups = 1 } = options
  const flat = model.reshape(lowering.plain(gradient), [count, groups, out / groups, height * width])
  const taps: string[] = []
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const shifted = model.node('Slice', [
        padded,
        model.integers([row, column]),
        model.integers([row + options.stride * (height - 1) + 1, column + options.stride * (width - 1) + 1]),
        model.integers([2, 3]),
        model.integers([options.stride, options.stride]),
      ])
      const pixels = model.reshape(shifted, [count, groups, channels / groups, height * width])
      const product = model.node('FusedMatMul', [flat, pixels], { transB: 1 }, domains.microsoft)
      const summed = model.node('ReduceSum', [product, model.integers([0])], { keepdims: 0 })
      taps.push(model.reshape(summed, [out, channels / groups, 1]))
    }
  }
  const together = taps.length === 1 ? (taps[0] ?? '') : model.node('Concat', taps, { axis: 2 })
  return model.reshape(together, kernelShape)
}

/**
 * Leaves a zero that waits for this value. Nothing is greater than infinity, so it is one even where the
 * value is not a number.
 */
function leaveToken(lowering: Lowering, name: string, shape: readonly number[]): void {
  const { model } = lowering
  const size = shape.reduce((product, length) => product * length, 1)
  const flat = model.reshape(name, [size])
  const first = model.node('Slice', [flat, model.integers([0]), model.integers([1]), model.integers([0])])
  const never = model.node('Greater', [first, model.scalar(Number.POSITIVE_INFINITY)])
  lowering.token = model.node('Cast', [never], { to: 1 })
}

export function emitShortcut(
  lowering: Lowering,
  node: Node<'shortcut_pad'>,
  position: number,
  sum?: Value,
  relu = false,
): string {
  const { model, block } = lowering
  const x = lowering.input(node, 0)
  const from = imagesOf(lowering.type(x).shape)
  const { stride, channelsBefore, channelsAfter } = node.attributes
  const to = channelsBefore + from.channels + channelsAfter
  if (lowering.form({ node: position, output: 0 }) === 'blocked') {
    const kernel = shortcutKernel(model, block, { from: from.channels, to, offset: channelsBefore })
    return blockedConvolution(model, lowering.get(x, 'blocked'), kernel, {
      kernel: [1, 1],
      strides: [stride, stride],
      sum: sum === undefined ? undefined : lowering.get(sum, 'blocked'),
      relu,
    })
  }
  const picked =
    stride === 1
      ? lowering.plain(x)
      : model.node('Slice', [
          lowering.plain(x),
          model.integers([0, 0]),
          model.integers([from.height, from.width]),
          model.integers([2, 3]),
          model.integers([stride, stride]),
        ])
  return model.node('Pad', [picked, model.integers([0, channelsBefore, 0, 0, 0, channelsAfter, 0, 0])])
}

export function emitShortcutGradient(
  lowering: Lowering,
  node: Node<'shortcut_pad_gradient'>,
  position: number,
): void {
  const { model, block } = lowering
  const result = { node: position, output: 0 }
  const { stride, channelsBefore } = node.attributes
  const picture = node.attributes.inputShape
  const { channels, height, width } = imagesOf(picture)
  if (lowering.form(result) === 'blocked') {
    const pixels = shortcutGradientPixels(lowering, result)
    const phases =
      stride === 1
        ? [[pixels]]
        : [
            [pixels, undefined],
            [undefined, undefined],
          ]
    lowering.define(result, interleave(model, block, phases, picture))
    return
  }
  const gradient = lowering.input(node, 0)
  const inner = model.node('Slice', [
    lowering.plain(gradient),
    model.integers([channelsBefore]),
    model.integers([channelsBefore + channels]),
    model.integers([1]),
  ])
  // A depthwise transposed convolution of one pixel spreads the pixels and leaves zeros between them.
  const small = imagesOf(lowering.type(gradient).shape)
  const plain =
    stride === 1
      ? inner
      : model.node(
          'ConvTranspose',
          [inner, model.floats(new Float32Array(channels).fill(1), [channels, 1, 1, 1])],
          {
            kernel_shape: [1, 1],
            strides: [stride, stride],
            group: channels,
            output_padding: [
              height - (small.height - 1) * stride - 1,
              width - (small.width - 1) * stride - 1,
            ],
          },
        )
  lowering.define(result, plain)
}

/** A shortcut's gradient before its pixels are spread: the inner channels at the small size, in blocks. */
function shortcutGradientPixels(lowering: Lowering, value: Value): string {
  const node = lowering.graph.nodes[value.node]
  if (node?.op !== 'shortcut_pad_gradient') throw new Error('the gradient of a shortcut is not in the graph')
  const { model, block } = lowering
  const gradient = lowering.input(node, 0)
  const { channels: from } = imagesOf(lowering.type(gradient).shape)
  const { channels: to } = imagesOf(node.attributes.inputShape)
  const { channelsBefore } = node.attributes
  const kernel = shortcutKernel(model, block, { from, to, offset: channelsBefore })
  return blockedConvolution(model, lowering.get(gradient, 'blocked'), kernel, { kernel: [1, 1] })
}
