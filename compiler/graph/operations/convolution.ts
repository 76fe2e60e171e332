// Two-dimensional convolution (cross-correlation, as in every deep-learning library) and its two gradients.
// Images are in the graph's layout; kernels are OIHW in every layout, their canonical form, which engines
// convert once.
import type { Tensor } from '../builder.js'
import type { DType, Layout, TensorType } from '../graph.js'
import type { Operation } from './operation.js'
import { elementCount, GraphBug, inputType } from './operation.js'
import { requireActivations, requireRank, sameShape } from './shapes.js'

/** How a convolution moves over its image. */
export interface ConvolutionOptions {
  readonly layout: Layout
  readonly stride: number
  /** Rows of zeros above and below, columns of zeros left and right. */
  readonly padding: readonly [top: number, bottom: number, left: number, right: number]
  /**
   * Parts that the channels fall into, in order, each convolved by itself (Krizhevsky et al., NeurIPS 2012);
   * 1 where it is not given. Kernels are [out, in / groups, rows, columns].
   */
  readonly groups?: number
}

/** Sizes of an image tensor, whatever its layout. */
export interface ImageSizes {
  readonly batch: number
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** The sizes that a shape of four axes has in a layout. */
export function imageSizes(shape: readonly number[], layout: Layout): ImageSizes {
  const [batch = 0, second = 0, third = 0, fourth = 0] = shape
  return layout === 'NCHW'
    ? { batch, channels: second, height: third, width: fourth }
    : { batch, channels: fourth, height: second, width: third }
}

export function imageShape(sizes: ImageSizes, layout: Layout): readonly number[] {
  const { batch, channels, height, width } = sizes
  return layout === 'NCHW' ? [batch, channels, height, width] : [batch, height, width, channels]
}

/** The axis that counts channels, and the two that span the picture. */
export const channelAxis = (layout: Layout): number => (layout === 'NCHW' ? 1 : 3)
export const pictureAxes = (layout: Layout): readonly [number, number] =>
  layout === 'NCHW' ? [2, 3] : [1, 2]

/** Shape of the result: images of floor((size + padding - kernel) / stride) + 1. */
function outputShape(
  image: readonly number[],
  kernel: readonly number[],
  options: ConvolutionOptions,
): readonly number[] {
  const { batch, channels, height, width } = imageSizes(image, options.layout)
  const [out = 0, into = 0, rows = 0, columns = 0] = kernel
  const [top, bottom, left, right] = options.padding
  const { groups = 1 } = options
  if (into * groups !== channels)
    throw new GraphBug(`the kernel takes ${into * groups} channels, the image has ${channels}`)
  if (!Number.isInteger(groups) || groups < 1 || out % groups !== 0)
    throw new GraphBug(`${out} channels do not fall into ${groups} groups`)
  const sizes = {
    batch,
    channels: out,
    height: Math.floor((height + top + bottom - rows) / options.stride) + 1,
    width: Math.floor((width + left + right - columns) / options.stride) + 1,
  }
  if (sizes.height < 1 || sizes.width < 1) throw new GraphBug('the kernel is larger than the image')
  return imageShape(sizes, options.layout)
}

/** Image, kernel and result of any of the three operations, checked against each other. */
function requireShapes(
  image: readonly number[],
  kernel: readonly number[],
  result: readonly number[],
  options: ConvolutionOptions,
): void {
  const expected = outputShape(image, kernel, options)
  if (!sameShape(expected, result)) throw new GraphBug(`the result is not of shape [${expected.join(', ')}]`)
}

/** The element type of the operands, which the result has too. */
function requireImages(inputs: readonly TensorType[]): DType {
  for (const type of inputs) requireRank(type, 4, 'operand')
  return requireActivations(inputs)
}

/** Two for every product of a kernel element with a result's pixel. */
function productFlops(kernel: readonly number[], result: readonly number[], layout: Layout): number {
  const { batch, height, width } = imageSizes(result, layout)
  return 2 * elementCount(kernel) * batch * height * width
}

const shapeOf = (inputs: readonly TensorType[], position: number): readonly number[] =>
  inputType(inputs, position).shape

export const conv2dOperation: Operation<'conv2d', ConvolutionOptions> = {
  name: 'conv2d',
  traits: ['heavy'],
  infer(inputs, options) {
    const dtype = requireImages(inputs)
    const shape = outputShape(shapeOf(inputs, 0), shapeOf(inputs, 1), options)
    return [{ dtype, shape }]
  },
  gradient: ({ input, gradient, attributes: options }) => [
    () => conv2dInputGradient(gradient, input(1), input(0).type.shape, options),
    () => conv2dWeightGradient(input(0), gradient, input(1).type.shape, options),
  ],
  flops: (inputs, outputs, { layout }) => productFlops(shapeOf(inputs, 1), shapeOf(outputs, 0), layout),
}

/** Convolution of images with a kernel [out, in / groups, rows, columns]. */
export const conv2d = (image: Tensor, kernel: Tensor, options: ConvolutionOptions): Tensor =>
  image.builder.single(conv2dOperation, [image, kernel], { ...options })

export interface InputGradientAttributes extends ConvolutionOptions {
  /** Shape of the images. */
  readonly inputShape: readonly number[]
}

export const conv2dInputGradientOperation: Operation<'conv2d_input_gradient', InputGradientAttributes> = {
  name: 'conv2d_input_gradient',
  traits: ['heavy'],
  infer(inputs, { inputShape, ...options }) {
    const dtype = requireImages(inputs)
    requireShapes(inputShape, shapeOf(inputs, 1), shapeOf(inputs, 0), options)
    return [{ dtype, shape: inputShape }]
  },
  gradient: ({ input, gradient, attributes: { inputShape: _, ...options } }) => [
    () => conv2d(gradient, input(1), options),
    () => conv2dWeightGradient(gradient, input(0), input(1).type.shape, options),
  ],
  flops: (inputs, _outputs, { layout }) => productFlops(shapeOf(inputs, 1), shapeOf(inputs, 0), layout),
}

/** Gradient of `conv2d` with respect to its images, from the result's gradient and the kernel. */
export const conv2dInputGradient = (
  gradient: Tensor,
  kernel: Tensor,
  inputShape: readonly number[],
  options: ConvolutionOptions,
): Tensor =>
  gradient.builder.single(conv2dInputGradientOperation, [gradient, kernel], { ...options, inputShape })

export interface WeightGradientAttributes extends ConvolutionOptions {
  readonly kernelShape: readonly number[]
}

export const conv2dWeightGradientOperation: Operation<'conv2d_weight_gradient', WeightGradientAttributes> = {
  name: 'conv2d_weight_gradient',
  infer(inputs, { kernelShape, ...options }) {
    const dtype = requireImages(inputs)
    requireShapes(shapeOf(inputs, 0), kernelShape, shapeOf(inputs, 1), options)
    return [{ dtype, shape: kernelShape }]
  },
  gradient: ({ input, gradient, attributes: { kernelShape: _, ...options } }) => [
    () => conv2dInputGradient(input(1), gradient, input(0).type.shape, options),
    () => conv2d(input(0), gradient, options),
  ],
  flops: (inputs, outputs, { layout }) => productFlops(shapeOf(outputs, 0), shapeOf(inputs, 1), layout),
}

/** Gradient of `conv2d` with respect to its kernel, from the images and the result's gradient. */
export const conv2dWeightGradient = (
  image: Tensor,
  gradient: Tensor,
  kernelShape: readonly number[],
  options: ConvolutionOptions,
): Tensor =>
  image.builder.single(conv2dWeightGradientOperation, [image, gradient], { ...options, kernelShape })
