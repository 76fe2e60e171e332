// Reverse-mode differentiation of a graph under construction: the gradient nodes are appended to the same
// graph, by the rules that stand beside each operation. No tape, no engine: what comes out is an ordinary
// graph.
import type { Builder, Tensor } from './builder.js'
import type { Node } from './graph.js'
import { add } from './operations/arithmetic.js'
import type { OperationName } from './operations/index.js'
import { operations } from './operations/index.js'
import { GraphBug } from './operations/operation.js'
import { constant } from './operations/sources.js'

/**
 * Gradients of a scalar with respect to some tensors, in their order; undefined where it does not depend on
 * them. Where a value is used several times its gradients are summed by two-input additions in a fixed order
 * (from the last use to the first), so that sums are the same on every run of every engine.
 */
export function differentiate(
  objective: Tensor,
  variables: readonly Tensor[],
): readonly (Tensor | undefined)[] {
  const { builder } = objective
  if (objective.type.dtype !== 'float32' || objective.type.shape.length !== 0) {
    throw new GraphBug(
      `only a float32 scalar can be differentiated, not a value of shape [${objective.type.shape.join(', ')}]`,
    )
  }
  const reached = dependents(builder, variables, objective.node)
  const gradients = new Map<string, Tensor>()
  const place = builder.at
  gradients.set(keyOf(objective), constant(builder, 1))

  for (let position = objective.node; position >= 0; position--) {
    const node = builder.nodes[position]
    if (node === undefined || !reached.has(position)) continue
    const arrived = node.outputs.map((_, output) => gradients.get(keyOf({ node: position, output })))
    const [gradient, ...others] = arrived
    if (arrived.every((value) => value === undefined)) continue
    if (operations[node.op].gradient === 'stops') continue
    if (gradient === undefined || others.some((value) => value !== undefined)) {
      throw new GraphBug(`a gradient reached a secondary output of ${node.op}`)
    }
    builder.at = node.at
    const inputs = node.inputs.map((value) => builder.tensor(value))
    const rules = gradientsOf(node, inputs, gradient, (output) => builder.tensor({ node: position, output }))
    inputs.forEach((input, index) => {
      const rule = rules[index]
      if (rule === undefined || !reached.has(input.node)) return
      const contribution = rule()
      const sum = gradients.get(keyOf(input))
      gradients.set(keyOf(input), sum === undefined ? contribution : add(sum, contribution))
    })
  }
  builder.at = place
  return variables.map((variable) => gradients.get(keyOf(variable)))
}

/** What a node's rule says of each of its inputs. */
function gradientsOf<Name extends OperationName>(
  node: Node<Name>,
  inputs: readonly Tensor[],
  gradient: Tensor,
  output: (position: number) => Tensor,
): readonly ((() => Tensor) | undefined)[] {
  const rule = operations[node.op].gradient
  if (rule === 'stops') return []
  if (rule === 'not differentiated') throw new GraphBug(`${node.op} has no gradient`)
  return rule({
    gradient,
    attributes: node.attributes,
    inputCount: inputs.length,
    input(position) {
      const tensor = inputs[position]
      if (tensor === undefined) throw new GraphBug(`${node.op} has no input ${position}`)
      return tensor
    },
    output,
  })
}

const keyOf = (value: { readonly node: number; readonly output: number }): string =>
  `${value.node}:${value.output}`

/**
 * Nodes up to `last` through which a variable flows towards the objective, not looking past operations that
 * stop gradients.
 */
function dependents(builder: Builder, variables: readonly Tensor[], last: number): ReadonlySet<number> {
  const reached = new Set(variables.map((variable) => variable.node))
  for (let position = 0; position <= last; position++) {
    const node = builder.nodes[position]
    if (node === undefined || operations[node.op].gradient === 'stops') continue
    if (node.inputs.some((input) => reached.has(input.node))) reached.add(position)
  }
  return reached
}
