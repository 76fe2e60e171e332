// A loaded program: one TensorFlow session that holds all state. A run of an entry is one session call.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Program, TensorType } from '../../../compiler/graph/graph.js'
import { elementCount } from '../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../compiler/graph/operations/shapes.js'
import { temporaryFolder } from '../../platform/host/temporary-folder.js'
import { asSystemLimit } from '../../platform/system-limits.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'
import type { Executable } from '../engine.js'
import { sessionError } from './failure.js'
import { reorderKernel } from './kernel-order.js'
import type { BorderTensor, TensorFlowBinding } from './library/binding.js'
import { borderTypes } from './library/binding.js'
import type { LoweredProgram, SessionVariable } from './lowering/program.js'
import { lowerProgram, savedModelBytes } from './lowering/program.js'

interface Entry {
  readonly inputs: readonly { readonly name: string; readonly type: TensorType }[]
  readonly outputs: readonly { readonly name: string; readonly type: TensorType }[]
  /** Names of both in the graph, as the addon wants them. */
  readonly fed: string
  readonly fetched: string
}

type BorderValues = Float32Array | Int32Array | Uint8Array

export class TensorFlowExecutable implements Executable {
  private readonly lowered: LoweredProgram
  private readonly entries: ReadonlyMap<string, Entry>
  private readonly session: number
  private isOpen = true

  /** @throws RunError SAU7603 where TensorFlow refuses the graph. */
  constructor(
    private readonly binding: TensorFlowBinding,
    program: Program,
  ) {
    this.lowered = lowerProgram(program)
    this.entries = new Map(
      Object.entries(program.entries).map(([name, graph]) => {
        const signature = this.lowered.signatures[name]
        const namesOf = (list: 'inputs' | 'outputs'): string =>
          graph[list].map((tensor) => signature?.[list][tensor.name]?.name ?? '').join(',')
        const outputs = graph.outputs.map((output) => {
          const type = graph.nodes[output.value.node]?.outputs[output.value.output]
          if (type === undefined) throw new Error(`${name} has no value for ${output.name}`)
          return { name: output.name, type }
        })
        return [name, { inputs: graph.inputs, outputs, fed: namesOf('inputs'), fetched: namesOf('outputs') }]
      }),
    )
    this.session = openSession(binding, savedModelBytes(this.lowered))
  }

  async run(name: string, inputs: Tensors): Promise<Tensors> {
    const entry = this.entries.get(name)
    if (entry === undefined) throw new Error(`the program has no entry ${name}`)
    for (const given of Object.keys(inputs)) {
      if (!entry.inputs.some((input) => input.name === given))
        throw new Error(`${name} has no input ${given}`)
    }
    const fed: number[] = []
    try {
      for (const input of entry.inputs) fed.push(this.feed(name, input.name, input.type, inputs[input.name]))
      const fetched = this.fetch(fed, entry.fed, entry.fetched)
      return Object.fromEntries(
        entry.outputs.map(({ name: output, type: { dtype, shape } }, position) => {
          const data = fetched[position]
          if (data === undefined) throw new Error(`${name} gave no ${output}`)
          return [output, { dtype, shape, data }]
        }),
      )
    } finally {
      for (const id of fed) this.binding.deleteTensor(id)
    }
  }

  async read(names?: readonly string[]): Promise<Tensors> {
    const variables = (names ?? [...this.lowered.variables.keys()]).map((name) => this.variable(name))
    if (variables.length === 0) return {}
    const fetched = this.fetch([], '', variables.map(({ read }) => read).join(','))
    const entries = variables.map(({ variable: { name, type }, isKernel }, position) => {
      const data = fetched[position]
      if (data === undefined) throw new Error(`${name} was not read`)
      const { dtype, shape } = type
      const canonical =
        isKernel && data instanceof Float32Array ? reorderKernel(data, shape, 'to plain') : data
      return [name, { dtype, shape, data: canonical }] as const
    })
    return Object.fromEntries(entries)
  }

  async write(values: Tensors): Promise<void> {
    const given = Object.entries(values).map(([name, value]) => ({ ...this.variable(name), value }))
    if (given.length === 0) return
    const fed: number[] = []
    try {
      for (const { variable, isKernel, shape, value } of given) {
        if (!sameShape(value.shape, variable.type.shape)) {
          throw new Error(
            `${variable.name} is of shape [${variable.type.shape.join()}], not [${value.shape.join()}]`,
          )
        }
        const data = Float32Array.from(value.data)
        const stored = isKernel ? reorderKernel(data, variable.type.shape, 'to kernel') : data
        fed.push(this.binding.createTensor(shape, borderTypes.float32, stored))
      }
      const names = (which: 'feed' | 'written'): string => given.map((variable) => variable[which]).join(',')
      this.fetch(fed, names('feed'), names('written'))
    } finally {
      for (const id of fed) this.binding.deleteTensor(id)
    }
  }

  /** What the names of the TensorFlow nodes of each node of an entry's graph begin with, by its position. */
  nodePrefixes(entry: string): readonly string[] {
    return this.lowered.prefixes[entry] ?? []
  }

  async dispose(): Promise<void> {
    if (this.isOpen) this.binding.deleteSavedModel(this.session)
    this.isOpen = false
  }

  /** One session call; the fetched values as arrays of the caller's own. */
  private fetch(fed: readonly number[], feeds: string, fetches: string): readonly BorderValues[] {
    const results = this.callSession(fed, feeds, fetches)
    const values = results.map(({ id }) => this.binding.tensorDataSync(id))
    for (const { id } of results) this.binding.deleteTensor(id)
    return values
  }

  private callSession(fed: readonly number[], feeds: string, fetches: string): readonly BorderTensor[] {
    try {
      return this.binding.runSavedModel(this.session, fed, feeds, fetches)
    } catch (error) {
      throw sessionError(error)
    }
  }

  private variable(name: string): SessionVariable {
    const variable = this.lowered.variables.get(name)
    if (variable === undefined) throw new Error(`the program has no variable ${name}`)
    return variable
  }

  private feed(entry: string, name: string, type: TensorType, given: Tensor | undefined): number {
    if (given === undefined) throw new Error(`${entry} needs the input ${name}`)
    if (given.dtype !== type.dtype || !sameShape(given.shape, type.shape)) {
      throw new Error(
        `${name} is ${type.dtype}[${type.shape.join()}], not ${given.dtype}[${given.shape.join()}]`,
      )
    }
    const { data, shape } = given
    switch (type.dtype) {
      case 'float32': {
        const values = data instanceof Float32Array ? data : Float32Array.from(data)
        return this.binding.createTensor(shape, borderTypes.float32, values)
      }
      case 'int32': {
        const values = data instanceof Int32Array ? data : Int32Array.from(data)
        return this.binding.createTensor(shape, borderTypes.int32, values)
      }
      case 'bool':
        return this.binding.createTensor(shape, borderTypes.bool, Uint8Array.from(data))
      default: {
        const words = packBytes(data, elementCount(shape))
        return this.binding.createTensor([words.length], borderTypes.int32, words)
      }
    }
  }
}

/** Bytes as the int32 words that hold them, the last one filled up with zeros. */
function packBytes(data: Tensor['data'], count: number): Int32Array {
  if (data instanceof Uint8Array && data.byteOffset % 4 === 0 && count % 4 === 0) {
    return new Int32Array(data.buffer, data.byteOffset, count / 4)
  }
  const words = new Int32Array(Math.ceil(count / 4))
  new Uint8Array(words.buffer).set(data)
  return words
}

/** TensorFlow reads a model from a folder alone; the folder is gone once the session is there. */
function openSession(binding: TensorFlowBinding, model: Uint8Array): number {
  const folder = temporaryFolder('model')
  try {
    writeFileSync(join(folder, 'saved_model.pb'), model)
    return binding.loadSavedModel(folder, 'serve')
  } catch (error) {
    throw asSystemLimit(error) ?? sessionError(error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
