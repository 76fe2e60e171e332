// Program -> SavedModel: all entries in one graph over shared resource variables, with a signature for each
// entry and for setting up, reading and writing the variables.
import type { Program, Variable } from '../../../../compiler/graph/graph.js'
import type { Tensors } from '../../../platform/tensor.js'
import { kernelVariables } from '../../kernel-variables.js'
import { GraphWriter, typeAttribute } from '../graph-writer.js'
import type { Signature, TensorFlowNode } from '../protobuf.js'
import { encodeGraph, encodeSavedModel } from '../protobuf.js'
import type { Handle } from './entry.js'
import { lowerEntry } from './entry.js'
import { kernelShape } from './forms.js'
import { elementTypeOf } from './lowering.js'
import { mergeProducts } from './merge-products.js'

/** A variable as it lies in the session. */
export interface SessionVariable {
  readonly variable: Variable
  /** Whether it is [rows, columns, in, out] there instead of [out, in, rows, columns]. */
  readonly isKernel: boolean
  readonly shape: readonly number[]
  /** `node:output` to feed and to fetch for a write, and to fetch for a read. */
  readonly feed: string
  readonly written: string
  readonly read: string
}

export interface LoweredProgram {
  readonly nodes: readonly TensorFlowNode[]
  readonly signatures: Readonly<Record<string, Signature>>
  readonly variables: ReadonlyMap<string, SessionVariable>
  /** What TensorFlow nodes begin with, by entry and position in its graph. */
  readonly prefixes: Readonly<Record<string, readonly string[]>>
}

export function lowerProgram(program: Program): LoweredProgram {
  const writer = new GraphWriter()
  const kernels = kernelVariables(program)
  const handles = new Map<string, Handle>()
  const variables = new Map<string, SessionVariable>()
  const assigned: string[] = []
  for (const variable of program.variables) {
    const { handle, session, assignment } = writeVariable(writer, variable, kernels.has(variable.name))
    handles.set(variable.name, handle)
    variables.set(variable.name, session)
    assigned.push(assignment)
  }
  const initialization = writer.node(
    'initialize',
    'NoOp',
    assigned.map((name) => `^${name}`),
  )
  const signatures: Record<string, Signature> = {}
  const prefixes: Record<string, readonly string[]> = {}
  for (const [entry, graph] of Object.entries(program.entries)) {
    const lowered = lowerEntry(writer, entry, mergeProducts(graph), program.layout, handles)
    signatures[entry] = lowered.signature
    prefixes[entry] = lowered.prefixes
  }
  return {
    nodes: writer.nodes,
    signatures: { ...initSignature(initialization), ...stateSignatures(variables), ...signatures },
    variables,
    prefixes,
  }
}

/** Whoever loads the model runs this first: it gives every variable its constant initial value, or zero. */
function initSignature(node: string): Readonly<Record<string, Signature>> {
  const key = '__saved_model_init_op'
  return { [key]: { inputs: {}, outputs: { [key]: { name: node, type: undefined, shape: [] } } } }
}

function writeVariable(writer: GraphWriter, variable: Variable, isKernel: boolean) {
  const { name, type, initial } = variable
  const dtype = typeAttribute(elementTypeOf(type.dtype))
  const shape = isKernel ? kernelShape(type.shape) : type.shape
  const path = `state/${name.replace(/[^A-Za-z0-9_.]/g, '_')}`
  const handle = writer.node(path, 'VarHandleOp', [], {
    dtype,
    shape: { shape },
    shared_name: { s: name },
    container: { s: '' },
  })
  const value = writer.floats([initial.kind === 'constant' ? initial.value : 0])
  const filled = writer.node(`${path}/initial`, 'Fill', [writer.integers(shape), value], { T: dtype })
  const assignment = writer.node(`${path}/initialize`, 'AssignVariableOp', [handle, filled], { dtype })
  const feed = writer.node(`${path}/value`, 'Placeholder', [], { dtype, shape: { shape } })
  const assign = writer.node(`${path}/write`, 'AssignVariableOp', [handle, feed], { dtype })
  const written = writer.node(`${path}/written`, 'Identity', [writer.integers([0], []), `^${assign}`], {
    T: typeAttribute('int32'),
  })
  const read = writer.node(`${path}/read`, 'ReadVariableOp', [handle], { dtype })
  return {
    handle: { name: handle, isKernel },
    assignment,
    session: {
      variable,
      isKernel,
      shape,
      feed: `${feed}:0`,
      written: `${written}:0`,
      read: `${read}:0`,
    },
  }
}

/** `read` and `write` of all variables at once. */
function stateSignatures(
  variables: ReadonlyMap<string, SessionVariable>,
): Readonly<Record<'read' | 'write', Signature>> {
  const all = [...variables.values()].map(
    ({ variable: { name, type }, shape, feed, written, read }) =>
      [name, elementTypeOf(type.dtype), shape, { feed, written, read }] as const,
  )
  const values = (which: 'feed' | 'read'): Signature['inputs'] =>
    Object.fromEntries(all.map(([name, type, shape, names]) => [name, { name: names[which], type, shape }]))
  const done = all.map(
    ([name, , , { written }]) => [name, { name: written, type: 'int32', shape: [] }] as const,
  )
  return {
    read: { inputs: {}, outputs: values('read') },
    write: { inputs: values('feed'), outputs: Object.fromEntries(done) },
  }
}

/** Bytes of `saved_model.pb`. */
export function savedModelBytes({ nodes, signatures }: LoweredProgram): Uint8Array {
  return encodeSavedModel(nodes, signatures)
}

/**
 * Bytes of the `saved_model.pb` of one entry with its weights in it, for any number of images; the entry's
 * name is its signature. `entry` must be traced for a batch of 1 (`traceServing`).
 */
export function frozenSavedModel(program: Program, entry: string, weights: Tensors): Uint8Array {
  const graph = program.entries[entry]
  if (graph === undefined) throw new Error(`the program has no entry ${entry}`)
  const writer = new GraphWriter()
  const { signature } = lowerEntry(writer, entry, graph, program.layout, new Map(), weights)
  return encodeSavedModel(writer.nodes, { [entry]: signature })
}

/** Bytes of a GraphDef file. */
export function graphDefBytes({ nodes }: LoweredProgram): Uint8Array {
  return encodeGraph(nodes)
}
