// What those who run a sweep write down: each pool process one JSON object a line in its own file, so that no
// two write to one. The runs' own folders say how far they are; this says who started what, what failed why,
// and what was decided.
import { appendFileSync, closeSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { factsOf, namesIn, readStored } from '../../platform/files/stored-file.js'
import { conforms } from '../../platform/forms/json-form.js'
import { splitLines } from '../../run/journal/journal.js'
import { sweepEventForm } from './stored-forms.js'

export type SweepEvent = { readonly time: number } & (
  | PoolStarted
  | InstanceStarted
  | InstanceEnded
  | SettingPruned
  | SweepCommanded
  | PoolEnded
)

export interface PoolStarted {
  readonly event: 'pool_started'
  readonly pool: string
  readonly pid: number
  readonly host: string
  /** Runs at a time, and threads of each. */
  readonly parallel: number
  readonly threads: number
  readonly program: string
}

export interface InstanceStarted {
  readonly event: 'instance_started'
  /** Number of the instance, from 0. */
  readonly instance: number
  /** `adopted`: its process was running already. */
  readonly how: 'new' | 'resumed' | 'adopted'
  /** From 1; more than 1 after failures. */
  readonly attempt: number
}

export interface InstanceEnded {
  readonly event: 'instance_ended'
  readonly instance: number
  readonly exitCode: number
  readonly code: string | undefined
  readonly message: string
  /** Whether it is tried again. */
  readonly retried: boolean
}

/** No seed of a setting is trained on. */
export interface SettingPruned {
  readonly event: 'setting_pruned'
  readonly setting: number
  /** After so many epochs. */
  readonly epoch: number
  readonly by: string
}

export interface SweepCommanded {
  readonly event: 'commanded'
  readonly command: SweepCommand['command']
  readonly by: string
}

export interface PoolEnded {
  readonly event: 'pool_ended'
  /** `broken`: too many equal failures in a row. */
  readonly outcome: 'done' | 'stopped' | 'failed' | 'broken'
  readonly exitCode: number
  readonly message: string
}

/** What a sweep can be told, in `commands.jsonl` of its folder. */
export type SweepCommand =
  | { readonly command: 'stop' | 'stop_now' }
  /** No seed of this setting is trained on. */
  | { readonly command: 'prune'; readonly setting: number }
  /** So many trials more than the file says; of searches and random draws. */
  | { readonly command: 'add_trials'; readonly trials: number }

const file = 'journal.jsonl'

export interface SweepJournal {
  write(event: NewSweepEvent): void
  close(): void
}

export type NewSweepEvent = SweepEvent extends infer E
  ? E extends SweepEvent
    ? Omit<E, 'time'>
    : never
  : never

/**
 * Opens the journal of one pool, whose folder is there. Every event is one write and is flushed: they are
 * few.
 */
export function openSweepJournal(poolFolder: string): SweepJournal {
  const path = join(poolFolder, file)
  const last = readStored(path)?.at(-1)
  const descriptor = openSync(path, 'a')
  // A line that a crash tore stays apart from what follows.
  if (last !== undefined && last !== 0x0a) appendFileSync(descriptor, '\n')
  return {
    write(event) {
      appendFileSync(descriptor, `${JSON.stringify({ time: Date.now(), ...event })}\n`)
      fsyncSync(descriptor)
    },
    close() {
      closeSync(descriptor)
    },
  }
}

/** Name of the pool on the machine that a sweep was started on. */
export const localPool = 'local'

/** Folder of a pool's own files inside a sweep folder. */
export function poolFolder(sweepFolder: string, pool: string): string {
  return join(sweepFolder, 'pools', pool)
}

export function poolsOf(sweepFolder: string): readonly string[] {
  return [...namesIn(join(sweepFolder, 'pools'))].sort()
}

/** Changes whenever a pool has written something. */
export function sweepEventsStamp(sweepFolder: string): string {
  const sizes = poolsOf(sweepFolder).map((pool) => {
    const path = join(poolFolder(sweepFolder, pool), file)
    return `${pool} ${factsOf(path)?.size ?? 0}`
  })
  return sizes.join('\n')
}

/** Events of all pools in order of time; torn lines are passed over. */
export function readSweepEvents(sweepFolder: string): readonly SweepEvent[] {
  return poolsOf(sweepFolder)
    .flatMap((pool) => readPoolEvents(sweepFolder, pool))
    .sort((a, b) => a.time - b.time)
}

/** Events of one pool, in order. */
export function readPoolEvents(sweepFolder: string, pool: string): readonly SweepEvent[] {
  const bytes = readStored(join(poolFolder(sweepFolder, pool), file))
  return bytes === undefined ? [] : splitLines(bytes).lines.flatMap((line) => parse(line) ?? [])
}

function parse(line: Uint8Array): SweepEvent | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString('utf8'))
    return conforms(sweepEventForm, value) ? value : undefined
  } catch {
    return undefined
  }
}
