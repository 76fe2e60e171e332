// The parameter-free shortcut of CIFAR ResNets ("option A", He et al., arXiv 1512.03385, section 4.2): every
// stride-th pixel, with channels of zeros before and after. One operation and its gradient, because the best
// spelling differs by engine: strided slices, a pooling of window 1, or a 1x1 convolution with constant
// weights.
import type { Tensor } from '../builder.js'
import type { Layout } from '../graph.js'
import { imageShape, imageSizes } from './convolution.js'
import type { Operation } from './operation.js'
import { GraphBug, inputType, noFlops } from './operation.js'
import { requireRank, sameShape } from './shapes.js'

export interface ShortcutOptions {
  readonly layout: Layout
  readonly stride: number
  /** Channels of zeros before and after. */
  readonly channelsBefore: number
  readonly channelsAfter: number
}

function shortcutShape(shape: readonly number[], options: ShortcutOptions): readonly number[] {
  const { batch, channels, height, width } = imageSizes(shape, options.layout)
  const sizes = {
    batch,
    channels: options.channelsBefore + channels + options.channelsAfter,
    height: Math.ceil(height / options.stride),
    width: Math.ceil(width / options.stride),
  }
  return imageShape(sizes, options.layout)
}

export const shortcutPadOperation: Operation<'shortcut_pad', ShortcutOptions> = {
  name: 'shortcut_pad',
  traits: ['exact in bfloat16', 'heavy'],
  infer(inputs, options) {
    const type = inputType(inputs, 0)
    requireRank(type, 4, 'image')
    return [{ dtype: type.dtype, shape: shortcutShape(type.shape, options) }]
  },
  gradient: ({ input, gradient, attributes: options }) => [
    () => shortcutPadGradient(gradient, input(0).type.shape, options),
  ],
  flops: noFlops,
}

/** Every stride-th row and column of an image, first one included, between channels of zeros. */
export const shortcutPad = (image: Tensor, options: ShortcutOptions): Tensor =>
  image.builder.single(shortcutPadOperation, [image], { ...options })

export interface ShortcutGradientAttributes extends ShortcutOptions {
  /** Shape of the image. */
  readonly inputShape: readonly number[]
}

export const shortcutPadGradientOperation: Operation<'shortcut_pad_gradient', ShortcutGradientAttributes> = {
  name: 'shortcut_pad_gradient',
  traits: ['exact in bfloat16', 'heavy'],
  infer(inputs, { inputShape, ...options }) {
    const type = inputType(inputs, 0)
    if (!sameShape(type.shape, shortcutShape(inputShape, options))) {
      throw new GraphBug(`the gradient does not belong to an image of shape [${inputShape.join(', ')}]`)
    }
    return [{ dtype: type.dtype, shape: inputShape }]
  },
  gradient: ({ gradient, attributes: { inputShape: _, ...options } }) => [
    () => shortcutPad(gradient, options),
  ],
  flops: noFlops,
}

/** Gradient of `shortcutPad`: the inner channels, spread with zeros between the pixels. */
export const shortcutPadGradient = (
  gradient: Tensor,
  inputShape: readonly number[],
  options: ShortcutOptions,
): Tensor => gradient.builder.single(shortcutPadGradientOperation, [gradient], { ...options, inputShape })
