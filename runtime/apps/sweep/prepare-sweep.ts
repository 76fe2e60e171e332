// Making a sweep's folder, or opening the one that is there: the same command again goes on where it was.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { CompiledInstance, Sweep } from '../../../compiler/sweep/index.js'
import { programVersion } from '../../platform/compiled-entry.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { temporaryPath } from '../../platform/files/temporaries.js'
import { hasCode } from '../../platform/system-errors.js'
import type { RunSettings } from '../../run/folder/lock.js'
import type { RunEstimate } from './estimates.js'
import {
  isSweepFolder,
  type KnownInstance,
  readCapsule,
  readInstances,
  readSweepText,
  type SweepText,
  writeCapsule,
  writeInstances,
} from './folder.js'
import { knownFrom } from './frozen-sweep.js'

export interface SubmittedSweep {
  readonly sweep: Sweep
  readonly instances: readonly CompiledInstance<RunEstimate & { readonly epochs: number }>[]
  /** Texts of the sweep file and of the experiment's files, by absolute path. */
  readonly texts: ReadonlyMap<string, string>
  readonly cwd: string
  /** Params from the command line. */
  readonly set: Readonly<Record<string, string>>
  readonly settings: RunSettings
}

/**
 * Freezes a sweep into its folder. A folder that is there has to hold the same sweep: its instances may have
 * become more, and limits may have changed, but none that it knows may be gone or be another experiment now.
 * @returns whether the folder was there already
 * @throws RunError SAU8060 naming instances that differ.
 */
export function prepareSweep(sweepFolder: string, submitted: SubmittedSweep): boolean {
  const known = instancesFrom(submitted)
  if (!isSweepFolder(sweepFolder)) {
    if (make(sweepFolder, submitted, known)) return false
  }
  const before = readInstances(sweepFolder)
  const now = new Map(known.map((instance) => [instance.number, instance]))
  const differing = before.filter(({ number, planHash }) => now.get(number)?.planHash !== planHash)
  const [first] = differing
  if (first !== undefined) {
    throw new RunError(
      'SAU8060',
      `${sweepFolder} holds another sweep: ${differing.length} of its ${before.length} instances are not in the file any more, or have another plan, the first \`${first.name}\``,
      'put the file back as it was; start it anew under another name with --name; or take the folder away',
      exitCodes.usage,
    )
  }
  const { texts } = readCapsule(sweepFolder)
  const isSame = texts.every((text) => copyOf(sweepFolder, text) === submitted.texts.get(text.path))
  if (!isSame || known.length > before.length) {
    writeInstances(sweepFolder, known)
    freeze(sweepFolder, submitted)
  }
  return true
}

/** Undefined where it is damaged: then all are written anew. */
function copyOf(sweepFolder: string, text: SweepText): string | undefined {
  try {
    return readSweepText(sweepFolder, text)
  } catch (error) {
    if (error instanceof RunError) return undefined
    throw error
  }
}

/** Makes the folder whole and renames it into place; false where another process was faster. */
function make(sweepFolder: string, submitted: SubmittedSweep, known: readonly KnownInstance[]): boolean {
  const beside = temporaryPath(sweepFolder)
  mkdirSync(beside, { recursive: true })
  try {
    freeze(beside, submitted)
    writeInstances(beside, known)
    if (existsSync(sweepFolder) && !isSweepFolder(sweepFolder)) {
      throw new RunError(
        'SAU8060',
        `${sweepFolder} is there and holds no sweep`,
        'choose another name with --name, or another folder with --runs',
        exitCodes.usage,
      )
    }
    mkdirSync(dirname(sweepFolder), { recursive: true })
    renameSync(beside, sweepFolder)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

function freeze(folder: string, { sweep, texts, cwd, set, settings }: SubmittedSweep): void {
  const { file } = sweep
  writeCapsule(
    folder,
    { format: 1, file, cwd, set, settings, program: programVersion(), made: Date.now() },
    texts,
  )
}

function instancesFrom({ instances }: SubmittedSweep): readonly KnownInstance[] {
  return instances.map(({ instance, planHash, facts }, number) => ({
    ...knownFrom(instance, number),
    planHash,
    memoryBytes: facts.memoryBytes,
    epochs: facts.epochs,
  }))
}
