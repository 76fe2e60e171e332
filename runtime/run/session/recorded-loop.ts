// The loop of a run: checkpoints go into its folder, events into its journal, and more epochs into its Plan.
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Program } from '../../../compiler/graph/graph.js'
import { planHash } from '../../../compiler/plan/hash.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import type { LoadedData } from '../../data/dataset.js'
import type { createBatchSource } from '../../data/views/source.js'
import type { Engine, Executable } from '../../engines/engine.js'
import {
  type Checkpoint,
  checkpointMinutes,
  olderCheckpoints,
  pruneCheckpoints,
  writeCheckpoint,
} from '../folder/checkpoint.js'
import { extendedPlan, keepPlan } from '../folder/run-plan.js'
import { openStepLosses } from '../folder/step-losses.js'
import { eventsOf, journalFile } from '../journal/journal.js'
import { correctionSites } from '../loop/correction.js'
import { collectExamples } from '../loop/correction-examples.js'
import { beginning, type Ending, train } from '../loop/epochs.js'
import type { Progress } from '../loop/progress.js'
import { readState } from '../loop/state.js'
import type { Session } from './session-state.js'

/** What the loop of a run works with. */
export interface Loaded {
  readonly engine: Engine
  readonly program: Program
  readonly data: LoadedData
  readonly executable: Executable
  readonly batches: ReturnType<typeof createBatchSource>
  readonly checkpoint: Checkpoint<Progress> | undefined
}

/** Trains to the run's end or to a stop, from the checkpoint on where there is one. */
export async function runLoop(session: Session, loaded: Loaded): Promise<Ending> {
  const { plan, lock, journal, control, hooks, runFolder } = session
  const { engine, program, executable, checkpoint } = loaded
  const start =
    checkpoint === undefined
      ? beginning(plan, lock.planHash, engine.name)
      : { ...checkpoint.state, planHash: lock.planHash }
  session.progress = start
  const save = async (progress: Progress) => {
    const began = performance.now()
    const epoch = Math.floor(Math.max(0, progress.step - 1) / plan.train.stepsPerEpoch)
    journal.write({ event: 'phase_started', phase: 'checkpoint', epoch, name: undefined })
    const tensors = await readState(program, executable)
    const state = { ...progress, planHash: session.lock.planHash, engine: engine.name }
    const { folder, bytes } = writeCheckpoint(runFolder, progress.step, tensors, state)
    const best = progress.best.map(({ step }) => step)
    pruneCheckpoints(runFolder, lock.settings.keep ?? olderCheckpoints, best)
    journal.write({
      event: 'checkpoint_written',
      epoch,
      step: progress.step,
      path: folder,
      bytes,
      seconds: (performance.now() - began) / 1000,
      kept: best.includes(progress.step) ? ['last', 'best'] : ['last'],
    })
    journal.flush()
  }
  const journalPath = join(runFolder, journalFile)
  const losses = openStepLosses(runFolder, 1 + plan.losses.length, start.step, firstStep(journalPath))
  if (losses.lost > 0) {
    const message = `losses.f64 was cut short or is gone: the losses of ${losses.lost} of ${start.step} steps are not known any more; the run goes on, and a replay compares the others`
    journal.write({ event: 'warned', code: 'SAU7131', message })
  }
  const original = hooks.original?.(lock)
  const tell = (difference: string | undefined): void => {
    if (difference === undefined) return
    journal.write({ event: 'warned', code: 'SAU7124', message: difference })
    if (lock.replayOf?.stopAtDifference === true) control.requestStop('the first difference')
  }
  const training = train(
    {
      ...loaded,
      plan,
      control,
      examples: collectExamples(
        runFolder,
        correctionSites(plan, loaded.data),
        loaded.data,
        plan.train.stepsPerEpoch,
      ),
      emit(event) {
        if (event.event === 'steps_done') {
          session.progress = { ...start, step: event.step + 1 }
          losses.flush()
        }
        journal.write(event)
        tell(original?.hear(event))
      },
      rounded: (values) => (engine.name === 'reference' ? values : Float32Array.from(values)),
      save,
      checkpointInterval: 60_000 * (lock.settings.checkpointMinutes ?? checkpointMinutes),
      stepDone(step, values) {
        losses.add(values)
        tell(original?.step(step, values))
      },
      extend: (epochs, step) => extend(session, epochs, step),
      ...(lock.replayOf === undefined ? {} : { recorded: lock.replayOf }),
    },
    start,
  )
  try {
    const { ending, progress } = await training
    session.progress = progress
    return ending
  } finally {
    losses.close()
  }
}

/** The step that a run's record begins with: 0, or that of the checkpoint which a fork began with. */
function firstStep(journal: string): number {
  for (const started of eventsOf(journal, ['run_started'])) return started.resumed?.step ?? 0
  return 0
}

/** Gives the run a Plan of more epochs, in its folder first: should it die now, it goes on with that one. */
function extend(session: Session, epochs: number, step: number): Plan {
  const before = session.plan.train.epochs
  const plan = extendedPlan(session.plan, epochs)
  const hash = planHash(plan)
  session.lock = keepPlan(session.runFolder, session.lock, plan, hash)
  session.plan = plan
  session.journal.write({ event: 'extended', epochs: plan.train.epochs, before, step, planHash: hash })
  session.journal.flush()
  return plan
}
