// A run's journal as the report tells it: one line of time, without what was trained again after a
// resumption.
import type {
  CheckpointWritten,
  EngineReady,
  EpochDone,
  Evaluated,
  JournalEvent,
  RunEnded,
  RunStarted,
  StepsDone,
} from '../../run/journal/events.js'

export interface RunHistory {
  /** The first line, and the last process's. */
  readonly began: (RunStarted & { readonly time: number }) | undefined
  readonly started: RunStarted | undefined
  readonly resumptions: number
  /** How the last process ended; undefined while it has not. */
  readonly ended: (RunEnded & { readonly time: number }) | undefined
  readonly engine: EngineReady | undefined
  /** Epochs that the run is to have. */
  readonly epochs: number
  readonly steps: readonly StepsDone[]
  readonly epochsDone: readonly EpochDone[]
  /** Per evaluation of the file, in order of epochs. */
  readonly evaluations: readonly (readonly Evaluated[])[]
  readonly checkpoints: readonly CheckpointWritten[]
  readonly warnings: readonly string[]
  readonly peakMemory: number
}

export function historyOf(events: readonly JournalEvent[]): RunHistory {
  let began: RunHistory['began']
  let started: RunStarted | undefined
  let resumptions = 0
  let ended: RunHistory['ended']
  let engine: EngineReady | undefined
  let epochs = 0
  let steps: StepsDone[] = []
  const epochsDone = new Map<number, EpochDone>()
  const evaluations: Map<number, Evaluated>[] = []
  const checkpoints: CheckpointWritten[] = []
  const warnings = new Set<string>()
  let peakMemory = 0
  for (const event of events) {
    switch (event.event) {
      case 'run_started': {
        began ??= event
        if (started !== undefined) resumptions++
        started = event
        ended = undefined
        epochs = event.epochs
        const from = event.resumed ?? { epoch: 0, step: 0 }
        steps = steps.filter(({ step }) => step < from.step)
        for (const done of [epochsDone, ...evaluations]) forget(done, from.epoch)
        for (const warning of event.warnings) warnings.add(warning)
        break
      }
      case 'engine_ready':
        engine = event
        break
      case 'steps_done':
        steps.push(event)
        peakMemory = Math.max(peakMemory, event.memory)
        break
      case 'epoch_done':
        epochsDone.set(event.epoch, event)
        break
      case 'evaluated': {
        const known = evaluations[event.evaluation] ?? new Map<number, Evaluated>()
        known.set(event.epoch, event)
        evaluations[event.evaluation] = known
        break
      }
      case 'checkpoint_written':
        checkpoints.push(event)
        break
      case 'warned':
        warnings.add(event.code === undefined ? event.message : `${event.code}: ${event.message}`)
        break
      case 'advised':
        warnings.add(event.message)
        break
      case 'extended':
        epochs = event.epochs
        break
      case 'run_ended':
        ended = event
        peakMemory = Math.max(peakMemory, event.peakMemory)
        break
      case 'data_drawn':
      case 'phase_started':
      case 'profiled':
      case 'commanded':
        break
    }
  }
  return {
    began,
    started,
    resumptions,
    ended,
    engine,
    epochs,
    steps,
    epochsDone: inOrder(epochsDone),
    evaluations: Array.from(evaluations, (known) => inOrder(known ?? new Map())),
    checkpoints,
    warnings: [...warnings],
    peakMemory,
  }
}

function forget(known: Map<number, unknown> | undefined, epoch: number): void {
  for (const other of known?.keys() ?? []) if (other >= epoch) known?.delete(other)
}

function inOrder<T>(known: ReadonlyMap<number, T>): readonly T[] {
  return [...known].sort(([a], [b]) => a - b).map(([, value]) => value)
}
