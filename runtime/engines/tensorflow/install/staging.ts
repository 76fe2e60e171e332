// Where an installation works until it is whole: a folder beside the engine that nothing takes for one. What
// a step has finished is written down with the sizes of its files, so that a later try goes on from there;
// what a step has not finished lies in a folder of its try alone, which the next one throws away. Killing it
// at any moment is therefore safe, even where a tool that it started lives on.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RunError } from '../../../platform/errors.js'
import { writeDurably } from '../../../platform/files/durable.js'
import { takeOwnership } from '../../../platform/files/ownership.js'
import { hasCode } from '../../../platform/system-errors.js'
import type { InstallStep } from './events.js'
import { cannotWrite, inProgress } from './failures.js'

/**
 * What distinguishes one installation from another; a try with another request does not go on from this one's
 * steps.
 */
export interface StagedRequest {
  readonly version: string
  readonly gpu: boolean
  /** Size and time of the wheel's file, where one was brought. */
  readonly wheel: string | undefined
}

export interface StepRecord {
  /** What was found or made, in words. */
  readonly note: string
  /** Sizes of the files that it left, by their paths in the staging folder. */
  readonly files: Readonly<Record<string, number>>
}

export interface Staging {
  readonly folder: string
  /** The engine as it will be, under construction. */
  readonly engine: string
  /** Unfinished work of this try. */
  readonly attempt: string
  /** Everything that the tools print. */
  readonly log: string
  /** What an earlier try finished, if its files are still there. */
  kept(step: InstallStep): StepRecord | undefined
  /** Notes that a step is done; `files` are paths in the staging folder. */
  finish(step: InstallStep, note: string, files: readonly string[]): StepRecord
  /** Bytes that finished steps have left. */
  readonly keptBytes: () => number
  /** Throws everything away that is here. */
  discard(): void
}

const progressFile = 'progress.json'
const stagingName = 'tensorflow.staging'

interface Progress {
  readonly staging: 1
  readonly request: StagedRequest
  readonly steps: Partial<Record<InstallStep, StepRecord>>
}

/** Makes this process the only one that changes installed engines. @throws RunError SAU7641, SAU7643. */
export function lockEngines(engines: string): { release(): void } {
  try {
    mkdirSync(engines, { recursive: true })
    return takeOwnership(engines)
  } catch (error) {
    if (error instanceof RunError)
      throw inProgress(/(process \d+.*)$/.exec(error.message)?.[1] ?? error.message)
    if (error instanceof Error && 'code' in error) throw cannotWrite(engines, error.message)
    throw error
  }
}

/**
 * Opens the staging folder, with what an earlier try of the same request has finished. Call with the lock
 * held.
 */
export function openStaging(engines: string, request: StagedRequest): Staging {
  const folder = join(engines, stagingName)
  let { steps, ...progress } = readProgress(folder, request)
  if (Object.keys(steps).length === 0) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) {
    if (name.startsWith('attempt-')) rmSync(join(folder, name), { recursive: true, force: true })
  }
  const attempt = join(folder, `attempt-${randomBytes(4).toString('hex')}`)
  mkdirSync(join(attempt, 'tmp'), { recursive: true })
  mkdirSync(join(folder, 'engine'), { recursive: true })
  const isWhole = (record: StepRecord): boolean =>
    Object.entries(record.files).every(([name, size]) => sizeOf(join(folder, name)) === size)
  return {
    folder,
    engine: join(folder, 'engine'),
    attempt,
    log: join(folder, 'install.log'),
    kept(step) {
      const record = steps[step]
      return record !== undefined && isWhole(record) ? record : undefined
    },
    finish(step, note, files) {
      const record: StepRecord = {
        note,
        files: Object.fromEntries(files.map((name) => [name, sizeOf(join(folder, name)) ?? 0])),
      }
      steps = { ...steps, [step]: record }
      writeDurably(join(folder, progressFile), `${JSON.stringify({ ...progress, steps }, undefined, 1)}\n`)
      return record
    },
    keptBytes: () =>
      Object.values(steps)
        .filter(isWhole)
        .flatMap(({ files }) => Object.values(files))
        .reduce((total, size) => total + size, 0),
    discard() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Removes what an installation that was never finished has left. */
export function discardStaging(engines: string): void {
  rmSync(join(engines, stagingName), { recursive: true, force: true })
}

function readProgress(folder: string, request: StagedRequest): Progress {
  const fresh: Progress = { staging: 1, request, steps: {} }
  try {
    const found = JSON.parse(readFileSync(join(folder, progressFile), 'utf8')) as Progress
    const isSame =
      found.staging === 1 &&
      found.request.version === request.version &&
      found.request.gpu === request.gpu &&
      found.request.wheel === request.wheel
    return isSame ? found : fresh
  } catch (error) {
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return fresh
    throw error
  }
}

/** What tells a file from another one, or from itself after a change: its path, size and time. */
export function statIdentity(file: string): string {
  const { size, mtimeMs } = statSync(file)
  return `${file} ${size} ${mtimeMs}`
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size
}
