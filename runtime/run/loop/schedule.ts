// The learning rate of a step, and the other numbers that a step knows about time.
import type { Schedule, ScheduleFactor, TrainPlan } from '../../../compiler/plan/plan.js'

/** What a step is fed about time: `epoch`, `progress`, `step` and `learning_rate` of language.md, "Time". */
export interface StepTime {
  /** From 0. */
  readonly epoch: number
  /** epoch / epochs, in 0..1. */
  readonly progress: number
  /** Over the whole run, from 0. */
  readonly step: number
  readonly learningRate: number
}

/** Time of one step of the run. */
export function stepTime(train: TrainPlan, step: number): StepTime {
  const epoch = Math.floor(step / train.stepsPerEpoch)
  return { epoch, progress: epoch / train.epochs, step, learningRate: learningRate(train, step) }
}

/**
 * Learning rate of a step: the optimizer's rate times every factor of the schedule. A schedule `per: epoch`
 * stays the same within an epoch; `per: step` follows the same curves at the step's place between epochs.
 */
export function learningRate(train: TrainPlan, step: number): number {
  const moment = momentOf(train.schedule, step, train.stepsPerEpoch)
  let rate = train.optimizer.rate
  for (const factor of train.schedule.factors) rate *= scheduleFactor(factor, moment, train.epochs)
  return rate
}

/** A place in the run, in epochs: where the step stands, and where the next change of the rate comes. */
interface Moment {
  readonly now: number
  readonly next: number
}

function momentOf(schedule: Schedule, step: number, stepsPerEpoch: number): Moment {
  if (schedule.per === 'step') return { now: step / stepsPerEpoch, next: (step + 1) / stepsPerEpoch }
  const epoch = Math.floor(step / stepsPerEpoch)
  return { now: epoch, next: epoch + 1 }
}

function scheduleFactor(factor: ScheduleFactor, moment: Moment, epochs: number): number {
  switch (factor.op) {
    case 'constant':
      return 1
    case 'cosine':
      // Not clamped: past the last epoch it rises again, as PyTorch's CosineAnnealingLR does.
      return (1 + Math.cos((Math.PI * moment.now) / epochs)) / 2
    case 'linear':
      return 1 - moment.now / epochs
    case 'multistep':
      return factor.gamma ** factor.at.filter((epoch) => moment.now >= epoch).length
    case 'warmup':
      return moment.now < factor.epochs ? Math.min(1, moment.next / factor.epochs) : 1
  }
}
