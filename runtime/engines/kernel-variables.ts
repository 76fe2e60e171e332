// Variables that are kernels of convolutions, which native engines keep in an order of their own.
import type { Graph, Node, Program, Value } from '../../compiler/graph/graph.js'

/**
 * Names of the variables that convolutions read as kernels of a fitting shape [out, in, rows, columns], and
 * of what the optimizer keeps beside them in the same shape.
 */
export function kernelVariables(
  program: Program,
  fits: (shape: readonly number[]) => boolean = () => true,
): ReadonlySet<string> {
  const kernels = new Set<string>()
  for (const graph of Object.values(program.entries)) {
    for (const node of graph.nodes) {
      if (node.op !== 'conv2d') continue
      const source = sourceOf(graph, node.inputs[1])
      if (source?.op === 'state' && fits(source.outputs[0]?.shape ?? [])) kernels.add(source.attributes.name)
    }
  }
  const beside = program.variables.filter(
    ({ name, role, type }) =>
      role === 'optimizer' && type.shape.length === 4 && kernels.has(name.slice(0, name.lastIndexOf('.'))),
  )
  return new Set([...kernels, ...beside.map(({ name }) => name)])
}

/** The node behind a value, past the casts between it and its readers. */
export function sourceOf(graph: Graph, value: Value | undefined): Node | undefined {
  const node = value === undefined ? undefined : graph.nodes[value.node]
  return node?.op === 'cast' ? sourceOf(graph, node.inputs[0]) : node
}
