// What can be said of a run from outside, in moments even for a long journal: of its lines those that tell
// how it stands are parsed, and the process that its folder names is looked for.
import { basename, dirname, join } from 'node:path'
import { RunError } from '../../platform/errors.js'
import { type OwnerState, ownerOf } from '../../platform/files/ownership.js'
import { checkLayout } from '../folder/layout.js'
import { type DrawRecord, readLock } from '../folder/lock.js'
import { journalFile } from '../journal/journal.js'
import { briefReader } from './brief.js'
import { emptyRunView, type RunView, remainingSeconds, runProgress } from './run-view.js'

/**
 * `starting`: its process has written nothing yet. `died`: its process is gone without a word. `silent`: its
 * process is on another machine and gives no sign of life. `prepared`: a folder that no process trained in.
 * `damaged`: its journal cannot be read.
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
  | 'damaged'

export interface RunStatus {
  /** Folder name of the run, and of the folder of its experiment. */
  readonly run: string
  readonly experiment: string
  readonly folder: string
  readonly state: RunState
  readonly owner: OwnerState | undefined
  /** The first thing in its folder that is damaged. */
  readonly problem: RunError | undefined
  /** Its long-tailed draws, as its lock names them. */
  readonly draws: readonly DrawRecord[]
  /** Folded from what the journal says last of each thing: curves, and the best epoch, are not whole. */
  readonly view: RunView
  /** In 0..1. */
  readonly progress: number
  readonly remainingSeconds: number | undefined
}

export interface RunStatusReader {
  /** How the run stands now. */
  read(): RunStatus
}

/** Looks at a run again and again; of its journal only what is new is read each time. */
export function runStatusReader(runFolder: string): RunStatusReader {
  const journal = briefReader(join(runFolder, journalFile))
  return {
    read() {
      // Looked for before the journal is read: the end of a process that was there a moment ago stands in it.
      const owner = ownerOf(runFolder)
      let view = emptyRunView
      let draws: readonly DrawRecord[] = []
      const unread = problemOf(() => {
        view = journal.read()
      })
      const wrong = problemOf(() => {
        checkLayout(runFolder)
        draws = readLock(runFolder).draws ?? []
      })
      return {
        run: basename(runFolder),
        experiment: basename(dirname(runFolder)),
        folder: runFolder,
        state: unread === undefined ? stateOf(view, owner) : 'damaged',
        owner,
        problem: unread ?? wrong,
        draws,
        view,
        progress: runProgress(view),
        remainingSeconds: owner?.life === 'alive' ? remainingSeconds(view) : undefined,
      }
    },
  }
}

export function runStatus(runFolder: string): RunStatus {
  return runStatusReader(runFolder).read()
}

/** What a reader of the folder says where something in it is damaged. */
export function problemOf(read: () => unknown): RunError | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof RunError) return error
    throw error
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
