// Watching a run that somebody else started: its journal from here on, the way to its command file, and
// whether its process still lives.

import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { exitCodes, RunError } from '../../platform/errors.js'
import { ownerOf } from '../../platform/files/ownership.js'
import { asWriteRefusal } from '../folder/folder.js'
import { checkLayout } from '../folder/layout.js'
import { readLock } from '../folder/lock.js'
import { type Command, sendCommand } from '../journal/commands.js'
import type { JournalEvent } from '../journal/events.js'
import { followJournal } from '../journal/follow.js'
import { journalFile, lastEnding } from '../journal/journal.js'
import { endSilently, silentEnding } from './silent-ending.js'
import { endingTime } from './start-training.js'

/** A run as whoever watches it needs it; `StartedTraining` is one. */
export interface WatchedRun {
  readonly runFolder: string
  /**
   * Events from here on, to `run_ended` or `detach`. Reading throws RunError SAU7304 where the process dies
   * without a word.
   */
  readonly events: AsyncIterable<JournalEvent>
  tell(command: Command, by: string): void
  detach(): void
  /** The run's exit code, once it has ended; never after `detach`. */
  readonly exit: Promise<number>
  /**
   * Resolves once nothing works in the run folder any more: its report is written then, and all of its
   * journal; never after `detach`.
   */
  readonly gone: Promise<void>
}

/** Milliseconds between two looks at whether the process lives. */
const lookInterval = 500

/**
 * Watches the run of a living process. `from` is the byte of its journal to begin at. Of a process that ended
 * since then the end is still told.
 * @throws RunError SAU7101 (no run), SAU7130 (something in its folder is damaged), SAU7304 (no process trains
 * it).
 */
export function attachRun(runFolder: string, from: number): WatchedRun {
  readLock(runFolder)
  checkLayout(runFolder)
  // The journal after the owner: the end of a process that was there a moment ago stands in it.
  if (ownerOf(runFolder)?.life !== 'alive' && lastEnding(join(runFolder, journalFile), from) === undefined) {
    throw notRunning(runFolder)
  }
  const over = new AbortController()
  let wasDetached = false
  /** While its end is written down for it. */
  let isEnding = false
  let leave: () => void = () => {}
  const gone = new Promise<void>((resolve) => {
    leave = resolve
  })
  const looking = setInterval(() => {
    if (isEnding || ownerOf(runFolder)?.life === 'alive') return
    clearInterval(looking)
    over.abort()
    leave()
  }, lookInterval)
  let finish: (exitCode: number) => void = () => {}
  const exit = new Promise<number>((resolve) => {
    finish = resolve
  })
  async function* events(): AsyncGenerator<JournalEvent> {
    try {
      for await (const event of followJournal(join(runFolder, journalFile), { from, signal: over.signal })) {
        yield event
        if (event.event !== 'run_ended') continue
        finish(event.exitCode)
        return
      }
      if (!wasDetached) throw notRunning(runFolder)
    } finally {
      // Whoever reads no further need not stay for the process to go.
      looking.unref()
    }
  }
  return {
    runFolder,
    events: events(),
    exit,
    gone,
    tell(command, by) {
      sendCommand(runFolder, command, by)
      if (command.command !== 'stop_now') return
      setTimeout(async () => {
        isEnding = true
        await endNow(runFolder)
        isEnding = false
      }, endingTime).unref()
    },
    detach() {
      wasDetached = true
      clearInterval(looking)
      over.abort()
    },
  }
}

/** Ends a process of this machine that did not listen, and writes down that it ended as it was told to. */
async function endNow(runFolder: string): Promise<void> {
  const owner = ownerOf(runFolder)
  if (owner?.life !== 'alive' || owner.host !== hostname()) return
  process.kill(owner.pid, 'SIGKILL')
  while (ownerOf(runFolder)?.life === 'alive') await sleep(20)
  try {
    const told = { code: null, signal: 'SIGINT', printed: '', killed: false } as const
    endSilently(runFolder, 0, silentEnding(runFolder, told))
  } catch (error) {
    // Somebody goes on with it already, or its folder cannot be written to.
    if (!(asWriteRefusal(error, runFolder) instanceof RunError)) throw error
  }
}

/** SAU7304, with what is known of the process that trained it. */
export function notRunning(runFolder: string): RunError {
  const owner = ownerOf(runFolder)
  const died =
    owner === undefined
      ? 'no process trains it'
      : owner.life === 'silent'
        ? `process ${owner.pid} on ${owner.host} has given no sign of life for ${Math.round(owner.silence / 60_000)} minutes`
        : `its process ${owner.pid} died without a word`
  return new RunError(
    'SAU7304',
    `${runFolder} is not running: ${died}`,
    `go on from its last checkpoint with \`saurun --resume ${runFolder}\`; process.log in it may say why it ended`,
    exitCodes.failed,
  )
}
