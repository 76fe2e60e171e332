// Which part of the step a node of its graph belongs to. The graph does not say; where a node leads to does.
import type { Graph, Program } from '../../../compiler/graph/graph.js'
import type { Place } from '../../../compiler/plan/plan.js'

export type Part = 'forward' | 'gradient' | 'update'

export const parts: readonly Part[] = ['forward', 'gradient', 'update']

/**
 * The part of each node, by its position. Forward: what an output or a running statistic needs. Update: of
 * the others, what the train block stands for (`train`: its place). The rest is there for the gradients.
 */
export function partsOf(
  graph: Graph,
  variables: Program['variables'],
  train: Place | undefined,
): readonly Part[] {
  const statistics = new Set(
    variables.filter(({ role }) => role === 'statistic').map((variable) => variable.name),
  )
  const needed = graph.nodes.map(() => false)
  const wanted = [...graph.outputs, ...graph.updates.filter(({ variable }) => statistics.has(variable))]
  for (const { value } of wanted) needed[value.node] = true
  for (let position = graph.nodes.length - 1; position >= 0; position--) {
    if (needed[position] !== true) continue
    for (const input of graph.nodes[position]?.inputs ?? []) needed[input.node] = true
  }
  return graph.nodes.map(({ at }, position) => {
    if (needed[position] === true) return 'forward'
    const isUpdate = at?.file === train?.file && at?.start === train?.start
    return isUpdate ? 'update' : 'gradient'
  })
}
