// What can be said of a run from outside, in moments even for a long journal: its first line and its end are read, and the
// process that its folder names is looked for.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { JournalEvent } from '../journal/events.js'
import { journalFile, parseEvent, splitLines } from '../journal/journal.js'
import {
  emptyRunView,
  type RunView,
  reduceRunView,
  remainingSeconds,
  runProgress,
} from '../output/run-view.js'
import { hasCode } from '../run-folder/folder.js'
import { type DrawRecord, lockedDraws } from '../run-folder/lock.js'
import { type OwnerState, ownerOf } from '../run-folder/ownership.js'

/**
 * `starting`: its process has written nothing yet. `died`: its process is gone without a word. `silent`: its process is on
 * another machine and gives no sign of life. `prepared`: a folder that no process trained in.
 */
export type RunState =
  | 'prepared'
  | 'starting'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'done'
  | 'stopped'
  | 'failed'
  | 'diverged'
  | 'died'
  | 'silent'

export interface RunStatus {
  /** Folder name of the run, and of the folder of its experiment. */
  readonly run: string
  readonly experiment: string
  readonly folder: string
  readonly state: RunState
  readonly owner: OwnerState | undefined
  /** Its long-tailed draws, as its lock names them. */
  readonly draws: readonly DrawRecord[]
  /** Folded from the first line and the end of the journal: curves are not whole. */
  readonly view: RunView
  /** In 0..1. */
  readonly progress: number
  readonly remainingSeconds: number | undefined
}

/** Bytes of the end of a journal that are read, and the most that its first line may have. */
const tailBytes = 1 << 20

export function runStatus(runFolder: string): RunStatus {
  const owner = ownerOf(runFolder)
  const view = briefEvents(join(runFolder, journalFile)).reduce(reduceRunView, emptyRunView)
  return {
    run: basename(runFolder),
    experiment: basename(dirname(runFolder)),
    folder: runFolder,
    state: stateOf(view, owner),
    owner,
    draws: lockedDraws(runFolder),
    view,
    progress: runProgress(view),
    remainingSeconds: owner?.life === 'alive' ? remainingSeconds(view) : undefined,
  }
}

function stateOf(view: RunView, owner: OwnerState | undefined): RunState {
  if (view.ended !== undefined) return view.ended.outcome
  switch (owner?.life) {
    case 'alive':
      if (view.started === undefined) return 'starting'
      if (view.stopping !== 'no') return 'stopping'
      return view.paused ? 'paused' : 'running'
    case 'silent':
      return 'silent'
    case 'dead':
      return 'died'
    case undefined:
      return view.started === undefined ? 'prepared' : 'died'
  }
}

/** All events of a short journal; of a long one the first and those of its end. */
function briefEvents(path: string): readonly JournalEvent[] {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
  try {
    const { size } = fstatSync(file)
    const head = readPart(file, 0, Math.min(size, tailBytes))
    if (size <= tailBytes) return eventsOf(splitLines(head).lines)
    const tail = readPart(file, size - tailBytes, tailBytes)
    // The first line of the end is cut.
    return eventsOf([...splitLines(head).lines.slice(0, 1), ...splitLines(tail).lines.slice(1)])
  } finally {
    closeSync(file)
  }
}

function readPart(file: number, position: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(file, bytes, 0, length, position))
}

function eventsOf(lines: readonly Uint8Array[]): readonly JournalEvent[] {
  return lines.flatMap((line) => parseEvent(line) ?? [])
}
