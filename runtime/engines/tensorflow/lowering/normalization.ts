// Batch normalization as TensorFlow's fused operations.
import type { Node } from '../../../../compiler/graph/graph.js'
import type { NormalizationOptions } from '../../../../compiler/graph/operations/normalization.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import type { NodeAttributes } from '../graph-writer.js'
import { typeAttribute } from '../graph-writer.js'
import type { ElementType } from '../protobuf.js'
import type { Lowering } from './lowering.js'

/** Vectors [n, c] are normalized as images of one pixel. */
function asImages(lowering: Lowering, name: string, type: ElementType, shape: readonly number[]): string {
  if (shape.length === 4) return name
  const [count = 0, channels = 0] = shape
  const images = lowering.layout === 'NCHW' ? [count, channels, 1, 1] : [count, 1, 1, channels]
  return lowering.typed(type, 'Reshape', [name, lowering.writer.integers(images)])
}

function asBefore(lowering: Lowering, name: string, type: ElementType, shape: readonly number[]): string {
  return shape.length === 4 ? name : lowering.typed(type, 'Reshape', [name, lowering.writer.integers(shape)])
}

function attributesOf(
  lowering: Lowering,
  { attributes: { epsilon } }: { readonly attributes: NormalizationOptions },
  type: ElementType,
  training: boolean,
): NodeAttributes {
  return {
    T: typeAttribute(type),
    U: typeAttribute('float32'),
    epsilon: { f: epsilon },
    data_format: { s: lowering.layout },
    is_training: { b: training },
  }
}

export function emitNormalization(
  lowering: Lowering,
  node: Node<'batch_normalization'>,
  position: number,
): void {
  const x = lowering.input(node, 0)
  const { shape } = lowering.type(x)
  const type = lowering.elementType(x)
  const none = lowering.writer.floats([], [0])
  const fused = lowering.write(
    'FusedBatchNormV3',
    [
      asImages(lowering, lowering.plain(x), type, shape),
      lowering.plain(lowering.input(node, 1)),
      lowering.plain(lowering.input(node, 2)),
      none,
      none,
    ],
    attributesOf(lowering, node, type, true),
  )
  lowering.defineMultiple(position, fused)
  lowering.define({ node: position, output: 0 }, asBefore(lowering, fused, type, shape))
  lowering.define({ node: position, output: 1 }, `${fused}:1`)
  // TensorFlow divides the variance by one less than the count.
  const count = elementCount(shape) / (shape[node.attributes.axis] ?? 1)
  const biased = lowering.typed('float32', 'Mul', [
    `${fused}:2`,
    lowering.writer.floats([(count - 1) / count]),
  ])
  lowering.define({ node: position, output: 2 }, biased)
}

export function emitNormalizationGradient(
  lowering: Lowering,
  node: Node<'batch_normalization_gradient'>,
  position: number,
): void {
  const gradient = lowering.input(node, 0)
  const x = lowering.input(node, 1)
  const { shape } = lowering.type(x)
  const type = lowering.elementType(x)
  const forward = lowering.multipleOf(lowering.input(node, 3).node)
  if (forward === undefined) throw new Error('a gradient of batch normalization without its forward run')
  const fused = lowering.write(
    'FusedBatchNormGradV3',
    [
      asImages(lowering, lowering.plain(gradient), type, shape),
      asImages(lowering, lowering.plain(x), type, shape),
      lowering.plain(lowering.input(node, 2)),
      `${forward}:3`,
      `${forward}:4`,
      `${forward}:5`,
    ],
    attributesOf(lowering, node, type, true),
  )
  lowering.define({ node: position, output: 0 }, asBefore(lowering, fused, type, shape))
  lowering.define({ node: position, output: 1 }, `${fused}:1`)
  lowering.define({ node: position, output: 2 }, `${fused}:2`)
}

export function emitNormalizationInference(
  lowering: Lowering,
  node: Node<'batch_normalization_inference'>,
  position: number,
): void {
  const x = lowering.input(node, 0)
  // The number of rows is left to TensorFlow: an exported model takes any.
  const shape = [-1, ...lowering.type(x).shape.slice(1)]
  const type = lowering.elementType(x)
  const fused = lowering.write(
    'FusedBatchNormV3',
    [
      asImages(lowering, lowering.plain(x), type, shape),
      ...[1, 2, 3, 4].map((place) => lowering.plain(lowering.input(node, place))),
    ],
    attributesOf(lowering, node, type, false),
  )
  lowering.define({ node: position, output: 0 }, asBefore(lowering, fused, type, shape))
}
