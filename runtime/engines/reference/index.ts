// The reference engine: plain TypeScript, double precision, for tests and parity. Slow and exact; both
// layouts.
import type { Layout, Program, TensorType, Variable } from '../../../compiler/graph/graph.js'
import { elementCount } from '../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../compiler/graph/operations/shapes.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'
import type { Engine, Executable } from '../engine.js'
import type { PreparedGraph } from '../liveness.js'
import { prepare } from '../liveness.js'
import type { Numbers } from './kernels/kernel.js'
import { allocate } from './kernels/kernel.js'
import { walk } from './walk.js'

export interface ReferenceOptions {
  /** Layout that programs are traced in for it; NCHW where none is given. */
  readonly layout?: Layout
}

export function createReferenceEngine(options: ReferenceOptions = {}): Engine {
  const { layout = 'NCHW' } = options
  return {
    name: 'reference',
    description: 'plain TypeScript, float64',
    layout,
    load: async (program) => new ReferenceExecutable(program),
  }
}

class ReferenceExecutable implements Executable {
  private readonly entries: ReadonlyMap<string, PreparedGraph>
  private readonly variables: ReadonlyMap<string, Variable>
  private readonly state = new Map<string, Numbers>()

  constructor(program: Program) {
    this.entries = new Map(Object.entries(program.entries).map(([name, graph]) => [name, prepare(graph)]))
    this.variables = new Map(program.variables.map((variable) => [variable.name, variable]))
    for (const { name, type, initial } of program.variables) {
      const data = allocate(type.dtype, elementCount(type.shape))
      if (initial.kind === 'constant') data.fill(initial.value)
      this.state.set(name, data)
    }
  }

  async run(entry: string, inputs: Tensors): Promise<Tensors> {
    const prepared = this.entries.get(entry)
    if (prepared === undefined) throw new Error(`the program has no entry ${entry}`)
    const types = new Map(prepared.graph.inputs.map((input) => [input.name, input.type]))
    for (const name of Object.keys(inputs)) {
      if (!types.has(name)) throw new Error(`${entry} has no input ${name}`)
    }
    const result = walk(
      prepared,
      (name) => this.taken(name, types.get(name), inputs[name]),
      (name) => this.stateOf(name),
    )
    const outputs: Record<string, Tensor> = {}
    for (const { name, value } of prepared.graph.outputs) {
      const { dtype, shape } = result.type(value)
      // A result may be a fed input or the state itself; what the caller gets is its own.
      outputs[name] = { dtype, shape, data: result.data(value).slice() }
    }
    for (const { variable, value } of prepared.graph.updates)
      this.state.set(variable, result.data(value).slice())
    return outputs
  }

  async read(names?: readonly string[]): Promise<Tensors> {
    const values: Record<string, Tensor> = {}
    for (const name of names ?? this.variables.keys()) {
      const { dtype, shape } = this.variable(name).type
      values[name] = { dtype, shape, data: this.stateOf(name).slice() }
    }
    return values
  }

  async write(values: Tensors): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      this.state.set(name, this.taken(name, this.variable(name).type, value).slice())
    }
  }

  async dispose(): Promise<void> {
    this.state.clear()
  }

  /** A tensor of the caller as the kernels hold it, checked against the type it must have. */
  private taken(name: string, type: TensorType | undefined, value: Tensor | undefined): Numbers {
    if (type === undefined || value === undefined) throw new Error(`${name} was not fed`)
    if (value.dtype !== type.dtype || !sameShape(value.shape, type.shape)) {
      throw new Error(
        `${name} is ${value.dtype}[${value.shape.join(', ')}], not ${type.dtype}[${type.shape.join(', ')}]`,
      )
    }
    const data = allocate(type.dtype, elementCount(type.shape))
    data.set(value.data)
    return data
  }

  private variable(name: string): Variable {
    const variable = this.variables.get(name)
    if (variable === undefined) throw new Error(`there is no variable ${name}`)
    return variable
  }

  private stateOf(name: string): Numbers {
    const data = this.state.get(name)
    if (data === undefined) throw new Error(`there is no variable ${name}`)
    return data
  }
}
