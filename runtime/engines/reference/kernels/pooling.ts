// The largest value of every window, and where its gradient goes.
import { imageSizes } from '../../../../compiler/graph/operations/convolution.js'
import type { PoolingOptions } from '../../../../compiler/graph/operations/pooling.js'
import { channelsLast, fromChannelsLast } from './images.js'
import type { Kernel, Numbers } from './kernel.js'
import { allocateLike, at } from './kernel.js'

/**
 * Every window of every channel, with the position of its largest value: of the first one, row by row;
 * channels last.
 */
function eachLargest(
  x: Numbers,
  imageShape: readonly number[],
  resultShape: readonly number[],
  { layout, window, stride, padding }: PoolingOptions,
  visit: (largest: number, result: number) => void,
): void {
  const [top, , left] = padding
  const image = imageSizes(imageShape, layout)
  const result = imageSizes(resultShape, layout)
  let position = 0
  for (let n = 0; n < result.batch; n++) {
    for (let y = 0; y < result.height; y++) {
      const [firstRow, lastRow] = within(y * stride - top, window, image.height)
      for (let x0 = 0; x0 < result.width; x0++) {
        const [firstColumn, lastColumn] = within(x0 * stride - left, window, image.width)
        for (let channel = 0; channel < result.channels; channel++) {
          let largest = -1
          for (let row = firstRow; row < lastRow; row++) {
            for (let column = firstColumn; column < lastColumn; column++) {
              const here = ((n * image.height + row) * image.width + column) * image.channels + channel
              const value = x[here] as number
              if (largest < 0 || value > (x[largest] as number) || Number.isNaN(value)) largest = here
            }
          }
          visit(largest, position++)
        }
      }
    }
  }
}

const within = (start: number, window: number, size: number): readonly [from: number, to: number] => [
  Math.max(start, 0),
  Math.min(start + window, size),
]

const maxPool: Kernel<'max_pool'> = ({ node, inputs, types, outputs }) => {
  const options = node.attributes
  const [imageShape, resultShape] = [at(types, 0).shape, at(node.outputs, 0).shape]
  const x = channelsLast(at(inputs, 0), imageShape, options.layout)
  const result = allocateLike(x, at(outputs, 0).length)
  eachLargest(x, imageShape, resultShape, options, (largest, position) => {
    result[position] = x[largest] as number
  })
  fromChannelsLast(result, at(outputs, 0), resultShape, options.layout)
}

const maxPoolGradient: Kernel<'max_pool_gradient'> = ({ node, inputs, types, outputs }) => {
  const options = node.attributes
  const [resultShape, imageShape] = [at(types, 0).shape, at(types, 1).shape]
  const gradient = channelsLast(at(inputs, 0), resultShape, options.layout)
  const x = channelsLast(at(inputs, 1), imageShape, options.layout)
  const result = allocateLike(x, x.length)
  eachLargest(x, imageShape, resultShape, options, (largest, position) => {
    result[largest] = (result[largest] as number) + (gradient[position] as number)
  })
  fromChannelsLast(result, at(outputs, 0), imageShape, options.layout)
}

export const poolingKernels = { max_pool: maxPool, max_pool_gradient: maxPoolGradient }
