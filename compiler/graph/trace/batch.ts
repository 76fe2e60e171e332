// Batches: images as they are fed, and mixes of two batches.
import type { Normalization } from '../../plan/plan.js'
import type { Builder, Tensor } from '../builder.js'
import type { Layout } from '../graph.js'
import {
  add,
  divide,
  maximum,
  minimum,
  multiply,
  negate,
  round,
  sqrt,
  subtract,
} from '../operations/arithmetic.js'
import { reshape, slice, transpose } from '../operations/arrangement.js'
import { channelAxis, imageSizes } from '../operations/convolution.js'
import { castTo, oneHot } from '../operations/indexing.js'
import { and, less, lessEqual, select } from '../operations/logic.js'
import { GraphBug } from '../operations/operation.js'
import { constant, input, iota } from '../operations/sources.js'
import type { Labels } from './labels.js'

/**
 * How images reach the graph: 8 bits a channel as the data pipeline makes them, or numbers that are
 * normalized already.
 */
export type ImageFeed = 'uint8' | 'float32'

export interface ImageSource {
  readonly name: string
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly normalize: Normalization | undefined
}

/** Images fed as [n, h, w, c], in the graph's layout, normalized: (x / 255 - mean) / deviation. */
export function feedImages(builder: Builder, source: ImageSource, layout: Layout, feed: ImageFeed): Tensor {
  const { name, batch, height, width, channels } = source
  const fed = input(builder, name, { dtype: feed, shape: [batch, height, width, channels] })
  const arranged = layout === 'NCHW' ? transpose(fed, [0, 3, 1, 2]) : fed
  if (feed === 'float32') return arranged
  const images = castTo(arranged, 'float32')
  const { normalize } = source
  if (normalize === undefined) return multiply(images, 1 / 255)
  const shape = [1, 1, 1, 1].map((size, axis) => (axis === channelAxis(layout) ? channels : size))
  const scale = normalize.deviation.map((deviation) => 1 / (255 * deviation))
  const shift = normalize.mean.map((mean, channel) => -mean / (normalize.deviation[channel] ?? 1))
  return add(multiply(images, constant(builder, scale, shape)), constant(builder, shift, shape))
}

/** Images of the graph's layout and what they show. */
export interface Batch {
  readonly images: Tensor
  readonly labels: Labels
}

/** Labels as distributions, float32 [n, classes]. */
export function softLabels(labels: Labels): Tensor {
  switch (labels.kind) {
    case 'hard':
      return oneHot(labels.classes, labels.classCount)
    case 'soft':
      return labels.weights
    case 'corrected':
      throw new GraphBug('corrected labels are no distribution')
  }
}

/**
 * weight * first + (1 - weight) * second, in a form that gives back `first` unchanged where both are equal.
 */
function blend(first: Tensor, second: Tensor, weight: Tensor): Tensor {
  return add(second, multiply(subtract(first, second), weight))
}

/**
 * mixup (Zhang et al., arXiv 1710.09412, equation 1). `lambda`: float32 scalar, the weight of the first
 * batch.
 */
export function mixup(first: Batch, second: Batch, lambda: Tensor): Batch {
  const weights = blend(softLabels(first.labels), softLabels(second.labels), lambda)
  return { images: blend(first.images, second.images, lambda), labels: { kind: 'soft', weights } }
}

/**
 * CutMix (Yun et al., arXiv 1905.04899, equations 1 and 2): a box of the second batch is pasted into the
 * first. Its sides are the picture's times sqrt(1 - lambda), its corners are clipped to the picture and then
 * rounded half to even. `lambda`: float32 scalar; `center`: float32 [2], (x, y) of the box in pixels. `drawn`
 * weighs the first labels by lambda, `area` by the share of the picture that is left.
 */
export function cutmix(
  first: Batch,
  second: Batch,
  lambda: Tensor,
  center: Tensor,
  target: 'area' | 'drawn',
  layout: Layout,
): Batch {
  const { height, width } = imageSizes(first.images.type.shape, layout)
  const half = multiply(sqrt(subtract(1, lambda)), 0.5)
  const columns = boxRange(half, reshape(slice(center, [0], [1]), []), width)
  const rows = boxRange(half, reshape(slice(center, [1], [1]), []), height)
  const inside = and(reshape(rows.inside, [height, 1]), columns.inside)
  const box = layout === 'NCHW' ? inside : reshape(inside, [height, width, 1])
  const weight =
    target === 'drawn' ? lambda : subtract(1, divide(multiply(rows.length, columns.length), height * width))
  return {
    images: select(box, second.images, first.images),
    labels: { kind: 'soft', weights: blend(softLabels(first.labels), softLabels(second.labels), weight) },
  }
}

/** The pixels of one axis that the box covers: bool [size], and how many they are. */
function boxRange(
  half: Tensor,
  center: Tensor,
  size: number,
): { readonly inside: Tensor; readonly length: Tensor } {
  const reach = multiply(half, size)
  const corner = (offset: Tensor): Tensor => round(minimum(maximum(add(center, offset), 0), size))
  const from = corner(negate(reach))
  const to = corner(reach)
  const positions = castTo(iota(center.builder, size), 'float32')
  return { inside: and(lessEqual(from, positions), less(positions, to)), length: subtract(to, from) }
}
