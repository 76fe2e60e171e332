// A loaded program: its entries, prepared for walking, over one shared state that stays with the backend.
import type { Tensor as TfjsTensor } from '@tensorflow/tfjs-core'
import type { Graph, Program, TensorType, Value, Variable } from '../../../compiler/graph/graph.js'
import { elementCount } from '../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../compiler/graph/operations/shapes.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'
import type { Executable } from '../engine.js'
import type { PreparedGraph } from '../liveness.js'
import { prepare } from '../liveness.js'
import { schedule } from '../schedule.js'
import { Operators } from './kernels/call.js'
import type { TfjsLibrary } from './library.js'
import { numbersOf, tensorOf } from './values.js'
import type { WalkSources } from './walk.js'
import { walk } from './walk.js'

interface Entry extends PreparedGraph {
  readonly name: string
  readonly inputs: ReadonlyMap<string, TensorType>
}

export class TfjsExecutable implements Executable {
  private readonly entries: ReadonlyMap<string, Entry>
  private readonly variables: ReadonlyMap<string, Variable>
  /**
   * In canonical layout: kernels are arranged for the backend once a run, which is little beside a
   * convolution.
   */
  private readonly state = new Map<string, TfjsTensor>()
  private readonly constants = new Map<string, TfjsTensor>()

  constructor(
    private readonly library: TfjsLibrary,
    program: Program,
  ) {
    this.entries = new Map(
      Object.entries(program.entries).map(([name, graph]) => [name, prepareEntry(name, graph)]),
    )
    this.variables = new Map(program.variables.map((variable) => [variable.name, variable]))
  }

  async run(name: string, inputs: Tensors): Promise<Tensors> {
    const entry = this.entries.get(name)
    if (entry === undefined) throw new Error(`the program has no entry ${name}`)
    for (const given of Object.keys(inputs)) {
      if (!entry.inputs.has(given)) throw new Error(`${name} has no input ${given}`)
    }
    await this.library.activate()
    const fed = new Map<string, TfjsTensor>()
    try {
      for (const [input, type] of entry.inputs) fed.set(input, this.taken(input, type, inputs[input]))
      return walk(this.library.core, entry, this.sources(entry, fed), (value) => this.finish(entry, value))
    } catch (thrown) {
      throw this.library.explain(thrown)
    } finally {
      for (const tensor of fed.values()) tensor.dispose()
    }
  }

  async read(names?: readonly string[]): Promise<Tensors> {
    await this.library.activate()
    const values: Record<string, Tensor> = {}
    for (const name of names ?? this.variables.keys()) {
      const { dtype, shape } = this.variable(name).type
      values[name] = { dtype, shape, data: numbersOf(this.stateOf(name), dtype) }
    }
    return values
  }

  async write(values: Tensors): Promise<void> {
    await this.library.activate()
    for (const [name, value] of Object.entries(values)) {
      this.replace(name, this.taken(name, this.variable(name).type, value))
    }
  }

  async dispose(): Promise<void> {
    await this.library.activate()
    for (const tensor of [...this.state.values(), ...this.constants.values()]) tensor.dispose()
    this.state.clear()
    this.constants.clear()
  }

  private sources(entry: Entry, fed: ReadonlyMap<string, TfjsTensor>): WalkSources {
    return {
      feed: (name) => {
        const tensor = fed.get(name)
        if (tensor === undefined) throw new Error(`${name} was not fed`)
        return tensor
      },
      state: (name) => this.stateOf(name),
      constant: ({ attributes, outputs: [type] }, position) =>
        this.constantOf(`${entry.name} ${position}`, () => {
          if (type === undefined) throw new Error('a constant has an output')
          return this.filled(type, attributes.values)
        }),
      kernelConstant: (key, make) => this.constantOf(`kernel ${key}`, make),
    }
  }

  /** Outputs as numbers, and the new state. */
  private finish(entry: Entry, result: (value: Value) => TfjsTensor): Tensors {
    const { graph } = entry
    const outputs: Record<string, Tensor> = {}
    for (const { name, value } of graph.outputs) {
      const type = graph.nodes[value.node]?.outputs[value.output]
      if (type === undefined) throw new Error(`${entry.name} has no value for ${name}`)
      outputs[name] = { ...type, data: numbersOf(result(value), type.dtype) }
    }
    this.library.check()
    const operators = new Operators(this.library.core)
    // All of them before the first is replaced: one variable's new value may be another one's old value.
    const updates = graph.updates.map(
      ({ variable, value }) => [variable, operators.alias(result(value))] as const,
    )
    for (const [variable, tensor] of updates) this.replace(variable, tensor)
    return outputs
  }

  private constantOf(key: string, make: () => TfjsTensor): TfjsTensor {
    const known = this.constants.get(key)
    if (known !== undefined) return known
    const made = this.library.core.keep(make())
    this.constants.set(key, made)
    return made
  }

  /** Numbers, or a single one for every place, as a tensor. */
  private filled({ dtype, shape }: TensorType, values: readonly number[]): TfjsTensor {
    const count = elementCount(shape)
    const all = values.length === count ? values : new Array<number>(count).fill(values[0] ?? 0)
    return tensorOf(this.library.core, dtype, shape, all)
  }

  /** A tensor of the caller, checked against the type it must have. */
  private taken(name: string, type: TensorType, value: Tensor | undefined): TfjsTensor {
    if (value === undefined) throw new Error(`${name} was not fed`)
    if (value.dtype !== type.dtype || !sameShape(value.shape, type.shape)) {
      throw new Error(
        `${name} is ${value.dtype}[${value.shape.join(', ')}], not ${type.dtype}[${type.shape.join(', ')}]`,
      )
    }
    return tensorOf(this.library.core, type.dtype, type.shape, value.data)
  }

  private variable(name: string): Variable {
    const variable = this.variables.get(name)
    if (variable === undefined) throw new Error(`there is no variable ${name}`)
    return variable
  }

  /**
   * The value of a variable; its initial constant, 0 for one that is drawn, where nothing was written yet.
   */
  private stateOf(name: string): TfjsTensor {
    const known = this.state.get(name)
    if (known !== undefined) return known
    const { type, initial } = this.variable(name)
    const made = this.library.core.keep(this.filled(type, [initial.kind === 'constant' ? initial.value : 0]))
    this.state.set(name, made)
    return made
  }

  private replace(name: string, tensor: TfjsTensor): void {
    this.state.get(name)?.dispose()
    this.state.set(name, tensor)
  }
}

function prepareEntry(name: string, graph: Graph): Entry {
  const inputs = new Map(graph.inputs.map((input) => [input.name, input.type]))
  return { ...prepare(graph, schedule(graph)), name, inputs }
}
