// Convolutions of groups of channels: the backends know none, so each group is a convolution of its own.
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Kernel, KernelCall, Operators } from './call.js'
import { at } from './call.js'

/**
 * What an operand or the result of a convolution is: images, whose last axis falls into groups, or a kernel,
 * whose first does.
 */
type Part = 'images' | 'kernel'

type Convolution = 'conv2d' | 'conv2d_input_gradient' | 'conv2d_weight_gradient'

/** A convolution, or one of its gradients, that also takes groups. */
export function inGroups<Name extends Convolution>(
  kernel: Kernel<Name>,
  operands: readonly [Part, Part],
  result: Part,
): Kernel<Name> {
  return (call) => {
    const { groups = 1 } = call.node.attributes
    if (groups === 1) return kernel(call)
    const { operators } = call
    const parts = call.inputs.map((input, position) =>
      at(operands, position) === 'images' ? byGroups(operators, input, groups) : input,
    )
    const results = Array.from({ length: groups }, (_, group) => {
      const one = kernel(ofGroup(call, parts, operands, result, group, groups))
      return 'shape' in one ? one : at(one, 0)
    })
    const { shape } = at(call.node.outputs, 0)
    if (result === 'kernel') return operators.reshape(operators.concat(results, 0), shape)
    const [batch = 0, rows = 0, columns = 0, channels = 0] = shape
    const pixels = results.map((one) =>
      operators.reshape(one, [1, batch * rows * columns, channels / groups]),
    )
    return operators.reshape(operators.transpose(operators.concat(pixels, 0), [1, 0, 2]), shape)
  }
}

/** Images [n, h, w, c] as [group, pixels, c / groups]. */
function byGroups(operators: Operators, images: Tensor, groups: number): Tensor {
  const [batch = 0, rows = 0, columns = 0, channels = 0] = images.shape
  const pixels = operators.reshape(images, [batch * rows * columns, groups, channels / groups])
  return operators.transpose(pixels, [1, 0, 2])
}

/** The part of a kernel [out, in / groups, rows, columns] that belongs to a group. */
function kernelOf(operators: Operators, kernel: Tensor, group: number, groups: number): Tensor {
  const [out = 0, ...rest] = kernel.shape
  return operators.slice(kernel, [(group * out) / groups, 0, 0, 0], [out / groups, ...rest])
}

/** The call of a kernel for one group alone. */
function ofGroup<Name extends Convolution>(
  call: KernelCall<Name>,
  parts: readonly Tensor[],
  operands: readonly [Part, Part],
  result: Part,
  group: number,
  groups: number,
): KernelCall<Name> {
  const { operators, node } = call
  const inputs = parts.map((part, position) => {
    if (at(operands, position) === 'kernel') return kernelOf(operators, part, group, groups)
    const [batch = 0, rows = 0, columns = 0] = at(call.inputs, position).shape
    const [, pixels = 0, channels = 0] = part.shape
    const own = operators.slice(part, [group, 0, 0], [1, pixels, channels])
    return operators.reshape(own, [batch, rows, columns, channels])
  })
  const outputs = node.outputs.map((type) => {
    const axis = result === 'images' ? 3 : 0
    return { ...type, shape: type.shape.map((size, other) => (other === axis ? size / groups : size)) }
  })
  return {
    ...call,
    node: { ...node, attributes: { ...node.attributes, groups: 1 }, outputs },
    inputs,
    arranged: (position, arrangement, make) =>
      at(operands, position) === 'images'
        ? make(at(inputs, position))
        : call.arranged(position, `group ${group}: ${arrangement}`, (whole) =>
            make(kernelOf(operators, whole, group, groups)),
          ),
  }
}
