// Builds a graph node by node, checking every shape as it goes. Operations are put in by the functions that
// stand beside their definitions (operations/): `add(x, y)`, `convolution(x, kernel, ...)`; a plain number
// stands for a scalar constant.
import type { Place } from '../plan/plan.js'
import type { Graph, Node, TensorType, Value } from './graph.js'
import type { OperationAttributes, OperationName, OperationOf } from './operations/index.js'
import { operations } from './operations/index.js'
import { GraphBug } from './operations/operation.js'

/** One value of a graph under construction. */
export interface Tensor extends Value {
  readonly builder: Builder
  readonly type: TensorType
}

export class Builder {
  readonly nodes: Node[] = []
  /** The line of the `.sau` file that nodes get from now on. */
  at: Place | undefined
  private readonly inputs = new Map<string, TensorType>()
  private readonly outputs = new Map<string, Value>()
  private readonly updates = new Map<string, Value>()
  /** Nodes that are the same wherever they are named: inputs, state and scalar constants. */
  private readonly shared = new Map<string, Tensor>()

  /**
   * Puts in one node and gives its outputs. @throws GraphBug naming the operation and its inputs where they
   * do not fit.
   */
  apply<Name extends OperationName>(
    operation: OperationOf<Name>,
    inputs: readonly Tensor[],
    attributes: OperationAttributes[Name],
  ): readonly Tensor[] {
    const types = inputs.map((input) => {
      if (input.builder !== this) throw new GraphBug(`an input of ${operation.name} belongs to another graph`)
      return input.type
    })
    let outputs: readonly TensorType[]
    try {
      outputs = operation.infer(types, attributes)
    } catch (cause) {
      const shapes = types.map((type) => `${type.dtype}[${type.shape.join(', ')}]`).join(', ')
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new GraphBug(`${operation.name}(${shapes}): ${message}`, { cause })
    }
    const node: Node<Name> = {
      op: operation.name,
      inputs: inputs.map(({ node, output }) => ({ node, output })),
      attributes,
      outputs,
      ...(this.at === undefined ? {} : { at: this.at }),
    }
    // A node of one name is a node: through the generic name TypeScript does not see it.
    const position = this.nodes.push(node as Node) - 1
    return outputs.map((type, output) => ({ builder: this, node: position, output, type }))
  }

  /** Puts in the operation of a node, of this graph or another, on other inputs. */
  again<Name extends OperationName>(node: Node<Name>, inputs: readonly Tensor[]): readonly Tensor[] {
    return this.apply(operations[node.op], inputs, node.attributes)
  }

  /** As `apply`, for operations of one output. */
  single<Name extends OperationName>(
    operation: OperationOf<Name>,
    inputs: readonly Tensor[],
    attributes: OperationAttributes[Name],
  ): Tensor {
    const [output] = this.apply(operation, inputs, attributes)
    if (output === undefined) throw new GraphBug(`${operation.name} has no output`)
    return output
  }

  /** The node that `make` builds the first time `key` is asked for. */
  sharedNode(key: string, make: () => Tensor): Tensor {
    const known = this.shared.get(key)
    if (known !== undefined) return known
    const tensor = make()
    this.shared.set(key, tensor)
    return tensor
  }

  /** Says that the caller feeds this value under `name`. */
  registerInput(name: string, type: TensorType): void {
    if (this.inputs.has(name)) throw new GraphBug(`two inputs named ${name}`)
    this.inputs.set(name, type)
  }

  output(name: string, tensor: Tensor): void {
    if (this.outputs.has(name)) throw new GraphBug(`two outputs named ${name}`)
    this.outputs.set(name, { node: tensor.node, output: tensor.output })
  }

  /** The new value of a state variable, assigned after the run. */
  update(variable: string, tensor: Tensor): void {
    if (this.updates.has(variable)) throw new GraphBug(`two updates of ${variable}`)
    this.updates.set(variable, { node: tensor.node, output: tensor.output })
  }

  /** The tensor of a value of this graph. */
  tensor(value: Value): Tensor {
    const type = this.nodes[value.node]?.outputs[value.output]
    if (type === undefined) throw new GraphBug(`no value ${value.node}:${value.output}`)
    return { builder: this, node: value.node, output: value.output, type }
  }

  finish(): Graph {
    return {
      nodes: [...this.nodes],
      inputs: [...this.inputs].map(([name, type]) => ({ name, type })),
      outputs: [...this.outputs].map(([name, value]) => ({ name, value })),
      updates: [...this.updates].map(([variable, value]) => ({ variable, value })),
    }
  }
}
