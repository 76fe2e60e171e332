// A pool: runs the instances of a sweep, so many at a time, until none is left. The sweep's folder is the truth; a pool keeps
// nothing that it could not read there again. Several pools may work on one sweep, on one machine or on many: whoever makes an
// instance's run folder, or owns it, has the instance.
import { statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programVersion } from '../compiled-entry.js'
import { defaultDataMemory } from '../data/memory-budget.js'
import { exitCodes, RunError } from '../errors.js'
import type { RunEnded } from '../journal/events.js'
import { journalFile } from '../journal/journal.js'
import { currentOwner, ownerOf } from '../run-folder/ownership.js'
import { attachRun, type WatchedRun } from '../training/attach.js'
import { startTraining } from '../training/process.js'
import type { Capacity } from './capacity.js'
import { openSweepCommands } from './commands.js'
import type { PoolEnded, SweepJournal } from './events.js'
import { isBroken, isWorthAnotherTry } from './failures.js'
import type { FrozenSweep } from './frozen-sweep.js'
import { createPruner } from './pruning.js'
import { evaluationReader } from './results.js'
import { chooseNext } from './search.js'
import { type InstanceView, isFailure, type SweepView, sweepReader } from './state.js'

export interface PoolOptions {
  readonly pool: string
  readonly sweepFolder: string
  readonly frozen: FrozenSweep
  readonly capacity: Capacity
  readonly journal: SweepJournal
  /** Takes no new instance once this is aborted; stops what it runs after a checkpoint. */
  readonly stopping: AbortSignal
  /** Does not wait for runs of other pools to end. */
  readonly leavesOthers?: boolean
}

/** Milliseconds between two looks at the folder while nothing happens here. */
const lookInterval = 500

/** Milliseconds without a sign of life after which a pool among many waits to see whether a run dies; signs come every 5 seconds. */
const doubtfulSilence = 20_000

/** One run that this pool looks after. */
interface Running {
  readonly view: InstanceView
  readonly run: WatchedRun
  readonly place: number
  readonly started: number
  /** What it was told by this pool, if anything. */
  told: 'stop' | 'prune' | 'time' | undefined
}

export async function runPool(options: PoolOptions): Promise<PoolEnded> {
  const { frozen, journal, sweepFolder, capacity, pool } = options
  journal.write({
    event: 'pool_started',
    pool,
    pid: process.pid,
    host: hostname(),
    parallel: capacity.parallel,
    threads: capacity.threads,
    program: programVersion(),
  })
  const reader = sweepReader(sweepFolder)
  const evaluations = evaluationReader()
  const pruner = createPruner(frozen.sweep, evaluations)
  const commands = openSweepCommands(sweepFolder)
  const running = new Map<number, Running>()
  /** Instances that somebody else has, or that a person stopped: left alone by this pool. */
  const left = new Set<number>()
  let stop: 'no' | 'stop' | 'stop_now' = 'no'
  let broken = false
  let wake = (): void => {}

  const tellAll = (command: 'stop' | 'stop_now', by: string): void => {
    stop = command
    for (const one of running.values()) {
      one.told ??= 'stop'
      one.run.tell({ command }, by)
    }
  }
  options.stopping.addEventListener('abort', () => {
    tellAll('stop', 'the pool of the sweep')
    wake()
  })

  const finish = (one: Running, ended: Pick<RunEnded, 'exitCode' | 'code' | 'message'>): void => {
    const number = one.view.instance.number
    running.delete(number)
    if (ended.code === 'SAU7102') {
      left.add(number)
    } else {
      const reason = one.told === 'time' ? timeLimit(frozen) : undefined
      const failure = reason ?? ended
      const retried =
        isFailure(failure.exitCode) &&
        isWorthAnotherTry(failure) &&
        one.view.failures < frozen.sweep.limits.retries
      const { exitCode, code, message } = failure
      journal.write({ event: 'instance_ended', instance: number, exitCode, code, message, retried })
      if (!isFailure(exitCode) && exitCode !== 0 && one.told === undefined) left.add(number)
      if (isFailure(exitCode) && !retried && frozen.sweep.limits.onFailure === 'stop' && stop === 'no') {
        tellAll('stop', 'the failure of another run')
      }
    }
    wake()
  }

  /** Takes an instance up: finds its process, goes on with it, or begins it. */
  const takeUp = (view: InstanceView, place: number): void => {
    const number = view.instance.number
    const isNew = view.status === undefined
    const isAlive = currentOwner(view.runFolder) !== undefined
    // Its process is about to begin, or has just ended: the next look tells.
    if (view.state === 'running' && !isAlive) return
    let run: WatchedRun
    try {
      run = isAlive ? attachRun(view.runFolder, endOf(view)) : begin(options, view, place)
    } catch (error) {
      if (!(error instanceof RunError)) throw error
      if (error.code === 'SAU7102' || error.code === 'SAU7304') return
      const { exitCode, code, message } = error
      journal.write({ event: 'instance_ended', instance: number, exitCode, code, message, retried: false })
      return
    }
    const how = isAlive ? 'adopted' : isNew ? 'new' : 'resumed'
    const one: Running = { view, run, place, started: Date.now(), told: undefined }
    running.set(number, one)
    journal.write({ event: 'instance_started', instance: number, how, attempt: view.failures + 1 })
    void watch(run).then((ended) => finish(one, ended))
  }

  for (;;) {
    for (const { command, by } of commands.take()) {
      journal.write({ event: 'commanded', command: command.command, by })
      if (command.command === 'stop' || command.command === 'stop_now') tellAll(command.command, by)
      if (command.command === 'prune') prune(command.setting, by)
    }
    const view = reader.read()
    if (isBroken(view.events.filter(ofPool(view, pool)))) broken = true
    for (const { setting, epoch, by } of pruner.judge(view)) {
      journal.write({ event: 'setting_pruned', setting, epoch, by })
      tellSetting(setting, by)
    }
    for (const one of running.values()) {
      const limit = frozen.sweep.limits.time
      if (limit === undefined || one.told !== undefined || Date.now() - one.started < 1000 * limit) continue
      one.told = 'time'
      one.run.tell({ command: 'stop' }, 'the time limit of the sweep')
    }
    const isOpen = stop === 'no' && !broken && !options.stopping.aborted
    let waits = false
    if (isOpen) {
      const more = commands.addedTrials()
      while (chooseNext(frozen, reader.read(), { more, ahead: capacity.parallel, reader: evaluations })) {
        // One after the other, until as many are open as can run.
      }
      for (const one of nextOnes(reader.read(), running, left, options.leavesOthers === true)) {
        const place = freePlace(running, capacity)
        if (place === undefined) break
        takeUp(one, place)
      }
      waits = reader
        .read()
        .instances.some(
          (one) => one.state === 'running' && (options.leavesOthers !== true || isDoubtful(one)),
        )
    }
    if (running.size === 0 && (!waits || !isOpen)) {
      return end(reader.read(), stop !== 'no' || options.stopping.aborted, broken)
    }
    await Promise.race([sleep(lookInterval), new Promise<void>((resolve) => (wake = resolve))])
  }

  function prune(setting: number, by: string): void {
    const epoch = Math.max(
      0,
      ...[...running.values()]
        .filter(({ view }) => view.instance.setting === setting)
        .map(({ view }) => view.status?.view.epochsDone ?? 0),
    )
    journal.write({ event: 'setting_pruned', setting, epoch, by })
    tellSetting(setting, by)
  }

  function tellSetting(setting: number, by: string): void {
    for (const one of running.values()) {
      if (one.view.instance.setting !== setting) continue
      one.told ??= 'prune'
      one.run.tell({ command: 'stop' }, by)
    }
  }
}

/** Starts the training of an instance, or goes on with it. */
function begin(
  { frozen, capacity, sweepFolder }: PoolOptions,
  view: InstanceView,
  place: number,
): WatchedRun {
  const gpu = capacity.gpus[place]
  const environment = gpu === undefined ? {} : { environment: { CUDA_VISIBLE_DEVICES: gpu } }
  if (view.status !== undefined) return startTraining({ resume: view.runFolder, ...environment })
  // Together the runs of a pool hold no more images than two runs alone would: half of the machine's memory.
  const shared =
    capacity.parallel > 2 ? { dataMemory: Math.floor((2 * defaultDataMemory()) / capacity.parallel) } : {}
  const settings = { threads: capacity.threads, ...shared, ...frozen.capsule.settings }
  return startTraining({
    ...frozen.experimentOf(view.instance),
    runs: sweepFolder,
    folder: view.runFolder,
    settings,
    ...environment,
  })
}

/** How a run ended, as its journal says or as whoever watched it was told. */
async function watch(run: WatchedRun): Promise<Pick<RunEnded, 'exitCode' | 'code' | 'message'>> {
  try {
    for await (const event of run.events) if (event.event === 'run_ended') return event
    const exitCode = await run.exit
    return { exitCode, code: 'SAU7302', message: 'the training process ended without a word' }
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    // A process that was adopted and died: it is as good as killed.
    const code = error.code === 'SAU7304' ? 'SAU7302' : error.code
    return { exitCode: error.exitCode, code, message: error.message }
  }
}

function timeLimit({ sweep }: FrozenSweep) {
  const message = `stopped after ${sweep.limits.time} seconds, the sweep's limit; it has a checkpoint`
  return { exitCode: exitCodes.failed, code: 'SAU8063', message }
}

/** What can be begun, in order: runs that were going on first, so that what has been paid for is used. */
function nextOnes(
  { instances }: SweepView,
  running: ReadonlyMap<number, Running>,
  left: ReadonlySet<number>,
  leavesOthers: boolean,
): readonly InstanceView[] {
  const free = instances.filter(({ instance: { number } }) => !running.has(number) && !left.has(number))
  // A pool among many leaves to others what runs: looking on there would keep it from work of its own.
  const orphans = leavesOthers ? [] : free.filter(({ state }) => state === 'running')
  const broken = free.filter(({ state }) => state === 'stopped' || state === 'died')
  return [...orphans, ...broken, ...free.filter(({ state }) => state === 'waiting')]
}

/** Whether a run of another pool has not been heard of for some heartbeats: it may be dead, and then its run is free. */
function isDoubtful({ runFolder }: InstanceView): boolean {
  return (ownerOf(runFolder)?.silence ?? 0) > doubtfulSilence
}

/** The lowest place that nobody has. */
function freePlace(running: ReadonlyMap<number, Running>, { parallel }: Capacity): number | undefined {
  const taken = new Set([...running.values()].map(({ place }) => place))
  for (let place = 0; place < parallel; place++) if (!taken.has(place)) return place
  return undefined
}

function endOf({ runFolder }: InstanceView): number {
  return statSync(join(runFolder, journalFile), { throwIfNoEntry: false })?.size ?? 0
}

/** The breaker looks at what one pool has seen since it began. */
function ofPool(view: SweepView, pool: string): (event: SweepView['events'][number]) => boolean {
  const started = view.events.findLast((event) => event.event === 'pool_started' && event.pool === pool)
  return ({ time }) => started === undefined || time >= started.time
}

function end({ instances }: SweepView, wasStopped: boolean, broken: boolean): PoolEnded {
  const failed = instances.filter(({ state }) => state === 'failed').length
  const open = instances.filter(({ state }) =>
    ['waiting', 'stopped', 'died', 'running'].includes(state),
  ).length
  if (broken) {
    const message = 'the last three runs failed for the same reason: nothing more is started'
    return { event: 'pool_ended', outcome: 'broken', exitCode: exitCodes.someSweepRunsFailed, message }
  }
  if (wasStopped && open > 0) {
    const message = `stopped with ${open} runs to do; the same command goes on`
    const exitCode = failed > 0 ? exitCodes.someSweepRunsFailed : exitCodes.stoppedWithCheckpoint
    return { event: 'pool_ended', outcome: 'stopped', exitCode, message }
  }
  if (failed > 0) {
    const message = `${failed} of ${instances.length} runs failed`
    return { event: 'pool_ended', outcome: 'failed', exitCode: exitCodes.someSweepRunsFailed, message }
  }
  if (open > 0) {
    const message = `${open} runs are left to others or were stopped; the same command goes on`
    return { event: 'pool_ended', outcome: 'stopped', exitCode: exitCodes.stoppedWithCheckpoint, message }
  }
  return { event: 'pool_ended', outcome: 'done', exitCode: exitCodes.done, message: 'all runs are done' }
}
