// A run as a new run that repeats it: the same Plan, texts and settings, and what happened to it besides.
import { basename } from 'node:path'
import { planHash } from '../../../compiler/plan/hash.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { listCheckpoints } from '../../run/folder/checkpoint.js'
import type { ReplayOrigin, RunSettings } from '../../run/folder/lock.js'
import { readTexts } from '../../run/folder/texts.js'
import type { NewRun } from '../../run/process/prepare-run.js'
import { forkStart } from './fork-start.js'
import type { RunRecord } from './record.js'
import type { Finding } from './verify.js'

/** Settings that trained the run last, with what was chosen instead. */
export function replaySettings({ lock }: RunRecord, chosen: Partial<RunSettings>): RunSettings {
  const last = lock.processes.at(-1)
  const sameEngine = chosen.engine === undefined || chosen.engine === last?.engine
  return {
    ...lock.settings,
    ...(last === undefined ? {} : { engine: last.engine as RunSettings['engine'] }),
    ...(last === undefined || !sameEngine ? {} : { threads: last.threads }),
    ...chosen,
  }
}

export interface ReplayRequest {
  /** Folder that holds all runs. */
  readonly runs: string
  readonly settings: RunSettings
  readonly locations: readonly (readonly string[])[]
  readonly findings: readonly Finding[]
  readonly stopAtDifference: boolean
}

/**
 * The run as it is to be trained again: to its end where it is done or diverged, else to its last checkpoint.
 * @throws RunError SAU7120 where it has left nothing to compare with, SAU7123 where the checkpoint that a
 * fork began with is gone.
 */
export function replayOf(original: RunRecord, request: ReplayRequest): NewRun {
  const { lock, plan, course, ended, folder, run } = original
  const last = listCheckpoints(folder).at(-1)
  const until =
    ended?.outcome === 'done' || ended?.outcome === 'diverged' || last === undefined
      ? undefined
      : Number(basename(last).replace('step-', ''))
  if (lock.processes.length === 0 || (last === undefined && ended?.outcome !== 'diverged')) {
    throw new RunError(
      'SAU7120',
      `${run} has left nothing to compare with: it has no checkpoint`,
      'go on with it until an epoch is done: `saurun --resume RUN`; or start a new run of its file',
      exitCodes.usage,
    )
  }
  const first = { ...plan, train: { ...plan.train, epochs: course.epochs } }
  const firstHash = planHash(first)
  const fork = forkStart(original, firstHash)
  const origin: ReplayOrigin = {
    run,
    folder,
    ...course,
    ...(until === undefined ? {} : { until }),
    stopAtDifference: request.stopAtDifference,
  }
  return {
    plan: first,
    planHash: firstHash,
    file: lock.file,
    locations: request.locations,
    // What was changed or taken away is left empty: the Plan is what is trained.
    texts: readTexts(folder, lock).map(({ path, text = '' }) => ({ path, text })),
    warnings: [
      ...lock.warnings,
      ...request.findings.map(({ message }) => `as a replay of ${run} it may differ: ${message}`),
    ],
    runs: request.runs,
    settings: request.settings,
    replayOf: origin,
    ...(fork === undefined ? {} : { fork }),
  }
}
