// bfloat16 on a processor provider that computes nothing in it: such values are held as float32 and rounded
// where they are made, so that every product sees the operands that hardware of bfloat16 would see. Slower
// than float32, never faster.
import type { DType, Node } from '../../../../compiler/graph/graph.js'
import { needsRounding } from '../../exact-bfloat16.js'
import type { ElementType } from '../protobuf.js'
import { elementTypes } from '../protobuf.js'
import type { Lowering } from './lowering.js'

/** The type that a value of the graph has in the model. */
export const heldAs = (dtype: DType): Exclude<ElementType, 'bfloat16'> =>
  dtype === 'bfloat16' ? 'float32' : dtype

/** Rounds to bfloat16 and back; the runtime keeps this pair, since it changes numbers. */
export const rounded = ({ model }: Lowering, name: string): string =>
  model.node('Cast', [model.node('Cast', [name], { to: elementTypes.bfloat16 })], {
    to: elementTypes.float32,
  })

/** Rounds what a node has just been written to give, where the graph says bfloat16 and it may not be that. */
export function roundResult(lowering: Lowering, node: Node, position: number): void {
  const result = { node: position, output: 0 }
  if (node.outputs[0]?.dtype !== 'bfloat16' || lowering.fusions.absorbed.has(position)) return
  // A cast rounds by itself.
  const isExact = node.op === 'cast' || !needsRounding(node)
  // What takes in another node's work gives that node's numbers, and they are rounded once, at the end.
  if (isExact && !lowering.fusions.at.has(position)) return
  lowering.define(result, rounded(lowering, lowering.get(result, lowering.form(result))))
}
