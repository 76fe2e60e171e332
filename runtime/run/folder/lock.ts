// lock.json: what a run was made from, so that it can be told later whether it can be made again.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkPrecision } from '../../../compiler/plan/plan.js'
import type { EngineChoice } from '../../engines/names.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { writeDurably } from '../../platform/files/durable.js'
import { readStoredJson } from '../../platform/files/stored-file.js'
import { lockFile } from './file-names.js'
import { lockForm } from './lock-form.js'

export interface RunLock {
  readonly lock: 1
  readonly planHash: string
  /** Hashes of the Plans with fewer epochs that it had before it was extended. */
  readonly earlierPlans?: readonly string[]
  /**
   * Hash of the Plan that takes the place of the one above: there from before plan.json is written until
   * after it.
   */
  readonly nextPlan?: string
  /** The run whose checkpoint it began from, where that lay, and after how many steps of it. */
  readonly forkedFrom?: { readonly run: string; readonly folder: string; readonly step: number }
  /** The run that it repeats, and what happened to that one besides its Plan. */
  readonly replayOf?: ReplayOrigin
  /** The instance of a sweep that it trains, by its number there. */
  readonly sweep?: { readonly instance: number; readonly name: string }
  readonly title: string
  /** The experiment's file as the user named it. */
  readonly file: string
  /** The texts that were compiled, the experiment first, and where copies of them lie in the run folder. */
  readonly texts: readonly { readonly path: string; readonly copy: string; readonly sha256: string }[]
  /**
   * Where each of `Plan.sources` lies (absolute paths, none where it is drawn), and the digest of what it
   * holds.
   */
  readonly sources: readonly { readonly locations: readonly string[]; readonly content: string | undefined }[]
  /** Its long-tailed draws, known once its data was read; each lies in draws/<dataset>.json. */
  readonly draws?: readonly DrawRecord[]
  readonly params: Readonly<Record<string, string | number | boolean>>
  /** Warnings of the compiler, which reports repeat. */
  readonly warnings: readonly string[]
  readonly settings: RunSettings
  /** `train.precision` of the Plan. Not there in locks of older versions, like `networks`. */
  readonly precision?: NetworkPrecision
  /** Trainable numbers of each network: its backbone, and each of its heads. */
  readonly networks?: readonly NetworkSize[]
  /** One entry per process that trained this run. */
  readonly processes: readonly ProcessRecord[]
}

export interface NetworkSize {
  readonly name: string
  /** Channels of the first stage. */
  readonly width: number
  /** Of all, heads too. */
  readonly parameters: number
  readonly backbone: number
  readonly heads: readonly { readonly name: string; readonly parameters: number }[]
}

/**
 * What happened to a run besides its Plan: epochs that it was given later, and where it ended before its
 * time.
 */
export interface RecordedCourse {
  /** Epochs that it began with. */
  readonly epochs: number
  /** From step `step` on it had `epochs`. */
  readonly extensions: readonly { readonly step: number; readonly epochs: number }[]
  /** Steps after which a replay ends; absent: those of the Plan. */
  readonly until?: number
}

export interface ReplayOrigin extends RecordedCourse {
  readonly run: string
  readonly folder: string
  readonly stopAtDifference: boolean
}

export interface DrawRecord {
  readonly dataset: string
  readonly images: number
  /** How many of them are different, where some were drawn again. */
  readonly different?: number
  /** Hash of the draw: the same whether a seed made it or an index file named it. */
  readonly sha256: string
}

/** Choices that are not part of the experiment. */
export interface RunSettings {
  readonly engine: EngineChoice
  /** Threads inside an operation; absent: the engine's default. */
  readonly threads?: number
  /** View workers; absent: the pipeline's default. */
  readonly workers?: number
  /** Bytes that decoded images may take; absent: `defaultDataMemory`. */
  readonly dataMemory?: number
  /** Minutes after which a checkpoint is written inside an epoch; absent: `checkpointMinutes`. */
  readonly checkpointMinutes?: number
  /** Checkpoints that are kept before the last one, besides the best; absent: `olderCheckpoints`. */
  readonly keep?: number
}

export interface ProcessRecord {
  /** ISO 8601. */
  readonly started: string
  /** Version of saurun and SHA-256 over its compiled code. */
  readonly program: string
  readonly code: string
  readonly node: string
  readonly platform: string
  /** Model of the processor, and threads that prepared images. Not there in locks of older versions. */
  readonly processor?: string
  readonly workers?: number
  readonly host: string
  readonly pid: number
  readonly engine: string
  readonly engineDescription: string
  readonly threads: number
  readonly resumedAtStep: number | undefined
}

export function writeLock(runFolder: string, lock: RunLock): void {
  writeDurably(join(runFolder, lockFile), `${JSON.stringify(lock, undefined, 2)}\n`)
}

/** @throws RunError SAU7101 where the folder holds no run, SAU7130 where its lock is damaged. */
export function readLock(runFolder: string): RunLock {
  const lock = readStoredJson(join(runFolder, lockFile), lockForm, { field: 'lock', version: 1 })
  if (lock === undefined) throw notARun(runFolder, `it has no ${lockFile}`)
  return lock
}

/** SAU7101. */
export function notARun(runFolder: string, why: string): RunError {
  return new RunError(
    'SAU7101',
    `${runFolder} is not a run: ${why}`,
    'name a folder under runs/, or `last`',
    exitCodes.usage,
  )
}

/**
 * Puts copies of the compiled texts into the run folder: the experiment as experiment.sau, what it imports
 * under imports/, numbered, for two of them may have one name.
 */
export function copyTexts(
  runFolder: string,
  texts: readonly { readonly path: string; readonly text: string }[],
): RunLock['texts'] {
  return texts.map(({ path, text }, position) => {
    const name = path.split(/[/\\]/).at(-1) ?? 'library.sau'
    const copy = position === 0 ? 'experiment.sau' : `imports/${String(position).padStart(2, '0')}-${name}`
    if (position === 1) mkdirSync(join(runFolder, 'imports'))
    writeDurably(join(runFolder, copy), text)
    return { path, copy, sha256: sha256(text) }
  })
}

/**
 * Hex SHA-256 over the compiled code under `folder`: names and contents of all .js files, in order of their
 * names.
 */
export function codeDigest(folder: string): string {
  const hash = createHash('sha256')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  )
  for (const name of names.map((found) => found.replaceAll('\\', '/')).sort()) {
    hash.update(`${name}\0`).update(readFileSync(join(folder, name)))
  }
  return hash.digest('hex')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
