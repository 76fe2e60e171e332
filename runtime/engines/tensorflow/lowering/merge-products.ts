// Products with one weight become one product. The passes of a step multiply different rows with the same
// weights, and a weight is much larger than the rows: read once for all of them, it takes about half the time
// (four products of [128, 2048] with [2048, 2048]: 43 ms, as one 27 ms). Sums of weight gradients likewise:
// the sum over passes becomes the inner sum of one product. Both change no number by more than rounding. It
// is this engine's choice, because all passes must have come as far before one goes on; an engine that saves
// memory takes them one by one.
import type { Tensor } from '../../../../compiler/graph/builder.js'
import { Builder } from '../../../../compiler/graph/builder.js'
import { entryCost, nodeCost } from '../../../../compiler/graph/cost.js'
import type { Graph, Node, Value } from '../../../../compiler/graph/graph.js'
import { concat, slice } from '../../../../compiler/graph/operations/arrangement.js'
import { matmul } from '../../../../compiler/graph/operations/product.js'
import { removeDeadCode } from '../../../../compiler/graph/optimize/dead-code.js'
import { sourceOf } from '../../kernel-variables.js'

/**
 * Share of a graph's arithmetic that its products must have for their rows to be merged. Since all passes
 * wait for each other there, their activations are alive at once; a network of convolutions would pay memory
 * for nothing.
 */
const worthMerging = 0.05

/** The same graph with fewer products. */
export function mergeProducts(graph: Graph): Graph {
  return removeDeadCode(mergeGradientSums(productShare(graph) < worthMerging ? graph : mergeRows(graph)))
}

function productShare(graph: Graph): number {
  let products = 0
  for (const node of graph.nodes) if (node.op === 'matmul') products += nodeCost(graph, node).flops
  return products / Math.max(1, entryCost(graph).flops)
}

/** Products of different rows with one weight: [n, in] each, one after the other in one product. */
function mergeRows(graph: Graph): Graph {
  const groups = mergeableGroups(graph)
  if (groups.length === 0) return graph
  const groupOf = new Map(groups.flatMap((members) => members.map((member) => [member, members] as const)))
  return rebuild(graph, orderWith(graph, groups) ?? [], (node, position, renewed) => {
    const members = groupOf.get(position)
    if (members === undefined || node.op !== 'matmul') return undefined
    // The whole group is written where its first member stands in the order, which is behind all that it
    // reads.
    const rows = members.map((member) => renewed(inputOf(graph.nodes[member], 0)))
    const product = matmul(concat(rows, 0), renewed(inputOf(node, 1)), {
      transposeRight: node.attributes.transposeRight,
    })
    const [, columns = 0] = product.type.shape
    let start = 0
    return new Map(
      members.map((member, index) => {
        const [count = 0] = rows[index]?.type.shape ?? []
        const part = slice(product, [start, 0], [count, columns])
        start += count
        return [member, part] as const
      }),
    )
  })
}

/** Products that read one weight in the same way and do not wait for each other. */
function mergeableGroups(graph: Graph): readonly (readonly number[])[] {
  const byWeight = new Map<string, number[]>()
  graph.nodes.forEach((node, position) => {
    if (node.op !== 'matmul' || node.attributes.transposeLeft) return
    const right = inputOf(node, 1)
    if (sourceOf(graph, right)?.op !== 'state') return
    const key = `${right.node}:${right.output} ${node.attributes.transposeRight}`
    byWeight.set(key, [...(byWeight.get(key) ?? []), position])
  })
  const accepted: (readonly number[])[] = []
  for (const members of byWeight.values()) {
    if (members.length > 1 && orderWith(graph, [...accepted, members]) !== undefined) accepted.push(members)
  }
  return accepted
}

/**
 * An order of the nodes in which every node stands behind its inputs, and every member of a group behind the
 * inputs of all members; undefined where there is none.
 */
function orderWith(graph: Graph, groups: readonly (readonly number[])[]): readonly number[] | undefined {
  const groupOf = new Map(groups.flatMap((members) => members.map((member) => [member, members] as const)))
  const order: number[] = []
  const state: ('waiting' | 'open' | 'done')[] = graph.nodes.map(() => 'waiting')
  const sourcesOf = (position: number): readonly number[] =>
    (groupOf.get(position) ?? [position]).flatMap((member) =>
      (graph.nodes[member]?.inputs ?? []).map((input) => input.node),
    )
  for (const start of graph.nodes.keys()) {
    // Depth first without recursion: a deep network has long chains.
    const stack: { readonly position: number; readonly sources: readonly number[]; next: number }[] = []
    const enter = (position: number): void => {
      for (const member of groupOf.get(position) ?? [position]) state[member] = 'open'
      stack.push({ position, sources: sourcesOf(position), next: 0 })
    }
    if (state[start] === 'waiting') enter(start)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const source = top.sources[top.next++]
      if (source === undefined) {
        stack.pop()
        for (const member of groupOf.get(top.position) ?? [top.position]) {
          state[member] = 'done'
          order.push(member)
        }
      } else if (state[source] === 'waiting') {
        enter(source)
      } else if (state[source] === 'open') {
        return undefined
      }
    }
  }
  return order
}

/** x1^T y1 + x2^T y2 = [x1; x2]^T [y1; y2]. */
function mergeGradientSums(graph: Graph): Graph {
  const uses = new Map<number, number>()
  const count = ({ node }: Value): void => void uses.set(node, (uses.get(node) ?? 0) + 1)
  for (const node of graph.nodes) node.inputs.forEach(count)
  for (const { value } of [...graph.outputs, ...graph.updates]) count(value)
  const isInnerProduct = (value: Value): boolean => {
    const node = graph.nodes[value.node]
    return node?.op === 'matmul' && node.attributes.transposeLeft && !node.attributes.transposeRight
  }
  /** The products that a sum adds up, if it adds nothing else and nobody else reads a part of it. */
  const summed = (value: Value, isRoot: boolean): readonly Value[] | undefined => {
    if (!isRoot && uses.get(value.node) !== 1) return undefined
    if (isInnerProduct(value)) return [value]
    const node = graph.nodes[value.node]
    if (node?.op !== 'add') return undefined
    const left = summed(inputOf(node, 0), false)
    const right = left === undefined ? undefined : summed(inputOf(node, 1), false)
    return left === undefined || right === undefined ? undefined : [...left, ...right]
  }
  const order = [...graph.nodes.keys()]
  return rebuild(graph, order, (node, position, renewed) => {
    const products = node.op === 'add' ? summed({ node: position, output: 0 }, true) : undefined
    if (products === undefined) return undefined
    const side = (place: number): Tensor =>
      concat(
        products.map((product) => renewed(inputOf(graph.nodes[product.node], place))),
        0,
      )
    return new Map([[position, matmul(side(0), side(1), { transposeLeft: true })]])
  })
}

/** What stands in the place of the first outputs of some nodes. */
type Replacement = ReadonlyMap<number, Tensor>

/** Writes a graph anew in an order, with other nodes in the place of some. */
function rebuild(
  graph: Graph,
  order: readonly number[],
  replace: (node: Node, position: number, renewed: (value: Value) => Tensor) => Replacement | undefined,
): Graph {
  const builder = new Builder()
  const values = new Map<string, Tensor>()
  const renewed = ({ node, output }: Value): Tensor => {
    const tensor = values.get(`${node}:${output}`)
    if (tensor === undefined) throw new Error(`value ${node}:${output} is used before its node`)
    return tensor
  }
  for (const { name, type } of graph.inputs) builder.registerInput(name, type)
  for (const position of order) {
    const node = graph.nodes[position]
    if (node === undefined || values.has(`${position}:0`)) continue
    builder.at = node.at
    const replacement = replace(node, position, renewed)
    if (replacement !== undefined) {
      for (const [member, tensor] of replacement) values.set(`${member}:0`, tensor)
      continue
    }
    builder.again(node, node.inputs.map(renewed)).forEach((tensor, output) => {
      values.set(`${position}:${output}`, tensor)
    })
  }
  for (const { name, value } of graph.outputs) builder.output(name, renewed(value))
  for (const { variable, value } of graph.updates) builder.update(variable, renewed(value))
  return builder.finish()
}

function inputOf(node: Node | undefined, position: number): Value {
  const value = node?.inputs[position]
  if (value === undefined) throw new Error(`${node?.op ?? 'no node'} has no input ${position}`)
  return value
}
