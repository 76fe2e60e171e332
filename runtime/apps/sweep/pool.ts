// A pool: runs the instances of a sweep, so many at a time, until none is left. The sweep's folder is the
// truth; a pool keeps nothing that it could not read there again. Several pools may work on one sweep, on one
// machine or on many: whoever makes an instance's run folder, or owns it, has the instance. What is done
// about a run, and when, says the table in pool-table.ts.
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { defaultDataMemory } from '../../data/memory-budget.js'
import { programVersion } from '../../platform/compiled-entry.js'
import { RunError } from '../../platform/errors.js'
import { currentOwner, ownerOf } from '../../platform/files/ownership.js'
import { isRunFolder } from '../../run/folder/folder.js'
import type { RunEnded } from '../../run/journal/events.js'
import { eventsFrom, journalFile } from '../../run/journal/journal.js'
import { attachRun, type WatchedRun } from '../../run/process/attach.js'
import { startTraining } from '../../run/process/start-training.js'
import type { Capacity } from './capacity.js'
import { openSweepCommands } from './commands.js'
import type { PoolEnded, SweepJournal } from './events.js'
import type { FrozenSweep } from './frozen-sweep.js'
import { poolEnd } from './pool-end.js'
import {
  type Course,
  type JournalEnd,
  newPool,
  type OpenState,
  type PoolAction,
  type PoolRules,
  type RunEvent,
  stepPool,
} from './pool-table.js'
import { createPruner } from './pruning.js'
import { evaluationReader } from './results.js'
import { type Choice, chooseNext } from './search.js'
import { type InstanceView, type SweepView, sweepReader } from './state.js'

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

/**
 * Milliseconds without a sign of life after which a pool among many waits to see whether a run dies; signs
 * come every 5 seconds.
 */
const doubtfulSilence = 20_000

/**
 * Milliseconds that a process may take from the end of its run, in the journal, to its own: its report is
 * written then.
 */
const lingeringTime = 600_000

/** In use, not running any more, or done: somebody else was faster. */
const takenCodes: readonly string[] = ['SAU7102', 'SAU7304', 'SAU7105']

/** One run that this pool looks after. */
interface Watch {
  readonly run: WatchedRun
  readonly setting: number
  readonly started: number
}

export async function runPool(options: PoolOptions): Promise<PoolEnded> {
  const { frozen, journal, sweepFolder, capacity, pool } = options
  const { limits } = frozen.sweep
  journal.write({
    event: 'pool_started',
    pool,
    pid: process.pid,
    host: hostname(),
    parallel: capacity.parallel,
    threads: capacity.threads,
    program: programVersion(),
  })
  const rules: PoolRules = {
    retries: limits.retries,
    onFailure: limits.onFailure,
    leavesOthers: options.leavesOthers === true,
    timeLimit: `stopped after ${limits.time} seconds, the sweep's limit; it has a checkpoint`,
  }
  const reader = sweepReader(sweepFolder)
  const evaluations = evaluationReader()
  const pruner = createPruner(frozen.sweep, evaluations)
  const commands = openSweepCommands(sweepFolder)
  let view = reader.read()
  let state = newPool
  /** Runs that have a place here, and those of them that are under way. */
  const places = new Map<number, number>()
  const watches = new Map<number, Watch>()
  /** How runs are stopped, and by whom. */
  let stop: { readonly command: 'stop' | 'stop_now'; readonly by: string } = { command: 'stop', by: '' }
  let wake = (): void => {}

  const hear = (run: number, event: RunEvent): void => {
    const settings = new Set(view.instances.map(({ instance }) => instance.setting))
    const setting = instanceOf(view, run).instance.setting
    apply(stepPool(state, { ...event, run, setting, settings: settings.size }, rules))
  }
  const stopAll = (command: 'stop' | 'stop_now', by: string): void => {
    stop = { command, by }
    apply(stepPool(state, { event: 'stop' }, rules))
  }
  function apply(step: ReturnType<typeof stepPool>): void {
    state = step.state
    for (const action of step.actions) perform(action)
    wake()
  }
  options.stopping.addEventListener('abort', () => stopAll('stop', 'the pool of the sweep'))

  function perform(action: PoolAction): void {
    const { run } = action
    const one = instanceOf(view, run)
    switch (action.action) {
      case 'ask owner':
        hear(run, { event: 'owner', isAlive: currentOwner(one.runFolder) !== undefined })
        break
      case 'read journal':
        hear(run, {
          event: 'journal',
          journal: isRunFolder(one.runFolder) ? journalEnd(one.runFolder) : { session: 'none' },
        })
        break
      case 'begin':
      case 'resume':
        start(one, action.action)
        break
      case 'adopt':
        adopt(one, action.from)
        break
      case 'note start': {
        const { how, attempt } = action
        journal.write({ event: 'instance_started', instance: run, how, attempt })
        break
      }
      case 'note end': {
        const { exitCode, code, message, retried } = action
        journal.write({ event: 'instance_ended', instance: run, exitCode, code, message, retried })
        break
      }
      case 'tell':
        if (action.reason === 'stop') watches.get(run)?.run.tell({ command: stop.command }, stop.by)
        break
      case 'free place':
        places.delete(run)
        watches.delete(run)
    }
  }

  function start(one: InstanceView, what: 'begin' | 'resume'): void {
    const { number } = one.instance
    let run: WatchedRun
    try {
      run = begin(options, one, what, places.get(number) ?? 0)
    } catch (error) {
      if (!(error instanceof RunError)) throw error
      // A folder that is there and no run stands in the way for good.
      const isTaken = takenCodes.includes(error.code) && (what === 'resume' || isRunFolder(one.runFolder))
      hear(number, { event: 'refused', isTaken, ending: error })
      return
    }
    follow(one, run)
    hear(number, { event: 'started' })
  }

  function adopt(one: InstanceView, from: number): void {
    let run: WatchedRun
    try {
      run = attachRun(one.runFolder, from)
    } catch (error) {
      if (!(error instanceof RunError)) throw error
      hear(one.instance.number, { event: 'refused', isTaken: takenCodes.includes(error.code), ending: error })
      return
    }
    follow(one, run)
  }

  /** Hears what a run says until its process is gone. */
  function follow({ instance: { number, setting } }: InstanceView, run: WatchedRun): void {
    const watch: Watch = { run, setting, started: Date.now() }
    watches.set(number, watch)
    const tell = (event: RunEvent): void => {
      if (watches.get(number) === watch) hear(number, event)
    }
    void listen(run, tell)
  }

  const tellOne = (run: number, reason: 'prune' | 'time', by: string): void => {
    if (!isTraining(state.courses.get(run))) return
    hear(run, { event: 'told', reason })
    watches.get(run)?.run.tell({ command: 'stop' }, by)
  }
  const tellSetting = (setting: number, by: string): void => {
    for (const [run, watch] of watches) if (watch.setting === setting) tellOne(run, 'prune', by)
  }
  const prune = (setting: number, by: string): void => {
    const epochs = view.instances
      .filter(({ instance }) => instance.setting === setting && watches.has(instance.number))
      .map(({ status }) => status?.view.epochsDone ?? 0)
    journal.write({ event: 'setting_pruned', setting, epoch: Math.max(0, ...epochs), by })
    tellSetting(setting, by)
  }

  for (;;) {
    view = reader.read()
    for (const { command, by } of commands.take()) {
      journal.write({ event: 'commanded', command: command.command, by })
      if (command.command === 'stop' || command.command === 'stop_now') stopAll(command.command, by)
      if (command.command === 'prune') prune(command.setting, by)
    }
    for (const { setting, epoch, by } of pruner.judge(view)) {
      journal.write({ event: 'setting_pruned', setting, epoch, by })
      tellSetting(setting, by)
    }
    for (const [run, { started }] of watches) {
      if (limits.time === undefined || Date.now() - started < 1000 * limits.time) continue
      tellOne(run, 'time', 'the time limit of the sweep')
    }
    const more = commands.addedTrials()
    const isOpen = (): boolean => state.phase === 'open' && !options.stopping.aborted
    let choice: Choice = 'complete'
    if (isOpen()) {
      // One after the other, until as many are open as can run.
      for (;;) {
        choice = chooseNext(frozen, view, { more, ahead: capacity.parallel, reader: evaluations })
        if (choice !== 'chosen') break
        view = reader.read()
      }
      for (const [one, seen] of nextOnes(view, state.courses, rules.leavesOthers)) {
        const place = freePlace(places, capacity)
        if (place === undefined || !isOpen()) break
        places.set(one.instance.number, place)
        hear(one.instance.number, { event: 'considered', seen, failures: one.failures })
      }
    }
    // By the same view that settings were chosen and runs were considered by: what has changed since is seen
    // next time.
    const waits = isOpen() && view.instances.some((one) => isAwaited(one, state.courses, rules.leavesOthers))
    if (places.size === 0 && !waits) {
      const phase = options.stopping.aborted ? 'stopping' : state.phase
      return poolEnd(reader.read(), frozen.sweep, { phase, choice, more, reader: evaluations })
    }
    await Promise.race([sleep(lookInterval), new Promise<void>((resolve) => (wake = resolve))])
  }
}

/** Starts the training of an instance, or goes on with it. */
function begin(
  { frozen, capacity, sweepFolder }: PoolOptions,
  view: InstanceView,
  what: 'begin' | 'resume',
  place: number,
): WatchedRun {
  const gpu = capacity.gpus[place]
  const environment = gpu === undefined ? {} : { environment: { CUDA_VISIBLE_DEVICES: gpu } }
  if (what === 'resume') return startTraining({ resume: view.runFolder, ...environment })
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

/** Tells what a run says, to its end and that of its process. */
async function listen(run: WatchedRun, tell: (event: RunEvent) => void): Promise<void> {
  try {
    for await (const event of run.events) {
      if (event.event === 'run_started') tell({ event: 'line', ending: undefined })
      if (event.event !== 'run_ended') continue
      tell({ event: 'line', ending: event })
      setTimeout(() => tell({ event: 'lingers' }), lingeringTime).unref()
    }
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    if (error.code !== 'SAU7304') {
      tell({ event: 'refused', isTaken: takenCodes.includes(error.code), ending: error })
      return
    }
  }
  await run.gone
  tell({ event: 'gone' })
  // All that stood in the journal by then was handed out: the sequence ends at the end of the run, or after
  // it was read to its end.
  tell({ event: 'rest read' })
}

/** How the last session of a run stands, by its journal. */
function journalEnd(runFolder: string): JournalEnd {
  let ending: RunEnded | undefined
  let end = 0
  for (const line of eventsFrom(join(runFolder, journalFile), 0, ['run_started', 'run_ended'])) {
    end = line.end
    if (line.event !== undefined) ending = line.event.event === 'run_ended' ? line.event : undefined
  }
  return ending === undefined ? { session: 'open', end } : { session: 'ended', ending }
}

function isTraining(course: Course | undefined): boolean {
  return course?.at === 'watched' && course.told === undefined && course.ending === undefined
}

function instanceOf({ instances }: SweepView, run: number): InstanceView {
  const one = instances.find(({ instance: { number } }) => number === run)
  if (one === undefined) throw new Error(`the sweep has no instance ${run}`)
  return one
}

/** What can be begun, in order: runs that were going on first, so that what has been paid for is used. */
function nextOnes(
  { instances }: SweepView,
  courses: ReadonlyMap<number, Course>,
  leavesOthers: boolean,
): readonly (readonly [InstanceView, OpenState])[] {
  const order = ['running', 'stopped', 'died', 'waiting'] as const
  const groups = order.map((seen) =>
    instances
      .filter(({ state, instance }) => state === seen && isFree(courses.get(instance.number)))
      .map((one) => [one, seen] as const),
  )
  // A pool among many leaves to others what runs: looking on there would keep it from work of its own.
  return groups.slice(leavesOthers ? 1 : 0).flat()
}

function isFree(course: Course | undefined): boolean {
  return course === undefined || course.at === 'free'
}

/**
 * Whether a run is still to come to something for this pool: one that it was not given though it was free is
 * in other hands.
 */
function isAwaited(
  { state, instance, runFolder }: InstanceView,
  courses: ReadonlyMap<number, Course>,
  leavesOthers: boolean,
): boolean {
  if (!isFree(courses.get(instance.number))) return false
  if (state === 'running') return !leavesOthers || isDoubtful(runFolder)
  return state === 'stopped' || state === 'died' || state === 'waiting'
}

/**
 * Whether a run of another pool has not been heard of for some heartbeats: it may be dead, and then its run
 * is free.
 */
function isDoubtful(runFolder: string): boolean {
  return (ownerOf(runFolder)?.silence ?? 0) > doubtfulSilence
}

/** The lowest place that nobody has. */
function freePlace(places: ReadonlyMap<number, number>, { parallel }: Capacity): number | undefined {
  const taken = new Set(places.values())
  for (let place = 0; place < parallel; place++) if (!taken.has(place)) return place
  return undefined
}
