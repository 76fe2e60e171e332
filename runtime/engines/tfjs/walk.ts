// Runs one entry graph, node by node, giving back the memory of each value after its last use.
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Node, Value } from '../../../compiler/graph/graph.js'
import type { ComputedName } from '../../../compiler/graph/operations/index.js'
import { needsRounding } from '../exact-bfloat16.js'
import type { PreparedGraph } from '../liveness.js'
import type { KernelCall } from './kernels/call.js'
import { at, Operators } from './kernels/call.js'
import { compute } from './kernels/index.js'
import type { TfjsCore } from './library.js'
import { roundedToBfloat16 } from './values.js'

/** What a walk reads from outside; it owns none of it. */
export interface WalkSources {
  readonly feed: (name: string) => Tensor
  readonly state: (name: string) => Tensor
  readonly constant: (node: Node<'constant'>, position: number) => Tensor
  /** A constant of a kernel's own. */
  readonly kernelConstant: KernelCall['constant']
}

/** The values of a walk that were not given back yet. */
class Values {
  private readonly outputs = new Map<number, readonly Tensor[]>()
  private readonly arranged = new Map<string, Tensor>()
  /** Arrangements of the outputs of each node, by their keys. */
  private readonly keys = new Map<number, string[]>()
  private readonly borrowed = new Set<number>()

  constructor(private readonly core: TfjsCore) {}

  get(value: Value): Tensor {
    return at(this.outputs.get(value.node) ?? [], value.output)
  }

  set(position: number, outputs: readonly Tensor[], owned: boolean): void {
    this.outputs.set(position, outputs)
    if (!owned) this.borrowed.add(position)
  }

  arrangement(value: Value, name: string, make: (tensor: Tensor) => Tensor): Tensor {
    const key = `${value.node}:${value.output} ${name}`
    const known = this.arranged.get(key)
    if (known !== undefined) return known
    const made = this.core.keep(make(this.get(value)))
    this.arranged.set(key, made)
    this.keys.set(value.node, [...(this.keys.get(value.node) ?? []), key])
    return made
  }

  release(position: number): void {
    for (const key of this.keys.get(position) ?? []) {
      this.arranged.get(key)?.dispose()
      this.arranged.delete(key)
    }
    this.keys.delete(position)
    if (!this.borrowed.has(position)) for (const tensor of this.outputs.get(position) ?? []) tensor.dispose()
    this.outputs.delete(position)
  }

  releaseAll(): void {
    for (const position of [...this.outputs.keys()]) this.release(position)
  }
}

/**
 * Computes every node, hands the results to `finish`, and gives back whatever is left, also where something
 * throws.
 */
export function walk<Result>(
  core: TfjsCore,
  { graph, steps }: PreparedGraph,
  sources: WalkSources,
  finish: (value: (value: Value) => Tensor) => Result,
): Result {
  const values = new Values(core)
  const operators = new Operators(core)
  try {
    for (const { position, expiring } of steps) {
      const node = at(graph.nodes, position)
      switch (node.op) {
        case 'input':
          values.set(position, [sources.feed(node.attributes.name)], false)
          break
        case 'state':
          values.set(position, [sources.state(node.attributes.name)], false)
          break
        case 'constant':
          values.set(position, [sources.constant(node, position)], false)
          break
        default:
          values.set(position, computed(core, node, graph.nodes, values, operators, sources), true)
      }
      for (const expired of expiring) values.release(expired)
    }
    return finish((value) => values.get(value))
  } finally {
    values.releaseAll()
  }
}

function computed(
  core: TfjsCore,
  node: Node<ComputedName>,
  nodes: readonly Node[],
  values: Values,
  operators: Operators,
  sources: WalkSources,
): readonly Tensor[] {
  const call: KernelCall = {
    node,
    inputs: node.inputs.map((input) => values.get(input)),
    types: node.inputs.map((input) => at(at(nodes, input.node).outputs, input.output)),
    operators,
    arranged: (position, arrangement, make) => {
      const input = at(node.inputs, position)
      return isWeight(nodes, input) ? values.arrangement(input, arrangement, make) : make(values.get(input))
    },
    constant: sources.kernelConstant,
  }
  return core.tidy(() => {
    const result = compute(call)
    const outputs = [...(result instanceof core.Tensor ? [result] : result)]
    const [first] = outputs
    if (first !== undefined && needsRounding(node)) outputs[0] = roundedToBfloat16(core, first)
    return outputs
  })
}

/** Whether a value is a weight, or a cast of one, that every pass of a network reads. */
function isWeight(nodes: readonly Node[], value: Value): boolean {
  const node = at(nodes, value.node)
  if (node.op === 'cast') return isWeight(nodes, at(node.inputs, 0))
  return node.op === 'state'
}
