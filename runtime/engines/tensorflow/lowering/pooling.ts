// The largest value of every window. As with convolutions, what is neither SAME nor VALID becomes a border
// around the image and VALID; here it is below all numbers.
import { bfloat16Bits } from '../../../../compiler/graph/bfloat16.js'
import type { Node, Value } from '../../../../compiler/graph/graph.js'
import { imageShape, imageSizes } from '../../../../compiler/graph/operations/convolution.js'
import type { PoolingOptions } from '../../../../compiler/graph/operations/pooling.js'
import type { NodeAttributes } from '../graph-writer.js'
import { typeAttribute } from '../graph-writer.js'
import type { ElementType } from '../protobuf.js'
import type { Spelling } from './convolution.js'
import { bordersOf, isNone, perAxis, spellPadding } from './convolution.js'
import type { Lowering } from './lowering.js'

function spelled(lowering: Lowering, image: Value, options: PoolingOptions): Spelling {
  const { window } = options
  return spellPadding(lowering.type(image).shape, [1, 1, window, window], options)
}

function poolingAttributes(
  { layout, window, stride }: PoolingOptions,
  { padding }: Spelling,
): NodeAttributes {
  return {
    ksize: { integers: perAxis(layout, window) },
    strides: { integers: perAxis(layout, stride) },
    padding: { s: padding },
    data_format: { s: layout },
  }
}

/** The image with its border. The forward pass and the gradient share it. */
function bordered(lowering: Lowering, image: Value, type: ElementType, { around }: Spelling): string {
  if (isNone(around)) return lowering.plain(image)
  const { writer } = lowering
  const lowest =
    type === 'bfloat16'
      ? writer.constant(type, [], new Uint8Array(bfloat16Bits([Number.NEGATIVE_INFINITY]).buffer))
      : writer.floats([Number.NEGATIVE_INFINITY])
  const paddings = writer.integers(bordersOf(lowering.layout, around), [4, 2])
  return lowering.typed(type, 'PadV2', [lowering.plain(image), paddings, lowest], {
    Tpaddings: typeAttribute('int32'),
  })
}

export function emitMaxPool(lowering: Lowering, node: Node<'max_pool'>, position: number): void {
  const image = lowering.input(node, 0)
  const options = node.attributes
  const spelling = spelled(lowering, image, options)
  const type = lowering.elementType(image)
  const names = [bordered(lowering, image, type, spelling)]
  const pooled = lowering.typed(type, 'MaxPool', names, poolingAttributes(options, spelling))
  lowering.define({ node: position, output: 0 }, pooled)
}

export function emitMaxPoolGradient(
  lowering: Lowering,
  node: Node<'max_pool_gradient'>,
  position: number,
): void {
  const [gradient, image, pooled] = [0, 1, 2].map((place) => lowering.input(node, place))
  if (gradient === undefined || image === undefined || pooled === undefined) return
  const options = node.attributes
  const spelling = spelled(lowering, image, options)
  const type = lowering.elementType(image)
  const names = [bordered(lowering, image, type, spelling), lowering.plain(pooled), lowering.plain(gradient)]
  const whole = lowering.typed(type, 'MaxPoolGrad', names, poolingAttributes(options, spelling))
  const { writer, layout } = lowering
  const [top, , left] = spelling.around
  const starts = imageShape({ batch: 0, channels: 0, height: top, width: left }, layout)
  const sizes = imageShape(imageSizes(lowering.type(image).shape, layout), layout)
  const inner = isNone(spelling.around)
    ? whole
    : lowering.typed(type, 'Slice', [whole, writer.integers(starts), writer.integers(sizes)], {
        Index: typeAttribute('int32'),
      })
  lowering.define({ node: position, output: 0 }, inner)
}
