// The largest value of every window in ONNX: blocked where the images are. Its gradient has no operator: a
// second pooling tells where the largest values are, and each window's gradient is added there.
import type { Node } from '../../../../compiler/graph/graph.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import type { PoolingOptions } from '../../../../compiler/graph/operations/pooling.js'
import { domains } from '../model.js'
import type { Lowering } from './lowering.js'

function attributesOf({ window, stride, padding: [top, bottom, left, right] }: PoolingOptions) {
  return { kernel_shape: [window, window], strides: [stride, stride], pads: [top, left, bottom, right] }
}

export function emitMaxPool(lowering: Lowering, node: Node<'max_pool'>, position: number): void {
  const { model } = lowering
  const result = { node: position, output: 0 }
  const image = lowering.input(node, 0)
  const form = lowering.form(result)
  const domain = form === 'blocked' ? domains.blocked : domains.standard
  const attributes = attributesOf(node.attributes)
  lowering.define(result, model.node('MaxPool', [lowering.get(image, form)], attributes, domain))
}

export function emitMaxPoolGradient(
  lowering: Lowering,
  node: Node<'max_pool_gradient'>,
  position: number,
): void {
  const { model } = lowering
  const [gradient, image] = [lowering.input(node, 0), lowering.input(node, 1)]
  const { shape } = lowering.type(image)
  const attributes = attributesOf(node.attributes)
  // Positions in the flat image, of the first one of equals.
  const [, places = ''] = model.outputsOf('MaxPool', [lowering.plain(image)], attributes, 2)
  const zeros = model.node('ConstantOfShape', [model.integers([elementCount(shape)])])
  const all = model.integers([-1])
  const [flatPlaces, flatGradient] = [places, lowering.plain(gradient)].map((name) =>
    model.node('Reshape', [name, all]),
  )
  const sum = model.node('ScatterElements', [zeros, flatPlaces ?? '', flatGradient ?? ''], {
    axis: 0,
    reduction: 'add',
  })
  lowering.define({ node: position, output: 0 }, model.reshape(sum, shape))
}
