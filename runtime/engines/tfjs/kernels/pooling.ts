// The largest value of every window, and its gradient, which not every backend has: it is put together from
// comparisons.
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Kernel, Operators } from './call.js'
import { at } from './call.js'

const maxPool: Kernel<'max_pool'> = ({ operators, node, inputs }) => {
  const { window, stride, padding } = node.attributes
  const [top, bottom, left, right] = padding
  const pad = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
  const attributes = {
    filterSize: [window, window],
    strides: [stride, stride],
    pad,
    dimRoundingMode: 'floor',
  }
  return operators.run('MaxPool', { x: at(inputs, 0) }, attributes)
}

/**
 * Every stride-th pixel of the image, begun at each place of a stride, is a picture whose pixels line up with
 * the windows: a tap of the window is such a picture, moved by whole pixels. So each tap is compared with the
 * windows' largest values, and the first one that is equal takes the gradient; the pictures of gradients are
 * then put back between each other.
 */
const maxPoolGradient: Kernel<'max_pool_gradient'> = ({ operators, node, inputs, types }) => {
  const { window, stride, padding } = node.attributes
  const [gradient, image, largest] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)]
  const [batch = 0, height = 0, width = 0, channels = 0] = at(types, 1).shape
  const [, rows = 0, columns = 0] = at(types, 0).shape
  const [top, , left] = padding
  const reach = Math.ceil(window / stride)
  const [pictureRows, pictureColumns] = [rows + reach - 1, columns + reach - 1]
  const border = {
    top,
    bottom: pictureRows * stride - height - top,
    left,
    right: pictureColumns * stride - width - left,
  }
  const bordered = framed(operators, image, border, Number.NEGATIVE_INFINITY)
  const apart = operators.reshape(bordered, [batch, pictureRows, stride, pictureColumns, stride, channels])
  const pictures = operators.reshape(operators.transpose(apart, [2, 4, 0, 1, 3, 5]), [
    stride * stride * batch,
    pictureRows,
    pictureColumns,
    channels,
  ])

  const sums: (Tensor | undefined)[] = new Array(stride * stride).fill(undefined)
  let free: Tensor | undefined
  for (let row = 0; row < window; row++) {
    for (let column = 0; column < window; column++) {
      const picture = (row % stride) * stride + (column % stride)
      const [down, along] = [Math.floor(row / stride), Math.floor(column / stride)]
      const size = [batch, rows, columns, channels]
      const tap = operators.slice(pictures, [picture * batch, down, along, 0], size)
      const equal = operators.run('Equal', { a: tap, b: largest })
      const takes = free === undefined ? equal : operators.run('LogicalAnd', { a: equal, b: free })
      const others = operators.run('LogicalNot', { x: equal })
      free = free === undefined ? others : operators.run('LogicalAnd', { a: free, b: others })
      const taken = operators.multiply(operators.cast(takes, 'float32'), gradient)
      const edges = {
        top: down,
        bottom: reach - 1 - down,
        left: along,
        right: reach - 1 - along,
      }
      const moved = framed(operators, taken, edges, 0)
      const sum = sums[picture]
      sums[picture] = sum === undefined ? moved : operators.add(sum, moved)
    }
  }
  const pictureShape = [batch, pictureRows, pictureColumns, channels]
  const all = operators.concat(
    sums.map((sum) => sum ?? operators.filled(0, pictureShape)),
    0,
  )
  const between = operators.transpose(
    operators.reshape(all, [stride, stride, batch, pictureRows, pictureColumns, channels]),
    [2, 3, 0, 4, 1, 5],
  )
  const whole = operators.reshape(between, [batch, pictureRows * stride, pictureColumns * stride, channels])
  const inverse = { top: -top, bottom: -border.bottom, left: -left, right: -border.right }
  return framed(operators, whole, inverse, 0)
}

interface Frame {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** Images with so many rows and columns of a value around them; negative ones are cut off. */
function framed(operators: Operators, images: Tensor, frame: Frame, value: number): Tensor {
  const { top, bottom, left, right } = frame
  const [batch = 0, rows = 0, columns = 0, channels = 0] = images.shape
  const cut = (edge: number): number => Math.max(-edge, 0)
  const added = (edge: number): number => Math.max(edge, 0)
  const begin = [0, cut(top), cut(left), 0]
  const size = [batch, rows - cut(top) - cut(bottom), columns - cut(left) - cut(right), channels]
  const inner = [top, bottom, left, right].some((edge) => edge < 0)
    ? operators.slice(images, begin, size)
    : images
  const paddings = [
    [0, 0],
    [added(top), added(bottom)],
    [added(left), added(right)],
    [0, 0],
  ]
  if (paddings.flat().every((edge) => edge === 0)) return inner === images ? operators.alias(images) : inner
  return operators.run('PadV2', { x: inner }, { paddings, constantValue: value })
}

export const poolingKernels = {
  max_pool: maxPool,
  max_pool_gradient: maxPoolGradient,
}
