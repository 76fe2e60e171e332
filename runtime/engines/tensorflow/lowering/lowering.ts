// One entry graph on its way into the TensorFlow graph: names of what is written already, in the forms it is
// there in.
import type { DType, Graph, Layout, Node, TensorType, Value } from '../../../../compiler/graph/graph.js'
import type { GraphWriter, NodeAttributes } from '../graph-writer.js'
import { typeAttribute } from '../graph-writer.js'
import type { ElementType } from '../protobuf.js'
import type { Form } from './forms.js'
import { kernelShape, toKernel, toPlain } from './forms.js'

export class Lowering {
  private readonly names = new Map<string, string>()
  /** Names of nodes with several outputs, for those that need more of them than the graph's operation has. */
  private readonly multiple = new Map<number, string>()
  private readonly last = new Map<number, string>()
  /** The node of the graph that is being written. */
  private position = 0

  constructor(
    readonly writer: GraphWriter,
    readonly graph: Graph,
    readonly layout: Layout,
    /** Name of the entry, as a part of names. */
    readonly prefix: string,
    readonly forms: readonly Form[],
  ) {}

  /** Says which node of the graph is written from now on. */
  begin(position: number): void {
    this.position = position
  }

  type(value: Value): TensorType {
    const type = this.graph.nodes[value.node]?.outputs[value.output]
    if (type === undefined) throw new Error(`the graph has no value ${value.node}.${value.output}`)
    return type
  }

  elementType(value: Value): ElementType {
    return elementTypeOf(this.type(value).dtype)
  }

  form(value: Value): Form {
    return value.output === 0 ? (this.forms[value.node] ?? 'plain') : 'plain'
  }

  /** The shape that a value has in its own form. */
  heldShape(value: Value): readonly number[] {
    const { shape } = this.type(value)
    return this.form(value) === 'kernel' ? kernelShape(shape) : shape
  }

  /** An input of a node; asking for one that is not there is a bug. */
  input(node: Node, position: number): Value {
    const value = node.inputs[position]
    if (value === undefined) throw new Error(`${node.op} has no input ${position}`)
    return value
  }

  /** What nodes written from now on begin with. */
  get currentPrefix(): string {
    return this.nodePrefix(this.position)
  }

  /**
   * Writes a TensorFlow node for the node of the graph that is being written; `node:0` is its first output.
   */
  write(op: string, inputs: readonly string[], attributes: NodeAttributes = {}): string {
    const name = this.writer.sharedNode(`${this.currentPrefix}/${op}`, op, inputs, attributes)
    this.last.set(this.position, name)
    return name
  }

  /** The TensorFlow node that was written last for a node of the graph: when it is done, so is the node. */
  lastWritten(position: number): string | undefined {
    return this.last.get(position)
  }

  /** As `write`, with the element type of the operands as attribute T. */
  typed(type: ElementType, op: string, inputs: readonly string[], attributes: NodeAttributes = {}): string {
    return this.write(op, inputs, { T: typeAttribute(type), ...attributes })
  }

  /** `train/n12_conv2d`: what all TensorFlow nodes of a node of the graph begin with. */
  nodePrefix(position: number): string {
    return `${this.prefix}/n${position}_${this.graph.nodes[position]?.op ?? 'none'}`
  }

  /** Says under which name a value was written, in its own form. */
  define(value: Value, name: string): void {
    this.names.set(keyOf(value, this.form(value)), name)
  }

  /** The name of a value in a form, transposed if it is there in the other one. */
  get(value: Value, form: Form): string {
    const known = this.names.get(keyOf(value, form))
    if (known !== undefined) return known
    const own = this.form(value)
    const written = this.names.get(keyOf(value, own))
    if (written === undefined || own === form) {
      throw new Error(`value ${value.node}.${value.output} is not written yet`)
    }
    const permutation = form === 'kernel' ? toKernel : toPlain
    const converted = this.typed(this.elementType(value), 'Transpose', [
      written,
      this.writer.integers(permutation),
    ])
    this.names.set(keyOf(value, form), converted)
    return converted
  }

  plain(value: Value): string {
    return this.get(value, 'plain')
  }

  /** Remembers the TensorFlow node that a node of the graph became. */
  defineMultiple(position: number, name: string): void {
    this.multiple.set(position, name)
  }

  /** The TensorFlow node that a node of the graph became. */
  multipleOf(position: number): string | undefined {
    return this.multiple.get(position)
  }
}

const keyOf = ({ node, output }: Value, form: Form): string => `${node}.${output} ${form}`

/** TensorFlow's name of an element type of the graph. */
export function elementTypeOf(dtype: DType): ElementType {
  return dtype
}
