// One head of a network in evaluation mode, from images to what it gives.
import type { NetworkPlan, NetworkPrecision, Normalization } from '../../plan/plan.js'
import type { Tensor } from '../builder.js'
import { Builder } from '../builder.js'
import type { Graph } from '../graph.js'
import { GraphBug } from '../operations/operation.js'
import { feedImages } from './batch.js'
import { forward } from './network.js'
import type { TraceOptions } from './options.js'
import { defaultNormalization } from './pass.js'
import type { VariableTable } from './variables.js'

export interface HeadRequest {
  readonly network: NetworkPlan
  readonly head: string
  readonly normalize: Normalization | undefined
  /** Images of a batch. */
  readonly size: number
  readonly precision: NetworkPrecision
}

/**
 * Traces a head over the input `images` [size, h, w, c]. `give` declares outputs from the head's own, float32
 * [size, numbers]; where it is not given that is the output `output`.
 */
export function traceHead(
  request: HeadRequest,
  options: TraceOptions,
  variables: VariableTable,
  give: (builder: Builder, output: Tensor) => void = (builder, output) => builder.output('output', output),
): Graph {
  const { network, head, normalize, size, precision } = request
  const builder = new Builder()
  builder.at = network.at
  const source = { name: 'images', batch: size, ...network.input, normalize }
  const images = feedImages(builder, source, options.layout, options.images ?? 'uint8')
  const pass = {
    builder,
    layout: options.layout,
    variables,
    normalization: options.normalization ?? defaultNormalization,
    precision,
    seed: network.seed,
    statistics: undefined,
  }
  const output = forward(pass, network, images).get(head)
  if (output === undefined) throw new GraphBug(`${network.name} has no head ${head}`)
  give(builder, output)
  return builder.finish()
}
