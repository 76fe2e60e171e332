// Writes one TensorFlow graph: nodes by name, equal constants once, equal nodes of one entry once.
import type { ElementType, TensorFlowAttribute, TensorFlowNode } from './protobuf.js'
import { elementTypes } from './protobuf.js'

export type NodeAttributes = Readonly<Record<string, TensorFlowAttribute>>

/** The attribute that names an element type. */
export const typeAttribute = (type: ElementType): TensorFlowAttribute => ({ type: elementTypes[type] })

export class GraphWriter {
  readonly nodes: TensorFlowNode[] = []
  private readonly taken = new Set<string>()
  private readonly written = new Map<string, string>()

  /** Writes a node under this name, with a number behind it where the name is taken, and gives the name. */
  node(name: string, op: string, input: readonly string[], attributes: NodeAttributes = {}): string {
    let free = name
    for (let count = 1; this.taken.has(free); count++) free = `${name}_${count}`
    this.taken.add(free)
    this.nodes.push({ name: free, op, input, attributes })
    return free
  }

  /** As `node`; an equal one (same operation, inputs and attributes) that is there already is used again. */
  sharedNode(name: string, op: string, input: readonly string[], attributes: NodeAttributes): string {
    const key = `${op}(${input.join()}) ${JSON.stringify(attributes)}`
    const known = this.written.get(key)
    if (known !== undefined) return known
    const node = this.node(name, op, input, attributes)
    this.written.set(key, node)
    return node
  }

  floats(values: readonly number[], shape: readonly number[] = []): string {
    return this.constant('float32', shape, bytesOf(Float32Array.from(values)))
  }

  /** A list of int32, which shapes, axes and positions are. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant('int32', shape, bytesOf(Int32Array.from(values)))
  }

  constant(type: ElementType, shape: readonly number[], bytes: Uint8Array): string {
    const key = `constant ${type} ${shape.join()} ${Buffer.from(bytes).toString('base64')}`
    const known = this.written.get(key)
    if (known !== undefined) return known
    const name = this.node('constants/c', 'Const', [], {
      dtype: typeAttribute(type),
      value: { tensor: { type, shape, bytes } },
    })
    this.written.set(key, name)
    return name
  }
}

function bytesOf(array: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
