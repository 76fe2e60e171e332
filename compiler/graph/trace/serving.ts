// A trained head for use outside of saurun: one entry from bytes of images to probabilities, and the
// variables it reads.
import type { HeadPlan } from '../../plan/plan.js'
import type { Tensor } from '../builder.js'
import type { Layout, Program } from '../graph.js'
import { divide, exp, subtract } from '../operations/arithmetic.js'
import { reduceMax, reduceSum } from '../operations/reductions.js'
import { optimize } from '../optimize/index.js'
import type { HeadRequest } from './head.js'
import { traceHead } from './head.js'
import { VariableTable } from './variables.js'

/** Name of the one entry, which is what TensorFlow calls a model's main signature. */
export const servingEntry = 'serving_default'

export type ServingRequest = Omit<HeadRequest, 'head' | 'size'> & { readonly head: HeadPlan }

/**
 * Traces a head in evaluation mode. Input: `images` uint8 [1, h, w, c]; no node but the input depends on the
 * number of images. Outputs, float32: `logits` and `probabilities` [1, classes], or `embedding` [1, size].
 */
export function traceServing({ head, ...request }: ServingRequest, layout: Layout): Program {
  const variables = new VariableTable()
  const graph = optimize(
    traceHead({ ...request, head: head.name, size: 1 }, { layout }, variables, (builder, output) => {
      if (head.output.kind === 'embedding') {
        builder.output('embedding', output)
        return
      }
      builder.output('logits', output)
      builder.output('probabilities', softmax(output))
    }),
  )
  const read = new Set(graph.nodes.flatMap(({ op, attributes }) => (op === 'state' ? [attributes.name] : [])))
  return {
    layout,
    variables: variables.all().filter(({ name }) => read.has(name)),
    entries: { [servingEntry]: graph },
  }
}

/** Rows of logits as probabilities; the largest is taken out first, so that nothing overflows anywhere. */
function softmax(logits: Tensor): Tensor {
  const raised = exp(subtract(logits, reduceMax(logits, [1], true)))
  return divide(raised, reduceSum(raised, [1], true))
}
