// What a run calls of what is built on top of runs: who starts a session hands it over, and training itself
// knows none of it.
import type { Plan } from '../../../compiler/plan/plan.js'
import type { RunLock } from '../folder/lock.js'
import type { RunEvent } from '../loop/training.js'
import type { Follower, Recorder } from './recording.js'

/** Any of them may be left out: no number of a run depends on one. */
export interface TrainingHooks {
  /** Opens what writes the events of a run down in another form, beside the journal. */
  readonly follow?: (runFolder: string, plan: Plan) => Follower
  /**
   * What a run repeats, to be compared with as it trains; undefined where it repeats nothing that is there.
   */
  readonly original?: (lock: RunLock) => Original | undefined
  /**
   * Measures some steps before training and writes down what they took; never throws for a profile that
   * fails.
   */
  readonly profile?: (run: RunToProfile) => Promise<void>
  /** Called once the journal has this process's last line, while the run still is its own. */
  readonly ended?: (runFolder: string, lock: RunLock) => void
}

/** Each gives the first difference that is seen, in words, once. */
export interface Original {
  step(step: number, values: readonly number[]): string | undefined
  hear(event: RunEvent): string | undefined
}

export interface RunToProfile {
  readonly runFolder: string
  readonly lock: RunLock
  readonly plan: Plan
  readonly journal: Recorder
  /** Aborted when the run is told to stop: then there is no profile. */
  readonly stopping: AbortSignal
}
