// How far a run is: everything besides tensors that a resumed run needs to go on as if it had never stopped.
import type { PlainMetric } from '../../../compiler/plan/metric-table.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import type { CorrectionCounts } from './correction.js'

/** Plain JSON, the `state` of a checkpoint. */
export interface Progress {
  readonly planHash: string
  /** Steps done over the whole run; the next one stands in epoch floor(step / stepsPerEpoch). */
  readonly step: number
  /** Sums over the steps of the epoch that is under way; all zero at its start. */
  readonly sums: EpochSums
  /** Per evaluation with `best`: the best value so far, and after which epoch. */
  readonly best: readonly BestSoFar[]
  /** Seconds that training has taken, all processes of the run together. */
  readonly seconds: number
  /** Engine and threads that made the numbers so far. */
  readonly engine: string
}

export interface EpochSums {
  steps: number
  samples: number
  /** Sum over steps of the objective and of each loss in the order of `Plan.losses`. */
  loss: number
  losses: number[]
  seconds: number
  corrections: CorrectionCounts[]
}

export interface BestSoFar {
  readonly evaluation: number
  readonly metric: PlainMetric
  readonly value: number
  readonly epoch: number
  readonly step: number
}

export function emptySums(plan: Plan, corrections: CorrectionCounts[]): EpochSums {
  return { steps: 0, samples: 0, loss: 0, losses: plan.losses.map(() => 0), seconds: 0, corrections }
}
