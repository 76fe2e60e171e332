// A sweep's folder: runs/<name>-sweep/ with what the sweep was made from, frozen, its instances, and a run
// folder for each.
//   sweep.json        what was asked for, and where the copies of the texts lie
//   texts/            the sweep file and the experiment's files as they were
//   instances.json    every instance that is known before anything runs, with its Plan's hash
//   trials/           what a search chose, one file a setting, written once by whoever chose it
//   pools/<pool>/     owner and journal of each process that runs instances
//   commands.jsonl    what the sweep was told
//   <number>-<hash>/  the run of an instance
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Host } from '../../../compiler/index.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { writeDurably } from '../../platform/files/durable.js'
import { damagedFile, namesIn, readStored, readStoredJson } from '../../platform/files/stored-file.js'
import { experimentSlug, isRunFolder, runsRoot } from '../../run/folder/folder.js'
import type { RunSettings } from '../../run/folder/lock.js'
import { capsuleForm, instancesForm } from './stored-forms.js'

const sweepFile = 'sweep.json'
const instancesFile = 'instances.json'

/** sweep.json. */
export interface Capsule {
  readonly format: 1
  /** Absolute path of the sweep file, and the folder that the command was given in. */
  readonly file: string
  readonly cwd: string
  /** Params from the command line. */
  readonly set: Readonly<Record<string, string>>
  readonly settings: RunSettings
  /** Version of saurun that made it. */
  readonly program: string
  readonly made: number
  /** Absolute paths of the texts and their copies in this folder. */
  readonly texts: readonly SweepText[]
}

export interface SweepText {
  readonly path: string
  readonly copy: string
  /** Not there in sweeps of older versions. */
  readonly sha256?: string
}

/** An instance as `instances.json` keeps it. */
export interface KnownInstance {
  /**
   * From 0, in the order of the file; of a search beyond what is known at first, in the order of the
   * settings.
   */
  readonly number: number
  readonly setting: number
  readonly combination: number
  readonly trial: number | undefined
  readonly params: Readonly<Record<string, number | string | boolean>>
  readonly seed: number | undefined
  readonly name: string
  readonly planHash: string
  readonly memoryBytes: number
  readonly epochs: number
}

/**
 * Folder of a sweep: named after its file, or as it was asked for.
 * @throws RunError SAU8124 where the name is none of a folder, or leads to another place
 */
export function sweepFolderOf(runs: string | undefined, file: string, name: string | undefined): string {
  const slug = name ?? `${experimentSlug(basename(file).replace(/(\.sweep)?\.ya?ml$/i, ''))}-sweep`
  if (!isFolderName(slug)) {
    throw new RunError(
      'SAU8124',
      `\`${slug.length > 80 ? `${slug.slice(0, 80)}...` : slug}\` is no name for a folder of --runs`,
      'use letters, digits, dots, dashes and underscores, at most 100; --runs says in which folder it lies',
      exitCodes.usage,
    )
  }
  return join(runsRoot(runs), slug)
}

/** Whether a word names a folder inside of another one, on every system, and is no flag to any program. */
function isFolderName(word: string): boolean {
  return (
    /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._ +=,@-]{0,99}$/u.test(word) && !word.endsWith('.') && !word.endsWith(' ')
  )
}

export function isSweepFolder(folder: string): boolean {
  return existsSync(join(folder, sweepFile))
}

/** Folder of the run of an instance. */
export function runFolderOf(sweepFolder: string, { number, planHash }: KnownInstance): string {
  return join(sweepFolder, `${String(number).padStart(4, '0')}-${planHash.slice(0, 8)}`)
}

/** @throws RunError SAU8061 where the folder holds no sweep, SAU7130 where its sweep.json is damaged. */
export function readCapsule(sweepFolder: string): Capsule {
  const path = join(sweepFolder, sweepFile)
  return readStoredJson(path, capsuleForm, { field: 'format', version: 1 }) ?? missing(sweepFolder, sweepFile)
}

export function writeCapsule(
  sweepFolder: string,
  capsule: Omit<Capsule, 'texts'>,
  texts: ReadonlyMap<string, string>,
): void {
  mkdirSync(join(sweepFolder, 'texts'), { recursive: true })
  mkdirSync(join(sweepFolder, 'pools'), { recursive: true })
  mkdirSync(join(sweepFolder, 'trials'), { recursive: true })
  const copies = [...texts].map(([path, text], position) => {
    const copy = `texts/${String(position).padStart(2, '0')}-${basename(path)}`
    writeDurably(join(sweepFolder, copy), text)
    return { path, copy, sha256: createHash('sha256').update(text).digest('hex') }
  })
  const whole: Capsule = { ...capsule, texts: copies }
  writeDurably(join(sweepFolder, sweepFile), `${JSON.stringify(whole, undefined, 1)}\n`)
}

/**
 * The host, but with the texts of the capsule in the place of what has become of the files since.
 * @throws RunError SAU7130 where a copy is gone, or is not what was written
 */
export function frozenHost(host: Host, sweepFolder: string, { texts }: Capsule): Host {
  const copies = new Map(texts.map((text) => [text.path, readSweepText(sweepFolder, text)]))
  return { ...host, readText: (path) => copies.get(path) ?? host.readText(path) }
}

/** The copy of a text. @throws RunError SAU7130 where it is gone, or is not what was written. */
export function readSweepText(sweepFolder: string, { copy, sha256 }: SweepText): string {
  const path = join(sweepFolder, copy)
  const bytes = readStored(path)
  if (bytes === undefined) throw damagedFile(path, 'it is gone')
  if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw damagedFile(path, `it was changed: its hash is not that of ${sweepFile}`)
  }
  return bytes.toString('utf8')
}

/** @throws RunError SAU8061 where the folder holds no sweep, SAU7130 where its instances.json is damaged. */
export function readInstances(sweepFolder: string): readonly KnownInstance[] {
  const path = join(sweepFolder, instancesFile)
  return readStoredJson(path, instancesForm) ?? missing(sweepFolder, instancesFile)
}

export function writeInstances(sweepFolder: string, instances: readonly KnownInstance[]): void {
  const rows = instances.map((instance) => JSON.stringify(instance)).join(',\n')
  writeDurably(join(sweepFolder, instancesFile), `[\n${rows}\n]\n`)
}

/**
 * Settings that a search has chosen so far, as instances, in order. @throws RunError SAU7130 where one is
 * damaged.
 */
export function readTrials(sweepFolder: string): readonly KnownInstance[] {
  const folder = join(sweepFolder, 'trials')
  const names = namesIn(folder).filter((name) => name.endsWith('.json'))
  return [...names].sort().flatMap((name) => readStoredJson(join(folder, name), instancesForm) ?? [])
}

/** Run folders of a sweep. */
export function sweepRuns(sweepFolder: string): readonly string[] {
  const names = namesIn(sweepFolder).filter((name) => /^\d{4,}-[0-9a-f]{8}$/.test(name))
  return names.map((name) => join(sweepFolder, name)).filter(isRunFolder)
}

function missing(folder: string, name: string): never {
  throw new RunError(
    'SAU8061',
    `${folder} is not a sweep: it has no ${name}`,
    'name the folder of a sweep, under runs/, or its file',
    exitCodes.usage,
  )
}
