// When each value of a graph is needed for the last time, for engines that walk it node by node.
import type { Graph } from '../../compiler/graph/graph.js'

/** A graph in the order of its walk. */
export interface PreparedGraph {
  readonly graph: Graph
  readonly steps: readonly WalkStep[]
}

export interface WalkStep {
  /** Which node is computed, by its position in the graph. */
  readonly position: number
  /** Nodes whose outputs nothing reads after this one; results of the graph are never among them. */
  readonly expiring: readonly number[]
}

/**
 * The walk in the given order, in which every node stands after its inputs; the graph's own where none is
 * given.
 */
export function prepare(
  graph: Graph,
  order: readonly number[] = graph.nodes.map((_, position) => position),
): PreparedGraph {
  const lastUse = new Map<number, number>()
  order.forEach((position, turn) => {
    lastUse.set(position, turn)
    for (const input of graph.nodes[position]?.inputs ?? []) lastUse.set(input.node, turn)
  })
  for (const { value } of [...graph.outputs, ...graph.updates]) lastUse.delete(value.node)
  const expiring: number[][] = order.map(() => [])
  for (const [position, turn] of lastUse) expiring[turn]?.push(position)
  return { graph, steps: order.map((position, turn) => ({ position, expiring: expiring[turn] ?? [] })) }
}
