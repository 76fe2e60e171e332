// Runs one entry graph, node by node, giving back memory after the last use of each value.
import { roundToBfloat16 } from '../../../compiler/graph/bfloat16.js'
import type { Node, TensorType, Value } from '../../../compiler/graph/graph.js'
import { elementCount } from '../../../compiler/graph/operations/operation.js'
import type { PreparedGraph } from '../liveness.js'
import { compute } from './kernels/index.js'
import type { Numbers } from './kernels/kernel.js'
import { allocate } from './kernels/kernel.js'

/**
 * The one place that makes bfloat16 out of what kernels computed. Inputs and state are never of this type.
 */
function round(node: Node, outputs: readonly Numbers[]): void {
  node.outputs.forEach(({ dtype }, output) => {
    const values = outputs[output]
    if (dtype !== 'bfloat16' || values === undefined) return
    if (values instanceof Float64Array) roundToBfloat16(values)
  })
}

export interface WalkResult {
  readonly type: (value: Value) => TensorType
  readonly data: (value: Value) => Numbers
}

/**
 * Computes every node. `feed` and `state` give the values of inputs and variables by name; they are not
 * written to.
 */
export function walk(
  prepared: PreparedGraph,
  feed: (name: string) => Numbers,
  state: (name: string) => Numbers,
): WalkResult {
  const { graph, steps } = prepared
  const values: (readonly Numbers[] | undefined)[] = new Array(graph.nodes.length).fill(undefined)
  const type = (value: Value): TensorType => {
    const found = graph.nodes[value.node]?.outputs[value.output]
    if (found === undefined) throw new Error(`no value ${value.node}:${value.output}`)
    return found
  }
  const data = (value: Value): Numbers => {
    const found = values[value.node]?.[value.output]
    if (found === undefined) throw new Error(`value ${value.node}:${value.output} is not there`)
    return found
  }

  for (const { position, expiring } of steps) {
    const node = graph.nodes[position]
    if (node === undefined) throw new Error(`the graph has no node ${position}`)
    const make = (): readonly Numbers[] =>
      node.outputs.map((output) => allocate(output.dtype, elementCount(output.shape)))
    switch (node.op) {
      case 'input':
        values[position] = [feed(node.attributes.name)]
        break
      case 'state':
        values[position] = [state(node.attributes.name)]
        break
      case 'constant': {
        const outputs = make()
        const list = node.attributes.values
        for (const output of outputs) {
          if (list.length === 1) output.fill(list[0] ?? 0)
          else output.set(list)
        }
        values[position] = outputs
        break
      }
      default: {
        const outputs = make()
        compute({ node, inputs: node.inputs.map(data), types: node.inputs.map(type), outputs })
        values[position] = outputs
      }
    }
    round(node, values[position] ?? [])
    for (const expired of expiring) values[expired] = undefined
  }
  return { type, data }
}
