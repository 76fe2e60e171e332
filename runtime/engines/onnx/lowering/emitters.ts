// From every operation of the graph to its form in ONNX.
import { nearestBfloat16 } from '../../../../compiler/graph/bfloat16.js'
import type { DType, Node, Value } from '../../../../compiler/graph/graph.js'
import type { OperationName } from '../../../../compiler/graph/operations/index.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../../compiler/graph/operations/shapes.js'
import type { NodeAttributes } from '../model.js'
import { elementTypes } from '../protobuf.js'
import { heldAs, rounded } from './bfloat16.js'
import { imagesOf, pictureMean } from './blocked-images.js'
import {
  emitConvolution,
  emitInputGradient,
  emitShortcut,
  emitShortcutGradient,
  emitWeightGradient,
} from './convolution.js'
import type { Form } from './forms.js'
import type { Lowering } from './lowering.js'
import {
  emitNormalization,
  emitNormalizationGradient,
  emitNormalizationInference,
  emitScaleShift,
} from './normalization.js'
import { emitMaxPool, emitMaxPoolGradient } from './pooling.js'

/** Writes one node at `position`, of any operation or of those named, and defines its outputs. */
type Emitter<Name extends OperationName = OperationName> = (
  lowering: Lowering,
  node: Node<Name>,
  position: number,
) => void

/** Operands of an elementwise node: single numbers row-major, all others in the form of the result. */
function operandNames(
  lowering: Lowering,
  { inputs, outputs }: Pick<Node, 'inputs' | 'outputs'>,
  form: Form,
): readonly string[] {
  const shape = outputs[0]?.shape ?? []
  return inputs.map((input) =>
    lowering.get(input, sameShape(lowering.type(input).shape, shape) ? form : 'plain'),
  )
}

const elementwise =
  <Name extends OperationName>(
    write: (lowering: Lowering, names: readonly string[], node: Node<Name>) => string,
  ): Emitter<Name> =>
  (lowering, node, position) => {
    const result = { node: position, output: 0 }
    lowering.define(result, write(lowering, operandNames(lowering, node, lowering.form(result)), node))
  }

const operator = (opType: string): Emitter => elementwise(({ model }, names) => model.node(opType, names))

const plainNode =
  <Name extends OperationName>(
    write: (lowering: Lowering, node: Node<Name>, names: readonly string[]) => string,
  ): Emitter<Name> =>
  (lowering, node, position) => {
    const names = node.inputs.map((input) => lowering.plain(input))
    lowering.define({ node: position, output: 0 }, write(lowering, node, names))
  }

type Reduction = 'reduce_sum' | 'reduce_mean' | 'reduce_max' | 'log_sum_exp'

const reduction = (opType: string): Emitter<Reduction> =>
  plainNode(({ model }, node, [x = '']) => {
    const keepdims = node.attributes.keepDimensions ? 1 : 0
    return model.node(opType, [x, model.integers(node.attributes.axes)], { keepdims })
  })

/** The value that a fused node takes in, in the form of images in blocks. */
function fused(lowering: Lowering, position: number): string | undefined {
  const fusion = lowering.fusions.at.get(position)
  const producer = fusion === undefined ? undefined : lowering.graph.nodes[fusion.absorbed]
  if (fusion === undefined || producer === undefined) return undefined
  const { absorbed, sum, relu } = fusion
  // Most of the fused node's work is the absorbed one's.
  lowering.model.writeFor(absorbed)
  switch (producer.op) {
    case 'conv2d_input_gradient':
      return emitInputGradient(lowering, producer, absorbed, sum)
    case 'shortcut_pad':
      return emitShortcut(lowering, producer, absorbed, sum, relu)
    case 'batch_normalization':
    case 'batch_normalization_inference': {
      const added = sum === undefined ? undefined : lowering.get(sum, 'blocked')
      return emitScaleShift(lowering, producer, absorbed, added, relu)
    }
    default:
      throw new Error(`nothing takes in the operation ${producer.op}`)
  }
}

const fusible =
  (otherwise: Emitter): Emitter<'add' | 'relu'> =>
  (lowering, node, position) => {
    const name = fused(lowering, position)
    if (name === undefined) otherwise(lowering, node, position)
    else lowering.define({ node: position, output: 0 }, name)
  }

const cast = (lowering: Lowering, name: string, dtype: DType): string =>
  lowering.model.node('Cast', [name], { to: elementTypes[heldAs(dtype)] })

const emitCast: Emitter<'cast'> = (lowering, node, position) => {
  const from = lowering.type(lowering.input(node, 0)).dtype
  const to = node.attributes.dtype
  elementwise((_lowering, [x = '']) => {
    if (from === 'bfloat16' && to === 'float32') return x
    const held = heldAs(from) === heldAs(to) ? x : cast(lowering, x, to)
    return to === 'bfloat16' ? rounded(lowering, held) : held
  })(lowering, node, position)
}

function emitConstant(lowering: Lowering, node: Node<'constant'>, position: number): void {
  const values = node.attributes.values
  const dtype = node.attributes.dtype
  const shape = node.attributes.shape
  const count = elementCount(shape)
  const all = values.length === count ? values : Array.from({ length: count }, () => values[0] ?? 0)
  const { model } = lowering
  const name =
    dtype === 'float32' || dtype === 'bfloat16'
      ? model.floats(dtype === 'bfloat16' ? all.map(nearestBfloat16) : all, shape)
      : model.constant(
          dtype,
          shape,
          dtype === 'int32' ? new Uint8Array(Int32Array.from(all).buffer) : Uint8Array.from(all),
        )
  lowering.define({ node: position, output: 0 }, name)
}

function emitMatmul({ model }: Lowering, node: Node<'matmul'>, names: readonly string[]): string {
  const attributes: NodeAttributes = {
    transA: node.attributes.transposeLeft ? 1 : 0,
    transB: node.attributes.transposeRight ? 1 : 0,
  }
  return model.node('Gemm', names, attributes)
}

/** Positions outside the depth give zeros, which ONNX's own OneHot does not promise for negative ones. */
function emitOneHot({ model }: Lowering, node: Node<'one_hot'>, [positions = '']: readonly string[]): string {
  const depth = node.attributes.depth
  const shape = node.outputs[0]?.shape ?? []
  const all = Int32Array.from({ length: depth }, (_, place) => place)
  const classes = model.constant('int32', [depth], new Uint8Array(all.buffer))
  const column = model.reshape(positions, [...shape.slice(0, -1), 1])
  return model.node('Cast', [model.node('Equal', [column, classes])], { to: elementTypes.float32 })
}

function emitMean(lowering: Lowering, node: Node<'reduce_mean'>, position: number): void {
  const x = lowering.input(node, 0)
  const axes = node.attributes.axes
  if (lowering.form(x) !== 'blocked' || !sameShape(axes, [2, 3])) {
    reduction('ReduceMean')(lowering, node, position)
    return
  }
  const { model } = lowering
  const mean = pictureMean(model, lowering.get(x, 'blocked'), imagesOf(lowering.type(x).shape))
  const shape = node.outputs[0]?.shape ?? []
  lowering.define({ node: position, output: 0 }, shape.length === 2 ? mean : model.reshape(mean, shape))
}

function emitSum(lowering: Lowering, node: Node<'reduce_sum'>, position: number): void {
  const x = lowering.input(node, 0)
  const axes = node.attributes.axes
  if (axes.length < lowering.type(x).shape.length) {
    reduction('ReduceSum')(lowering, node, position)
    return
  }
  // A sum over everything does not care about the order.
  const { model } = lowering
  const keepdims = node.attributes.keepDimensions ? 1 : 0
  const name = lowering.get(x, lowering.form(x))
  lowering.define(
    { node: position, output: 0 },
    model.node('ReduceSum', [name, model.integers(axes)], { keepdims }),
  )
}

function emitBroadcast(lowering: Lowering, node: Node<'broadcast'>, position: number): void {
  const { model, block } = lowering
  const result = { node: position, output: 0 }
  const name = lowering.plain(lowering.input(node, 0))
  const shape = node.attributes.shape
  if (lowering.form(result) !== 'blocked') {
    lowering.define(result, model.node('Expand', [name, model.integers(shape)]))
    return
  }
  // One number a channel lies in blocks as it lies in rows.
  const { count, channels, height, width } = imagesOf(shape)
  const blocks = [count, channels / block]
  const stretched = model.node('Expand', [
    model.reshape(name, [...blocks, 1, block]),
    model.integers([...blocks, height * width, block]),
  ])
  lowering.define(result, model.reshape(stretched, shape))
}

const emitInput: Emitter<'input'> = (lowering, node, position) => {
  const { dtype, shape } = lowering.type({ node: position, output: 0 })
  const name = node.attributes.name
  const sizes = lowering.frozen === undefined ? shape : anyBatch(shape)
  lowering.define({ node: position, output: 0 }, lowering.model.input(name, heldAs(dtype), sizes))
}

const emitState: Emitter<'state'> = (lowering, node, position) => {
  const result = { node: position, output: 0 }
  const { dtype, shape } = lowering.type(result)
  const name = node.attributes.name
  const { model, frozen } = lowering
  if (frozen === undefined) {
    lowering.define(result, model.input(stateInput(name), heldAs(dtype), shape))
    return
  }
  const weight = frozen.weights[name]
  if (weight === undefined) throw new Error(`there is no weight ${name}`)
  lowering.define(result, model.weight(name, Float32Array.from(weight.data), shape))
}

/** A shape whose first axis may have any size. */
export const anyBatch = (shape: readonly number[]): readonly (number | string)[] => [
  'batch',
  ...shape.slice(1),
]

/** Name under which a state variable is fed, apart from all names of the caller's inputs. */
export const stateInput = (variable: string): string => `state:${variable}`
/** Name under which its new value comes out. */
export const stateOutput = (variable: string): string => `new:${variable}`

const sum = operator('Add')

const emitters: { readonly [Name in OperationName]: Emitter<Name> } = {
  input: emitInput,
  state: emitState,
  constant: emitConstant,
  stop_gradient: elementwise((_lowering, [x = '']) => x),
  add: fusible(sum),
  subtract: operator('Sub'),
  multiply: operator('Mul'),
  divide: operator('Div'),
  power: operator('Pow'),
  maximum: operator('Max'),
  minimum: operator('Min'),
  negate: operator('Neg'),
  exp: operator('Exp'),
  log: operator('Log'),
  sqrt: operator('Sqrt'),
  round: operator('Round'),
  clamp: elementwise(({ model }, [x = ''], { attributes: { low, high } }) =>
    model.node('Clip', [x, model.scalar(low), model.scalar(high)]),
  ),
  relu: fusible(operator('Relu')),
  relu_gradient: elementwise(({ model }, [gradient = '', y = '']) => {
    // 1 where y > 0 and 0 elsewhere in one pass over memory: a ramp from 0 to 1 too steep to be seen.
    const positive = model.node('HardSigmoid', [y], { alpha: { float: 1e30 }, beta: { float: 0 } })
    return model.node('Mul', [gradient, positive])
  }),
  less: operator('Less'),
  less_equal: operator('LessOrEqual'),
  equal: operator('Equal'),
  and: operator('And'),
  or: operator('Or'),
  not: operator('Not'),
  select: operator('Where'),
  cast: emitCast,
  argmax: plainNode((lowering, node, [x = '']) => {
    const axis = node.attributes.axis
    return cast(lowering, lowering.model.node('ArgMax', [x], { axis, keepdims: 0 }), 'int32')
  }),
  one_hot: plainNode(emitOneHot),
  gather: plainNode(({ model }, _node, names) => model.node('Gather', names, { axis: 0 })),
  matmul: plainNode(emitMatmul),
  reduce_sum: emitSum,
  reduce_mean: emitMean,
  reduce_max: reduction('ReduceMax'),
  log_sum_exp: reduction('ReduceLogSumExp'),
  reshape: plainNode(({ model }, node, [x = '']) => model.reshape(x, node.attributes.shape)),
  transpose: plainNode(({ model }, node, [x = '']) => model.transpose(x, node.attributes.permutation)),
  broadcast: emitBroadcast,
  pad: plainNode(({ model }, node, [x = '']) => {
    const pads = [...node.attributes.before, ...node.attributes.after]
    return model.node('Pad', [x, model.integers(pads)])
  }),
  slice: plainNode(({ model }, node, [x = '']) => {
    const starts = node.attributes.starts
    const sizes = node.attributes.sizes
    const ends = starts.map((start, axis) => start + (sizes[axis] ?? 0))
    const axes = starts.map((_start, axis) => axis)
    return model.node('Slice', [x, model.integers(starts), model.integers(ends), model.integers(axes)])
  }),
  concat: plainNode(({ model }, node, names) => model.node('Concat', names, { axis: node.attributes.axis })),
  conv2d: emitConvolution,
  conv2d_input_gradient: (lowering, node, position) =>
    lowering.define({ node: position, output: 0 }, emitInputGradient(lowering, node, position)),
  conv2d_weight_gradient: emitWeightGradient,
  max_pool: emitMaxPool,
  max_pool_gradient: emitMaxPoolGradient,
  batch_normalization: emitNormalization,
  batch_normalization_gradient: emitNormalizationGradient,
  batch_normalization_inference: emitNormalizationInference,
  shortcut_pad: (lowering, node, position) =>
    lowering.define({ node: position, output: 0 }, emitShortcut(lowering, node, position)),
  shortcut_pad_gradient: emitShortcutGradient,
}

export const emit = <Name extends OperationName>(
  lowering: Lowering,
  node: Node<Name>,
  position: number,
): void => emitters[node.op](lowering, node, position)

/** Whether a value is written in no form of its own, because the node that reads it writes it. */
export function isAbsorbed(lowering: Lowering, value: Value): boolean {
  const op = lowering.graph.nodes[value.node]?.op
  // A normalization is still written for its statistics.
  return lowering.fusions.absorbed.has(value.node) && op !== 'batch_normalization'
}
