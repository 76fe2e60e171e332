// In which form each value of a graph lies in memory. `plain` is row-major as the graph says; `kernel` are
// kernels of convolutions, [o, i, rows, columns] by the graph, that lie as [rows, columns, i, o], which
// TensorFlow wants. They keep that form through the sums and updates of the optimizer, which treat every
// element alike.
import type { Graph, Node, Value } from '../../../../compiler/graph/graph.js'
import { hasTrait } from '../../../../compiler/graph/operations/index.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../../compiler/graph/operations/shapes.js'

export type Form = 'plain' | 'kernel'

/** Axes of a kernel on the way to TensorFlow, and back. */
export const toKernel: readonly number[] = [2, 3, 1, 0]
export const toPlain: readonly number[] = [3, 2, 0, 1]

/** The shape that a kernel [o, i, rows, columns] has in its form. */
export const kernelShape = (shape: readonly number[]): readonly number[] =>
  toKernel.map((axis) => shape[axis] ?? 1)

const shapeAt = (graph: Graph, value: Value): readonly number[] =>
  graph.nodes[value.node]?.outputs[value.output]?.shape ?? []

/** The form of the first output of every node; others are numbers a channel, and plain. */
export function assignForms(graph: Graph, inKernelForm: ReadonlySet<string>): readonly Form[] {
  const forms: Form[] = []
  for (const node of graph.nodes) forms.push(formOfNode(graph, node, inKernelForm, forms))
  return forms
}

function formOfNode(
  graph: Graph,
  node: Node,
  inKernelForm: ReadonlySet<string>,
  forms: readonly Form[],
): Form {
  if (node.op === 'state') return inKernelForm.has(node.attributes.name) ? 'kernel' : 'plain'
  if (node.op === 'conv2d_weight_gradient') return 'kernel'
  if (!hasTrait(node, 'elementwise')) return 'plain'
  const shape = node.outputs[0]?.shape ?? []
  const isKernel = (value: Value): boolean => value.output === 0 && forms[value.node] === 'kernel'
  const fits = node.inputs.every(
    (input) => sameShape(shapeAt(graph, input), shape) || elementCount(shapeAt(graph, input)) === 1,
  )
  return fits && node.inputs.some(isKernel) ? 'kernel' : 'plain'
}
