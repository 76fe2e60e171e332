// In which form each value of a graph lies in memory. `plain` is row-major as the graph says; `kernel` are kernels of
// convolutions, [o, i, rows, columns] by the graph, that lie as [rows, columns, i, o], which TensorFlow wants. They keep
// that form through the sums and updates of the optimizer, which treat every element alike.
import type { Graph, Node, Program, Value } from '../../../../compiler/graph/graph.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../../compiler/graph/operations/shapes.js'

export type Form = 'plain' | 'kernel'

/** Axes of a kernel on the way to TensorFlow, and back. */
export const toKernel: readonly number[] = [2, 3, 1, 0]
export const toPlain: readonly number[] = [3, 2, 0, 1]

/** Operations that treat every element alike, whatever lies beside it. */
const elementwise: ReadonlySet<string> = new Set([
  'add',
  'subtract',
  'multiply',
  'divide',
  'maximum',
  'minimum',
  'negate',
  'power',
  'sqrt',
  'cast',
  'stop_gradient',
])

const shapeAt = (graph: Graph, value: Value): readonly number[] =>
  graph.nodes[value.node]?.outputs[value.output]?.shape ?? []

/** Variables kept as kernels in the session: those that a convolution reads, and what the optimizer keeps beside them. */
export function kernelVariables(program: Program): ReadonlySet<string> {
  const kernels = new Set<string>()
  for (const graph of Object.values(program.entries)) {
    for (const node of graph.nodes) {
      if (node.op !== 'conv2d') continue
      const name = stateBehind(graph, node.inputs[1])
      if (name !== undefined) kernels.add(name)
    }
  }
  const beside = program.variables.filter(
    ({ name, role, type }) =>
      role === 'optimizer' && type.shape.length === 4 && kernels.has(name.slice(0, name.lastIndexOf('.'))),
  )
  return new Set([...kernels, ...beside.map(({ name }) => name)])
}

/** The variable that a value is, or is a cast of. */
function stateBehind(graph: Graph, value: Value | undefined): string | undefined {
  const node = value === undefined ? undefined : graph.nodes[value.node]
  if (node?.op === 'cast') return stateBehind(graph, node.inputs[0])
  return node?.op === 'state' ? String(node.attributes.name) : undefined
}

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
  if (node.op === 'state') return inKernelForm.has(String(node.attributes.name)) ? 'kernel' : 'plain'
  if (node.op === 'conv2d_weight_gradient') return 'kernel'
  if (!elementwise.has(node.op)) return 'plain'
  const shape = node.outputs[0]?.shape ?? []
  const isKernel = (value: Value): boolean => value.output === 0 && forms[value.node] === 'kernel'
  const fits = node.inputs.every(
    (input) => sameShape(shapeAt(graph, input), shape) || elementCount(shapeAt(graph, input)) === 1,
  )
  return fits && node.inputs.some(isKernel) ? 'kernel' : 'plain'
}
