// Where a value that is a bfloat16 number by the graph, and held as float32 by an engine, must still be
// rounded.
import type { Node } from '../../compiler/graph/graph.js'
import { hasTrait } from '../../compiler/graph/operations/index.js'

/** Whether the first output of this node is to be bfloat16 and may not be such a number yet. */
export const needsRounding = (node: Node): boolean =>
  node.outputs[0]?.dtype === 'bfloat16' && !hasTrait(node, 'exact in bfloat16')
