// Reductions, the matrix product, and look-ups.
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { productSizes } from '../../../../compiler/graph/operations/product.js'
import { rowMajorStrides } from '../../../../compiler/graph/operations/shapes.js'
import { copyBlock } from './arrangement.js'
import type { Kernel, KernelCall, Numbers } from './kernel.js'
import { at } from './kernel.js'

/** The input with the reduced axes moved to the end, so that each result is made of `length` neighbours. */
function reducedLast(
  call: KernelCall,
  axes: readonly number[],
): { readonly data: Numbers; readonly length: number } {
  const { shape } = at(call.types, 0)
  const x = at(call.inputs, 0)
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const order = [...kept, ...[...axes].sort((a, b) => a - b)]
  const length = axes.reduce((product, axis) => product * at(shape, axis), 1)
  if (order.every((axis, position) => axis === position)) return { data: x, length }
  const strides = rowMajorStrides(shape)
  const arranged = order.map((axis) => at(shape, axis))
  const data = x.slice()
  copyBlock(
    arranged,
    x,
    0,
    order.map((axis) => at(strides, axis)),
    data,
    0,
    rowMajorStrides(arranged),
  )
  return { data, length }
}

function reduction(
  loop: (data: Numbers, length: number, out: Numbers) => void,
): Kernel<'reduce_sum' | 'reduce_mean' | 'reduce_max' | 'log_sum_exp'> {
  return (call) => {
    const { data, length } = reducedLast(call, call.node.attributes.axes)
    loop(data, length, at(call.outputs, 0))
  }
}

function sums(data: Numbers, length: number, out: Numbers, divisor: number): void {
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (let j = i * length; j < (i + 1) * length; j++) sum += data[j] as number
    out[i] = sum / divisor
  }
}

const reduceSum = reduction((data, length, out) => {
  sums(data, length, out, 1)
})

const reduceMean = reduction((data, length, out) => {
  sums(data, length, out, length)
})

const reduceMax = reduction((data, length, out) => {
  for (let i = 0; i < out.length; i++) {
    let largest = Number.NEGATIVE_INFINITY
    for (let j = i * length; j < (i + 1) * length; j++) largest = Math.max(largest, data[j] as number)
    out[i] = largest
  }
})

const logSumExp = reduction((data, length, out) => {
  for (let i = 0; i < out.length; i++) {
    let largest = Number.NEGATIVE_INFINITY
    for (let j = i * length; j < (i + 1) * length; j++) largest = Math.max(largest, data[j] as number)
    let sum = 0
    for (let j = i * length; j < (i + 1) * length; j++) sum += Math.exp((data[j] as number) - largest)
    out[i] = largest + Math.log(sum)
  }
})

const argmax: Kernel<'argmax'> = (call) => {
  const { data, length } = reducedLast(call, [call.node.attributes.axis])
  const out = at(call.outputs, 0)
  for (let i = 0; i < out.length; i++) {
    let best = 0
    for (let j = 1; j < length; j++) {
      if ((data[i * length + j] as number) > (data[i * length + best] as number)) best = j
    }
    out[i] = best
  }
}

const matmul: Kernel<'matmul'> = ({ node, inputs, types, outputs }) => {
  const [rows, inner, columns] = productSizes(types, node.attributes)
  const left = at(inputs, 0)
  const right = at(inputs, 1)
  const out = at(outputs, 0)
  const [leftRow, leftInner] = node.attributes.transposeLeft ? [1, rows] : [inner, 1]
  const [rightInner, rightColumn] = node.attributes.transposeRight ? [1, inner] : [columns, 1]
  for (let row = 0; row < rows; row++) {
    if (rightColumn === 1) {
      for (let k = 0; k < inner; k++) {
        const factor = left[row * leftRow + k * leftInner] as number
        const from = k * rightInner
        const to = row * columns
        for (let column = 0; column < columns; column++) {
          out[to + column] = (out[to + column] as number) + factor * (right[from + column] as number)
        }
      }
    } else {
      for (let column = 0; column < columns; column++) {
        let sum = 0
        for (let k = 0; k < inner; k++) {
          sum +=
            (left[row * leftRow + k * leftInner] as number) *
            (right[k * rightInner + column * rightColumn] as number)
        }
        out[row * columns + column] = sum
      }
    }
  }
}

const oneHot: Kernel<'one_hot'> = ({ node, inputs, outputs }) => {
  const { depth } = node.attributes
  const positions = at(inputs, 0)
  const out = at(outputs, 0)
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i] as number
    if (position >= 0 && position < depth) out[i * depth + position] = 1
  }
}

const gather: Kernel<'gather'> = ({ inputs, types, outputs }) => {
  const table = at(inputs, 0)
  const positions = at(inputs, 1)
  const out = at(outputs, 0)
  const { shape } = at(types, 0)
  const rows = at(shape, 0)
  const length = elementCount(shape) / rows
  for (let i = 0; i < positions.length; i++) {
    const row = positions[i] as number
    if (row < 0 || row >= rows) throw new Error(`gather: position ${row} is outside of ${rows} rows`)
    out.set(table.subarray(row * length, (row + 1) * length), i * length)
  }
}

export const reductionKernels = {
  reduce_sum: reduceSum,
  reduce_mean: reduceMean,
  reduce_max: reduceMax,
  log_sum_exp: logSumExp,
  argmax,
  matmul,
  one_hot: oneHot,
  gather,
}
