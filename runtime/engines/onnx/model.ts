// Writes one ONNX graph: nodes by name, constants once, equal nodes once.
import type { ElementType, OnnxAttribute, OnnxNode, OnnxTensor, OnnxValue } from './protobuf.js'
import { elementTypes, encodeModel } from './protobuf.js'

/** Operator sets: the standard one, onnxruntime's own, and its blocked (NCHWc) kernels. */
export const domains = { standard: '', microsoft: 'com.microsoft', blocked: 'com.microsoft.nchwc' } as const

export type Domain = (typeof domains)[keyof typeof domains]

/** A float attribute; plain numbers are integer attributes. */
export interface FloatAttribute {
  readonly float: number
}

export type NodeAttributes = Readonly<
  Record<string, number | string | readonly number[] | FloatAttribute | undefined>
>

export class ModelWriter {
  private readonly nodes: OnnxNode[] = []
  private readonly initializers: OnnxTensor[] = []
  private readonly inputs: OnnxValue[] = []
  private readonly outputs: OnnxValue[] = []
  private readonly constants = new Map<string, string>()
  private readonly written = new Map<string, readonly string[]>()
  private names = 0
  /** Positions in the graph by the names of the nodes that were written for them. */
  readonly origins = new Map<string, number>()
  /** The node of the graph that is being written. */
  private origin: number | undefined

  /** Says for which node of the graph what is written from now on is. */
  writeFor(origin: number): void {
    this.origin = origin
  }

  input(name: string, type: ElementType, shape: readonly (number | string)[]): string {
    this.inputs.push({ name, type, shape })
    return name
  }

  /**
   * Declares a graph output: an identity, so that a value may be an input, a constant or two outputs at once.
   */
  output(name: string, value: string, type: ElementType, shape: OnnxValue['shape']): void {
    this.push({
      input: [value],
      output: [name],
      name: `output ${name}`,
      opType: 'Identity',
      domain: '',
      attribute: [],
    })
    this.outputs.push({ name, type, shape })
  }

  /** One node; its first output's name. An equal node that is there already is used again. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: NodeAttributes = {},
    domain: Domain = domains.standard,
  ): string {
    const [first = ''] = this.outputsOf(opType, inputs, attributes, 1, domain)
    return first
  }

  /** As `node`, for one of several outputs; the names of all. */
  outputsOf(
    opType: string,
    inputs: readonly string[],
    attributes: NodeAttributes,
    count: number,
    domain: Domain = domains.standard,
  ): readonly string[] {
    const attribute = Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [encodeAttribute(name, value)],
    )
    const key = `${domain} ${opType} ${inputs.join()} ${JSON.stringify(attributes)} ${count}`
    const known = this.written.get(key)
    if (known !== undefined) return known
    const name = `${opType}_${this.names++}`
    const output = Array.from({ length: count }, (_, place) => (place === 0 ? name : `${name}.${place}`))
    this.push({ input: inputs, output, name, opType, domain, attribute })
    this.written.set(key, output)
    return output
  }

  /** Float constants of a shape; a single value stays a scalar when no shape is given. */
  floats(values: readonly number[] | Float32Array, shape: readonly number[] = []): string {
    return this.constant('float32', shape, bytesOf(Float32Array.from(values)))
  }

  scalar(value: number): string {
    return this.floats([value])
  }

  /** A list of int64, which shapes, axes and positions are. */
  integers(values: readonly number[]): string {
    return this.constant('int64', [values.length], bytesOf(BigInt64Array.from(values, BigInt)))
  }

  constant(type: ElementType, shape: readonly number[], rawData: Uint8Array): string {
    const key =
      rawData.length <= 4096
        ? `${type} ${shape.join()} ${Buffer.from(rawData).toString('base64')}`
        : undefined
    const known = key === undefined ? undefined : this.constants.get(key)
    if (known !== undefined) return known
    const name = `constant_${this.names++}`
    this.initializers.push({ name, dims: shape, dataType: elementTypes[type], rawData })
    if (key !== undefined) this.constants.set(key, name)
    return name
  }

  /** A tensor that belongs to the model, under a name of its own. */
  weight(name: string, values: Float32Array, shape: readonly number[]): string {
    this.initializers.push({ name, dims: shape, dataType: elementTypes.float32, rawData: bytesOf(values) })
    return name
  }

  reshape(value: string, shape: readonly number[]): string {
    return this.node('Reshape', [value, this.integers(shape)])
  }

  transpose(value: string, perm: readonly number[]): string {
    return this.node('Transpose', [value], { perm })
  }

  private push(node: OnnxNode): void {
    this.nodes.push(node)
    if (this.origin !== undefined) this.origins.set(node.name, this.origin)
  }

  get nodeCount(): number {
    return this.nodes.length
  }

  encode(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const { nodes, initializers, inputs, outputs } = this
    const imports: Record<string, number> = { [domains.standard]: 21 }
    for (const { domain } of nodes) if (domain !== domains.standard) imports[domain] = 1
    return encodeModel({ nodes, initializers, inputs, outputs }, imports, metadata)
  }
}

function encodeAttribute(
  name: string,
  value: number | string | readonly number[] | FloatAttribute,
): OnnxAttribute {
  if (typeof value === 'number') return { name, type: 2, i: value }
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) }
  if ('float' in value) return { name, type: 1, f: value.float }
  return { name, type: 7, ints: value }
}

function bytesOf(array: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
