// Rebuilds a graph node by node, so that a pass can put something better in a node's place. Equal nodes
// become one on the way: common subexpressions.
import type { Tensor } from '../builder.js'
import { Builder } from '../builder.js'
import type { Graph, Node, Value } from '../graph.js'
import type { OperationAttributes, OperationName, OperationOf } from '../operations/index.js'

/**
 * Looks at a node whose inputs are already in the new graph, and gives what to use instead of its (only)
 * output, or undefined to keep it. What a rule builds itself is not looked at again.
 */
export type Rule = (node: Node, inputs: readonly Tensor[], builder: Builder) => Tensor | undefined

/** One run of the rules over all nodes in order; the first rule that answers wins. */
export function rewrite(graph: Graph, rules: readonly Rule[]): Graph {
  const builder = new SharingBuilder()
  /** What is used instead of each node's outputs, by the node's position. */
  const values: (readonly Tensor[])[] = []
  const renewed = (value: Value): Tensor => {
    const tensor = values[value.node]?.[value.output]
    if (tensor === undefined) throw new Error(`value ${value.node}:${value.output} is used before its node`)
    return tensor
  }
  for (const input of graph.inputs) builder.registerInput(input.name, input.type)
  for (const node of graph.nodes) {
    builder.at = node.at
    const inputs = node.inputs.map(renewed)
    let replacement: Tensor | undefined
    for (const rule of rules) {
      replacement = rule(node, inputs, builder)
      if (replacement !== undefined) break
    }
    values.push(replacement === undefined ? builder.again(node, inputs) : [replacement])
  }
  for (const { name, value } of graph.outputs) builder.output(name, renewed(value))
  for (const { variable, value } of graph.updates) builder.update(variable, renewed(value))
  return builder.finish()
}

/**
 * Gives the earlier node where one with the same operation, inputs and attributes is there already.
 * Operations have no side effects, so this never changes a number: two passes over one batch still update the
 * running statistics twice, because the second update starts from the first.
 */
class SharingBuilder extends Builder {
  private readonly known = new Map<string, readonly Tensor[]>()

  override apply<Name extends OperationName>(
    operation: OperationOf<Name>,
    inputs: readonly Tensor[],
    attributes: OperationAttributes[Name],
  ): readonly Tensor[] {
    const operands = inputs.map((input) => `${input.node}:${input.output}`).join()
    const key = `${operation.name}(${operands}) ${describe(attributes)}`
    const earlier = this.known.get(key)
    if (earlier !== undefined) return earlier
    const outputs = super.apply(operation, inputs, attributes)
    this.known.set(key, outputs)
    return outputs
  }
}

/** Attributes are never changed, and handed from round to round: each is written out once. */
const described = new WeakMap<object, string>()

/** Attributes in one order, with the numbers told apart that JSON does not: -0, infinities. */
function describe(attributes: object): string {
  const known = described.get(attributes)
  if (known !== undefined) return known
  const text = writtenOut(attributes)
  described.set(attributes, text)
  return text
}

function writtenOut(attributes: object): string {
  const entries = Object.entries(attributes).sort(([first], [second]) => (first < second ? -1 : 1))
  return JSON.stringify(entries, (_key, value: unknown) => {
    if (Object.is(value, -0)) return '-0'
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
  })
}
