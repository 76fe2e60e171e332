// Checkpoints: checkpoints/step-000420/ with the state of the network as safetensors and state.json, which
// holds the hash of every file and its own. A checkpoint that was cut or changed by a single bit is told from
// a whole one.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { exitCodes, RunError } from '../../platform/errors.js'
import { flushFolder, writeFlushed } from '../../platform/files/durable.js'
import { namesIn, unreadable } from '../../platform/files/stored-file.js'
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../platform/safetensors/index.js'
import { hasCode } from '../../platform/system-errors.js'
import { checkpointsName } from './file-names.js'

/** Whole checkpoints that a run keeps before its last one, besides the best. */
export const olderCheckpoints = 2

/** Minutes after which a checkpoint is written inside an epoch. */
export const checkpointMinutes = 10

/** The files of a checkpoint: weights with running statistics, optimizer state, memories. */
export const tensorFiles = ['weights', 'optimizer', 'memory'] as const
export type TensorFile = (typeof tensorFiles)[number]

export type CheckpointTensors = Readonly<Record<TensorFile, Readonly<Record<string, SafeTensor>>>>

export interface Checkpoint<State> {
  readonly folder: string
  readonly step: number
  readonly state: State
  readonly tensors: CheckpointTensors
}

/** state.json. */
interface StateFile<State> {
  readonly format: 1
  readonly state: State
  /** Hex SHA-256 of each file beside it. */
  readonly files: Readonly<Record<TensorFile, string>>
  /** Hex SHA-256 of the JSON of the fields above. */
  readonly digest: string
}

export function checkpointsFolder(runFolder: string): string {
  return join(runFolder, checkpointsName)
}

/**
 * Writes the checkpoint after `step` steps, whole or not at all, and returns its folder and size.
 * `State` is anything that survives JSON.
 */
export function writeCheckpoint<State>(
  runFolder: string,
  step: number,
  tensors: CheckpointTensors,
  state: State,
): { readonly folder: string; readonly bytes: number } {
  const parent = checkpointsFolder(runFolder)
  const folder = join(parent, `step-${String(step).padStart(6, '0')}`)
  const id = randomBytes(4).toString('hex')
  const temporary = join(parent, `.writing-${id}`)
  // Not with the folders above: a run that was taken away must not come back as a folder with nothing but a
  // checkpoint.
  if (!existsSync(parent)) mkdirSync(parent)
  mkdirSync(temporary)
  let bytes: number
  try {
    bytes = writeFiles(temporary, tensors, state)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    throw error
  }
  const replaced = join(parent, `.replaced-${id}`)
  if (existsSync(folder)) renameSync(folder, replaced)
  renameSync(temporary, folder)
  flushFolder(parent)
  rmSync(replaced, { recursive: true, force: true })
  return { folder, bytes }
}

/** Writes the files of a checkpoint, forced onto the disk, and returns their bytes. */
function writeFiles<State>(folder: string, tensors: CheckpointTensors, state: State): number {
  let bytes = 0
  const write = (name: string, content: Uint8Array): string => {
    writeFlushed(join(folder, name), content)
    bytes += content.byteLength
    return sha256(content)
  }
  const files: Record<TensorFile, string> = { weights: '', optimizer: '', memory: '' }
  for (const file of tensorFiles) files[file] = write(`${file}.safetensors`, writeSafetensors(tensors[file]))
  const content = { format: 1, state, files } as const
  const stateFile: StateFile<State> = { ...content, digest: sha256(JSON.stringify(content)) }
  write('state.json', new TextEncoder().encode(stateText(stateFile)))
  flushFolder(folder)
  return bytes
}

/**
 * Reads a checkpoint and checks every byte of it against its hashes.
 * @throws RunError SAU7107 naming the file that is missing or damaged.
 */
export function readCheckpoint<State>(folder: string): Checkpoint<State> {
  const { state, files } = readState<State>(join(folder, 'state.json'))
  const read = (file: TensorFile) => {
    const path = join(folder, `${file}.safetensors`)
    const bytes = readOrThrow(path)
    if (sha256(bytes) !== files[file]) throw damaged(path, 'its bytes are not those that were written')
    return readSafetensors(bytes).tensors
  }
  const tensors = { weights: read('weights'), optimizer: read('optimizer'), memory: read('memory') }
  return { folder, step: stepOf(folder), state, tensors }
}

function readState<State>(path: string): StateFile<State> {
  const text = readOrThrow(path).toString('utf8')
  let file: StateFile<State>
  try {
    file = JSON.parse(text)
  } catch {
    throw damaged(path, 'it is not JSON')
  }
  if (typeof file !== 'object' || file === null) throw damaged(path, 'it is no object')
  const { digest, ...content } = file
  // The digest tells what it says, the text itself a bit that changes nothing of that, such as a capital E in
  // a number.
  if (sha256(JSON.stringify(content)) !== digest || stateText(file) !== text)
    throw damaged(path, 'its content is not what was written')
  if (file.format !== 1)
    throw damaged(path, `it has format ${file.format}, made by another version of saurun`)
  return file
}

function stateText(file: StateFile<unknown>): string {
  return `${JSON.stringify(file, undefined, 1)}\n`
}

function readOrThrow(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw damaged(path, 'it is missing')
    if (hasCode(error, 'ENOTDIR')) throw damaged(path, 'its folder is a file')
    if (hasCode(error, 'EISDIR')) throw damaged(path, 'it is a folder')
    if (hasCode(error, 'EIO')) throw damaged(path, 'the disk cannot read it')
    // What only lacks the right to be read is whole, and nothing older may stand in for it.
    throw unreadable(path, error)
  }
}

/**
 * Folders of all checkpoints of a run, oldest first, whole or not. @throws RunError SAU7130 where they cannot
 * be listed.
 */
export function listCheckpoints(runFolder: string): readonly string[] {
  const parent = checkpointsFolder(runFolder)
  const names = namesIn(parent).filter((name) => /^step-\d+$/.test(name))
  return names.map((name) => join(parent, name)).sort((a, b) => stepOf(a) - stepOf(b))
}

/**
 * The newest whole checkpoint, or undefined where the run has none at all. Damaged ones after it are passed
 * to `passedOver` and set aside as `damaged-step-...`, so that nothing counts them as good again. Nothing is
 * deleted.
 * @throws RunError SAU7103 where there are checkpoints but none is whole; all of them stay where they are.
 */
export function newestCheckpoint<State>(
  runFolder: string,
  passedOver: (error: RunError, folder: string) => void,
): Checkpoint<State> | undefined {
  const folders = listCheckpoints(runFolder)
  const damaged: { readonly error: RunError; readonly folder: string }[] = []
  for (const folder of folders.toReversed()) {
    try {
      const found = readCheckpoint<State>(folder)
      for (const { error, folder: passed } of damaged) {
        passedOver(error, passed)
        setAside(passed)
      }
      return found
    } catch (error) {
      if (!isDamage(error)) throw error
      damaged.push({ error, folder })
    }
  }
  if (folders.length === 0) return undefined
  throw new RunError(
    'SAU7103',
    `none of the ${folders.length} checkpoints of ${runFolder} is whole`,
    'start the experiment anew; the damaged checkpoints are kept in its folder checkpoints/',
    exitCodes.failed,
  )
}

/** Under a name of its own, for a checkpoint of the same step may have been damaged before. */
function setAside(folder: string): void {
  const aside = join(dirname(folder), `damaged-${basename(folder)}`)
  renameSync(folder, existsSync(aside) ? `${aside}-${randomBytes(4).toString('hex')}` : aside)
}

/**
 * Removes the checkpoints that are neither among the newest `1 + older` nor of the steps in `best`; also
 * unfinished ones.
 */
export function pruneCheckpoints(runFolder: string, older: number, best: readonly number[]): void {
  const folders = listCheckpoints(runFolder)
  const bestSteps = new Set(best)
  for (const folder of folders.slice(0, Math.max(0, folders.length - 1 - older))) {
    if (!bestSteps.has(stepOf(folder))) rmSync(folder, { recursive: true, force: true })
  }
  const parent = checkpointsFolder(runFolder)
  for (const name of namesIn(parent)) {
    if (/^\.(writing|replaced)-/.test(name)) rmSync(join(parent, name), { recursive: true, force: true })
  }
}

/**
 * Whether an older checkpoint may stand in for this one: SAU7107 of a part, or of a tensor file that is none.
 */
export function isDamage(error: unknown): error is RunError {
  return error instanceof RunError && error.code !== 'SAU7130'
}

function stepOf(folder: string): number {
  return Number(basename(folder).replace('step-', ''))
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function damaged(path: string, what: string): RunError {
  return new RunError(
    'SAU7107',
    `the checkpoint file ${path} is damaged: ${what}`,
    'the checkpoint before it is used instead',
    exitCodes.failed,
  )
}
