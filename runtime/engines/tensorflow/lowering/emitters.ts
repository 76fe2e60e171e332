// From every operation of the graph to its form in TensorFlow. Inputs and state are written by whoever writes
// the entry.
import { bfloat16Bits } from '../../../../compiler/graph/bfloat16.js'
import type { DType, Node } from '../../../../compiler/graph/graph.js'
import type { OperationName } from '../../../../compiler/graph/operations/index.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../../compiler/graph/operations/shapes.js'
import type { GraphWriter } from '../graph-writer.js'
import { typeAttribute } from '../graph-writer.js'
import {
  emitConvolution,
  emitInputGradient,
  emitShortcut,
  emitShortcutGradient,
  emitWeightGradient,
} from './convolution.js'
import type { Lowering } from './lowering.js'
import { elementTypeOf } from './lowering.js'
import { emitNormalization, emitNormalizationGradient, emitNormalizationInference } from './normalization.js'
import { emitMaxPool, emitMaxPoolGradient } from './pooling.js'

/** What is written here. */
type WrittenName = Exclude<OperationName, 'input' | 'state'>

/** Writes one node at `position`, of any operation or of those named, and defines its outputs. */
type Emitter<Name extends WrittenName = WrittenName> = (
  lowering: Lowering,
  node: Node<Name>,
  position: number,
) => void

/** Operands of an elementwise node: single numbers as they are, all others in the form of the result. */
function operandNames(lowering: Lowering, node: Node, position: number): readonly string[] {
  const form = lowering.form({ node: position, output: 0 })
  return node.inputs.map((input) =>
    lowering.get(input, elementCount(lowering.type(input).shape) === 1 ? 'plain' : form),
  )
}

/** An operation on elements; the operands from `first` on share the type T. */
const elementwise =
  (op: string, attributes: Record<string, { readonly b: boolean }> = {}): Emitter =>
  (lowering, node, position) => {
    const names = operandNames(lowering, node, position)
    // The last operand is of the common type also where the first is a condition.
    const type = lowering.elementType(lowering.input(node, node.inputs.length - 1))
    lowering.define({ node: position, output: 0 }, lowering.typed(type, op, names, attributes))
  }

/** Logical operations know only one type, and have no attribute for it. */
const logical =
  (op: string): Emitter =>
  (lowering, node, position) =>
    lowering.define({ node: position, output: 0 }, lowering.write(op, operandNames(lowering, node, position)))

const plainNode =
  <Name extends WrittenName>(
    write: (lowering: Lowering, node: Node<Name>, names: readonly string[]) => string,
  ): Emitter<Name> =>
  (lowering, node, position) => {
    const names = node.inputs.map((input) => lowering.plain(input))
    lowering.define({ node: position, output: 0 }, write(lowering, node, names))
  }

const indices = { Tidx: typeAttribute('int32') }

const reduction = (op: string): Emitter<'reduce_sum' | 'reduce_mean' | 'reduce_max'> =>
  plainNode((lowering, node, [x = '']) =>
    lowering.typed(
      lowering.elementType(lowering.input(node, 0)),
      op,
      [x, lowering.writer.integers(node.attributes.axes)],
      { keep_dims: { b: node.attributes.keepDimensions }, ...indices },
    ),
  )

/**
 * Two-input additions in the order of the graph. TensorFlow's optimizer would fold them into one of many
 * inputs, which sums in the order in which buffers become free: the attribute keeps it from doing so, and
 * runs the same bit by bit.
 */
const keptApart = { _grappler_ArithmeticOptimizer_AddOpsRewriteStage: { b: true } }

const addition = elementwise('AddV2', keptApart)

/** A row added to a matrix is a bias, which the product before takes in. */
function emitAdd(lowering: Lowering, node: Node<'add'>, position: number): void {
  const [left, right] = node.inputs
  const product = left === undefined ? undefined : lowering.graph.nodes[left.node]
  const shape = node.outputs[0]?.shape ?? []
  const isBias =
    left !== undefined &&
    right !== undefined &&
    product?.op === 'matmul' &&
    sameShape(lowering.type(right).shape, shape.slice(1))
  if (!isBias) {
    addition(lowering, node, position)
    return
  }
  const names = [lowering.plain(left), lowering.plain(right)]
  lowering.define({ node: position, output: 0 }, lowering.typed(lowering.elementType(left), 'BiasAdd', names))
}

function emitConstant(lowering: Lowering, node: Node<'constant'>, position: number): void {
  const values = node.attributes.values
  const dtype = node.attributes.dtype
  const shape = node.attributes.shape
  const count = elementCount(shape)
  const all = values.length === count ? values : Array.from({ length: count }, () => values[0] ?? 0)
  lowering.define({ node: position, output: 0 }, writeConstant(lowering.writer, dtype, shape, all))
}

function writeConstant(
  writer: GraphWriter,
  dtype: DType,
  shape: readonly number[],
  values: readonly number[],
): string {
  switch (dtype) {
    case 'float32':
      return writer.floats(values, shape)
    case 'bfloat16':
      return writer.constant(dtype, shape, new Uint8Array(bfloat16Bits(values).buffer))
    case 'int32':
      return writer.integers(values, shape)
    case 'uint8':
    case 'bool':
      return writer.constant(dtype, shape, Uint8Array.from(values))
  }
}

/** log(sum(exp(x))) without overflow: the maximum is taken out first. */
function emitLogSumExp(lowering: Lowering, node: Node<'log_sum_exp'>, [x = '']: readonly string[]): string {
  const { writer } = lowering
  const source = lowering.input(node, 0)
  const type = lowering.elementType(source)
  const axes = writer.integers(node.attributes.axes)
  const reduce = (op: string, name: string): string =>
    lowering.typed(type, op, [name, axes], { keep_dims: { b: true }, ...indices })
  const largest = reduce('Max', x)
  const shifted = lowering.typed(type, 'Exp', [lowering.typed(type, 'Sub', [x, largest])])
  const logarithm = lowering.typed(type, 'Log', [reduce('Sum', shifted)])
  const sum = lowering.typed(type, 'AddV2', [logarithm, largest], keptApart)
  const shape = node.outputs[0]?.shape ?? []
  return node.attributes.keepDimensions ? sum : lowering.typed(type, 'Reshape', [sum, writer.integers(shape)])
}

function emitMatmul(lowering: Lowering, node: Node<'matmul'>, names: readonly string[]): string {
  return lowering.typed(lowering.elementType(lowering.input(node, 0)), 'MatMul', names, {
    transpose_a: { b: node.attributes.transposeLeft },
    transpose_b: { b: node.attributes.transposeRight },
  })
}

function emitCast(lowering: Lowering, node: Node<'cast'>, position: number): void {
  const source = lowering.input(node, 0)
  const result = { node: position, output: 0 }
  lowering.define(
    result,
    lowering.write('Cast', [lowering.get(source, lowering.form(result))], {
      SrcT: typeAttribute(lowering.elementType(source)),
      DstT: typeAttribute(elementTypeOf(node.attributes.dtype)),
    }),
  )
}

function emitClamp(lowering: Lowering, node: Node<'clamp'>, position: number): void {
  const { low, high } = node.attributes
  const limits = [low, high].map((limit) => lowering.writer.floats([limit]))
  const names = [...operandNames(lowering, node, position), ...limits]
  lowering.define(
    { node: position, output: 0 },
    lowering.typed(typeOfFirst(lowering, node), 'ClipByValue', names),
  )
}

/** ReluGrad, unlike other operations on elements, does not stretch its operands. */
function emitReluGradient(lowering: Lowering, node: Node<'relu_gradient'>, position: number): void {
  const result = { node: position, output: 0 }
  const type = typeOfFirst(lowering, node)
  const shape = lowering.heldShape(result)
  const names = node.inputs.map((input) =>
    sameShape(lowering.type(input).shape, lowering.type(result).shape)
      ? lowering.get(input, lowering.form(result))
      : lowering.typed(
          type,
          'BroadcastTo',
          [lowering.plain(input), lowering.writer.integers(shape)],
          indices,
        ),
  )
  lowering.define(result, lowering.typed(type, 'ReluGrad', names))
}

const typeOfFirst = (lowering: Lowering, node: Node) => lowering.elementType(lowering.input(node, 0))

const emitters: { readonly [Name in WrittenName]: Emitter<Name> } = {
  constant: emitConstant,
  stop_gradient(lowering, node, position) {
    const result = { node: position, output: 0 }
    lowering.define(result, lowering.get(lowering.input(node, 0), lowering.form(result)))
  },
  add: emitAdd,
  subtract: elementwise('Sub'),
  multiply: elementwise('Mul'),
  divide: elementwise('RealDiv'),
  power: elementwise('Pow'),
  maximum: elementwise('Maximum'),
  minimum: elementwise('Minimum'),
  negate: elementwise('Neg'),
  exp: elementwise('Exp'),
  log: elementwise('Log'),
  sqrt: elementwise('Sqrt'),
  round: elementwise('Round'),
  clamp: emitClamp,
  relu: elementwise('Relu'),
  relu_gradient: emitReluGradient,
  less: elementwise('Less'),
  less_equal: elementwise('LessEqual'),
  equal: elementwise('Equal'),
  and: logical('LogicalAnd'),
  or: logical('LogicalOr'),
  not: logical('LogicalNot'),
  select: elementwise('SelectV2'),
  cast: emitCast,
  argmax: plainNode((lowering, node, [x = '']) =>
    lowering.typed(
      typeOfFirst(lowering, node),
      'ArgMax',
      [x, lowering.writer.integers([node.attributes.axis], [])],
      { ...indices, output_type: typeAttribute('int32') },
    ),
  ),
  one_hot: plainNode((lowering, node, [positions = '']) =>
    lowering.typed(
      'float32',
      'OneHot',
      [
        positions,
        lowering.writer.integers([node.attributes.depth], []),
        lowering.writer.floats([1]),
        lowering.writer.floats([0]),
      ],
      { TI: typeAttribute('int32') },
    ),
  ),
  gather: plainNode((lowering, node, names) =>
    lowering.write('GatherV2', [...names, lowering.writer.integers([0], [])], {
      Tparams: typeAttribute(typeOfFirst(lowering, node)),
      Tindices: typeAttribute('int32'),
      Taxis: typeAttribute('int32'),
    }),
  ),
  matmul: plainNode(emitMatmul),
  reduce_sum: reduction('Sum'),
  reduce_mean: reduction('Mean'),
  reduce_max: reduction('Max'),
  log_sum_exp: plainNode(emitLogSumExp),
  reshape: plainNode((lowering, node, [x = '']) =>
    lowering.typed(typeOfFirst(lowering, node), 'Reshape', [
      x,
      lowering.writer.integers(node.attributes.shape),
    ]),
  ),
  transpose: plainNode((lowering, node, [x = '']) =>
    lowering.typed(typeOfFirst(lowering, node), 'Transpose', [
      x,
      lowering.writer.integers(node.attributes.permutation),
    ]),
  ),
  broadcast: plainNode((lowering, node, [x = '']) =>
    lowering.typed(
      typeOfFirst(lowering, node),
      'BroadcastTo',
      [x, lowering.writer.integers(node.attributes.shape)],
      indices,
    ),
  ),
  pad: plainNode((lowering, node, [x = '']) => {
    const before = node.attributes.before
    const after = node.attributes.after
    const rows = before.flatMap((count, axis) => [count, after[axis] ?? 0])
    return lowering.typed(
      typeOfFirst(lowering, node),
      'Pad',
      [x, lowering.writer.integers(rows, [before.length, 2])],
      { Tpaddings: typeAttribute('int32') },
    )
  }),
  slice: plainNode((lowering, node, [x = '']) =>
    lowering.typed(
      typeOfFirst(lowering, node),
      'Slice',
      [x, lowering.writer.integers(node.attributes.starts), lowering.writer.integers(node.attributes.sizes)],
      { Index: typeAttribute('int32') },
    ),
  ),
  concat: plainNode((lowering, node, names) =>
    lowering.typed(
      typeOfFirst(lowering, node),
      'ConcatV2',
      [...names, lowering.writer.integers([node.attributes.axis], [])],
      { N: { i: names.length }, ...indices },
    ),
  ),
  conv2d: emitConvolution,
  conv2d_input_gradient: emitInputGradient,
  conv2d_weight_gradient: emitWeightGradient,
  max_pool: emitMaxPool,
  max_pool_gradient: emitMaxPoolGradient,
  batch_normalization: emitNormalization,
  batch_normalization_gradient: emitNormalizationGradient,
  batch_normalization_inference: emitNormalizationInference,
  shortcut_pad: emitShortcut,
  shortcut_pad_gradient: emitShortcutGradient,
}

export const emit = <Name extends WrittenName>(
  lowering: Lowering,
  node: Node<Name>,
  position: number,
): void => emitters[node.op](lowering, node, position)
