// One entry of a program as a part of the TensorFlow graph: placeholders, reads, the operations, updates and
// outputs.
import type { Graph, Layout, TensorType, Value } from '../../../../compiler/graph/graph.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import type { Tensors } from '../../../platform/tensor.js'
import type { GraphWriter } from '../graph-writer.js'
import { typeAttribute } from '../graph-writer.js'
import type { Signature, SignatureTensor } from '../protobuf.js'
import { emit } from './emitters.js'
import { assignForms } from './forms.js'
import { elementTypeOf, Lowering } from './lowering.js'
import type { MomentumUpdate } from './updates.js'
import { momentumUpdates } from './updates.js'

/** A variable of the session. */
export interface Handle {
  /** The node that stands for it. */
  readonly name: string
  readonly isKernel: boolean
}

export interface LoweredEntry {
  readonly signature: Signature
  /** What the TensorFlow nodes of each node of the graph begin with, by its position. */
  readonly prefixes: readonly string[]
}

/**
 * Writes one entry. `frozen` are weights that become constants of a model for any number of images: the graph
 * must be written for a batch of 1 and have no node that depends on that. Outputs are given out only after
 * all updates are done, so that fetching them runs the whole step.
 */
export function lowerEntry(
  writer: GraphWriter,
  entry: string,
  graph: Graph,
  layout: Layout,
  handles: ReadonlyMap<string, Handle>,
  frozen?: Tensors,
): LoweredEntry {
  const inKernelForm = new Set([...handles].filter(([, { isKernel }]) => isKernel).map(([name]) => name))
  const forms = assignForms(graph, inKernelForm)
  const prefix = entry.replace(/[^A-Za-z0-9_]/g, '_')
  const lowering = new Lowering(writer, graph, layout, prefix, forms)
  const fused = momentumUpdates(graph)
  const absorbed = new Set(fused.flatMap((update) => update.absorbed))
  const reads = new Map<string, string>()
  const inputs: Record<string, SignatureTensor> = {}

  graph.nodes.forEach((node, position) => {
    if (absorbed.has(position)) return
    lowering.begin(position)
    const result = { node: position, output: 0 }
    switch (node.op) {
      case 'input': {
        const name = node.attributes.name
        const type = lowering.type(result)
        const tensor =
          frozen === undefined ? writePlaceholder(lowering, type) : writeByteImages(lowering, name, type)
        inputs[name] = tensor.fed
        lowering.define(result, tensor.value)
        return
      }
      case 'state': {
        const name = node.attributes.name
        if (frozen !== undefined) {
          lowering.define(result, writeWeight(writer, name, frozen))
          return
        }
        const read = writer.node(
          `${lowering.nodePrefix(position)}/read`,
          'ReadVariableOp',
          [handleOf(name)],
          {
            dtype: typeAttribute(lowering.elementType(result)),
          },
        )
        reads.set(name, read)
        lowering.define(result, read)
        return
      }
      default:
        emit(lowering, node, position)
    }
  })

  function handleOf(variable: string): string {
    const handle = handles.get(variable)
    if (handle === undefined) throw new Error(`the program has no variable ${variable}`)
    return handle.name
  }

  const inPlace = new Set(fused.flatMap(({ weight, velocity }) => [weight, velocity]))
  const done = fused.map((update) => writeMomentumUpdate(lowering, update, handleOf, reads))
  for (const { variable, value } of graph.updates) {
    if (inPlace.has(variable)) continue
    lowering.begin(value.node)
    const read = reads.get(variable)
    const form = inKernelForm.has(variable) ? 'kernel' : 'plain'
    const name = `${lowering.currentPrefix}/AssignVariableOp`
    const operands = [
      handleOf(variable),
      lowering.get(value, form),
      ...(read === undefined ? [] : [`^${read}`]),
    ]
    done.push(
      writer.node(name, 'AssignVariableOp', operands, { dtype: typeAttribute(lowering.elementType(value)) }),
    )
  }
  const updated =
    done.length === 0
      ? []
      : [
          `^${writer.node(
            `${prefix}/updated`,
            'NoOp',
            done.map((name) => `^${name}`),
          )}`,
        ]

  const outputs: Record<string, SignatureTensor> = {}
  for (const { name, value } of graph.outputs) {
    const { dtype, shape } = lowering.type(value)
    const type = elementTypeOf(dtype)
    lowering.begin(value.node)
    const node = writer.node(
      `${lowering.currentPrefix}/output`,
      'Identity',
      [lowering.plain(value), ...updated],
      {
        T: typeAttribute(type),
      },
    )
    outputs[name] = { name: `${node}:0`, type, shape: frozen === undefined ? shape : anyBatch(shape) }
  }
  const prefixes = graph.nodes.map((_, position) => lowering.nodePrefix(position))
  return { signature: { inputs, outputs }, prefixes }
}

/** A shape whose first axis may have any size. */
const anyBatch = (shape: readonly number[]): readonly number[] => [-1, ...shape.slice(1)]

/** Any number of images as they are, for callers that are not the addon. */
function writeByteImages(lowering: Lowering, name: string, { dtype, shape }: TensorType) {
  if (dtype !== 'uint8') throw new Error(`${name} is not made of bytes`)
  const sizes = anyBatch(shape)
  const node = lowering.writer.node(name, 'Placeholder', [], {
    dtype: typeAttribute('uint8'),
    shape: { shape: sizes },
  })
  return { fed: { name: `${node}:0`, type: 'uint8', shape: sizes }, value: node } as const
}

function writeWeight(writer: GraphWriter, name: string, weights: Tensors): string {
  const weight = weights[name]
  if (weight === undefined) throw new Error(`there is no weight ${name}`)
  return writer.constant('float32', weight.shape, new Uint8Array(Float32Array.from(weight.data).buffer))
}

/** An input of the entry. Bytes come packed into int32, because no uint8 crosses the addon's border. */
function writePlaceholder(
  lowering: Lowering,
  { dtype, shape }: TensorType,
): { readonly fed: SignatureTensor; readonly value: string } {
  const placeholder = (type: 'float32' | 'int32' | 'bool', fedShape: readonly number[]) => {
    // Never shared: two inputs of one shape are two placeholders.
    const name = lowering.writer.node(`${lowering.currentPrefix}/Placeholder`, 'Placeholder', [], {
      dtype: typeAttribute(type),
      shape: { shape: fedShape },
    })
    return { fed: { name: `${name}:0`, type, shape: fedShape }, value: name }
  }
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return placeholder(dtype, shape)
  if (dtype !== 'uint8') throw new Error(`no input is fed as ${dtype}`)
  const { writer } = lowering
  const count = elementCount(shape)
  const words = Math.ceil(count / 4)
  const { fed, value } = placeholder('int32', [words])
  let bytes = lowering.write('Bitcast', [value], {
    T: typeAttribute('int32'),
    type: typeAttribute('uint8'),
  })
  if (words * 4 !== count) {
    const flat = lowering.typed('uint8', 'Reshape', [bytes, writer.integers([words * 4])])
    bytes = lowering.typed('uint8', 'Slice', [flat, writer.integers([0]), writer.integers([count])], {
      Index: typeAttribute('int32'),
    })
  }
  return { fed, value: lowering.typed('uint8', 'Reshape', [bytes, writer.integers(shape)]) }
}

/**
 * Weight and velocity in place: v += decay / momentum * w; v = momentum * v + gradient; w -= rate * v. It
 * waits for all that reads the weight in this step, or the weight would be copied for them.
 */
function writeMomentumUpdate(
  lowering: Lowering,
  update: MomentumUpdate,
  handleOf: (variable: string) => string,
  reads: ReadonlyMap<string, string>,
): string {
  const { writer, graph } = lowering
  const { weight, velocity, gradient, rate, momentum, decay, absorbed } = update
  const state = graph.nodes.findIndex((node) => node.op === 'state' && node.attributes.name === weight)
  const value: Value = { node: state, output: 0 }
  const [difference = 0] = absorbed
  lowering.begin(difference)
  const name = lowering.nodePrefix(difference)
  const type = { T: typeAttribute('float32') }
  const before: string[] = []
  const read = reads.get(weight)
  if (read !== undefined) {
    const readers = graph.nodes.flatMap((node, position) =>
      !absorbed.includes(position) && node.inputs.some((input) => input.node === state) ? [position] : [],
    )
    before.push(read, ...readers.flatMap((position) => lowering.lastWritten(position) ?? []))
  }
  if (decay !== 0) {
    const factor = writer.floats([-decay / momentum])
    const kept = lowering.get(value, lowering.form(value))
    before.push(
      writer.node(`${name}/decay`, 'ResourceApplyGradientDescent', [handleOf(velocity), factor, kept], type),
    )
  }
  return writer.node(
    `${name}/ResourceApplyMomentum`,
    'ResourceApplyMomentum',
    [
      handleOf(weight),
      handleOf(velocity),
      lowering.plain(rate),
      lowering.get(gradient, lowering.form(value)),
      writer.floats([momentum]),
      ...[...new Set(before)].map((node) => `^${node}`),
    ],
    type,
  )
}
