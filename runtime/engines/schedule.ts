// The order in which an engine takes a graph's nodes, chosen so that little is alive at once: whatever leads
// to the first update comes first, which takes the forward passes one by one through their own backward pass;
// and what only leads to updates (gradients of weights, their sums, the updates) is done as soon as it can
// be, so that the activations and gradients it reads need not wait for it.
import type { Graph } from '../../compiler/graph/graph.js'
import { hasTrait } from '../../compiler/graph/operations/index.js'

/** Positions of all nodes, every one after its inputs. */
export function schedule(graph: Graph): readonly number[] {
  const { nodes, outputs, updates } = graph
  const consumers: number[][] = nodes.map(() => [])
  const waiting = nodes.map(() => 0)
  nodes.forEach((node, position) => {
    const sources = new Set(node.inputs.map((input) => input.node))
    waiting[position] = sources.size
    for (const source of sources) consumers[source]?.push(position)
  })
  const heavy = nodes.map((node) => hasTrait(node, 'heavy'))
  const bookkeeping = nodes.map(() => false)
  for (let position = nodes.length - 1; position >= 0; position--) {
    const readers = consumers[position] ?? []
    bookkeeping[position] = readers.every((reader) => bookkeeping[reader] && !heavy[reader])
  }

  const order: number[] = []
  const done = nodes.map(() => false)
  const finish = (first: number): void => {
    const ready = [first]
    for (let position = ready.pop(); position !== undefined; position = ready.pop()) {
      if (done[position]) continue
      done[position] = true
      order.push(position)
      for (const reader of consumers[position] ?? []) {
        const left = (waiting[reader] ?? 0) - 1
        waiting[reader] = left
        if (left === 0 && bookkeeping[reader] && !heavy[reader]) ready.push(reader)
      }
    }
  }

  // Depth first without recursion: a deep network has long chains.
  // Updates come first, in their own order, for it is they that need the backward passes.
  const stack = [...updates, ...outputs].map(({ value }) => value.node).reverse()
  while (stack.length > 0) {
    const position = stack[stack.length - 1] as number
    const missing = done[position] ? undefined : nodes[position]?.inputs.find((input) => !done[input.node])
    if (missing !== undefined) {
      stack.push(missing.node)
      continue
    }
    stack.pop()
    if (!done[position]) finish(position)
  }
  return order
}
