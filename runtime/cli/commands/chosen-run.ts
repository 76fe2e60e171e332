// The run that a command is about: the one that was named, else the newest one that goes on.
import { exitCodes, RunError } from '../../platform/errors.js'
import { currentOwner } from '../../platform/files/ownership.js'
import { findRun, listRuns, runsRoot } from '../../run/folder/folder.js'
import type { OptionsOf } from '../flag.js'
import type { flags } from '../flags.js'

/**
 * @throws RunError SAU7101 where no run answers to the word, SAU7304 where none was named and none goes on.
 */
export function chosenRun(word: string | undefined, options: OptionsOf<typeof flags.runs>): string {
  const root = runsRoot(options.runs)
  if (word !== undefined) return findRun(root, word)
  const running = listRuns(root).findLast((run) => currentOwner(run) !== undefined)
  if (running !== undefined) return running
  throw new RunError(
    'SAU7304',
    `no run under ${root} is running`,
    'name a run, or say with --runs where runs lie; `saurun status` lists them',
    exitCodes.failed,
  )
}
