// One process's part in a run: from its folder to its end, or to a checkpoint from which another process goes on.
import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Program } from '../../compiler/graph/graph.js'
import { traceProgram } from '../../compiler/graph/index.js'
import type { Plan } from '../../compiler/plan/plan.js'
import { compiledFolder, programVersion } from '../compiled-entry.js'
import type { LoadedData } from '../data/dataset.js'
import { loadData } from '../data/load.js'
import type { Engine, Executable } from '../engines/engine.js'
import { selectEngine } from '../engines/select.js'
import { exitCodes, RunError } from '../errors.js'
import { cacheFolder } from '../host/cache-folder.js'
import { createDiskHost } from '../host/disk-host.js'
import { openCommands } from '../journal/commands.js'
import { type JournalWriter, journalFile, openJournal, readJournal } from '../journal/journal.js'
import {
  type Checkpoint,
  newestCheckpoint,
  olderCheckpoints,
  pruneCheckpoints,
  writeCheckpoint,
} from '../run-folder/checkpoint.js'
import { codeDigest, type RunLock, readLock, readRunJson, writeLock } from '../run-folder/lock.js'
import { takeOwnership } from '../run-folder/ownership.js'
import { createBatchSource } from '../views/source.js'
import { type Control, createControl } from './control.js'
import { asRunError } from './failure.js'
import { createAdvisor, engineSituation } from './faster-engine.js'
import { initialValues } from './initialize.js'
import { beginning, train } from './loop.js'
import { messageWithEstimate } from './memory-estimate.js'
import { precisionWarning } from './precision/warning.js'
import { profileRun } from './profile-run.js'
import type { Progress } from './progress.js'
import { withMetrics } from './recording.js'
import { runStarted } from './run-started.js'
import { readState, stateFrom } from './state.js'

export interface SessionOptions {
  /** Gets the control as soon as there is one: whoever receives signals asks it to stop. */
  readonly onControl?: (control: Control) => void
  /** Profile some steps before training. */
  readonly profile?: boolean
}

/**
 * Trains the run in `runFolder`, or goes on with it, and returns the exit code; everything that happens, failures too,
 * is in its journal.
 * @throws RunError SAU7101 or SAU7102 where the folder is no run, or another process works in it: then nothing was
 * written, for the journal is not this process's.
 */
export async function runSession(runFolder: string, options: SessionOptions = {}): Promise<number> {
  const lock = readLock(runFolder)
  const plan = readRunJson(runFolder, 'plan.json') as Plan
  const ownership = takeOwnership(runFolder)
  const journal = withMetrics(runFolder, plan, openJournal(join(runFolder, journalFile)))
  const session: Session = {
    runFolder,
    lock,
    plan,
    journal,
    control: createControl(openCommands(runFolder, lock.processes.length === 0 ? 'start' : 'end'), (event) =>
      journal.write(event),
    ),
    started: performance.now(),
    progress: undefined,
  }
  options.onControl?.(session.control)
  try {
    return await runToEnd(session, options.profile === true)
  } finally {
    session.control.close()
    journal.flush()
    journal.close()
    ownership.release()
  }
}

interface Session {
  readonly runFolder: string
  readonly lock: RunLock
  readonly plan: Plan
  readonly journal: JournalWriter
  readonly control: Control
  readonly started: number
  /** The last known place in the run. */
  progress: Progress | undefined
}

/** Trains and writes the last line of the journal. */
async function runToEnd(session: Session, profile: boolean): Promise<number> {
  try {
    const ending = await trainRun(session, profile)
    switch (ending) {
      case 'done':
        return end(session, 'done', exitCodes.done, 'the run is done')
      case 'stopped':
        return end(
          session,
          'stopped',
          exitCodes.stoppedWithCheckpoint,
          'stopped after a checkpoint',
          resumeHelp(session),
        )
      case 'stopped_now':
        return end(
          session,
          'stopped',
          130,
          'stopped at once, without a checkpoint of the last steps',
          resumeHelp(session),
        )
    }
  } catch (error) {
    const failure = asRunError(error, session.runFolder)
    // Whoever opens process.log wants to know where a bug came from; a user's error says all in its sentence.
    if (!(error instanceof RunError)) console.error(error)
    else console.error(`${failure.code}: ${failure.message}`)
    const outcome = failure.exitCode === exitCodes.diverged ? 'diverged' : 'failed'
    const message = messageWithEstimate(failure, session.plan)
    return end(session, outcome, failure.exitCode, message, failure.help, failure.code)
  }
}

function resumeHelp({ runFolder }: Session): string {
  return `go on with \`saurun --resume ${runFolder}\``
}

function end(
  session: Session,
  outcome: 'done' | 'stopped' | 'failed' | 'diverged',
  exitCode: number,
  message: string,
  help?: string,
  code?: string,
): number {
  const step = Math.max(0, (session.progress?.step ?? 0) - 1)
  session.journal.write({
    event: 'run_ended',
    outcome,
    exitCode,
    code,
    message,
    help,
    epoch: Math.floor(step / session.plan.train.stepsPerEpoch),
    step,
    seconds: (performance.now() - session.started) / 1000,
    // Kilobytes on every system.
    peakMemory: process.resourceUsage().maxRSS * 1024,
  })
  return exitCode
}

interface Warning {
  readonly code: string | undefined
  readonly message: string
}

async function trainRun(session: Session, profile: boolean): Promise<'done' | 'stopped' | 'stopped_now'> {
  const { plan, lock, journal, runFolder } = session
  const warnings: Warning[] = []
  const { engine, passedOver } = await selectEngine(lock.settings.engine, { threads: lock.settings.threads })
  for (const { name, reason, isBroken } of passedOver) {
    if (isBroken) warnings.push({ code: undefined, message: `engine ${name} does not load: ${reason}` })
    // An engine that nobody installed is nothing to worry about; whoever opens process.log may want to know.
    else console.error(`engine ${name} was passed over: ${reason}`)
  }
  const checkpoint = newestCheckpoint<Progress>(runFolder, ({ code, message }) =>
    warnings.push({ code, message: `${message}; the checkpoint before it is used` }),
  )
  const threads = engine.name === 'reference' ? 1 : (lock.settings.threads ?? availableParallelism())
  if (checkpoint !== undefined) {
    checkPlan(session, checkpoint)
    const change = changeOfNumbers(lock, checkpoint, engine, threads)
    if (change !== undefined) warnings.push({ code: undefined, message: change })
  }
  const program = traceProgram(plan, { layout: engine.layout, images: 'uint8' })
  journal.write(runStarted({ plan, lock, program, runFolder, version: programVersion(), checkpoint }))
  for (const warning of warnings) journal.write({ event: 'warned', ...warning })
  const slow = await precisionWarning(plan.train.precision, engine, threads)
  if (slow !== undefined) journal.write({ event: 'warned', ...slow })

  if (profile) await profileRun({ runFolder, lock, plan, journal, stopping: session.control.stopping })

  journal.write({ event: 'phase_started', phase: 'data', epoch: 0, name: undefined })
  const host = createDiskHost({ cacheFolder: cacheFolder() })
  const locations = lock.sources.map((source) => source.locations)
  const data = await loadData(plan, locations, { digest: host.digest })
  const executable = await loadEngine(session, engine, threads, program, checkpoint)
  const { workers } = lock.settings
  const batches = createBatchSource(plan, data, workers === undefined ? {} : { workers })
  try {
    return await runLoop(session, { engine, program, data, executable, batches, checkpoint })
  } finally {
    await batches.dispose()
    await executable.dispose()
  }
}

/** @throws RunError SAU7104 where the checkpoint was made by another Plan. */
function checkPlan({ lock }: Session, { folder, state }: Checkpoint<Progress>): void {
  if (state.planHash === lock.planHash) return
  throw new RunError(
    'SAU7104',
    `${folder} belongs to another plan: its hash begins with ${state.planHash.slice(0, 12)}, the run's with ${lock.planHash.slice(0, 12)}`,
    'start the experiment anew',
    exitCodes.failed,
  )
}

/** Why a resumed run will not equal an uninterrupted one bit for bit, where that is so. */
function changeOfNumbers(
  { processes }: RunLock,
  { state }: Checkpoint<Progress>,
  engine: Engine,
  threads: number,
): string | undefined {
  const before = processes.at(-1)
  const rounding = 'its numbers are equal to those of an uninterrupted run up to rounding only'
  if (state.engine !== engine.name)
    return `the run goes on with engine ${engine.name} after ${state.engine}: ${rounding}`
  if (before === undefined) return undefined
  if (before.engineDescription !== engine.description) {
    return `the run goes on with ${engine.description} after ${before.engineDescription}: ${rounding}`
  }
  if (before.threads !== threads)
    return `the run goes on with ${threads} threads after ${before.threads}: ${rounding}`
  return undefined
}

/** Loads the program into the engine with the initial or the saved state. */
async function loadEngine(
  { lock, journal, runFolder }: Session,
  engine: Engine,
  threads: number,
  program: Program,
  checkpoint: Checkpoint<Progress> | undefined,
): Promise<Executable> {
  journal.write({ event: 'phase_started', phase: 'compile', epoch: 0, name: undefined })
  const started = performance.now()
  const executable = await engine.load(program, { threads })
  await executable.write(
    checkpoint === undefined
      ? initialValues(program)
      : stateFrom(program, checkpoint.tensors, engine, checkpoint.folder),
  )
  journal.write({
    event: 'engine_ready',
    engine: engine.name,
    description: engine.description,
    threads,
    seconds: (performance.now() - started) / 1000,
  })
  const record = {
    started: new Date().toISOString(),
    program: programVersion(),
    code: codeDigest(compiledFolder),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    host: hostname(),
    pid: process.pid,
    engine: engine.name,
    engineDescription: engine.description,
    threads,
    resumedAtStep: checkpoint?.state.step,
  }
  writeLock(runFolder, { ...lock, processes: [...lock.processes, record] })
  return executable
}

interface Loaded {
  readonly engine: Engine
  readonly program: Program
  readonly data: LoadedData
  readonly executable: Executable
  readonly batches: ReturnType<typeof createBatchSource>
  readonly checkpoint: Checkpoint<Progress> | undefined
}

async function runLoop(session: Session, loaded: Loaded): Promise<'done' | 'stopped' | 'stopped_now'> {
  const { plan, lock, journal, control, runFolder } = session
  const { engine, program, executable, checkpoint } = loaded
  const start = checkpoint?.state ?? beginning(plan, lock.planHash, engine.name)
  session.progress = start
  const save = async (progress: Progress) => {
    const began = performance.now()
    const epoch = Math.floor(Math.max(0, progress.step - 1) / plan.train.stepsPerEpoch)
    journal.write({ event: 'phase_started', phase: 'checkpoint', epoch, name: undefined })
    const tensors = await readState(program, executable)
    const { folder, bytes } = writeCheckpoint(runFolder, progress.step, tensors, {
      ...progress,
      engine: engine.name,
    })
    const best = progress.best.map(({ step }) => step)
    pruneCheckpoints(runFolder, olderCheckpoints, best)
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
  const isAdvised = readJournal(join(runFolder, journalFile)).events.some(({ event }) => event === 'advised')
  const advisor = createAdvisor(plan, engineSituation(engine.name, lock.settings.engine), isAdvised)
  const { ending, progress } = await train(
    {
      ...loaded,
      plan,
      control,
      emit(event) {
        if (event.event === 'steps_done') session.progress = { ...start, step: event.step + 1 }
        journal.write(event)
        if (event.event !== 'steps_done') return
        const advice = advisor.hear(event)
        if (advice !== undefined) journal.write({ event: 'advised', message: advice })
      },
      rounded: (values) => (engine.name === 'reference' ? values : Float32Array.from(values)),
      save,
    },
    start,
  )
  session.progress = progress
  return ending
}
