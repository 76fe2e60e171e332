// What is to be said of a training process that ended without writing how.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exitCodes } from '../../platform/errors.js'
import { takeOwnership } from '../../platform/files/ownership.js'
import { processLog } from '../folder/file-names.js'
import { eventKinds } from '../journal/event-form.js'
import type { RunEnded } from '../journal/events.js'
import { journalFile, lastEnding, newestEvent, openJournal } from '../journal/journal.js'
import { outOfMemory, tellsOutOfMemory } from '../session/failure.js'

export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Why the process could not be started. */
  readonly notStarted?: string
}

export interface SilentEnd extends ProcessEnd {
  /** What it printed to process.log. */
  readonly printed: string
  /** Whether the system killed a process for memory meanwhile. */
  readonly killed: boolean
}

/** Exit codes of processes that a signal ended. */
const signalCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

/** SAU7301 where memory ran out, SAU7303 where it was told to end at once, SAU7302 else. */
export function silentEnding(runFolder: string, end: SilentEnd): RunEnded {
  const { code, signal, notStarted, printed, killed } = end
  const help = `go on from the last checkpoint with \`saurun --resume ${runFolder}\``
  const exitCode = signal === null ? code : signalCodes[signal]
  if (exitCode !== null && exitCode !== undefined && Object.values(signalCodes).includes(exitCode)) {
    const message = 'stopped at once, without a checkpoint of the last steps'
    return { ...failedEnding({ code: 'SAU7303', message, help, exitCode }), outcome: 'stopped' }
  }
  if (tellsOutOfMemory(printed) || (killed && signal === 'SIGKILL')) {
    return failedEnding(
      outOfMemory(
        signal === 'SIGKILL' ? 'the system ended the training process' : 'the training process ended',
      ),
    )
  }
  const log = join(runFolder, processLog)
  const message =
    notStarted === undefined
      ? `the training process ${signal === null ? `ended with code ${code}` : `was ended by ${signal}`} without a word; what it printed is in ${log}`
      : `the training process could not be started: ${notStarted}`
  return failedEnding({ code: 'SAU7302', message, help, exitCode: exitCodes.failed })
}

/** `run_ended` of a failure; where the run was is filled in by `appendEnding`. */
function failedEnding(failure: {
  readonly code: string
  readonly message: string
  readonly help: string | undefined
  readonly exitCode: number
}): RunEnded {
  const { code, message, help, exitCode } = failure
  return {
    event: 'run_ended',
    outcome: 'failed',
    exitCode,
    code,
    message,
    help,
    epoch: 0,
    step: 0,
    seconds: 0,
    peakMemory: 0,
  }
}

/**
 * Writes down for a process that is gone that it ended, unless the journal has an end behind byte `from` by
 * now. It is written by the owner of the run, as everything in a journal: where another process goes on with
 * it already, the end is not ours to tell.
 * @throws RunError SAU7102 then; errors of the file system.
 */
export function endSilently(runFolder: string, from: number, ending: RunEnded): void {
  const path = join(runFolder, journalFile)
  const ownership = takeOwnership(runFolder)
  try {
    if (lastEnding(path, from) === undefined) appendEnding(path, ending)
  } finally {
    ownership.release()
  }
}

/** Fills in where the run was, from the journal itself, and appends. */
export function appendEnding(path: string, ending: RunEnded): void {
  const journal = openJournal(path)
  const start = newestEvent(path, ['run_started'])
  const steps = newestEvent(path, ['steps_done'])
  const last = newestEvent(path, eventKinds)
  journal.write({
    ...ending,
    epoch: steps?.epoch ?? 0,
    step: steps?.step ?? 0,
    seconds: start !== undefined && last !== undefined ? (last.time - start.time) / 1000 : 0,
    peakMemory: steps?.memory ?? 0,
  })
  journal.flush()
  journal.close()
}

/**
 * Processes of this control group that the Linux kernel killed for memory so far; 0 where it does not say.
 */
export function memoryKills(): number {
  try {
    const events = readFileSync('/sys/fs/cgroup/memory.events', 'utf8')
    return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0)
  } catch {
    return 0
  }
}
