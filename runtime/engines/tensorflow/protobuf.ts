// The parts of TensorFlow's protobuf messages that a written SavedModel needs (graph.proto, node_def.proto,
// attr_value.proto, tensor.proto, tensor_shape.proto, meta_graph.proto, saved_model.proto), field numbers
// included.
import { messageSet } from '../../platform/protobuf-messages.js'

const message = messageSet()

message('Dimension', [['size', 1, 'int64']])
message('TensorShape', [['dim', 2, 'Dimension', 'repeated']])
message('Tensor', [
  ['dtype', 1, 'int32'],
  ['tensorShape', 2, 'TensorShape'],
  ['tensorContent', 4, 'bytes'],
])
message('ListValue', [
  ['s', 2, 'bytes', 'repeated'],
  ['i', 3, 'int64', 'repeated'],
])
message('AttrValue', [
  ['list', 1, 'ListValue'],
  ['s', 2, 'bytes'],
  ['i', 3, 'int64'],
  ['f', 4, 'float'],
  ['b', 5, 'bool'],
  ['type', 6, 'int32'],
  ['shape', 7, 'TensorShape'],
  ['tensor', 8, 'Tensor'],
])
message('Node', [
  ['name', 1, 'string'],
  ['op', 2, 'string'],
  ['input', 3, 'string', 'repeated'],
  ['attr', 5, 'AttrValue', 'map'],
])
message('Versions', [['producer', 1, 'int32']])
const graphType = message('Graph', [
  ['node', 1, 'Node', 'repeated'],
  ['versions', 4, 'Versions'],
])
message('TensorInfo', [
  ['name', 1, 'string'],
  ['dtype', 2, 'int32'],
  ['tensorShape', 3, 'TensorShape'],
])
message('Signature', [
  ['inputs', 1, 'TensorInfo', 'map'],
  ['outputs', 2, 'TensorInfo', 'map'],
  ['methodName', 3, 'string'],
])
message('MetaInfo', [
  ['tags', 4, 'string', 'repeated'],
  ['tensorflowVersion', 5, 'string'],
])
message('MetaGraph', [
  ['metaInfoDef', 1, 'MetaInfo'],
  ['graphDef', 2, 'Graph'],
  ['signatureDef', 5, 'Signature', 'map'],
])
const savedModelType = message('SavedModel', [
  ['savedModelSchemaVersion', 1, 'int64'],
  ['metaGraphs', 2, 'MetaGraph', 'repeated'],
])

/** Numbers of element types in TensorFlow (DataType of types.proto). */
export const elementTypes = {
  float32: 1,
  int32: 3,
  uint8: 4,
  bool: 10,
  bfloat16: 14,
} as const

export type ElementType = keyof typeof elementTypes

/** An attribute of a node, by the field of AttrValue that holds it. */
export type TensorFlowAttribute =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly s: string }
  | { readonly type: number }
  | { readonly shape: readonly number[] }
  | { readonly integers: readonly number[] }
  | {
      readonly tensor: {
        readonly type: ElementType
        readonly shape: readonly number[]
        readonly bytes: Uint8Array
      }
    }

export interface TensorFlowNode {
  readonly name: string
  readonly op: string
  /** `node`, `node:output`, or `^node` for a control dependency; those come last. */
  readonly input: readonly string[]
  readonly attributes: Readonly<Record<string, TensorFlowAttribute>>
}

/** A named set of inputs and outputs of the graph. */
export interface Signature {
  readonly inputs: Readonly<Record<string, SignatureTensor>>
  readonly outputs: Readonly<Record<string, SignatureTensor>>
}

export interface SignatureTensor {
  /** `node:output`, or the name of a node that gives nothing. */
  readonly name: string
  readonly type: ElementType | undefined
  readonly shape: readonly number[]
}

/** The graph's version for which all operations used here have had their meaning since TensorFlow 2.9. */
const graphVersion = 1087

const shapeOf = (shape: readonly number[]): object => ({ dim: shape.map((size) => ({ size })) })

function attributeOf(attribute: TensorFlowAttribute): object {
  if ('s' in attribute) return { s: Buffer.from(attribute.s) }
  if ('shape' in attribute) return { shape: shapeOf(attribute.shape) }
  if ('integers' in attribute) return { list: { i: attribute.integers } }
  if ('tensor' in attribute) {
    const { type, shape, bytes } = attribute.tensor
    return { tensor: { dtype: elementTypes[type], tensorShape: shapeOf(shape), tensorContent: bytes } }
  }
  return attribute
}

function graphOf(nodes: readonly TensorFlowNode[]): object {
  return {
    node: nodes.map(({ name, op, input, attributes }) => ({
      name,
      op,
      input,
      attr: Object.fromEntries(
        Object.entries(attributes).map(([attribute, value]) => [attribute, attributeOf(value)]),
      ),
    })),
    versions: { producer: graphVersion },
  }
}

/** Bytes of a GraphDef (`graph.pb`). */
export function encodeGraph(nodes: readonly TensorFlowNode[]): Uint8Array {
  return graphType.encode(graphType.fromObject(graphOf(nodes))).finish()
}

/** Bytes of a `saved_model.pb` with one graph, tagged `serve`. */
export function encodeSavedModel(
  nodes: readonly TensorFlowNode[],
  signatures: Readonly<Record<string, Signature>>,
): Uint8Array {
  const tensors = (list: Signature['inputs']): object =>
    Object.fromEntries(
      Object.entries(list).map(([key, { name, type, shape }]) => [
        key,
        { name, dtype: type === undefined ? 0 : elementTypes[type], tensorShape: shapeOf(shape) },
      ]),
    )
  const model = savedModelType.fromObject({
    savedModelSchemaVersion: 1,
    metaGraphs: [
      {
        metaInfoDef: { tags: ['serve'], tensorflowVersion: '2.18.0' },
        graphDef: graphOf(nodes),
        signatureDef: Object.fromEntries(
          Object.entries(signatures).map(([name, { inputs, outputs }]) => [
            name,
            {
              inputs: tensors(inputs),
              outputs: tensors(outputs),
              methodName: 'tensorflow/serving/predict',
            },
          ]),
        ),
      },
    ],
  })
  return savedModelType.encode(model).finish()
}
