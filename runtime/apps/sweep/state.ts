// How a sweep is at one moment, from its folder alone: whoever may read the folder sees the same, on any
// machine.
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Direction, MetricName } from '../../../compiler/plan/metric-table.js'
import { exitCodes } from '../../platform/errors.js'
import { type OwnerState, ownerOf } from '../../platform/files/ownership.js'
import { isRunFolder } from '../../run/folder/folder.js'
import { journalFile } from '../../run/journal/journal.js'
import { type RunStatus, type RunStatusReader, runStatusReader } from '../../run/view/run-status.js'
import {
  localPool,
  poolFolder,
  poolsOf,
  readSweepEvents,
  type SweepEvent,
  sweepEventsStamp,
} from './events.js'
import {
  type Capsule,
  type KnownInstance,
  readCapsule,
  readInstances,
  readTrials,
  runFolderOf,
} from './folder.js'

/**
 * `waiting`: nothing has run yet. `stopped`, `died`: goes on from its checkpoint when a pool takes it up.
 * `failed`: not tried again, as a pool wrote down, or because it diverged and would do so again. `pruned`:
 * given up because others were better. `equal`: another instance has the same Plan and runs for both.
 */
export type InstanceState =
  | 'waiting'
  | 'running'
  | 'done'
  | 'stopped'
  | 'died'
  | 'failed'
  | 'pruned'
  | 'equal'

export interface InstanceView {
  readonly instance: KnownInstance
  readonly state: InstanceState
  readonly runFolder: string
  /** There once it has begun. */
  readonly status: RunStatus | undefined
  /** How often it failed so far. */
  readonly failures: number
  /** Why it failed, stopped or was pruned. */
  readonly reason: string | undefined
}

export interface SweepView {
  readonly name: string
  readonly folder: string
  readonly capsule: Capsule
  readonly instances: readonly InstanceView[]
  readonly pools: readonly { readonly pool: string; readonly owner: OwnerState }[]
  readonly events: readonly SweepEvent[]
}

/** What a sweep measures, where its file says so. */
export interface SweepGoal {
  readonly evaluation: number
  readonly metric: MetricName
  readonly direction: Direction
}

/** Milliseconds for which what was read of a run that goes on is good enough: it has some journal to read. */
const freshness = 2_000

/** Milliseconds that a training process has from its folder's making to its first word. */
const beginningTime = 10_000

export interface SweepReader {
  read(): SweepView
}

/** Reads a sweep again and again; runs that are over are read once. */
export function sweepReader(sweepFolder: string): SweepReader {
  const capsule = readCapsule(sweepFolder)
  const declared = readInstances(sweepFolder)
  const statuses = new Map<
    string,
    { readonly stamp: string; readonly status: RunStatus; readonly at: number }
  >()
  /** Of runs that are not done. */
  const readers = new Map<string, RunStatusReader>()
  const statusOf = (folder: string, there: ReadonlySet<string>): RunStatus | undefined => {
    // One listing for all: a sweep may have ten thousand instances, and most of them are not there yet, or
    // done.
    if (!there.has(basename(folder)) || !isRunFolder(folder)) return undefined
    const known = statuses.get(folder)
    if (known?.status.state === 'done') return known.status
    const life = ownerOf(folder)?.life
    const isFresh = known !== undefined && Date.now() - known.at < freshness
    if (isFresh && life === 'alive' && known.status.owner?.life === 'alive') return known.status
    const stamp = `${stampOf(join(folder, journalFile))} ${life ?? 'none'}`
    if (known?.stamp === stamp) return known.status
    const reader = readers.get(folder) ?? runStatusReader(folder)
    const status = reader.read()
    if (status.state === 'done') readers.delete(folder)
    else readers.set(folder, reader)
    statuses.set(folder, { stamp, status, at: Date.now() })
    return status
  }
  let events: readonly SweepEvent[] = []
  let eventsStamp = ''
  const eventsNow = (): readonly SweepEvent[] => {
    const stamp = sweepEventsStamp(sweepFolder)
    if (stamp !== eventsStamp) events = readSweepEvents(sweepFolder)
    eventsStamp = stamp
    return events
  }
  return {
    read() {
      const events = eventsNow()
      const there = new Set(readdirSync(sweepFolder))
      const facts = factsOf(events)
      const firsts = new Map<string, number>()
      const instances = [...declared, ...readTrials(sweepFolder)].map((instance): InstanceView => {
        const runFolder = runFolderOf(sweepFolder, instance)
        const first = firsts.get(instance.planHash)
        firsts.set(instance.planHash, first ?? instance.number)
        if (first !== undefined) {
          return {
            instance,
            state: 'equal',
            runFolder,
            status: undefined,
            failures: 0,
            reason: `equal to ${first + 1}`,
          }
        }
        const status = statusOf(runFolder, there)
        const failures = facts.failures.get(instance.number) ?? 0
        const pruned = facts.pruned.get(instance.setting)
        const failed = facts.failed.get(instance.number)
        const state = isBeginning(runFolder, status)
          ? 'running'
          : stateOf(status, pruned !== undefined, failed !== undefined)
        const ended = status?.view.ended
        const reason =
          state === 'pruned'
            ? pruned
            : state === 'failed'
              ? (failed?.reason ?? ended?.message)
              : state === 'stopped'
                ? ended?.message
                : undefined
        return { instance, state, runFolder, status, failures, reason }
      })
      const pools = poolsOf(sweepFolder).flatMap((pool) => {
        const owner = ownerOf(poolFolder(sweepFolder, pool))
        return owner === undefined ? [] : [{ pool, owner }]
      })
      return { name: basename(sweepFolder), folder: sweepFolder, capsule, instances, pools, events }
    },
  }
}

/** A folder that was just made: its process has not come so far yet that it owns it. */
function isBeginning(runFolder: string, status: RunStatus | undefined): boolean {
  if (status?.state !== 'prepared') return false
  const made = statSync(runFolder, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Date.now() - made < beginningTime
}

function stateOf(status: RunStatus | undefined, isPruned: boolean, hasFailed: boolean): InstanceState {
  switch (status?.state) {
    case 'done':
      return 'done'
    case 'running':
    case 'paused':
    case 'stopping':
    case 'starting':
      return 'running'
    default:
  }
  if (hasFailed || status?.state === 'diverged') return 'failed'
  if (isPruned) return 'pruned'
  switch (status?.state) {
    case undefined:
      return 'waiting'
    case 'prepared':
    case 'stopped':
      return 'stopped'
    case 'failed':
    case 'died':
    case 'silent':
      return 'died'
    default:
      return 'waiting'
  }
}

/** What was decided about instances, from the pools' journals. */
function factsOf(events: readonly SweepEvent[]) {
  const failures = new Map<number, number>()
  /** Why, of instances that are not tried again. */
  const failed = new Map<number, { readonly reason: string; readonly exitCode: number }>()
  const pruned = new Map<number, string>()
  for (const event of events) {
    switch (event.event) {
      case 'instance_started':
        failed.delete(event.instance)
        break
      case 'instance_ended': {
        if (!isFailure(event.exitCode)) break
        failures.set(event.instance, (failures.get(event.instance) ?? 0) + 1)
        const reason = `${event.code === undefined ? '' : `${event.code}: `}${event.message}`
        if (!event.retried) failed.set(event.instance, { reason, exitCode: event.exitCode })
        break
      }
      case 'pool_started':
        // Somebody gave the command again: data may be back, room made. What diverged would do so again.
        if (event.pool !== localPool) break
        for (const [instance, { exitCode }] of failed) {
          if (exitCode === exitCodes.diverged) continue
          failed.delete(instance)
          failures.delete(instance)
        }
        break
      case 'setting_pruned':
        pruned.set(event.setting, `${event.by} after epoch ${event.epoch}`)
        break
      default:
    }
  }
  return { failures, failed, pruned }
}

/** Whether an exit code says that a run failed; stopped ones go on another time. */
export function isFailure(exitCode: number): boolean {
  return ![0, 75, 129, 130, 143].includes(exitCode)
}

/** Changes whenever a file is written to. */
function stampOf(path: string): string {
  const facts = statSync(path, { throwIfNoEntry: false })
  return facts === undefined ? 'none' : `${facts.size} ${facts.mtimeMs}`
}
