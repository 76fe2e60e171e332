// A loaded program: one session per entry over one shared state. The state lies in host memory that
// onnxruntime reads and writes in place: every variable has two buffers, the one that a run reads and the one
// that it writes, which then change places. Nothing is copied between steps.
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node'
import type { Graph, Program, Variable } from '../../../compiler/graph/graph.js'
import { elementCount } from '../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../compiler/graph/operations/shapes.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'
import type { Executable } from '../engine.js'
import type { OnnxRuntime } from './blocked-kernels.js'
import { reorderKernel } from './lowering/conversions.js'
import { stateInput, stateOutput } from './lowering/emitters.js'
import { blockedVariables, blockFor } from './lowering/forms.js'
import { lowerGraph } from './lowering/lower.js'

interface Entry {
  readonly graph: Graph
  readonly session: InferenceSession
  readonly reads: readonly string[]
  readonly origins: ReadonlyMap<string, number>
}

/** Has the runtime write down the times of one entry's nodes. */
export interface Measurement {
  readonly entry: string
  /** What the name of the file that it writes begins with, its folder included. */
  readonly prefix: string
}

interface StateBuffers {
  readonly variable: Variable
  readonly inKernelForm: boolean
  current: OnnxTensor
  /**
   * Where a run writes; made at the first update, since running statistics of unused entries never change.
   */
  next: OnnxTensor | undefined
}

export class OnnxExecutable implements Executable {
  private readonly entries = new Map<string, Promise<Entry>>()
  private readonly state: ReadonlyMap<string, StateBuffers>
  private readonly inKernelForm: ReadonlySet<string>
  /** Channels of a block; 0 where images stay row-major. */
  private readonly block: number

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly program: Program,
    machineBlock: number,
    private readonly threads: number,
    private readonly measurement?: Measurement,
  ) {
    this.block = blockFor(program, machineBlock)
    this.inKernelForm = blockedVariables(program, this.block)
    this.state = new Map(
      program.variables.map((variable) => {
        const current = this.tensorFor(variable)
        if (variable.initial.kind === 'constant') fill(current, variable.initial.value)
        const inKernelForm = this.inKernelForm.has(variable.name)
        return [variable.name, { variable, inKernelForm, current, next: undefined }]
      }),
    )
  }

  async run(name: string, inputs: Tensors): Promise<Tensors> {
    const { graph, session, reads } = await this.entry(name)
    const feeds: Record<string, OnnxTensor> = {}
    for (const { name: input, type } of graph.inputs)
      feeds[input] = this.fed(name, input, type, inputs[input])
    for (const given of Object.keys(inputs)) {
      if (!(given in feeds)) throw new Error(`${name} has no input ${given}`)
    }
    for (const variable of reads) feeds[stateInput(variable)] = this.buffers(variable).current

    const outputs: Record<string, Tensor> = {}
    const fetches: Record<string, OnnxTensor> = {}
    for (const { name: output, value } of graph.outputs) {
      const type = graph.nodes[value.node]?.outputs[value.output]
      if (type === undefined) throw new Error(`${name} has no value for ${output}`)
      const tensor = this.allocate(type.dtype, type.shape)
      fetches[output] = tensor
      outputs[output] = { dtype: type.dtype, shape: type.shape, data: numbersOf(tensor) }
    }
    for (const { variable } of graph.updates) {
      const buffers = this.buffers(variable)
      buffers.next ??= this.tensorFor(buffers.variable)
      fetches[stateOutput(variable)] = buffers.next
    }

    await session.run(feeds, fetches)

    for (const { variable } of graph.updates) {
      const buffers = this.buffers(variable)
      const { current, next } = buffers
      if (next === undefined) continue
      buffers.current = next
      buffers.next = current
    }
    return outputs
  }

  async read(names?: readonly string[]): Promise<Tensors> {
    const values: Record<string, Tensor> = {}
    for (const name of names ?? this.state.keys()) {
      const { variable, inKernelForm, current } = this.buffers(name)
      const { dtype, shape } = variable.type
      const data = numbersOf(current)
      const plain =
        inKernelForm && data instanceof Float32Array
          ? reorderKernel(data, shape, this.block, 'to plain')
          : data.slice()
      values[name] = { dtype, shape, data: plain }
    }
    return values
  }

  async write(values: Tensors): Promise<void> {
    for (const [name, { shape, data }] of Object.entries(values)) {
      const { variable, inKernelForm, current } = this.buffers(name)
      if (!sameShape(shape, variable.type.shape)) {
        throw new Error(`${name} is of shape [${variable.type.shape.join()}], not [${shape.join()}]`)
      }
      const target = numbersOf(current)
      target.set(
        inKernelForm ? reorderKernel(Float32Array.from(data), shape, this.block, 'to blocked') : data,
      )
    }
  }

  /**
   * Ends the measurement, upon which the runtime writes its file. Gives the positions in the graph of the
   * nodes that it names.
   */
  async endMeasurement(): Promise<ReadonlyMap<string, number>> {
    if (this.measurement === undefined) throw new Error('nothing is measured')
    const { session, origins } = await this.entry(this.measurement.entry)
    session.endProfiling()
    return origins
  }

  async dispose(): Promise<void> {
    for (const entry of this.entries.values()) await (await entry).session.release()
    this.entries.clear()
  }

  /** Entries are compiled when they are first run: a run that never evaluates pays for no evaluation. */
  private entry(name: string): Promise<Entry> {
    const known = this.entries.get(name)
    if (known !== undefined) return known
    const made = this.createEntry(name)
    this.entries.set(name, made)
    return made
  }

  private async createEntry(name: string): Promise<Entry> {
    const graph = this.program.entries[name]
    if (graph === undefined) throw new Error(`the program has no entry ${name}`)
    const { bytes, reads, origins } = lowerGraph(graph, this.block, this.inKernelForm)
    const { measurement } = this
    const session = await this.runtime.InferenceSession.create(bytes, {
      ...(measurement?.entry === name
        ? { enableProfiling: true, profileFilePrefix: measurement.prefix }
        : {}),
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: this.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Only the entry that runs at every step keeps its memory; the others give it back, or the peaks would
      // add up.
      enableCpuMemArena: name === 'train',
      // A plan of the whole step's memory made ahead of time takes a good half more than memory reused as it
      // becomes free.
      enableMemPattern: false,
      logSeverityLevel: 3,
    })
    return { graph, session, reads, origins }
  }

  private buffers(name: string): StateBuffers {
    const buffers = this.state.get(name)
    if (buffers === undefined) throw new Error(`the program has no variable ${name}`)
    return buffers
  }

  private tensorFor(variable: Variable): OnnxTensor {
    return this.allocate(variable.type.dtype, variable.type.shape)
  }

  private allocate(dtype: Tensor['dtype'], shape: readonly number[]): OnnxTensor {
    const count = elementCount(shape)
    switch (dtype) {
      case 'float32':
      case 'bfloat16':
        return new this.runtime.Tensor('float32', new Float32Array(count), shape)
      case 'int32':
        return new this.runtime.Tensor('int32', new Int32Array(count), shape)
      case 'uint8':
        return new this.runtime.Tensor('uint8', new Uint8Array(count), shape)
      case 'bool':
        return new this.runtime.Tensor('bool', new Uint8Array(count), shape)
    }
  }

  private fed(
    entry: string,
    name: string,
    type: Graph['inputs'][number]['type'],
    given: Tensor | undefined,
  ): OnnxTensor {
    if (given === undefined) throw new Error(`${entry} needs the input ${name}`)
    if (given.dtype !== type.dtype || !sameShape(given.shape, type.shape)) {
      throw new Error(
        `${name} is ${type.dtype}[${type.shape.join()}], not ${given.dtype}[${given.shape.join()}]`,
      )
    }
    const { data, shape } = given
    if (type.dtype === 'float32') {
      return new this.runtime.Tensor(
        'float32',
        data instanceof Float32Array ? data : Float32Array.from(data),
        shape,
      )
    }
    if (type.dtype === 'int32') {
      return new this.runtime.Tensor(
        'int32',
        data instanceof Int32Array ? data : Int32Array.from(data),
        shape,
      )
    }
    // The library copies nothing, and refuses memory that threads share.
    const bytes =
      data instanceof Uint8Array && data.buffer instanceof ArrayBuffer ? data : Uint8Array.from(data)
    return type.dtype === 'bool'
      ? new this.runtime.Tensor('bool', bytes, shape)
      : new this.runtime.Tensor('uint8', bytes, shape)
  }
}

function numbersOf(tensor: OnnxTensor): Float32Array | Int32Array | Uint8Array {
  const { data } = tensor
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array) return data
  throw new Error(`a tensor of ${tensor.type} is not used here`)
}

function fill(tensor: OnnxTensor, value: number): void {
  numbersOf(tensor).fill(value)
}
