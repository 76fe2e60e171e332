// Graph -> ONNX model: forms are assigned, fusions found, and the nodes written in an order that keeps little
// alive.
import type { Graph } from '../../../../compiler/graph/graph.js'
import { schedule } from '../../schedule.js'
import { heldAs, roundResult } from './bfloat16.js'
import { anyBatch, emit, isAbsorbed, stateOutput } from './emitters.js'
import { assignForms } from './forms.js'
import { findFusions } from './fusion.js'
import type { FrozenModel } from './lowering.js'
import { Lowering } from './lowering.js'

export interface OnnxModel {
  readonly bytes: Uint8Array
  readonly nodeCount: number
  /** State variables that the model reads. */
  readonly reads: readonly string[]
  /** Positions in the graph by the names of the ONNX nodes that were written for them. */
  readonly origins: ReadonlyMap<string, number>
}

/**
 * Writes one entry as an ONNX model. Its inputs are the entry's and `state:<variable>`, its outputs the
 * entry's and `new:<variable>`. Variables in `inKernelForm` come in and go out in blocks of `block` channels.
 * A `frozen` model has its variables in it; its graph must be written for a batch of 1 and have no node that
 * depends on that.
 */
export function lowerGraph(
  graph: Graph,
  block: number,
  inKernelForm: ReadonlySet<string>,
  frozen?: FrozenModel,
): OnnxModel {
  const forms = assignForms(graph, block, inKernelForm)
  const lowering = new Lowering(graph, block, forms, findFusions(graph, forms), frozen)
  const { model } = lowering
  for (const position of schedule(graph)) {
    const node = graph.nodes[position]
    if (node === undefined || isAbsorbed(lowering, { node: position, output: 0 })) continue
    model.writeFor(position)
    emit(lowering, node, position)
    roundResult(lowering, node, position)
  }
  for (const { name, value } of graph.outputs) {
    const { dtype, shape } = lowering.type(value)
    model.writeFor(value.node)
    model.output(name, lowering.plain(value), heldAs(dtype), frozen === undefined ? shape : anyBatch(shape))
  }
  for (const { variable, value } of graph.updates) {
    const { dtype, shape } = lowering.type(value)
    model.writeFor(value.node)
    const form = inKernelForm.has(variable) ? 'kernel' : 'plain'
    model.output(stateOutput(variable), lowering.get(value, form), heldAs(dtype), shape)
  }
  const reads = new Set(graph.nodes.flatMap((node) => (node.op === 'state' ? [node.attributes.name] : [])))
  const { nodeCount, origins } = model
  return { bytes: model.encode(frozen?.metadata), nodeCount, reads: [...reads], origins }
}
