// One graph on its way to an ONNX model: names of what is written already, in the forms it is there in.
import type { Graph, Node, TensorType, Value } from '../../../../compiler/graph/graph.js'
import type { Tensors } from '../../../platform/tensor.js'
import { ModelWriter } from '../model.js'
import { blockedToPlain, kernelToPlain, plainToBlocked, plainToKernel } from './conversions.js'
import type { Form } from './forms.js'
import { typeOf } from './forms.js'
import type { Fusions } from './fusion.js'

/** A model that has its weights in it, takes any number of images, and says what it is. */
export interface FrozenModel {
  /** Values of all variables that the graph reads. */
  readonly weights: Tensors
  readonly metadata: Readonly<Record<string, string>>
}

export class Lowering {
  readonly model = new ModelWriter()
  private readonly names = new Map<string, string>()
  /**
   * A zero that depends on work that should be done before anything else is begun; the next large operation
   * adds it to one of its small inputs. The runtime orders nodes by their dependencies alone, and would keep
   * the images and gradients that gradients of weights read until the end of the step.
   */
  token: string | undefined

  constructor(
    readonly graph: Graph,
    /** Channels of a block; 0 where there are no blocked kernels. */
    readonly block: number,
    readonly forms: readonly (readonly Form[])[],
    readonly fusions: Fusions,
    readonly frozen?: FrozenModel,
  ) {}

  type(value: Value): TensorType {
    return typeOf(this.graph, value)
  }

  form(value: Value): Form {
    return this.forms[value.node]?.[value.output] ?? 'plain'
  }

  /** An input of a node; asking for one that is not there is a bug. */
  input(node: Node, position: number): Value {
    const value = node.inputs[position]
    if (value === undefined) throw new Error(`${node.op} has no input ${position}`)
    return value
  }

  /** Says under which name a value was written, in its own form. */
  define(value: Value, name: string): void {
    this.names.set(keyOf(value, this.form(value)), name)
  }

  /** The name of a value in a form, converted if it is there in another one. */
  get(value: Value, form: Form): string {
    const known = this.names.get(keyOf(value, form))
    if (known !== undefined) return known
    const own = this.form(value)
    const written = this.names.get(keyOf(value, own))
    if (written === undefined || own === form)
      throw new Error(`value ${value.node}.${value.output} is not written yet`)
    const converted = this.convert(written, this.type(value).shape, own, form)
    this.names.set(keyOf(value, form), converted)
    return converted
  }

  plain(value: Value): string {
    return this.get(value, 'plain')
  }

  /** Takes the waiting token, or undefined where none waits. */
  takeToken(): string | undefined {
    const { token } = this
    this.token = undefined
    return token
  }

  private convert(name: string, shape: readonly number[], from: Form, to: Form): string {
    const { model, block } = this
    if (from === 'blocked') {
      const plain = blockedToPlain(model, name, shape)
      return to === 'plain' ? plain : plainToKernel(model, plain, shape, block)
    }
    const plain = from === 'kernel' ? kernelToPlain(model, name, shape, block) : name
    if (to === 'plain') return plain
    return to === 'blocked' ? plainToBlocked(model, plain) : plainToKernel(model, plain, shape, block)
  }
}

const keyOf = ({ node, output }: Value, form: Form): string => `${node}.${output} ${form}`
