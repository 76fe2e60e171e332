// Golden cases of kind `mix`: mixup, cutmix and cross-entropy of soft labels, through the code that traces
// them for training.

import type { Program } from '../../../compiler/graph/graph.js'
import type { GraphTensor } from '../../../compiler/graph/index.js'
import {
  add,
  Builder,
  crossEntropy,
  cutmix,
  differentiate,
  feedImages,
  input,
  mixup,
  optimize,
  softLabels,
  transpose,
} from '../../../compiler/graph/index.js'
import type { Engine } from '../../engines/engine.js'
import type { Tensor } from '../../platform/tensor.js'
import type { GoldenCase } from './golden-case.js'
import { integersOf, malformedCase, numberOf, numbersOf, tensorOf } from './golden-case.js'
import type { Quantity } from './quantity.js'
import { largestDifference, quantity, relativeError, resultOf, scalarOf } from './quantity.js'

const compared = ['x_mixup', 'y_mixup', 'x_cutmix', 'y_cutmix', 'grad_logits_mixup', 'grad_logits_cutmix']

export async function mixParity(golden: GoldenCase, engine: Engine): Promise<readonly Quantity[]> {
  const [x = Number.NaN, y = Number.NaN] = numbersOf(golden, 'center')
  const executable = await engine.load(mixProgram(golden, engine))
  try {
    const results = await executable.run('case', {
      x1: tensorOf(golden, 'x1'),
      x2: tensorOf(golden, 'x2'),
      labels1: integersOf(golden, 'labels1'),
      labels2: integersOf(golden, 'labels2'),
      logits_mixup: tensorOf(golden, 'logits_mixup'),
      logits_cutmix: tensorOf(golden, 'logits_cutmix'),
      lambda_mixup: scalar(numberOf(golden, 'lambda_mixup')),
      lambda_cutmix: scalar(numberOf(golden, 'lambda_cutmix')),
      center: { dtype: 'float32', shape: [2], data: Float32Array.of(x, y) },
    })
    const loss = tensorOf(golden, 'loss').data[0] ?? Number.NaN
    return [
      ...compared.map((name) =>
        quantity(name, largestDifference(resultOf(results, name), tensorOf(golden, name)), 1e-6),
      ),
      quantity('loss', relativeError(scalarOf(results, 'loss'), loss), 1e-6),
    ]
  } finally {
    await executable.dispose()
  }
}

const scalar = (value: number): Tensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) })

function mixProgram(golden: GoldenCase, engine: Engine): Program {
  const { layout } = engine
  const [batch = 0, height = 0, width = 0, channels = 0] = tensorOf(golden, 'x1').shape
  const classCount = tensorOf(golden, 'logits_mixup').shape[1] ?? 0
  if (numberOf(golden, 'classes') !== classCount)
    throw malformedCase(`${golden.file}: logits of another class count`)
  const builder = new Builder()
  const batchOf = (number: 1 | 2) => ({
    images: feedImages(
      builder,
      { name: `x${number}`, batch, height, width, channels, normalize: undefined },
      layout,
      'float32',
    ),
    labels: {
      kind: 'hard' as const,
      classes: input(builder, `labels${number}`, { dtype: 'int32', shape: [batch] }),
      classCount,
    },
  })
  const number = (name: string): GraphTensor => input(builder, name, { dtype: 'float32', shape: [] })
  const logits = (name: string): GraphTensor =>
    input(builder, name, { dtype: 'float32', shape: [batch, classCount] })
  const [first, second] = [batchOf(1), batchOf(2)]
  const center = input(builder, 'center', { dtype: 'float32', shape: [2] })
  const blended = mixup(first, second, number('lambda_mixup'))
  const pasted = cutmix(first, second, number('lambda_cutmix'), center, 'drawn', layout)
  const [logitsMixup, logitsCutmix] = [logits('logits_mixup'), logits('logits_cutmix')]
  const loss = add(crossEntropy(logitsMixup, blended.labels), crossEntropy(logitsCutmix, pasted.labels))
  const [gradientMixup, gradientCutmix] = differentiate(loss, [logitsMixup, logitsCutmix])

  builder.output('x_mixup', rowsOfPixels(blended.images, engine))
  builder.output('y_mixup', softLabels(blended.labels))
  builder.output('x_cutmix', rowsOfPixels(pasted.images, engine))
  builder.output('y_cutmix', softLabels(pasted.labels))
  builder.output('loss', loss)
  if (gradientMixup !== undefined) builder.output('grad_logits_mixup', gradientMixup)
  if (gradientCutmix !== undefined) builder.output('grad_logits_cutmix', gradientCutmix)
  return { layout, variables: [], entries: { case: optimize(builder.finish()) } }
}

/** Images as golden cases hold them, [n, h, w, c]. */
function rowsOfPixels(images: GraphTensor, engine: Engine): GraphTensor {
  return engine.layout === 'NCHW' ? transpose(images, [0, 2, 3, 1]) : images
}
