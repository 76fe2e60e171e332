import type { Plan } from '../../../compiler/plan/plan.js'
import type { Ownership } from '../../platform/files/ownership.js'
import type { Leftovers } from '../../platform/files/temporaries.js'
import type { RunLock } from '../folder/lock.js'
import type { Control } from '../loop/control.js'
import type { Progress } from '../loop/progress.js'
import type { TrainingHooks } from './hooks.js'
import type { Recorder } from './recording.js'

/** What the parts of a session share. */
export interface Session {
  readonly runFolder: string
  /** As they stand in the run folder; renewed when the run is extended. */
  lock: RunLock
  plan: Plan
  readonly journal: Recorder
  readonly hooks: TrainingHooks
  readonly control: Control
  readonly ownership: Ownership
  /** Of processes that were killed. */
  readonly leftovers: Leftovers
  readonly started: number
  /** The last known place in the run. */
  progress: Progress | undefined
}
