// Convolutions, their gradients, and the shortcut. TensorFlow's fast kernels take the paddings SAME and VALID
// alone: what is not one of them becomes zeros around the image and VALID.
import type { Layout, Node } from '../../../../compiler/graph/graph.js'
import type { ConvolutionOptions, ImageSizes } from '../../../../compiler/graph/operations/convolution.js'
import { imageShape, imageSizes } from '../../../../compiler/graph/operations/convolution.js'
import type { NodeAttributes } from '../graph-writer.js'
import { typeAttribute } from '../graph-writer.js'
import type { ElementType } from '../protobuf.js'
import { chunkKernels, chunksOf, joinChannels, joinKernels, splitChannels } from './grouped.js'
import type { Lowering } from './lowering.js'

/** How a convolution is spelt for TensorFlow. */
export interface Spelling {
  readonly padding: 'SAME' | 'VALID'
  /** Rows and columns of zeros that are put around the image before. */
  readonly around: ConvolutionOptions['padding']
}

/**
 * The spelling for images and kernels of these sizes. Zeros that no step of the kernel reaches are left out:
 * with stride 2, a 3x3 kernel on an even side reads none of those behind the image.
 */
export function spellPadding(
  image: readonly number[],
  kernel: readonly number[],
  options: Pick<ConvolutionOptions, 'layout' | 'stride' | 'padding'>,
): Spelling {
  const { height, width } = imageSizes(image, options.layout)
  const [, , rows = 1, columns = 1] = kernel
  const [top, bottom, left, right] = options.padding
  const vertical = alongAxis(height, rows, options.stride, top, bottom)
  const horizontal = alongAxis(width, columns, options.stride, left, right)
  if (vertical.isSame && horizontal.isSame) return { padding: 'SAME', around: [0, 0, 0, 0] }
  return { padding: 'VALID', around: [top, vertical.after, left, horizontal.after] }
}

/** Whether SAME means these zeros along one axis, and how many behind the image are read at all. */
function alongAxis(
  size: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
): { readonly isSame: boolean; readonly after: number } {
  const steps = Math.floor((size + before + after - kernel) / stride) + 1
  const reached = (steps - 1) * stride + kernel - size - before
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0)
  const isSame =
    steps === Math.ceil(size / stride) && before === Math.floor(total / 2) && after === total - before
  return { isSame, after: Math.max(0, Math.min(after, reached)) }
}

export const isNone = (around: readonly number[]): boolean => around.every((count) => count === 0)

/** Paddings of the picture alone, as [4, 2]. */
export function bordersOf(layout: Layout, around: ConvolutionOptions['padding']): readonly number[] {
  return layout === 'NCHW' ? [0, 0, 0, 0, ...around] : [0, 0, ...around, 0, 0]
}

/** Zeros around an image, of any number; the image itself where there are none. */
function padImage(
  lowering: Lowering,
  name: string,
  type: ElementType,
  around: ConvolutionOptions['padding'],
): string {
  if (isNone(around)) return name
  const paddings = lowering.writer.integers(bordersOf(lowering.layout, around), [4, 2])
  return lowering.typed(type, 'Pad', [name, paddings], { Tpaddings: typeAttribute('int32') })
}

/** Sizes of an image with zeros around it. */
function padded(sizes: ImageSizes, [top, bottom, left, right]: ConvolutionOptions['padding']): ImageSizes {
  return { ...sizes, height: sizes.height + top + bottom, width: sizes.width + left + right }
}

/** [1, s, s, 1] in the order of the layout. */
export function perAxis(layout: Layout, value: number): readonly number[] {
  return layout === 'NCHW' ? [1, 1, value, value] : [1, value, value, 1]
}

function convolutionAttributes(options: ConvolutionOptions, { padding }: Spelling): NodeAttributes {
  return {
    strides: { integers: perAxis(options.layout, options.stride) },
    padding: { s: padding },
    data_format: { s: options.layout },
  }
}

export function emitConvolution(lowering: Lowering, node: Node<'conv2d'>, position: number): void {
  const image = lowering.input(node, 0)
  const kernel = lowering.input(node, 1)
  const options = node.attributes
  const spelling = spellPadding(lowering.type(image).shape, lowering.type(kernel).shape, options)
  const type = lowering.elementType(image)
  const surrounded = padImage(lowering, lowering.plain(image), type, spelling.around)
  const attributes = convolutionAttributes(options, spelling)
  const chunks = chunksOf(lowering.type(kernel).shape, options.groups ?? 1)
  const images = splitChannels(lowering, type, surrounded, chunks)
  const kernels = chunkKernels(lowering, type, lowering.get(kernel, 'kernel'), chunks)
  const results = images.map((one, chunk) =>
    lowering.typed(type, 'Conv2D', [one, kernels[chunk] ?? ''], attributes),
  )
  lowering.define({ node: position, output: 0 }, joinChannels(lowering, type, results))
}

export function emitInputGradient(
  lowering: Lowering,
  node: Node<'conv2d_input_gradient'>,
  position: number,
): void {
  const gradient = lowering.input(node, 0)
  const kernel = lowering.input(node, 1)
  const options = node.attributes
  const shape = node.attributes.inputShape
  const spelling = spellPadding(shape, lowering.type(kernel).shape, options)
  const type = lowering.elementType(gradient)
  const sizes = imageSizes(shape, options.layout)
  const chunks = chunksOf(lowering.type(kernel).shape, options.groups ?? 1)
  const chunk = { ...padded(sizes, spelling.around), channels: sizes.channels / chunks.count }
  const outer = lowering.writer.integers(imageShape(chunk, options.layout))
  const attributes = convolutionAttributes(options, spelling)
  const kernels = chunkKernels(lowering, type, lowering.get(kernel, 'kernel'), chunks)
  const gradients = splitChannels(lowering, type, lowering.plain(gradient), chunks)
  const parts = gradients.map((one, place) =>
    lowering.typed(type, 'Conv2DBackpropInput', [outer, kernels[place] ?? '', one], attributes),
  )
  const whole = joinChannels(lowering, type, parts)
  const [top, , left] = spelling.around
  const starts = imageShape({ batch: 0, channels: 0, height: top, width: left }, options.layout)
  const inner = isNone(spelling.around)
    ? whole
    : lowering.typed(
        type,
        'Slice',
        [whole, lowering.writer.integers(starts), lowering.writer.integers(shape)],
        { Index: typeAttribute('int32') },
      )
  lowering.define({ node: position, output: 0 }, inner)
}

export function emitWeightGradient(
  lowering: Lowering,
  node: Node<'conv2d_weight_gradient'>,
  position: number,
): void {
  const image = lowering.input(node, 0)
  const gradient = lowering.input(node, 1)
  const options = node.attributes
  const shape = node.attributes.kernelShape
  const [, , rows = 0, columns = 0] = shape
  const spelling = spellPadding(lowering.type(image).shape, shape, options)
  const type = lowering.elementType(image)
  // The same zeros around the same image as the forward pass put there: that node is used again.
  const surrounded = padImage(lowering, lowering.plain(image), type, spelling.around)
  const chunks = chunksOf(shape, options.groups ?? 1)
  const { together, into, out } = chunks
  // Of few channels, oneDNN's gradient of single pixels with a stride writes over other memory: here it never
  // sees a stride.
  const picks = rows * columns === 1 && options.stride > 1 && together * into < 16
  const seen = picks
    ? lowering.typed(type, 'AvgPool', [surrounded], poolingAttributes(options.layout, options.stride))
    : surrounded
  const attributes = convolutionAttributes(picks ? { ...options, stride: 1 } : options, spelling)
  const kernel = lowering.writer.integers([rows, columns, together * into, together * out])
  const gradients = splitChannels(lowering, type, lowering.plain(gradient), chunks)
  const parts = splitChannels(lowering, type, seen, chunks).map((one, chunk) =>
    lowering.typed(type, 'Conv2DBackpropFilter', [one, kernel, gradients[chunk] ?? ''], attributes),
  )
  lowering.define({ node: position, output: 0 }, joinKernels(lowering, type, parts, shape, chunks))
}

/** Paddings of the channel axis alone, as [4, 2]. */
function channelPaddings(layout: Layout, before: number, after: number): readonly number[] {
  return layout === 'NCHW' ? [0, 0, before, after, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, before, after]
}

/**
 * Every stride-th pixel by a pooling with a window of one pixel, which is several times faster than a strided
 * slice.
 */
const poolingAttributes = (layout: Layout, stride: number): NodeAttributes => ({
  ksize: { integers: perAxis(layout, 1) },
  strides: { integers: perAxis(layout, stride) },
  padding: { s: 'VALID' },
  data_format: { s: layout },
})

export function emitShortcut(lowering: Lowering, node: Node<'shortcut_pad'>, position: number): void {
  const image = lowering.input(node, 0)
  const { layout, stride, channelsBefore, channelsAfter } = node.attributes
  const type = lowering.elementType(image)
  let name = lowering.plain(image)
  if (stride > 1) name = lowering.typed(type, 'AvgPool', [name], poolingAttributes(layout, stride))
  if (channelsBefore + channelsAfter > 0) {
    const paddings = channelPaddings(layout, channelsBefore, channelsAfter)
    name = lowering.typed(type, 'Pad', [name, lowering.writer.integers(paddings, [4, 2])], {
      Tpaddings: typeAttribute('int32'),
    })
  }
  lowering.define({ node: position, output: 0 }, name)
}

export function emitShortcutGradient(
  lowering: Lowering,
  node: Node<'shortcut_pad_gradient'>,
  position: number,
): void {
  const gradient = lowering.input(node, 0)
  const { layout, stride, channelsBefore, channelsAfter } = node.attributes
  const shape = node.attributes.inputShape
  const type = lowering.elementType(gradient)
  let name = lowering.plain(gradient)
  if (channelsBefore + channelsAfter > 0) {
    const sizes = imageSizes(lowering.type(gradient).shape, layout)
    const { channels } = imageSizes(shape, layout)
    const starts = imageShape({ batch: 0, channels: channelsBefore, height: 0, width: 0 }, layout)
    const inner = imageShape({ ...sizes, channels }, layout)
    name = lowering.typed(
      type,
      'Slice',
      [name, lowering.writer.integers(starts), lowering.writer.integers(inner)],
      { Index: typeAttribute('int32') },
    )
  }
  if (stride > 1) {
    name = lowering.typed(
      type,
      'AvgPoolGrad',
      [lowering.writer.integers(shape), name],
      poolingAttributes(layout, stride),
    )
  }
  lowering.define({ node: position, output: 0 }, name)
}
