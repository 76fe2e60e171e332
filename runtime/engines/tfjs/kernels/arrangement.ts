// Moving elements, and positions.
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../../compiler/graph/operations/shapes.js'
import type { Kernel } from './call.js'
import { at } from './call.js'

const reshape: Kernel<'reshape'> = ({ node, inputs, operators }) =>
  operators.reshape(at(inputs, 0), at(node.outputs, 0).shape)

const transpose: Kernel<'transpose'> = ({ node, inputs, operators }) =>
  operators.transpose(at(inputs, 0), node.attributes.permutation)

const broadcast: Kernel<'broadcast'> = ({ node, inputs, operators }) => {
  const x = at(inputs, 0)
  const { shape } = at(node.outputs, 0)
  return sameShape(x.shape, shape) ? operators.alias(x) : operators.stretch(x, shape)
}

const pad: Kernel<'pad'> = ({ node, inputs, operators }) => {
  const after = node.attributes.after
  const paddings = node.attributes.before.map((size, axis) => [size, at(after, axis)])
  return operators.run('PadV2', { x: at(inputs, 0) }, { paddings, constantValue: 0 })
}

const slice: Kernel<'slice'> = ({ node, inputs, operators }) => {
  const begin = [...node.attributes.starts]
  return operators.run('Slice', { x: at(inputs, 0) }, { begin, size: [...at(node.outputs, 0).shape] })
}

const concat: Kernel<'concat'> = ({ node, inputs, operators }) =>
  operators.concat(inputs, node.attributes.axis)

const gather: Kernel<'gather'> = ({ inputs, operators }) =>
  operators.run('GatherV2', { x: at(inputs, 0), indices: at(inputs, 1) }, { axis: 0, batchDims: 0 })

const argmax: Kernel<'argmax'> = ({ node, inputs, operators }) =>
  operators.run('ArgMax', { x: at(inputs, 0) }, { axis: node.attributes.axis })

const oneHot: Kernel<'one_hot'> = ({ node, inputs, operators }) => {
  const positions = at(inputs, 0)
  const { shape } = at(node.outputs, 0)
  const attributes = {
    dtype: 'int32',
    depth: node.attributes.depth,
    onValue: 1,
    offValue: 0,
  } as const
  // As integers: WebAssembly writes the bits of the integer 1 where floats are asked for.
  const indices = operators.reshape(positions, [elementCount(positions.shape)])
  const ones = operators.run('OneHot', { indices }, attributes)
  return operators.reshape(operators.cast(ones, 'float32'), shape)
}

export const arrangementKernels = {
  argmax,
  one_hot: oneHot,
  gather,
  reshape,
  transpose,
  broadcast,
  pad,
  slice,
  concat,
}
