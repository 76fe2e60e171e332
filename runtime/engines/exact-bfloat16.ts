// Where a value that is a bfloat16 number by the graph, and held as float32 by an engine, must still be rounded.
import type { Node } from '../../compiler/graph/graph.js'

/** What these give is a bfloat16 number if their operands are. */
const exact: ReadonlySet<string> = new Set([
  'constant',
  'relu',
  'relu_gradient',
  'stop_gradient',
  'select',
  'reshape',
  'transpose',
  'broadcast',
  'pad',
  'slice',
  'concat',
  'gather',
  'max_pool',
  'shortcut_pad',
  'shortcut_pad_gradient',
])

/** Whether the first output of this node is to be bfloat16 and may not be such a number yet. */
export const needsRounding = (node: Node): boolean =>
  node.outputs[0]?.dtype === 'bfloat16' && !exact.has(node.op)
