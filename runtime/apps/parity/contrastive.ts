// Golden cases of kind `supervised_contrastive`: label correction and the supervised contrastive loss,
// through the code that traces them for training.

import type { Program } from '../../../compiler/graph/graph.js'
import type { NoiseTreatment } from '../../../compiler/graph/index.js'
import {
  Builder,
  constant,
  correctLabels,
  differentiate,
  input,
  optimize,
  reshape,
  slice,
  supervisedContrastive,
} from '../../../compiler/graph/index.js'
import type { Engine } from '../../engines/engine.js'
import type { GoldenCase } from './golden-case.js'
import { integersOf, malformedCase, numberOf, settingOf, tensorOf } from './golden-case.js'
import type { Quantity } from './quantity.js'
import { mismatches, quantity, relativeError, relativeNorm, resultOf, scalarOf } from './quantity.js'

export async function contrastiveParity(golden: GoldenCase, engine: Engine): Promise<readonly Quantity[]> {
  const features = tensorOf(golden, 'features')
  const prototypes = tensorOf(golden, 'prototypes')
  const labels = integersOf(golden, 'labels')
  const isSynthetic = integersOf(golden, 'is_synthetic')
  const executable = await engine.load(contrastiveProgram(golden, engine))
  try {
    const results = await executable.run('case', { features, prototypes, labels, origin: isSynthetic })
    const corrected = [...resultOf(results, 'corrected').data].filter(
      (_, sample) => isSynthetic.data[sample] === 1,
    )
    const expected = [...integersOf(golden, 'corrected_synthetic_labels').data]
    const loss = tensorOf(golden, 'loss').data[0] ?? Number.NaN
    return [
      quantity('corrected_synthetic_labels', mismatches(corrected, expected), 0),
      quantity('loss', relativeError(scalarOf(results, 'loss'), loss), 1e-5),
      quantity(
        'grad_features',
        relativeNorm(resultOf(results, 'gradient'), tensorOf(golden, 'grad_features')),
        1e-4,
      ),
    ]
  } finally {
    await executable.dispose()
  }
}

function contrastiveProgram(golden: GoldenCase, engine: Engine): Program {
  const shape = tensorOf(golden, 'features').shape
  const [count = 0, views = 0, size = 0] = shape
  const builder = new Builder()
  const features = input(builder, 'features', { dtype: 'float32', shape })
  const prototypes = input(builder, 'prototypes', {
    dtype: 'float32',
    shape: tensorOf(golden, 'prototypes').shape,
  })
  const labels = input(builder, 'labels', { dtype: 'int32', shape: [count] })
  const origin = input(builder, 'origin', { dtype: 'int32', shape: [count] })
  const embeddings = Array.from({ length: views }, (_, view) =>
    reshape(slice(features, [0, view, 0], [count, 1, size]), [count, size]),
  )
  const corrected = correctLabels({ labels, embeddings, origin, prototypes, onNoise: treatmentOf(golden) })
  const loss = supervisedContrastive(
    embeddings,
    corrected.labels,
    prototypes,
    numberOf(golden, 'temperature'),
  )
  const [gradient] = differentiate(loss, [features])
  builder.output('corrected', corrected.labels.classes)
  builder.output('loss', loss)
  builder.output('gradient', gradient ?? constant(builder, 0, shape))
  return { layout: engine.layout, variables: [], entries: { case: optimize(builder.finish()) } }
}

/** The metadata's `strategy`. */
export function treatmentOf(golden: GoldenCase): NoiseTreatment {
  const strategy = settingOf(golden, 'strategy')
  if (strategy === 'pos_neg' || strategy === 'neg_only' || strategy === 'drop') return strategy
  throw malformedCase(`${golden.file}: there is no strategy '${strategy}'`)
}
