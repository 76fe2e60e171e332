// Everything that the loop works with, put together by the session (or by a test).
import type { Program } from '../../../compiler/graph/graph.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import type { LoadedData } from '../../data/dataset.js'
import type { BatchSource } from '../../data/views/batch-source.js'
import type { Executable } from '../../engines/engine.js'
import type { RecordedCourse } from '../folder/lock.js'
import type { NewEvent } from '../journal/journal.js'
import type { Control } from './control.js'
import type { ExampleCollector } from './correction-examples.js'
import type { Evaluation } from './metrics.js'
import type { Progress } from './progress.js'

/** What happens in a run, an evaluation with its matrix in hand. */
export type RunEvent = Exclude<NewEvent, { readonly event: 'evaluated' }> | Evaluation

export interface Training {
  readonly plan: Plan
  readonly data: LoadedData
  readonly program: Program
  /** Holds the state that belongs to the progress that `train` starts from. */
  readonly executable: Executable
  readonly batches: BatchSource
  readonly control: Control
  /** Keeps pictures of what label correction decided. */
  readonly examples?: ExampleCollector
  /** Gets the objective and the losses of every step, in order. */
  stepDone?(step: number, values: readonly number[]): void
  emit(event: RunEvent): void
  /** Float numbers in the precision that the engine keeps them in. */
  rounded(values: Float64Array): Float32Array | Float64Array
  /** Writes a checkpoint of the executable's state and this progress. */
  save(progress: Progress): Promise<void>
}

/** What the loop needs besides: how often to save inside an epoch, and how to have more epochs. */
export interface WholeTraining extends Training {
  /** Milliseconds after which a checkpoint is due inside an epoch. */
  readonly checkpointInterval: number
  /**
   * Gives the run so many epochs more, for good and from step `step` on, and returns its Plan from now on.
   */
  extend(epochs: number, step: number): Plan
  /** What happened to the run that this one repeats. */
  readonly recorded?: RecordedCourse
}
