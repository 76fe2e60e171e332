// The parts of ONNX's protobuf messages that a written model needs (onnx.proto3, IR version 10), field
// numbers included.
import { messageSet } from '../../platform/protobuf-messages.js'

const message = messageSet()

message('OperatorSetId', [
  ['domain', 1, 'string'],
  ['version', 2, 'int64'],
])
message('Dimension', [
  ['dimValue', 1, 'int64'],
  ['dimParam', 2, 'string'],
])
message('TensorShape', [['dim', 1, 'Dimension', 'repeated']])
message('TensorTypeProto', [
  ['elemType', 1, 'int32'],
  ['shape', 2, 'TensorShape'],
])
message('TypeProto', [['tensorType', 1, 'TensorTypeProto']])
message('ValueInfo', [
  ['name', 1, 'string'],
  ['type', 2, 'TypeProto'],
])
message('Tensor', [
  ['dims', 1, 'int64', 'repeated'],
  ['dataType', 2, 'int32'],
  ['name', 8, 'string'],
  ['rawData', 9, 'bytes'],
])
message('Attribute', [
  ['name', 1, 'string'],
  ['f', 2, 'float'],
  ['i', 3, 'int64'],
  ['s', 4, 'bytes'],
  ['ints', 8, 'int64', 'repeated'],
  ['type', 20, 'int32'],
])
message('Node', [
  ['input', 1, 'string', 'repeated'],
  ['output', 2, 'string', 'repeated'],
  ['name', 3, 'string'],
  ['opType', 4, 'string'],
  ['attribute', 5, 'Attribute', 'repeated'],
  ['domain', 7, 'string'],
])
message('Graph', [
  ['node', 1, 'Node', 'repeated'],
  ['name', 2, 'string'],
  ['initializer', 5, 'Tensor', 'repeated'],
  ['input', 11, 'ValueInfo', 'repeated'],
  ['output', 12, 'ValueInfo', 'repeated'],
])
message('StringStringEntry', [
  ['key', 1, 'string'],
  ['value', 2, 'string'],
])
const modelType = message('Model', [
  ['irVersion', 1, 'int64'],
  ['producerName', 2, 'string'],
  ['graph', 7, 'Graph'],
  ['opsetImport', 8, 'OperatorSetId', 'repeated'],
  ['metadataProps', 14, 'StringStringEntry', 'repeated'],
])

/** Numbers of element types in ONNX (TensorProto.DataType). */
export const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, bfloat16: 16 } as const

export type ElementType = keyof typeof elementTypes

export interface OnnxAttribute {
  readonly name: string
  /** AttributeProto.AttributeType. */
  readonly type: 1 | 2 | 3 | 7
  readonly f?: number
  readonly i?: number
  readonly s?: Uint8Array
  readonly ints?: readonly number[]
}

export interface OnnxNode {
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly name: string
  readonly opType: string
  readonly domain: string
  readonly attribute: readonly OnnxAttribute[]
}

export interface OnnxTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly dataType: number
  readonly rawData: Uint8Array
}

export interface OnnxValue {
  readonly name: string
  readonly type: ElementType
  /** Undefined where the runtime is to find it out; a name where an axis may have any size. */
  readonly shape: readonly (number | string)[] | undefined
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

/**
 * Bytes of an `.onnx` file. `domains` are the operator sets that it imports, with their versions; `metadata`
 * is what it says about itself.
 */
export function encodeModel(
  graph: OnnxGraph,
  domains: Readonly<Record<string, number>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const described = ({ name, type, shape }: OnnxValue): object => ({
    name,
    type: {
      tensorType: {
        elemType: elementTypes[type],
        ...(shape === undefined ? {} : { shape: { dim: shape.map(dimensionOf) } }),
      },
    },
  })
  const model = modelType.fromObject({
    irVersion: 10,
    producerName: 'saurun',
    graph: {
      name: 'graph',
      node: graph.nodes,
      initializer: graph.initializers,
      input: graph.inputs.map(described),
      output: graph.outputs.map(described),
    },
    opsetImport: Object.entries(domains).map(([domain, version]) => ({ domain, version })),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  })
  return modelType.encode(model).finish()
}

const dimensionOf = (size: number | string): object =>
  typeof size === 'number' ? { dimValue: size } : { dimParam: size }
