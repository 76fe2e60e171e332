// Which nodes are written as a part of the node that reads them: the blocked convolution adds another image
// and applies a ReLU in the same pass over memory, so normalization + shortcut + ReLU and the sum of two
// gradients cost one pass less.
import type { Graph, Node, Value } from '../../../../compiler/graph/graph.js'
import { sameShape } from '../../../../compiler/graph/operations/shapes.js'
import type { Form } from './forms.js'

export interface Fusion {
  /** The node that is written here instead of at its own place. */
  readonly absorbed: number
  /** What is added to its result. */
  readonly sum: Value | undefined
  readonly relu: boolean
}

export interface Fusions {
  /** By position of the node that absorbs. */
  readonly at: ReadonlyMap<number, Fusion>
  /** Nodes whose first output is never written by itself, in any of the fusions. */
  readonly absorbed: ReadonlySet<number>
}

const isNormalization = ({ op }: Node): boolean =>
  op === 'batch_normalization' || op === 'batch_normalization_inference'

export function findFusions(graph: Graph, forms: readonly (readonly Form[])[]): Fusions {
  const { nodes } = graph
  const uses = new Map<string, number>()
  const count = ({ node, output }: Value): void => {
    uses.set(`${node}.${output}`, (uses.get(`${node}.${output}`) ?? 0) + 1)
  }
  for (const node of nodes) node.inputs.forEach(count)
  for (const { value } of [...graph.outputs, ...graph.updates]) count(value)

  const at = new Map<number, Fusion>()
  const absorbed = new Set<number>()
  const isBlocked = (value: Value): boolean => forms[value.node]?.[value.output] === 'blocked'
  /** The node behind a value, if nothing else reads the value and it can take a part of another's work. */
  const sole = (value: Value | undefined): Node | undefined => {
    if (value === undefined || value.output !== 0 || !isBlocked(value) || absorbed.has(value.node))
      return undefined
    return uses.get(`${value.node}.0`) === 1 ? nodes[value.node] : undefined
  }
  const take = (position: number, fusion: Fusion): void => {
    at.set(position, fusion)
    absorbed.add(fusion.absorbed)
  }

  nodes.forEach((node, position) => {
    if (node.op !== 'relu' || !isBlocked({ node: position, output: 0 })) return
    const [input] = node.inputs
    const producer = sole(input)
    if (input === undefined || producer === undefined) return
    if (isNormalization(producer)) {
      take(position, { absorbed: input.node, sum: undefined, relu: true })
      return
    }
    if (producer.op !== 'add') return
    const split =
      splitSum(producer, sole, ({ op }) => op === 'shortcut_pad') ?? splitSum(producer, sole, isNormalization)
    if (split === undefined) return
    absorbed.add(input.node)
    take(position, { ...split, relu: true })
  })

  nodes.forEach((node, position) => {
    if (node.op !== 'add' || absorbed.has(position) || !isBlocked({ node: position, output: 0 })) return
    const gradient = splitSum(node, sole, ({ op }) => op === 'conv2d_input_gradient')
    if (gradient !== undefined && sumsWhole(nodes, gradient, sole)) {
      if (strideOf(nodes[gradient.absorbed]) === 2) absorbed.add(gradient.sum.node)
      take(position, { ...gradient, relu: false })
      return
    }
    const normalization = splitSum(node, sole, isNormalization)
    if (normalization !== undefined) take(position, { ...normalization, relu: false })
  })
  return { at, absorbed }
}

/** An addition of two images of one shape as [the node that takes the other in, the other]. */
function splitSum(
  node: Node,
  sole: (value: Value | undefined) => Node | undefined,
  takes: (producer: Node) => boolean,
): { readonly absorbed: number; readonly sum: Value } | undefined {
  const [left, right] = node.inputs
  if (left === undefined || right === undefined) return undefined
  const shape = node.outputs[0]?.shape ?? []
  for (const [candidate, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const producer = sole(candidate)
    const whole = producer !== undefined && sameShape(producer.outputs[0]?.shape ?? [], shape)
    if (producer !== undefined && whole && takes(producer) && candidate.node !== other.node) {
      return { absorbed: candidate.node, sum: other }
    }
  }
  return undefined
}

const strideOf = (node: Node | undefined): number =>
  node?.op === 'conv2d_input_gradient' || node?.op === 'shortcut_pad_gradient' ? node.attributes.stride : 1

/**
 * Whether an input gradient can take the sum in: with stride 1 always; with stride 2 only the gradient of a
 * shortcut of the same stride, which is zero but for the even pixels and so joins the even phase alone.
 */
function sumsWhole(
  nodes: readonly Node[],
  { absorbed, sum }: { readonly absorbed: number; readonly sum: Value },
  sole: (value: Value | undefined) => Node | undefined,
): boolean {
  const stride = strideOf(nodes[absorbed])
  if (stride === 1) return true
  const shortcut = sole(sum)
  return shortcut?.op === 'shortcut_pad_gradient' && strideOf(shortcut) === stride
}
