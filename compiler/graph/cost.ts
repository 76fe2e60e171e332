// What a program costs: arithmetic, memory traffic, and the most memory its intermediate values hold at a
// time.
import type { Graph, Node, Program, TensorType, Value } from './graph.js'
import type { OperationName } from './operations/index.js'
import { hasTrait, operations } from './operations/index.js'
import { elementCount } from './operations/operation.js'
import { bytesOf } from './operations/shapes.js'

export interface EntryCost {
  readonly nodes: number
  /** Floating-point operations of one run; a multiply-add counts two. */
  readonly flops: number
  /** Bytes read and written by all operations, without fusion. */
  readonly bytes: number
  /**
   * Most bytes of intermediate values that are alive at once, when nodes run in order; without state and
   * constants.
   */
  readonly peakBytes: number
}

export interface ProgramCost {
  /** Trainable numbers. */
  readonly parameters: number
  /** Bytes of all state: weights, statistics, optimizer, memories. */
  readonly stateBytes: number
  readonly entries: Readonly<Record<string, EntryCost>>
}

export function programCost(program: Program): ProgramCost {
  let parameters = 0
  let stateBytes = 0
  for (const { role, type } of program.variables) {
    if (role === 'weight') parameters += elementCount(type.shape)
    stateBytes += bytesOf(type)
  }
  const entries = Object.entries(program.entries).map(([name, graph]) => [name, entryCost(graph)])
  return { parameters, stateBytes, entries: Object.fromEntries(entries) }
}

export function entryCost(graph: Graph): EntryCost {
  let flops = 0
  let bytes = 0
  for (const node of graph.nodes) {
    const cost = nodeCost(graph, node)
    flops += cost.flops
    bytes += cost.bytes
  }
  return { nodes: graph.nodes.length, flops, bytes, peakBytes: peakBytes(graph) }
}

/** Cost of one node of a graph, by the rules of its operation. */
export function nodeCost<Name extends OperationName>(
  graph: Graph,
  node: Node<Name>,
): { readonly flops: number; readonly bytes: number } {
  const operation = operations[node.op]
  const inputs = node.inputs.map((value) => typeOf(graph, value))
  const moved = (types: readonly TensorType[]): number => types.reduce((sum, type) => sum + bytesOf(type), 0)
  return {
    flops: operation.flops(inputs, node.outputs, node.attributes),
    bytes: operation.bytes?.(inputs, node.outputs) ?? moved(inputs) + moved(node.outputs),
  }
}

function typeOf(graph: Graph, value: Value): TensorType {
  const type = graph.nodes[value.node]?.outputs[value.output]
  if (type === undefined) throw new Error(`no value ${value.node}:${value.output}`)
  return type
}

/**
 * Walks the nodes in order; a value lives from its node to its last reader, outputs and updates to the end.
 */
function peakBytes(graph: Graph): number {
  const owner = graph.nodes.map((_, position) => position)
  graph.nodes.forEach((node, position) => {
    const [source] = node.inputs
    if (hasTrait(node, 'aliases') && source !== undefined) owner[position] = owner[source.node] ?? position
  })
  const lastUse = graph.nodes.map((_, position) => position)
  const use = (value: Value, position: number): void => {
    const memory = owner[value.node] ?? value.node
    lastUse[memory] = Math.max(lastUse[memory] ?? 0, position)
  }
  graph.nodes.forEach((node, position) => {
    for (const value of node.inputs) use(value, position)
  })
  for (const { value } of [...graph.outputs, ...graph.updates]) use(value, graph.nodes.length)

  const freed = new Map<number, number>()
  let live = 0
  let peak = 0
  graph.nodes.forEach((node, position) => {
    if (owner[position] === position && !hasTrait(node, 'held')) {
      const size = node.outputs.reduce((sum, type) => sum + bytesOf(type), 0)
      live += size
      const last = lastUse[position] ?? position
      freed.set(last, (freed.get(last) ?? 0) + size)
    }
    peak = Math.max(peak, live)
    live -= freed.get(position) ?? 0
  })
  return peak
}
