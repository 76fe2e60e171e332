// In which form each value of a graph lies in memory. `plain` is row-major as the graph says. `blocked` are
// images [n, c, h, w] stored as [n, c/b, h, w, b], and `kernel` kernels [o, i, rows, columns] stored as [o/b,
// i/b, rows, columns, b of i, b of o], which onnxruntime's blocked convolutions want. Both keep their nominal
// shape, so that operations on single elements do not notice.
import type { Graph, Node, Program, TensorType, Value } from '../../../../compiler/graph/graph.js'
import { hasTrait } from '../../../../compiler/graph/operations/index.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { isFloat, sameShape } from '../../../../compiler/graph/operations/shapes.js'
import { kernelVariables } from '../../kernel-variables.js'
import { widened } from './grouped.js'
import { inputGradientPhases } from './phases.js'

export type Form = 'plain' | 'blocked' | 'kernel'

const shapeAt = (graph: Graph, value: Value | undefined): readonly number[] =>
  value === undefined ? [] : (graph.nodes[value.node]?.outputs[value.output]?.shape ?? [])

/**
 * Whether a convolution of this kernel runs on blocked kernels: whole blocks out, whole blocks or a few
 * channels in; of groups, so many that fill whole blocks.
 */
export function isBlockedConvolution(kernel: readonly number[], groups: number, block: number): boolean {
  const [out = 0, into = 0] = kernel
  const few = groups === 1 && into < block && out % block === 0
  return block > 0 && (few || widened(kernel, groups, block) !== undefined)
}

const groupsOf = ({
  attributes: { groups = 1 },
}: Node<'conv2d' | 'conv2d_input_gradient' | 'conv2d_weight_gradient'>): number => groups

/** Whether a kernel itself lies in blocks. */
export function isBlockedKernel(kernel: readonly number[], block: number): boolean {
  const [out = 0, into = 0] = kernel
  return block > 0 && kernel.length === 4 && out % block === 0 && into % block === 0
}

/**
 * The size of block for a program: that of the machine, or 0 where some convolution does not come in whole
 * blocks. A narrow network would change between forms at every stage, and gains nothing.
 */
export function blockFor(program: Program, machineBlock: number): number {
  const whole = Object.values(program.entries).every((graph) =>
    graph.nodes.every(
      (node) =>
        node.op !== 'conv2d' ||
        isBlockedConvolution(shapeAt(graph, node.inputs[1]), groupsOf(node), machineBlock),
    ),
  )
  return whole ? machineBlock : 0
}

/**
 * Variables that the engine keeps in `kernel` form: kernels of blocked convolutions, and what the optimizer
 * keeps beside them.
 */
export const blockedVariables = (program: Program, block: number): ReadonlySet<string> =>
  kernelVariables(program, (shape) => isBlockedKernel(shape, block))

/** The form of every output of every node. */
export function assignForms(
  graph: Graph,
  block: number,
  inKernelForm: ReadonlySet<string>,
): readonly (readonly Form[])[] {
  const forms: Form[][] = []
  const formOf = (value: Value | undefined): Form =>
    value === undefined ? 'plain' : (forms[value.node]?.[value.output] ?? 'plain')
  for (const node of graph.nodes) {
    const form = block === 0 ? 'plain' : formOfNode(graph, node, block, inKernelForm, formOf)
    // Of several outputs only the first is an image; the others are numbers a channel.
    forms.push(node.outputs.map((_type, output) => (output === 0 ? form : 'plain')))
  }
  return forms
}

function formOfNode(
  graph: Graph,
  node: Node,
  block: number,
  inKernelForm: ReadonlySet<string>,
  formOf: (value: Value | undefined) => Form,
): Form {
  const [first, second] = node.inputs
  const shape = node.outputs[0]?.shape ?? []
  const wholeBlocks = shape.length === 4 && (shape[1] ?? 1) % block === 0
  switch (node.op) {
    case 'state':
      return inKernelForm.has(node.attributes.name) ? 'kernel' : 'plain'
    case 'conv2d':
      return isBlockedConvolution(shapeAt(graph, second), groupsOf(node), block) ? 'blocked' : 'plain'
    case 'conv2d_input_gradient': {
      const kernel = shapeAt(graph, second)
      const picture = node.attributes.inputShape
      const phases = inputGradientPhases(picture, kernel, node.attributes)
      const isWhole = widened(kernel, groupsOf(node), block) !== undefined
      return isWhole && phases !== undefined ? 'blocked' : 'plain'
    }
    case 'conv2d_weight_gradient':
      return formOf(second) === 'blocked' && widened(shape, groupsOf(node), block)?.together === 1
        ? 'kernel'
        : 'plain'
    case 'max_pool':
    case 'batch_normalization':
    case 'batch_normalization_inference':
      return formOf(first)
    case 'batch_normalization_gradient':
      return formOf(second)
    case 'shortcut_pad':
      return wholeBlocks && formOf(first) === 'blocked' ? 'blocked' : 'plain'
    case 'shortcut_pad_gradient': {
      const { stride } = node.attributes
      const even = shape.slice(2).every((size) => size % stride === 0)
      return wholeBlocks && even && stride <= 2 && formOf(first) === 'blocked' ? 'blocked' : 'plain'
    }
    case 'broadcast': {
      const from = shapeAt(graph, first)
      return wholeBlocks && sameShape(from, [shape[0] ?? 0, shape[1] ?? 0, 1, 1]) ? 'blocked' : 'plain'
    }
    default:
      return hasTrait(node, 'elementwise') ? formOfElementwise(graph, node, formOf) : 'plain'
  }
}

/**
 * The first form among operands of the full shape that is not plain, if all others are single numbers. The
 * runtime brings only floats from one form to another.
 */
function formOfElementwise(graph: Graph, node: Node, formOf: (value: Value | undefined) => Form): Form {
  const [{ shape, dtype } = { shape: [], dtype: 'bool' as const }] = node.outputs
  const full = node.inputs.filter((input) => sameShape(shapeAt(graph, input), shape))
  if (!isFloat(dtype) || !full.every((input) => isFloat(typeOf(graph, input).dtype))) return 'plain'
  const fits = node.inputs.every((input) => full.includes(input) || elementCount(shapeAt(graph, input)) === 1)
  return (fits ? full.map(formOf).find((form) => form !== 'plain') : undefined) ?? 'plain'
}

/** Type of a value. */
export function typeOf(graph: Graph, value: Value): TensorType {
  const type = graph.nodes[value.node]?.outputs[value.output]
  if (type === undefined) throw new Error(`the graph has no value ${value.node}.${value.output}`)
  return type
}
