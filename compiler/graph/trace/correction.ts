// Label correction of the SAU method (Li, Song, Zheng; arXiv 2408.16273, section "label correction"), as its
// published code defines it. Shapes are static: what is dropped is masked.
import type { Tensor } from '../builder.js'
import { minimum, negate, subtract } from '../operations/arithmetic.js'
import { concat, reshape, slice } from '../operations/arrangement.js'
import { argmax, castTo, gather } from '../operations/indexing.js'
import { and, equal, lessEqual, not, select } from '../operations/logic.js'
import { GraphBug } from '../operations/operation.js'
import { matmul } from '../operations/product.js'
import { reduceMax } from '../operations/reductions.js'
import { constant, iota, stopGradient } from '../operations/sources.js'
import type { Labels } from './labels.js'
import { unitRows } from './network.js'

export type NoiseTreatment = 'pos_neg' | 'neg_only' | 'drop'

export interface CorrectionInputs {
  /** int32 [n]. */
  readonly labels: Tensor
  /** Unit-length rows [n, d], one tensor a view. */
  readonly embeddings: readonly Tensor[]
  /** int32 [n]: 0 real, 1 synthetic. */
  readonly origin: Tensor
  /** [classes, views, d], one row a class and view, not of unit length. */
  readonly prototypes: Tensor
  readonly onNoise: NoiseTreatment
}

/**
 * In each view the nearest neighbour (by cosine) of every synthetic sample is looked for among the real
 * samples of the batch and the prototypes; the sample is noise unless all views find its own label. Noise
 * then gets: a label of its own (-1, -2, ... in order of the batch) for `pos_neg`; -1 and no part as an
 * anchor for `neg_only`; -1 and no part at all for `drop`.
 * @returns the labels with their masks; `noise`, bool [n]; and `margin`, float32 [n]: by how much the nearest
 * neighbour of the sample's own label is nearer (in cosine) than the nearest of any other label, in the view
 * where that is least. What is noise has a negative margin, what is kept a positive one, and its size tells
 * how sure the decision is.
 */
export function correctLabels(inputs: CorrectionInputs): {
  readonly labels: Labels & { readonly kind: 'corrected' }
  readonly noise: Tensor
  readonly margin: Tensor
} {
  const { labels, embeddings, origin, prototypes, onNoise } = inputs
  const { builder } = labels
  const [count = 0] = labels.type.shape
  const [classes = 0] = prototypes.type.shape
  const real = equal(origin, 0)
  const always = constant(builder, 1, [classes], 'bool')
  const candidates = reshape(concat([real, always], 0), [1, count + classes])
  const candidateLabels = concat([labels, iota(builder, classes)], 0)

  const own = equal(reshape(candidateLabels, [1, count + classes]), reshape(labels, [count, 1]))
  const ownCandidates = and(candidates, own)
  const otherCandidates = and(candidates, not(own))

  let agreed: Tensor | undefined
  let margin: Tensor | undefined
  embeddings.forEach((embedding, view) => {
    const samples = stopGradient(embedding)
    const rows = concat([samples, unitRows(prototypesOfView(prototypes, view))], 0)
    const cosines = matmul(samples, rows, { transposeRight: true })
    // Below every cosine, so that nothing masked is ever nearest.
    const nearest = argmax(select(candidates, cosines, -2), 1)
    const agrees = equal(gather(candidateLabels, nearest), labels)
    agreed = agreed === undefined ? agrees : and(agreed, agrees)
    const nearestOf = (some: Tensor): Tensor => reduceMax(select(some, cosines, -2), [1])
    const lead = subtract(nearestOf(ownCandidates), nearestOf(otherCandidates))
    margin = margin === undefined ? lead : minimum(margin, lead)
  })
  if (agreed === undefined || margin === undefined)
    throw new GraphBug('label correction without an embedding')

  const noise = and(not(real), not(agreed))
  const everyone = constant(builder, 1, [count], 'bool')
  const clean = not(noise)
  const noiseLabel = onNoise === 'pos_neg' ? negate(runningCount(noise)) : constant(builder, -1, [], 'int32')
  return {
    noise,
    margin,
    labels: {
      kind: 'corrected',
      classes: select(noise, noiseLabel, labels),
      anchors: onNoise === 'pos_neg' ? everyone : clean,
      contrasts: onNoise === 'drop' ? clean : everyone,
    },
  }
}

/** Prototypes of one view, [classes, d]. */
export function prototypesOfView(prototypes: Tensor, view: number): Tensor {
  const [classes = 0, , size = 0] = prototypes.type.shape
  return reshape(slice(prototypes, [0, view, 0], [classes, 1, size]), [classes, size])
}

/** How many are set up to and including each position: bool [n] -> int32 [n]. */
function runningCount(flags: Tensor): Tensor {
  const [count = 0] = flags.type.shape
  const position = iota(flags.builder, count)
  const upTo = castTo(lessEqual(position, reshape(position, [count, 1])), 'float32')
  const column = reshape(castTo(flags, 'float32'), [count, 1])
  return castTo(reshape(matmul(upTo, column), [count]), 'int32')
}
