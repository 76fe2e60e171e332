// A pool at work: what it was given, what it knows, and the runs that it looks after.
import { hostname } from 'node:os'
import { programVersion } from '../../platform/compiled-entry.js'
import type { WatchedRun } from '../../run/process/attach.js'
import type { Capacity } from './capacity.js'
import { openSweepCommands, type SweepCommands } from './commands.js'
import type { SweepJournal } from './events.js'
import type { FrozenSweep } from './frozen-sweep.js'
import { newPool, type PoolRules, type PoolState } from './pool-table.js'
import { createPruner, type Pruner } from './pruning.js'
import { type EvaluationReader, evaluationReader } from './results.js'
import { type SweepReader, type SweepView, sweepReader } from './state.js'

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

/** One run that a pool looks after. */
export interface Watch {
  readonly run: WatchedRun
  readonly setting: number
  /** Milliseconds since 1970. */
  readonly started: number
}

export interface Pool {
  readonly options: PoolOptions
  readonly rules: PoolRules
  readonly reader: SweepReader
  readonly evaluations: EvaluationReader
  readonly pruner: Pruner
  readonly commands: SweepCommands
  /** Runs that have a place here, and which; and those of them that are under way. */
  readonly places: Map<number, number>
  readonly watches: Map<number, Watch>
  /** The sweep's folder, as it was read last. */
  view: SweepView
  state: PoolState
  /** How runs are stopped, and by whom. */
  stop: { readonly command: 'stop' | 'stop_now'; readonly by: string }
  /** Ends the pool's sleep between two looks. */
  wake: () => void
}

/** A pool that has no run yet; its journal says that it began. */
export function openPool(options: PoolOptions): Pool {
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
  const reader = sweepReader(sweepFolder)
  const evaluations = evaluationReader()
  return {
    options,
    rules: {
      retries: limits.retries,
      onFailure: limits.onFailure,
      leavesOthers: options.leavesOthers === true,
      timeLimit: `stopped after ${limits.time} seconds, the sweep's limit; it has a checkpoint`,
    },
    reader,
    evaluations,
    pruner: createPruner(frozen.sweep, evaluations),
    commands: openSweepCommands(sweepFolder),
    places: new Map(),
    watches: new Map(),
    view: reader.read(),
    state: newPool,
    stop: { command: 'stop', by: '' },
    wake: () => {},
  }
}

/** Whether it still takes up runs. */
export function isOpen({ state, options }: Pool): boolean {
  return state.phase === 'open' && !options.stopping.aborted
}
