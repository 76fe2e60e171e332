// Making the folder of a new run, or opening that of a run to go on with.
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { planHash as hashOf } from '../../../compiler/plan/hash.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { flushFolder } from '../../platform/files/durable.js'
import { currentOwner, inUse } from '../../platform/files/ownership.js'
import { damagedFile } from '../../platform/files/stored-file.js'
import { temporaryPath } from '../../platform/files/temporaries.js'
import { hasCode } from '../../platform/system-errors.js'
import { alreadyDone } from '../folder/already-done.js'
import { planFile } from '../folder/file-names.js'
import { asWriteRefusal, createRunFolder, experimentSlug, isRunFolder } from '../folder/folder.js'
import { checkLayout } from '../folder/layout.js'
import { copyTexts, type RunLock, type RunSettings, writeLock } from '../folder/lock.js'
import { readLockedPlan } from '../folder/locked-plan.js'
import { extendedPlan, keepPlan, writePlan } from '../folder/run-plan.js'
import type { SourceText } from '../folder/texts.js'
import { journalFile, lastEnding } from '../journal/journal.js'
import { type ForkPoint, forkCheckpoint } from './fork.js'
import { checkSameExperiment } from './resume-rules.js'

/** An experiment that was compiled and is to be trained anew. */
export interface NewRun {
  readonly plan: Plan
  readonly planHash: string
  /** The experiment's file as the user named it. */
  readonly file: string
  /**
   * Absolute paths of each of `Plan.sources`, in the order in which the source names them; none for drawn
   * data.
   */
  readonly locations: readonly (readonly string[])[]
  /** The texts that were compiled, the experiment first. */
  readonly texts: readonly SourceText[]
  /** Warnings of the compiler that belong into reports. */
  readonly warnings?: readonly string[]
  /** Folder that holds all runs (`runsRoot`). */
  readonly runs: string
  /**
   * The folder that the run is to have, instead of a new one under `runs`: whoever is first makes it, whole.
   */
  readonly folder?: string
  /** The instance of a sweep that this is. */
  readonly sweep?: RunLock['sweep']
  /** Set for the training process, besides what it inherits. */
  readonly environment?: Readonly<Record<string, string>>
  readonly settings: RunSettings
  /** Profile some steps before training. */
  readonly profile?: boolean
  /** Begin from the checkpoint of another run (`forkPoint`). */
  readonly fork?: ForkPoint
  /** The run that this one repeats. */
  readonly replayOf?: RunLock['replayOf']
}

/** A run that is there and is to go on. */
export interface ResumedRun {
  /** Its folder (`findRun`). */
  readonly resume: string
  /**
   * What the experiment's file compiles to now, where it was named again: the run's own Plan, or one of more
   * epochs.
   */
  readonly plan?: Plan
  readonly planHash?: string
  /** The texts of that file now, to show what changed in them. */
  readonly texts?: readonly SourceText[]
  /** Where the data lies now, when it was moved; its content is checked against the Plan. */
  readonly locations?: readonly (readonly string[])[]
  /** Replace the settings that the run was started with, one by one. */
  readonly settings?: Partial<RunSettings>
  readonly profile?: boolean
  /** Set for the training process, besides what it inherits. */
  readonly environment?: Readonly<Record<string, string>>
  /** Train so many epochs more than the run's Plan says; also where it is done. */
  readonly extend?: number
}

/**
 * Makes the folder of a new run.
 * @throws RunError SAU7102 (`folder` is there already), SAU7106 (no folder), SAU7109 (a fork with nothing
 * left to train).
 */
export function prepareRun(run: NewRun): string {
  const { runs, file, folder } = run
  if (folder === undefined) {
    const made = createRunFolder(runs, experimentSlug(file))
    fill(made, run)
    return made
  }
  // Made beside and renamed: nobody finds it half made, and of two that make it at once one is refused.
  const beside = temporaryPath(folder)
  refusingWrites(folder, () => mkdirSync(beside, { recursive: true }))
  try {
    fill(beside, run)
    renameSync(beside, folder)
  } catch (error) {
    rmSync(beside, { recursive: true, force: true })
    if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'EEXIST')) throw asWriteRefusal(error, folder)
    if (!isRunFolder(folder)) {
      throw damagedFile(folder, `it is there already and has no ${planFile}`, 'move it away, and start anew')
    }
    throw new RunError('SAU7102', `${folder} is there already`, 'resume it', exitCodes.failed)
  }
  flushFolder(dirname(folder))
  return folder
}

/** Writes everything that makes a folder a run. */
function fill(runFolder: string, run: NewRun): void {
  const { plan, planHash, file, locations, texts, warnings, settings, fork, sweep, replayOf } = run
  refusingWrites(runFolder, () => {
    const copies = copyTexts(runFolder, texts)
    if (fork !== undefined) forkCheckpoint(fork, runFolder, plan, planHash)
    writeLock(runFolder, {
      lock: 1,
      planHash,
      ...(fork === undefined ? {} : { forkedFrom: fork.origin }),
      ...(replayOf === undefined ? {} : { replayOf }),
      ...(sweep === undefined ? {} : { sweep }),
      title: plan.title,
      file,
      texts: copies,
      params: Object.fromEntries(plan.params.map(({ name, value }) => [name, value])),
      sources: plan.sources.map((source, position) => ({
        locations: locations[position] ?? [],
        content: 'content' in source ? source.content : undefined,
      })),
      warnings: warnings ?? [],
      settings,
      precision: plan.train.precision,
      processes: [],
    })
    // Last: a folder with a Plan is a run.
    writePlan(runFolder, plan)
  })
}

/** @throws RunError SAU7106 where the file system does not take what `write` writes into the run's folder. */
export function refusingWrites<T>(runFolder: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    throw asWriteRefusal(error, runFolder)
  }
}

/**
 * Opens a run to go on with, and puts into its folder what is lawfully new: more epochs, settings, places of
 * data.
 * @throws RunError SAU7101 (no run), SAU7102 (in use), SAU7104 (another Plan), SAU7105 (already done),
 * SAU7106 (not written), SAU7121 (plan.json was edited), SAU7130 (something in the folder is damaged).
 */
export function reopenRun(run: ResumedRun): string {
  const { resume: runFolder, plan, locations, settings } = run
  const { lock, plan: own } = readLockedPlan(runFolder)
  checkLayout(runFolder)
  const owner = currentOwner(runFolder)
  if (owner !== undefined) throw inUse(runFolder, owner)
  const changed = changedPlan(run, own, lock)
  const journal = join(runFolder, journalFile)
  if (changed === undefined && lastEnding(journal)?.outcome === 'done') {
    throw alreadyDone(runFolder)
  }
  if (changed !== undefined || settings !== undefined || locations !== undefined) {
    refusingWrites(runFolder, () => {
      const kept = changed === undefined ? lock : keepPlan(runFolder, lock, changed.plan, changed.planHash)
      const named = plan === undefined ? own : plan
      // Places are in the order of the sources of the Plan that was named.
      const sources = kept.sources.map((source, at) => ({
        ...source,
        locations:
          (named.sources.length === kept.sources.length ? locations?.[at] : undefined) ?? source.locations,
      }))
      writeLock(runFolder, { ...kept, sources, settings: { ...kept.settings, ...settings } })
    })
  }
  return runFolder
}

/** The Plan that takes the place of the run's own; undefined where it stays. @throws RunError SAU7104. */
function changedPlan(
  { plan, planHash, texts, extend, resume }: ResumedRun,
  own: Plan,
  lock: RunLock,
): { readonly plan: Plan; readonly planHash: string } | undefined {
  let next: { readonly plan: Plan; readonly planHash: string } | undefined
  if (plan !== undefined && planHash !== undefined && planHash !== lock.planHash) {
    checkSameExperiment({ runFolder: resume, own, plan, lock, texts: texts ?? [] })
    next = { plan, planHash }
  }
  if (extend === undefined) return next
  const longer = extendedPlan(next?.plan ?? own, extend)
  return { plan: longer, planHash: hashOf(longer) }
}
