// Where runs lie: runs/<experiment>/<time>-<id>/. A folder is made exclusively and never used again but to
// resume.
import { randomBytes } from 'node:crypto'
import { type Dirent, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { exitCodes, RunError } from '../../platform/errors.js'
import { hasCode } from '../../platform/system-errors.js'
import { planFile } from './file-names.js'

/** Folder that holds all runs: `--runs`, else SAURUN_RUNS_DIR, else ./runs. Absolute. */
export function runsRoot(option: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  const fromEnvironment = environment.SAURUN_RUNS_DIR
  return resolve(
    option ?? (fromEnvironment === undefined || fromEnvironment === '' ? 'runs' : fromEnvironment),
  )
}

/** Name of an experiment as a folder: its file's name in small letters, digits and dashes. */
export function experimentSlug(file: string): string {
  const plain = basename(file)
    .replace(/\.sau$/i, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return plain === '' ? 'experiment' : plain
}

/**
 * Makes the folder of a new run and returns its path.
 * @throws RunError SAU7106 where the file system does not let it.
 */
export function createRunFolder(root: string, slug: string, time: Date = new Date()): string {
  const experiment = join(root, slug)
  const stamp = time.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')
  for (;;) {
    const folder = join(experiment, `${stamp}-${randomBytes(3).toString('hex')}`)
    try {
      makeFolders(experiment)
      mkdirSync(folder)
      return folder
    } catch (error) {
      if (hasCode(error, 'EEXIST') && existsSync(folder)) continue
      throw new RunError(
        'SAU7106',
        `no run folder can be made under ${experiment}: ${error instanceof Error ? error.message : error}`,
        'choose a folder that can be written with --runs DIR or SAURUN_RUNS_DIR',
        exitCodes.failed,
      )
    }
  }
}

/**
 * Folder by folder: the recursive form of Node 20 never returns where a file system such as /proc takes none.
 */
function makeFolders(path: string): void {
  if (existsSync(path)) return
  makeFolders(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process was faster.
    if (!hasCode(error, 'EEXIST')) throw error
  }
}

/**
 * What a file system says that takes nothing more: full, over quota, read-only, too large a file, forbidden,
 * broken, gone.
 */
const refusals = ['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG', 'EACCES', 'EPERM', 'EIO', 'ENXIO', 'ESTALE'] as const

/** What it says where something else is in the place of a file or a folder. */
const occupied = ['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY', 'ELOOP'] as const

/**
 * SAU7106 where the file system refused a write to a run's folder, SAU7312 where the folder is no longer
 * there; other errors as they are.
 */
export function asWriteRefusal(error: unknown, runFolder: string): unknown {
  if (!(error instanceof Error)) return error
  // Writing to an open file tells no path; a path elsewhere is another matter, such as data that may not be
  // read. Of a rename, where to counts: what is renamed was written just now.
  const place = 'dest' in error ? error.dest : 'path' in error ? error.path : undefined
  const path = typeof place === 'string' ? place : undefined
  if (path !== undefined && path !== runFolder && !path.startsWith(join(runFolder, '/'))) return error
  if (path !== undefined && hasCode(error, 'ENOENT') && !isRunFolder(runFolder)) return runGone(runFolder)
  if (path !== undefined && occupied.some((code) => hasCode(error, code))) {
    return new RunError(
      'SAU7130',
      `${path} is damaged: something else is in its place (${error.message})`,
      'move it out of the run folder; a run that had begun goes on with --resume',
      exitCodes.failed,
    )
  }
  if (!refusals.some((code) => hasCode(error, code))) return error
  return new RunError(
    'SAU7106',
    `${runFolder} cannot be written: ${error.message}`,
    'make room or give the right to write there; a run that had begun goes on with --resume',
    exitCodes.failed,
  )
}

function runGone(runFolder: string): RunError {
  return new RunError(
    'SAU7312',
    `${runFolder} was removed or moved while the run trained`,
    'put it back and go on with --resume, or start a new run',
    exitCodes.failed,
  )
}

/** Whether a folder holds a run: its Plan was written. */
export function isRunFolder(folder: string): boolean {
  return existsSync(join(folder, planFile))
}

/** All run folders under `root`, oldest first. */
export function listRuns(root: string): readonly string[] {
  const folders = subfolders(root).flatMap((experiment) => subfolders(experiment))
  return folders.filter(isRunFolder).sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
}

/**
 * The run that a person means: `last` (the newest under `root`), a path, a folder name, or the beginning or
 * the id at the end of one.
 * @throws RunError SAU7101 where no run, or more than one, answers to it.
 */
export function findRun(root: string, wanted: string): string {
  const runs = listRuns(root)
  if (wanted === 'last') {
    const last = runs.at(-1)
    if (last !== undefined) return last
    throw noRun(`there is no run under ${root}`, 'name its folder, or say with --runs where runs lie')
  }
  if (isRunFolder(resolve(wanted))) return resolve(wanted)
  const matching = runs.filter((run) => {
    const name = basename(run)
    return (
      name === wanted || run === join(root, wanted) || name.startsWith(wanted) || name.endsWith(`-${wanted}`)
    )
  })
  const [only, second] = matching
  if (only === undefined) {
    if (isFolder(resolve(wanted))) {
      throw noRun(
        `${resolve(wanted)} is not a run: it has no ${planFile}`,
        'name a folder under runs/, or `last`',
      )
    }
    throw noRun(
      `'${wanted}' is not a run: no such run folder here or under ${root}`,
      'use `last`, a folder name under runs/, or its path',
    )
  }
  if (second !== undefined) {
    throw noRun(
      `'${wanted}' could be ${matching.map((run) => basename(run)).join(' or ')}`,
      'write the whole name',
    )
  }
  return only
}

/**
 * Runs that words name: runs as `findRun` knows them, and folders of runs (all below, oldest first). Each
 * once.
 * @throws RunError SAU7101 where a word names neither.
 */
export function findRuns(root: string, words: readonly string[]): readonly string[] {
  const found = words.flatMap((word) => {
    const folder = resolve(word)
    const isRun = word === 'last' || isRunFolder(folder) || !(isFolder(folder) || folder === root)
    if (isRun) return [findRun(root, word)]
    const below = [...subfolders(folder).filter(isRunFolder), ...listRuns(folder)]
    if (below.length === 0) throw noRun(`there is no run in ${folder}`, 'name a run, or a folder of runs')
    return below.sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
  })
  return [...new Set(found)]
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

function noRun(message: string, help: string): RunError {
  return new RunError('SAU7101', message, help, exitCodes.usage)
}

function subfolders(folder: string): readonly string[] {
  let entries: Dirent[]
  try {
    if (!existsSync(folder) || !isFolder(folder)) return []
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    // A folder that cannot be listed holds no run that anybody could read.
    if (hasCode(error, 'EACCES') || hasCode(error, 'ENOENT')) return []
    throw error
  }
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
}
