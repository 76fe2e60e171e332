// The largest value of every window of a picture, and its gradient. One operation and its gradient, because
// engines have their own for both or none.
import type { Tensor } from '../builder.js'
import type { Layout } from '../graph.js'
import { imageShape, imageSizes } from './convolution.js'
import type { Operation } from './operation.js'
import { elementCount, GraphBug, inputType } from './operation.js'
import { requireActivations, requireRank, sameShape } from './shapes.js'

export interface PoolingOptions {
  readonly layout: Layout
  /** Rows and columns of a window. */
  readonly window: number
  readonly stride: number
  /**
   * Rows above and below, columns left and right that are in windows and never the largest; less than the
   * window.
   */
  readonly padding: readonly [top: number, bottom: number, left: number, right: number]
}

/**
 * Shape of the result: pictures of floor((size + padding - window) / stride) + 1, every window with a pixel
 * in it.
 */
function pooledShape(shape: readonly number[], options: PoolingOptions): readonly number[] {
  const { batch, channels, height, width } = imageSizes(shape, options.layout)
  const { window, stride } = options
  const [top, bottom, left, right] = options.padding
  const along = (size: number, before: number, after: number): number => {
    if (before >= window || after >= window) throw new GraphBug('a window holds nothing but padding')
    const windows = Math.floor((size + before + after - window) / stride) + 1
    if (windows < 1) throw new GraphBug('the window is larger than the image')
    if ((windows - 1) * stride - before >= size) throw new GraphBug('a window holds nothing but padding')
    return windows
  }
  const sizes = { batch, channels, height: along(height, top, bottom), width: along(width, left, right) }
  return imageShape(sizes, options.layout)
}

const comparisons = (result: readonly number[], { window }: PoolingOptions): number =>
  elementCount(result) * window ** 2

export const maxPoolOperation: Operation<'max_pool', PoolingOptions> = {
  name: 'max_pool',
  traits: ['exact in bfloat16', 'heavy'],
  infer(inputs, options) {
    const { dtype, shape } = inputType(inputs, 0)
    requireRank({ dtype, shape }, 4, 'image')
    requireActivations(inputs)
    return [{ dtype, shape: pooledShape(shape, options) }]
  },
  gradient: ({ input, output, gradient, attributes }) => [
    () => maxPoolGradient(gradient, input(0), output(0), attributes),
  ],
  flops: (_inputs, outputs, attributes) => comparisons(outputs[0]?.shape ?? [], attributes),
}

/** The largest value of every window of every channel. */
export const maxPool = (image: Tensor, options: PoolingOptions): Tensor =>
  image.builder.single(maxPoolOperation, [image], { ...options })

export const maxPoolGradientOperation: Operation<'max_pool_gradient', PoolingOptions> = {
  name: 'max_pool_gradient',
  traits: ['heavy'],
  infer(inputs, options) {
    const { dtype, shape } = inputType(inputs, 1)
    requireActivations(inputs)
    const pooled = pooledShape(shape, options)
    for (const position of [0, 2]) {
      if (!sameShape(inputType(inputs, position).shape, pooled))
        throw new GraphBug(`input ${position} is not of shape [${pooled.join(', ')}]`)
    }
    return [{ dtype, shape }]
  },
  gradient: 'not differentiated',
  flops: (inputs, _outputs, attributes) => comparisons(inputs[0]?.shape ?? [], attributes),
}

/** Gradient of `maxPool`: each window's goes to its largest value, the first one, row by row, of equals. */
export const maxPoolGradient = (
  gradient: Tensor,
  image: Tensor,
  pooled: Tensor,
  options: PoolingOptions,
): Tensor => image.builder.single(maxPoolGradientOperation, [gradient, image, pooled], { ...options })
