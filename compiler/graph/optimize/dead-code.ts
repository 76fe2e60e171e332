// Leaves out what no output and no state update needs: the backward part of heads that no loss reads, inputs
// that nothing uses. Nodes keep their order.
import type { Graph, Node, Value } from '../graph.js'

export function removeDeadCode(graph: Graph): Graph {
  const needed = new Set<number>()
  for (const { value } of [...graph.outputs, ...graph.updates]) needed.add(value.node)
  for (let position = graph.nodes.length - 1; position >= 0; position--) {
    if (!needed.has(position)) continue
    for (const input of graph.nodes[position]?.inputs ?? []) needed.add(input.node)
  }

  const moved = new Map<number, number>()
  const place = (value: Value): Value => ({ node: moved.get(value.node) ?? -1, output: value.output })
  const nodes: Node[] = []
  graph.nodes.forEach((node, position) => {
    if (!needed.has(position)) return
    moved.set(position, nodes.length)
    nodes.push({ ...node, inputs: node.inputs.map(place) })
  })
  const fed = new Set(nodes.flatMap((node) => (node.op === 'input' ? [node.attributes.name] : [])))
  return {
    nodes,
    inputs: graph.inputs.filter((input) => fed.has(input.name)),
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: place(value) })),
    updates: graph.updates.map(({ variable, value }) => ({ variable, value: place(value) })),
  }
}
