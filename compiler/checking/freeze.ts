// `freeze` in `train`: which parts of networks keep their weights. What is named must be there, be trained
// without it, and leave something to train.
import { type Location, labelled } from '../diagnostics/reporter.js'
import { backboneParts } from '../plan/backbones.js'
import type { NetworkNode } from '../types/network-node.js'
import type { PartValue } from '../types/value.js'
import type { TrainedStep } from './checked-step.js'
import type { Compilation } from './compilation.js'
import type { CheckedTraining } from './train-block.js'

/**
 * What of one network does not train: parts of its backbone in order (`stem`, `stage1`, ...), and heads as
 * they are declared.
 */
export interface FrozenParts {
  readonly network: NetworkNode
  readonly backbone: readonly string[]
  readonly heads: readonly string[]
}

/** The parts that a value of `freeze` names: a whole backbone is all its parts. */
function partsOf({ network, part }: PartValue): readonly string[] {
  if (part.kind === 'head') return [`head ${part.name}`]
  const parts = network.backbone ? backboneParts(network.backbone) : []
  return part.name === 'backbone' ? parts : parts.filter((name) => name === part.name)
}

/** Parts that losses train, by network. */
function trainedParts(step: TrainedStep): ReadonlyMap<NetworkNode, ReadonlySet<string>> {
  const trained = new Map<NetworkNode, Set<string>>()
  for (const { network, heads } of step.feeding) {
    const parts = trained.get(network) ?? new Set(network.backbone && backboneParts(network.backbone))
    for (const head of heads) parts.add(`head ${head}`)
    trained.set(network, parts)
  }
  return trained
}

export function checkFreeze(
  c: Compilation,
  training: CheckedTraining,
  step: TrainedStep,
): readonly FrozenParts[] {
  const { freeze = [] } = training.values
  const trained = trainedParts(step)
  const frozen = new Map<NetworkNode, Map<string, Location>>()
  for (const value of freeze) {
    const { network, at } = value
    const name = `${network.name}.${value.part.name}`
    const known = frozen.get(network) ?? new Map<string, Location>()
    frozen.set(network, known)
    const parts = partsOf(value)
    const again = parts.map((part) => known.get(part)).find((place) => place !== undefined)
    if (again) {
      c.reporter.report('SAU3123', {
        gaps: { part: name },
        labels: [labelled(at, 'again'), labelled(again, 'frozen here')],
      })
      continue
    }
    for (const part of parts) known.set(part, at)
    const isTrained = parts.some((part) => trained.get(network)?.has(part))
    if (!isTrained && step.certain && network.backbone) {
      c.reporter.report('SAU3122', {
        gaps: { part: name },
        labels: [labelled(at), labelled(value.declared, 'no loss reads it')],
      })
    }
  }
  const rest = [...trained].some(([network, parts]) =>
    [...parts].some((part) => !frozen.get(network)?.has(part)),
  )
  if (freeze.length > 0 && step.certain && trained.size > 0 && !rest) {
    const at = training.where.get('freeze') ?? training.at
    c.reporter.report('SAU3121', { gaps: {}, labels: [labelled(at, 'everything that losses reach')] })
  }
  return [...frozen].map(([network, places]) => ({
    network,
    backbone: (network.backbone ? backboneParts(network.backbone) : []).filter((part) => places.has(part)),
    heads: [...network.declarations.keys()].filter((head) => places.has(`head ${head}`)),
  }))
}
