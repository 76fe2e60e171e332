// Which head of a run is exported, and how its images are normalized.
import type {
  EvaluationPlan,
  HeadPlan,
  NetworkPlan,
  Normalization,
  Plan,
  ViewOperation,
} from '../../../compiler/plan/plan.js'
import { nearestName } from '../../../grammar/nearest-name.js'
import { exitCodes, RunError } from '../../platform/errors.js'

export interface ServedHead {
  readonly network: NetworkPlan
  readonly head: HeadPlan
  readonly normalize: Normalization | undefined
  /** What the evaluation does to images before the network; whoever feeds the exported model does it. */
  readonly operations: readonly ViewOperation[]
  /** Position of the evaluation that measured this head. */
  readonly evaluation: number | undefined
  readonly classes: readonly string[]
}

/**
 * The head `wanted` (`logits`, or `net.logits`), else that of the first evaluation, else the first of the
 * first network. A head that is not evaluated has the view of its network's first evaluation, else that of
 * its training.
 * @throws RunError SAU7914 where no head, or more than one, answers to the name.
 */
export function servedHead(plan: Plan, wanted?: string): ServedHead {
  const { network: position, head } = findHead(plan, wanted)
  const isOwn = (evaluation: EvaluationPlan): boolean => evaluation.network === position
  const own = plan.evaluations.findIndex(
    (evaluation) => isOwn(evaluation) && evaluation.head === head.head.name,
  )
  const shown = plan.evaluations[own] ?? plan.evaluations.find(isOwn)
  const dataset = shown?.dataset ?? plan.streams[0]?.dataset ?? 0
  return {
    network: head.network,
    head: head.head,
    normalize: shown === undefined ? trainingNormalization(plan, position) : shown.view.normalize,
    operations: shown?.view.operations ?? [],
    evaluation: own === -1 ? undefined : own,
    classes: plan.datasets[dataset]?.classes ?? [],
  }
}

interface FoundHead {
  readonly network: number
  readonly head: { readonly network: NetworkPlan; readonly head: HeadPlan }
}

function findHead(plan: Plan, wanted: string | undefined): FoundHead {
  const all = plan.networks.flatMap((network, position) =>
    network.heads.map((head) => ({ network: position, head: { network, head } })),
  )
  const fullName = ({ head: { network, head } }: FoundHead): string => `${network.name}.${head.name}`
  const first = plan.evaluations[0]
  const matching = all.filter((found) =>
    wanted === undefined
      ? first === undefined || (found.network === first.network && found.head.head.name === first.head)
      : wanted === found.head.head.name || wanted === fullName(found),
  )
  const [only, second] = matching
  const names = all.map(fullName)
  if (only === undefined) {
    const word = wanted ?? ''
    const nearest = nearestName(word, [...names, ...all.map(({ head }) => head.head.name)])
    throw noHead(
      `the run has no head '${word}'`,
      nearest === undefined ? `heads are ${names.join(', ')}` : `did you mean \`${nearest}\`?`,
    )
  }
  if (wanted !== undefined && second !== undefined) {
    throw noHead(`several networks have a head '${wanted}'`, `write ${matching.map(fullName).join(' or ')}`)
  }
  return only
}

/** The normalization of the first batch that the network is trained on. */
function trainingNormalization(plan: Plan, network: number): Normalization | undefined {
  const pass = plan.step.find((node) => node.op === 'forward' && node.network === network)
  return pass?.op === 'forward' ? batchNormalization(plan, pass.batch) : undefined
}

function batchNormalization(plan: Plan, batch: number): Normalization | undefined {
  const node = plan.step[batch]
  switch (node?.op) {
    case 'batch':
      return plan.views[node.view]?.normalize
    case 'mixup':
    case 'cutmix':
      return batchNormalization(plan, node.first)
    default:
      return undefined
  }
}

function noHead(message: string, help: string): RunError {
  return new RunError('SAU7914', message, help, exitCodes.usage)
}
