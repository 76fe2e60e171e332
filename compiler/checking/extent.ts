// How much there is to trace: a file of a few lines can ask for a step of millions of layers, whose graph
// fits no memory.
import { labelled } from '../diagnostics/reporter.js'
import { depthOf } from '../plan/backbones.js'
import type { NetworkNode } from '../types/network-node.js'
import type { TrainedStep } from './checked-step.js'
import type { Compilation } from './compilation.js'
import type { CheckedEvaluation } from './evaluations.js'

/**
 * Layers that one step may run, all passes together; SAU has 4 passes of 32. A step of so many is traced in
 * some seconds.
 */
const mostOfStep = 2500

/** Layers that all evaluations run together. */
const mostOfEvaluations = 5000

/** Reports the pass or the evaluation with which the layers become too many. */
export function checkExtent(
  c: Compilation,
  step: TrainedStep,
  evaluations: readonly CheckedEvaluation[],
): void {
  let layers = 0
  for (const { make, at } of step.nodes) {
    if (make.op !== 'forward') continue
    layers += layersOf(make.network)
    if (layers <= mostOfStep) continue
    report(c, 'a training step', layers, mostOfStep, [
      labelled(at),
      labelled(make.network.at, 'this network'),
    ])
    break
  }
  layers = 0
  for (const { network, at } of evaluations) {
    layers += layersOf(network)
    if (layers <= mostOfEvaluations) continue
    report(c, 'evaluation', layers, mostOfEvaluations, [labelled(at)])
    return
  }
}

function report(
  c: Compilation,
  what: string,
  layers: number,
  most: number,
  labels: readonly ReturnType<typeof labelled>[],
): void {
  c.reporter.report('SAU3321', { gaps: { what, layers, most }, labels })
}

/** Layers with weights: of the backbone, and of all heads. */
function layersOf({ backbone, heads }: NetworkNode): number {
  let count = backbone ? depthOf(backbone) - 1 : 0
  for (const { layers } of heads.values()) {
    for (const { layer } of layers?.layers ?? []) count += layer.op === 'mlp' ? layer.sizes.length : 1
  }
  return count
}
