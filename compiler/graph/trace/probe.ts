// A network of two layers, forward and backward: small enough to be timed when a run starts, and made of what
// a training step spends its time on, so that its time in two precisions says which of them is the faster one
// on an engine.
import type { NetworkPrecision } from '../../plan/plan.js'
import { Builder } from '../builder.js'
import { differentiate } from '../differentiate.js'
import type { Layout, Program } from '../graph.js'
import { add, multiply, relu, toFloat } from '../operations/arithmetic.js'
import { imageShape } from '../operations/convolution.js'
import { reduceMean, reduceSum } from '../operations/reductions.js'
import { input } from '../operations/sources.js'
import { optimize } from '../optimize/index.js'
import { convolutionLayer, defaultNormalization, normalizationLayer } from './pass.js'
import { read, VariableTable } from './variables.js'

export interface ProbeSizes {
  readonly batch: number
  readonly channels: number
  /** Rows and columns of the images. */
  readonly side: number
}

/**
 * One entry, `train`: it takes `images`, float32 of the layout, and gives `loss` and `slope`, two float32
 * scalars; the second one sums all gradients, so that none can be left out. It updates nothing: every run is
 * the same.
 */
export function traceProbe(layout: Layout, precision: NetworkPrecision, sizes: ProbeSizes): Program {
  const { batch, channels, side } = sizes
  const builder = new Builder()
  const variables = new VariableTable()
  const pass = {
    builder,
    layout,
    variables,
    normalization: defaultNormalization,
    precision,
    seed: 0,
    statistics: new Map(),
  }
  const shape = imageShape({ batch, channels, height: side, width: side }, layout)
  let x = input(builder, 'images', { dtype: 'float32', shape })
  for (const layer of ['first', 'second']) {
    x = convolutionLayer(pass, `${layer}.convolution`, x, { channels, kernel: 3 })
    x = relu(normalizationLayer(pass, `${layer}.normalization`, x))
  }
  const loss = reduceMean(multiply(toFloat(x), toFloat(x)))
  const weights = variables.all().filter(({ role }) => role === 'weight')
  const slopes = differentiate(
    loss,
    weights.map((weight) => read(builder, weight)),
  )
  builder.output('loss', loss)
  const sums = slopes.flatMap((slope) => (slope === undefined ? [] : [reduceSum(slope)]))
  builder.output('slope', sums.reduce(add))
  return { layout, variables: variables.all(), entries: { train: optimize(builder.finish()) } }
}
