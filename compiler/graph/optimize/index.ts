// The passes over a traced graph, until nothing changes any more.
import type { Graph } from '../graph.js'
import { removeDeadCode } from './dead-code.js'
import { foldConstants } from './fold.js'
import { rewrite } from './rewrite.js'
import { simplifications } from './simplify.js'

/**
 * Rules feed each other, but never for long; a bound keeps a pair of rules that undo each other from going on
 * for ever.
 */
const mostRounds = 8

/**
 * The same numbers with fewer nodes: dead code, constants, common subexpressions, algebra. Order stays
 * deterministic.
 */
export function optimize(graph: Graph): Graph {
  let current = removeDeadCode(graph)
  for (let round = 0; round < mostRounds; round++) {
    const next = removeDeadCode(rewrite(current, [foldConstants, ...simplifications]))
    const settled = next.nodes.length === current.nodes.length && sameOperations(next, current)
    current = next
    if (settled) break
  }
  return current
}

function sameOperations(first: Graph, second: Graph): boolean {
  return first.nodes.every((node, position) => {
    const other = second.nodes[position]
    return (
      node.op === other?.op &&
      node.inputs.every(
        (input, index) =>
          input.node === other.inputs[index]?.node && input.output === other.inputs[index]?.output,
      )
    )
  })
}
