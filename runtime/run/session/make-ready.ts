// Training as a run does it: the newest checkpoint is found, engine, data and views are made ready, and the
// loop runs.
import { availableParallelism, hostname } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Program } from '../../../compiler/graph/graph.js'
import { traceProgram } from '../../../compiler/graph/index.js'
import { planHash } from '../../../compiler/plan/hash.js'
import type { LoadedData } from '../../data/dataset.js'
import { labelsOfLoaded, namedDraws, recordsOfSources } from '../../data/draws.js'
import { diskHost } from '../../data/host/shared-host.js'
import { imageKeys, imageKeysOfLoaded, sharedImagesText, sharedWithTraining } from '../../data/image-keys.js'
import { loadData } from '../../data/load.js'
import { residentImages } from '../../data/residence.js'
import { createBatchSource, defaultWorkers } from '../../data/views/source.js'
import type { Engine, Executable } from '../../engines/engine.js'
import { selectEngine } from '../../engines/select.js'
import { compiledFolder, programVersion } from '../../platform/compiled-entry.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { processorModel } from '../../platform/host/processor.js'
import { logLine } from '../../platform/texts/terminal.js'
import { type Checkpoint, newestCheckpoint } from '../folder/checkpoint.js'
import { codeDigest, type RunLock, writeLock } from '../folder/lock.js'
import { recordDraws } from '../folder/recorded-draws.js'
import { keepPlan } from '../folder/run-plan.js'
import { initialValues } from '../loop/initialize.js'
import type { Progress } from '../loop/progress.js'
import { stateFrom } from '../loop/state.js'
import { checkMemory } from './memory-check.js'
import { networkSizes } from './network-size.js'
import { precisionWarning } from './precision/warning.js'
import { runLoop } from './recorded-loop.js'
import { runStarted } from './run-started.js'
import type { Session } from './session-state.js'

interface Warning {
  readonly code: string | undefined
  readonly message: string
}

/** Trains from the newest checkpoint, or from the beginning, to the run's end or to a stop. */
export async function trainRun(session: Session): Promise<'done' | 'stopped' | 'stopped_now'> {
  const { hooks, journal, runFolder } = session
  const warnings: Warning[] = takeoverWarning(session)
  const { engine, passedOver } = await selectEngine(session.lock.settings.engine, {
    threads: session.lock.settings.threads,
  })
  for (const { name, reason, isBroken } of passedOver) {
    if (isBroken) warnings.push({ code: undefined, message: `engine ${name} does not load: ${reason}` })
    // An engine that nobody installed is nothing to worry about; whoever opens process.log may want to know.
    else logLine(`engine ${name} was passed over: ${reason}`)
  }
  const checkpoint = newestCheckpoint<Progress>(runFolder, ({ code, message }) =>
    warnings.push({ code, message: `${message}; the checkpoint before it is used` }),
  )
  keepRecordedPlan(session, checkpoint?.state.step ?? 0)
  const { plan, lock } = session
  const threads = engine.name === 'reference' ? 1 : (lock.settings.threads ?? availableParallelism())
  if (checkpoint !== undefined) {
    checkPlan(session, checkpoint)
    const change = changeOfNumbers(lock, checkpoint, engine, threads)
    if (change !== undefined) warnings.push({ code: undefined, message: change })
  }
  const program = traceProgram(plan, { layout: engine.layout, images: 'uint8' })
  journal.write(runStarted({ plan, lock, program, runFolder, version: programVersion(), checkpoint }))
  checkMemory(plan, program)
  for (const warning of warnings) journal.write({ event: 'warned', ...warning })
  const slow = await precisionWarning(plan.train.precision, engine, threads)
  if (slow !== undefined) journal.write({ event: 'warned', ...slow })

  await hooks.profile?.({ runFolder, lock, plan, journal, stopping: session.control.stopping })

  journal.write({ event: 'phase_started', phase: 'data', epoch: 0, name: undefined })
  const locations = lock.sources.map((source) => source.locations)
  const data = await loadRunData(session, locations)
  keepDraws(session, data)
  if (checkpoint === undefined) await warnOfSharedImages(session, locations, data)
  const executable = await loadEngine(session, engine, threads, program, checkpoint)
  const batches = createBatchSource(plan, data, { workers: workersOf(lock) })
  try {
    return await runLoop(session, { engine, program, data, executable, batches, checkpoint })
  } finally {
    await batches.dispose()
    await executable.dispose()
  }
}

/** Reads the data under the memory that the run allows it, and says how much of it is in memory. */
async function loadRunData(
  { plan, lock, journal }: Session,
  locations: readonly (readonly string[])[],
): Promise<LoadedData> {
  const started = performance.now()
  const { dataMemory } = lock.settings
  const data = await loadData(plan, locations, {
    verify: true,
    host: diskHost(),
    ...(dataMemory === undefined ? {} : { memory: dataMemory }),
  })
  journal.write({
    event: 'data_ready',
    ...residentImages(data.residence),
    seconds: (performance.now() - started) / 1000,
  })
  return data
}

/** Writes the long-tailed draws into the run folder and their hashes into the lock and the journal. */
function keepDraws(session: Session, { datasets }: LoadedData): void {
  const { plan, runFolder, journal } = session
  const draws = recordDraws(runFolder, namedDraws(plan, labelsOfLoaded(plan.sources.length, datasets)))
  if (draws.length === 0) return
  session.lock = { ...session.lock, draws }
  writeLock(runFolder, session.lock)
  journal.write({ event: 'data_drawn', draws })
}

/** Images that are evaluated and trained on under two names are told once, when a run begins. */
async function warnOfSharedImages(
  { plan, journal }: Session,
  locations: readonly (readonly string[])[],
  { datasets, stores }: LoadedData,
): Promise<void> {
  if (plan.evaluations.length === 0) return
  const keys = await imageKeysOfLoaded(imageKeys(plan, locations, diskHost()), stores)
  const records = recordsOfSources(plan.datasets, labelsOfLoaded(plan.sources.length, datasets))
  for (const shared of sharedWithTraining(plan, records, keys))
    journal.write({ event: 'warned', code: 'SAU6020', message: sharedImagesText(shared) })
}

/** On another machine silence need not be death: whoever took its place says so. */
function takeoverWarning({ ownership: { replaced } }: Session): Warning[] {
  if (replaced === undefined || replaced.host === hostname()) return []
  const { pid, host, silence } = replaced
  const minutes = Math.round(silence / 60_000)
  const message = `process ${pid} on ${host} has given no sign of life for ${minutes} minutes and is taken for dead; see there that it is`
  return [{ code: 'SAU7110', message }]
}

/** @throws RunError SAU7104 where the checkpoint was made by another Plan. */
function checkPlan({ lock }: Session, { folder, state }: Checkpoint<Progress>): void {
  if ([lock.planHash, ...(lock.earlierPlans ?? [])].includes(state.planHash)) return
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

/** A replay that goes on had the Plan of its checkpoint's step, whatever it was extended to afterwards. */
function keepRecordedPlan(session: Session, step: number): void {
  const { replayOf } = session.lock
  if (replayOf === undefined) return
  const epochs =
    replayOf.extensions.findLast((extension) => extension.step <= step)?.epochs ?? replayOf.epochs
  if (epochs === session.plan.train.epochs) return
  const plan = { ...session.plan, train: { ...session.plan.train, epochs } }
  session.lock = keepPlan(session.runFolder, session.lock, plan, planHash(plan))
  session.plan = plan
}

function workersOf({ settings }: RunLock): number {
  return settings.workers ?? defaultWorkers()
}

/** Loads the program into the engine with the initial or the saved state. */
async function loadEngine(
  session: Session,
  engine: Engine,
  threads: number,
  program: Program,
  checkpoint: Checkpoint<Progress> | undefined,
): Promise<Executable> {
  const { journal, runFolder } = session
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
    processor: processorModel(),
    workers: workersOf(session.lock),
    host: hostname(),
    pid: process.pid,
    engine: engine.name,
    engineDescription: engine.description,
    threads,
    resumedAtStep: checkpoint?.state.step,
  }
  session.lock = {
    ...session.lock,
    networks: networkSizes(session.plan, program),
    processes: [...session.lock.processes, record],
  }
  writeLock(runFolder, session.lock)
  return executable
}
