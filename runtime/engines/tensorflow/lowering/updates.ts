// New values of variables. Stochastic gradient descent with momentum, which by its formulas would pass five
// times over every weight, becomes TensorFlow's own operations that change weight and momentum in place.
import type { Graph, Node, Value } from '../../../../compiler/graph/graph.js'
import { sameShape } from '../../../../compiler/graph/operations/shapes.js'

/** v = momentum * v + gradient + decay * w; w -= rate * v. */
export interface MomentumUpdate {
  readonly weight: string
  readonly velocity: string
  readonly gradient: Value
  readonly rate: Value
  readonly momentum: number
  /** 0 where there is none. */
  readonly decay: number
  /** Nodes of the formulas: nothing else reads them, so they are not written. */
  readonly absorbed: readonly number[]
}

/** The updates of a graph that are of this form; all others are assigned as they are. */
export function momentumUpdates(graph: Graph): readonly MomentumUpdate[] {
  const uses = countUses(graph)
  const updates = new Map(graph.updates.map(({ variable, value }) => [variable, value]))
  return graph.updates.flatMap(({ variable, value }) => {
    const velocityName = `${variable}.momentum`
    const velocity = updates.get(velocityName)
    const found =
      velocity === undefined ? undefined : matchMomentum(graph, uses, variable, value, velocityName, velocity)
    return found === undefined ? [] : [found]
  })
}

function matchMomentum(
  graph: Graph,
  uses: ReadonlyMap<string, number>,
  weight: string,
  newWeight: Value,
  velocity: string,
  newVelocity: Value,
): MomentumUpdate | undefined {
  const nodeOf = (value: Value | undefined): Node | undefined =>
    value === undefined ? undefined : graph.nodes[value.node]
  const usesOf = (value: Value): number => uses.get(keyOf(value)) ?? 0
  const isState = (value: Value | undefined, name: string): boolean => {
    const node = nodeOf(value)
    return node?.op === 'state' && node.attributes.name === name
  }
  /** The other operand of a node of two whose one operand passes. */
  const besides = (node: Node | undefined, passes: (value: Value) => boolean): Value | undefined => {
    const [left, right] = node?.inputs ?? []
    if (left === undefined || right === undefined) return undefined
    if (passes(left)) return right
    return passes(right) ? left : undefined
  }
  const numberOf = (value: Value | undefined): number | undefined => {
    const node = nodeOf(value)
    return node?.op === 'constant' && node.outputs[0]?.shape.length === 0
      ? node.attributes.values[0]
      : undefined
  }
  const product = (value: Value, name: string): number | undefined => {
    const node = nodeOf(value)
    if (node?.op !== 'multiply' || usesOf(value) !== 1) return undefined
    return numberOf(besides(node, (operand) => isState(operand, name)))
  }

  // w - v * rate; nothing else may read the new weight, nor the new velocity but this.
  const difference = nodeOf(newWeight)
  if (difference?.op !== 'subtract' || usesOf(newWeight) !== 1 || !isState(difference.inputs[0], weight))
    return undefined
  const step = difference.inputs[1]
  const stepNode = nodeOf(step)
  if (step === undefined || stepNode?.op !== 'multiply' || usesOf(step) !== 1) return undefined
  const rate = besides(stepNode, (operand) => keyOf(operand) === keyOf(newVelocity))
  if (rate === undefined || graph.nodes[rate.node]?.outputs[rate.output]?.shape.length !== 0) return undefined
  if (usesOf(newVelocity) !== 2) return undefined

  // v * momentum + slope
  const sum = nodeOf(newVelocity)
  if (sum?.op !== 'add') return undefined
  const slope = besides(sum, (operand) => product(operand, velocity) !== undefined)
  const kept = besides(sum, (operand) => operand === slope)
  const momentum = kept === undefined ? undefined : product(kept, velocity)
  if (slope === undefined || kept === undefined || momentum === undefined || momentum === 0) return undefined
  const shape = difference.outputs[0]?.shape ?? []
  if (!sameShape(graph.nodes[slope.node]?.outputs[slope.output]?.shape ?? [], shape)) return undefined
  const formulas = [newWeight.node, step.node, newVelocity.node, kept.node]

  // slope = gradient + w * decay, where there is decay
  const slopeNode = nodeOf(slope)
  const gradient =
    slopeNode?.op === 'add' && usesOf(slope) === 1
      ? besides(slopeNode, (operand) => product(operand, weight) !== undefined)
      : undefined
  const decayed = gradient === undefined ? undefined : besides(slopeNode, (operand) => operand === gradient)
  const decay = decayed === undefined ? undefined : product(decayed, weight)
  if (gradient === undefined || decayed === undefined || decay === undefined) {
    return { weight, velocity, gradient: slope, rate, momentum, decay: 0, absorbed: formulas }
  }
  const absorbed = [...formulas, slope.node, decayed.node]
  return { weight, velocity, gradient, rate, momentum, decay, absorbed }
}

function countUses(graph: Graph): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  const count = (value: Value): void => void uses.set(keyOf(value), (uses.get(keyOf(value)) ?? 0) + 1)
  for (const node of graph.nodes) node.inputs.forEach(count)
  for (const { value } of [...graph.outputs, ...graph.updates]) count(value)
  return uses
}

const keyOf = ({ node, output }: Value): string => `${node}.${output}`
