// Batch normalization and its gradient in ONNX, which has no training-mode operator: two reductions and one
// scale and shift by channel each way on blocked images, and the textbook formulas on everything else.
import type { Node } from '../../../../compiler/graph/graph.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { channelDot, channelMean, imagesOf, scaleShift } from './blocked-images.js'
import type { Lowering } from './lowering.js'

type Normalization = 'batch_normalization' | 'batch_normalization_inference'

interface Coefficients {
  /** Numbers a channel, names of [c]: y = x * scale + shift. */
  readonly scale: string
  readonly shift: string
}

const inverseDeviation = ({ model }: Lowering, variance: string, epsilon: number): string =>
  model.node('Reciprocal', [model.node('Sqrt', [model.node('Add', [variance, model.scalar(epsilon)])])])

/** Values a channel that statistics are taken over. */
function countPerChannel(shape: readonly number[], axis: number): number {
  return elementCount(shape) / (shape[axis] ?? 1)
}

export function emitNormalization(
  lowering: Lowering,
  node: Node<'batch_normalization'>,
  position: number,
): void {
  const { model } = lowering
  const x = lowering.input(node, 0)
  const y = { node: position, output: 0 }
  const mean = { node: position, output: 1 }
  const variance = { node: position, output: 2 }
  const { shape } = lowering.type(x)
  if (lowering.form(x) === 'blocked') {
    const image = lowering.get(x, 'blocked')
    const images = imagesOf(shape)
    const average = channelMean(model, image, images)
    const scale = model.scalar(1 / (images.count * images.height * images.width))
    const centred = scaleShift(
      model,
      image,
      images.channels,
      model.floats(new Float32Array(images.channels).fill(1), [images.channels]),
      { shift: model.node('Neg', [average]) },
    )
    const squares = model.node('Mul', [channelDot(model, centred, centred, images), scale])
    const spread = squares
    lowering.define(mean, average)
    lowering.define(variance, model.node('Max', [spread, model.scalar(0)]))
    if (!lowering.fusions.absorbed.has(position))
      lowering.define(y, emitScaleShift(lowering, node, position, undefined, false))
    return
  }
  const { axis, epsilon } = node.attributes
  const axes = model.integers(shape.flatMap((_size, other) => (other === axis ? [] : [other])))
  const channels = shape[axis] ?? 0
  const average = model.node('ReduceMean', [lowering.plain(x), axes], { keepdims: 1 })
  const centred = model.node('Sub', [lowering.plain(x), average])
  const spread = model.node('ReduceMean', [model.node('Mul', [centred, centred]), axes], { keepdims: 1 })
  lowering.define(mean, model.reshape(average, [channels]))
  lowering.define(variance, model.reshape(spread, [channels]))
  const broadcast = shape.map((_size, other) => (other === axis ? channels : 1))
  const scale = model.node('Mul', [
    model.reshape(lowering.plain(lowering.input(node, 1)), broadcast),
    inverseDeviation(lowering, spread, epsilon),
  ])
  const shift = model.reshape(lowering.plain(lowering.input(node, 2)), broadcast)
  lowering.define(y, model.node('Add', [model.node('Mul', [centred, scale]), shift]))
}

export function emitNormalizationInference(
  lowering: Lowering,
  node: Node<'batch_normalization_inference'>,
  position: number,
): void {
  const x = lowering.input(node, 0)
  const y = { node: position, output: 0 }
  if (lowering.form(x) === 'blocked') {
    if (!lowering.fusions.absorbed.has(position))
      lowering.define(y, emitScaleShift(lowering, node, position, undefined, false))
    return
  }
  const { model } = lowering
  const { shape } = lowering.type(x)
  const { axis } = node.attributes
  const broadcast = shape.map((size, other) => (other === axis ? size : 1))
  const { scale, shift } = coefficients(lowering, node, position)
  const scaled = model.node('Mul', [lowering.plain(x), model.reshape(scale, broadcast)])
  lowering.define(y, model.node('Add', [scaled, model.reshape(shift, broadcast)]))
}

/** The result of a normalization of blocked images, with what a fusion adds to it. */
export function emitScaleShift(
  lowering: Lowering,
  node: Node<Normalization>,
  position: number,
  sum: string | undefined,
  relu: boolean,
): string {
  const x = lowering.input(node, 0)
  const { channels } = imagesOf(lowering.type(x).shape)
  const { scale, shift } = coefficients(lowering, node, position)
  return scaleShift(lowering.model, lowering.get(x, 'blocked'), channels, scale, { shift, sum, relu })
}

function coefficients(lowering: Lowering, node: Node<Normalization>, position: number): Coefficients {
  const { model } = lowering
  const { epsilon } = node.attributes
  const inference = node.op === 'batch_normalization_inference'
  const mean = lowering.plain(inference ? lowering.input(node, 3) : { node: position, output: 1 })
  const variance = lowering.plain(inference ? lowering.input(node, 4) : { node: position, output: 2 })
  const scale = model.node('Mul', [
    lowering.plain(lowering.input(node, 1)),
    inverseDeviation(lowering, variance, epsilon),
  ])
  const shift = model.node('Sub', [lowering.plain(lowering.input(node, 2)), model.node('Mul', [mean, scale])])
  return { scale, shift }
}

export function emitNormalizationGradient(
  lowering: Lowering,
  node: Node<'batch_normalization_gradient'>,
  position: number,
): void {
  const { model } = lowering
  const [gradient, x, scale, mean, variance] = [0, 1, 2, 3, 4].map((place) => lowering.input(node, place))
  if (
    gradient === undefined ||
    x === undefined ||
    scale === undefined ||
    mean === undefined ||
    variance === undefined
  ) {
    throw new Error(`${node.op} has five inputs`)
  }
  const { axis, epsilon } = node.attributes
  const { shape } = lowering.type(x)
  const perChannel = countPerChannel(shape, axis)
  const outputs = [0, 1, 2].map((output) => ({ node: position, output }))
  const [dx, dscale, dshift] = outputs
  if (dx === undefined || dscale === undefined || dshift === undefined) return
  const inverse = inverseDeviation(lowering, lowering.plain(variance), epsilon)

  if (lowering.form(x) === 'blocked') {
    const images = imagesOf(shape)
    const image = lowering.get(x, 'blocked')
    const upstream = lowering.get(gradient, 'blocked')
    const average = lowering.plain(mean)
    const total = model.node('Mul', [channelMean(model, upstream, images), model.scalar(perChannel)])
    const product = channelDot(model, upstream, image, images)
    const scaleGradient = model.node('Mul', [
      model.node('Sub', [product, model.node('Mul', [average, total])]),
      inverse,
    ])
    // dx = dy * a + x * b + c, a line by channel in dy and x.
    const a = model.node('Mul', [lowering.plain(scale), inverse])
    const share = model.node('Mul', [a, model.scalar(-1 / perChannel)])
    const b = model.node('Mul', [model.node('Mul', [share, scaleGradient]), inverse])
    let c = model.node('Sub', [model.node('Mul', [share, total]), model.node('Mul', [b, average])])
    const token = lowering.takeToken()
    if (token !== undefined) c = model.node('Add', [c, token])
    const along = scaleShift(model, image, images.channels, b, { shift: c })
    lowering.define(dx, scaleShift(model, upstream, images.channels, a, { sum: along }))
    lowering.define(dscale, scaleGradient)
    lowering.define(dshift, total)
    return
  }
  const broadcast = shape.map((size, other) => (other === axis ? size : 1))
  const channels = shape[axis] ?? 0
  const axes = model.integers(shape.flatMap((_size, other) => (other === axis ? [] : [other])))
  const spread = (name: string): string => model.reshape(name, broadcast)
  const sumOf = (name: string): string => model.node('ReduceSum', [name, axes], { keepdims: 1 })
  const upstream = lowering.plain(gradient)
  const centred = model.node('Sub', [lowering.plain(x), spread(lowering.plain(mean))])
  const normalized = model.node('Mul', [centred, spread(inverse)])
  const total = sumOf(upstream)
  const along = sumOf(model.node('Mul', [upstream, normalized]))
  const common = model.node('Mul', [
    model.node('Add', [total, model.node('Mul', [normalized, along])]),
    model.scalar(1 / perChannel),
  ])
  const factor = spread(model.node('Mul', [lowering.plain(scale), inverse]))
  lowering.define(dx, model.node('Mul', [model.node('Sub', [upstream, common]), factor]))
  lowering.define(dscale, model.reshape(along, [channels]))
  lowering.define(dshift, model.reshape(total, [channels]))
}
