// Plan -> Program: every entry that training, evaluation and memories need, over one table of variables.
//
// entry           inputs                                      outputs
// train           batch:<stream>.<view> [n, h, w, c]          loss, loss:<branch>.<name> float32 []
// train_last      labels: origin: index:<stream> int32 [n]    noise:<k> int32 [n], 1 = called noise
//                 lambda:<k> float32 []                       margin:<k> float32 [n], < 0 where called noise
//                 center:<k> float32 [2]                      (gradient:<variable>, corrected:<k>: if asked)
//                 epoch, progress, step, learning_rate float32 []
// evaluate:<i>    images [e, h, w, c]                         output [e, size]
// memory:<m>:<v>  images [e, h, w, c]                         output [e, size]
//
// <k> is the position of a node in `Plan.step`, <i> of an evaluation, <m> of a memory, <v> of one of its
// views. Only the inputs that an entry reads are there.
import type { NetworkPlan, Plan } from '../../plan/plan.js'
import type { Graph, Program } from '../graph.js'
import { GraphBug } from '../operations/operation.js'
import { optimize } from '../optimize/index.js'
import { traceHead } from './head.js'
import { declareMemory } from './memory.js'
import type { TraceOptions } from './options.js'
import { traceStep } from './step-entries.js'
import { VariableTable } from './variables.js'

/** Largest batch of evaluation and memory entries. */
export const evaluationBatch = 256

/** Traces everything a run of this Plan will ask an engine for. */
export function traceProgram(plan: Plan, options: TraceOptions): Program {
  const variables = new VariableTable()
  const finish = (graph: Graph): Graph => (options.optimize === false ? graph : optimize(graph))
  const entries: Record<string, Graph> = {}
  const { batch, lastBatch } = plan.train
  const precision = options.precision ?? plan.train.precision

  entries.train = finish(traceStep(plan, batch, options, variables))
  if (lastBatch !== batch) entries.train_last = finish(traceStep(plan, lastBatch, options, variables))
  plan.evaluations.forEach((evaluation, position) => {
    const network = networkAt(plan, evaluation.network)
    const { head, view, dataset } = evaluation
    entries[`evaluate:${position}`] = finish(
      traceHead(
        { network, head, normalize: view.normalize, size: sweepBatch(plan, dataset), precision },
        options,
        variables,
      ),
    )
  })
  plan.memories.forEach((memory, position) => {
    declareMemory(variables, memory)
    const network = networkAt(plan, memory.network)
    memory.views.forEach((view, place) => {
      const normalize = plan.views[view]?.normalize
      const { head, over } = memory
      entries[`memory:${position}:${place}`] = finish(
        traceHead({ network, head, normalize, size: sweepBatch(plan, over), precision }, options, variables),
      )
    })
  })
  return { layout: options.layout, variables: variables.all(), entries }
}

/** Batch of an entry that sweeps over a whole dataset; the caller pads the last one. */
function sweepBatch(plan: Plan, dataset: number): number {
  const { real, synthetic } = plan.datasets[dataset] ?? { real: [], synthetic: [] }
  const count = [...real, ...synthetic].reduce((sum, images) => sum + images, 0)
  return Math.max(1, Math.min(evaluationBatch, count))
}

/** A network of the Plan; asking for one that is not there is a bug. */
function networkAt(plan: Plan, position: number): NetworkPlan {
  const network = plan.networks[position]
  if (network === undefined) throw new GraphBug(`there is no network ${position}`)
  return network
}
