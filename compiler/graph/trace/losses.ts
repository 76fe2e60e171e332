// Losses of a step, as scalars.
import type { LossOperation } from '../../plan/step-operations.js'
import type { Tensor } from '../builder.js'
import { add, divide, maximum, multiply, negate, subtract, toFloat } from '../operations/arithmetic.js'
import { concat, reshape } from '../operations/arrangement.js'
import { and, equal, not, select } from '../operations/logic.js'
import { GraphBug } from '../operations/operation.js'
import { matmul } from '../operations/product.js'
import { logSumExp, reduceMean, reduceSum } from '../operations/reductions.js'
import { constant, iota, stopGradient } from '../operations/sources.js'
import { softLabels } from './batch.js'
import { prototypesOfView } from './correction.js'
import type { Labels } from './labels.js'

/** What a loss reads: nodes of the step and memories, by their positions. */
export interface LossInputs {
  tensor(node: number): Tensor
  labels(node: number): Labels
  /** [classes, views, size]. */
  prototypes(memory: number): Tensor
}

export function traceLoss(loss: LossOperation, inputs: LossInputs): Tensor {
  switch (loss.op) {
    case 'supcon': {
      const embeddings = loss.embeddings.map((embedding) => inputs.tensor(embedding))
      const prototypes = loss.with === undefined ? undefined : inputs.prototypes(loss.with)
      return supervisedContrastive(embeddings, inputs.labels(loss.labels), prototypes, loss.temperature)
    }
    case 'cross_entropy':
      return crossEntropy(inputs.tensor(loss.logits), inputs.labels(loss.labels), loss.labelSmoothing)
  }
}

/**
 * Mean over the batch of -sum(target * log softmax(logits)); logits [n, classes], labels hard or soft.
 * `smoothing`, a share within 0..1, of each target goes to all classes alike (Szegedy et al., arXiv
 * 1512.00567, section 7; PyTorch's CrossEntropyLoss).
 */
export function crossEntropy(logits: Tensor, labels: Labels, smoothing = 0): Tensor {
  const [, classes = 1] = logits.type.shape
  const certain = softLabels(labels)
  const targets = smoothing === 0 ? certain : add(multiply(certain, 1 - smoothing), smoothing / classes)
  // Targets sum to one, so -sum(t * (z - lse)) = lse - sum(t * z).
  return reduceMean(subtract(logSumExp(logits, [1]), reduceSum(multiply(targets, logits), [1])))
}

/**
 * Supervised contrastive loss (Khosla et al., arXiv 2004.11362, equation 2, "out"), its mean over all
 * anchors. Samples and prototypes are anchors and contrasts in every view; an anchor's positives are the
 * others of its label; an anchor without positives counts as zero. Prototypes enter as they are, and no
 * gradient flows to them. Anchors that correction masks are left out of the mean.
 * @param embeddings unit-length rows [n, d], one tensor a view.
 * @param prototypes [classes, views, d], or undefined to compare the samples among themselves.
 */
export function supervisedContrastive(
  embeddings: readonly Tensor[],
  labels: Labels,
  prototypes: Tensor | undefined,
  temperature: number,
): Tensor {
  if (labels.kind === 'soft') throw new GraphBug('supervised contrastive loss of soft labels')
  const [first] = embeddings
  if (first === undefined) throw new GraphBug('supervised contrastive loss without an embedding')
  const { builder } = first
  const [count = 0] = labels.classes.type.shape
  const everyone = constant(builder, 1, [count], 'bool')
  const anchorsOfSamples = labels.kind === 'corrected' ? labels.anchors : everyone
  const contrastsOfSamples = labels.kind === 'corrected' ? labels.contrasts : everyone

  const rows: Tensor[] = []
  const classes: Tensor[] = []
  const anchors: Tensor[] = []
  const contrasts: Tensor[] = []
  embeddings.forEach((embedding, view) => {
    rows.push(embedding)
    classes.push(labels.classes)
    anchors.push(anchorsOfSamples)
    contrasts.push(contrastsOfSamples)
    if (prototypes === undefined) return
    const [classCount = 0] = prototypes.type.shape
    const always = constant(builder, 1, [classCount], 'bool')
    rows.push(stopGradient(prototypesOfView(prototypes, view)))
    classes.push(iota(builder, classCount))
    anchors.push(always)
    contrasts.push(always)
  })

  const features = concat(rows, 0)
  const [total = 0] = features.type.shape
  const similarities = multiply(matmul(features, features, { transposeRight: true }), 1 / temperature)
  const position = iota(builder, total)
  const others = not(equal(reshape(position, [total, 1]), position))
  const compared = and(others, reshape(concat(contrasts, 0), [1, total]))
  const label = concat(classes, 0)
  const positives = toFloat(and(compared, equal(reshape(label, [total, 1]), label)))

  // Far below every similarity, so that exp gives 0 for what is not compared.
  const logNormalizer = logSumExp(select(compared, similarities, -1e30), [1])
  const positiveCount = reduceSum(positives, [1])
  const logLikelihood = subtract(
    reduceSum(multiply(positives, similarities), [1]),
    multiply(positiveCount, logNormalizer),
  )
  const anchor = toFloat(concat(anchors, 0))
  const sum = reduceSum(multiply(divide(logLikelihood, maximum(positiveCount, 1)), anchor))
  return negate(divide(sum, maximum(reduceSum(anchor), 1)))
}
