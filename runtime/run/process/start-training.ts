// The parent's side of training: starts the training process in a run folder and reads its journal; says so
// when the process ends without a word. The run does not need its parent: whoever detaches, or dies, leaves
// it going.
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { compiledEntry } from '../../platform/compiled-entry.js'
import { RunError } from '../../platform/errors.js'
import { processLog } from '../folder/file-names.js'
import { asWriteRefusal } from '../folder/folder.js'
import { readLockedPlan } from '../folder/locked-plan.js'
import { type Command, commandsEnd, sendCommand } from '../journal/commands.js'
import type { JournalEvent, RunEnded } from '../journal/events.js'
import { followJournal } from '../journal/follow.js'
import { journalFile, lastEnding } from '../journal/journal.js'
import { type NewRun, prepareRun, type ResumedRun, refusingWrites, reopenRun } from './prepare-run.js'
import type { RefusalMessage } from './refusal.js'
import { endSilently, memoryKills, type ProcessEnd, silentEnding } from './silent-ending.js'

export type { NewRun, ResumedRun } from './prepare-run.js'

/** A process that was told to end at once may take this long, ms, before it is killed. */
export const endingTime = 3_000

export interface StartedTraining {
  readonly runFolder: string
  /**
   * Events of this process's part in the run, to its `run_ended`, or to `detach`. Can be read once. Reading
   * throws RunError SAU7102 where another process took the run first: then this one has no part in it.
   */
  readonly events: AsyncIterable<JournalEvent>
  /**
   * Tells the run what to do; `by` is for the journal. A process that does not `stop_now` is killed after a
   * while.
   */
  tell(command: Command, by: string): void
  /** Leaves the run to itself. `exit` never resolves then. */
  detach(): void
  /** Resolves once the process is gone and its end stands in the journal. */
  readonly exit: Promise<number>
  /** The same, without the code. */
  readonly gone: Promise<void>
}

/**
 * Starts training in a process of its own, in a new run folder or in that of a run to go on with.
 * @throws RunError SAU7101 (no run), SAU7102 (in use), SAU7104 (another Plan), SAU7105 (already done),
 * SAU7106 (no folder), SAU7109 (a fork with nothing left to train), SAU7121 (plan.json was edited), SAU7130
 * (the folder is damaged).
 */
export function startTraining(run: NewRun | ResumedRun): StartedTraining {
  const runFolder = 'resume' in run ? reopenRun(run) : prepareRun(run)
  const journalPath = join(runFolder, journalFile)
  const from = existsSync(journalPath) ? statSync(journalPath).size : 0
  const log = refusingWrites(runFolder, () => openSync(join(runFolder, processLog), 'a'))
  const logFrom = statSync(join(runFolder, processLog)).size
  const killsBefore = memoryKills()
  // In a session of its own: neither a Ctrl-C on the terminal nor its end reaches the run but through whoever
  // watches it.
  const child = fork(
    compiledEntry('runtime/training-process.js'),
    [runFolder, String(commandsEnd(runFolder)), String(from), ...(run.profile === true ? ['profile'] : [])],
    {
      detached: true,
      env: { UV_THREADPOOL_SIZE: decodingThreads(), ...process.env, ...run.environment },
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', log, log, 'ipc'],
    },
  )
  closeSync(log)
  let refused: RefusalMessage['refused'] | undefined
  child.on('message', (message: RefusalMessage) => {
    refused = message.refused
  })
  const ended = new AbortController()
  let toldToEnd: NodeJS.Signals | undefined
  const exit = endOf(child).then(async (seen) => {
    // A process in a long step hears nothing and is killed: it ended as it was told to all the same.
    const end = seen.signal === 'SIGKILL' && toldToEnd !== undefined ? { ...seen, signal: toldToEnd } : seen
    try {
      if (refused !== undefined) return refused.exitCode
      const said = lastEnding(journalPath, from)
      if (said !== undefined) return said.exitCode
      const printed = printedSince(runFolder, logFrom)
      const ending = silentEnding(runFolder, { ...end, printed, killed: memoryKills() > killsBefore })
      try {
        endSilently(runFolder, from, { ...ending, message: await endingMessage(runFolder, ending) })
      } catch (error) {
        // A full disk, a run folder that is gone, or another process that goes on already: the exit code has
        // to do.
        if (!(asWriteRefusal(error, runFolder) instanceof RunError)) throw error
      }
      return ending.exitCode
    } finally {
      ended.abort()
    }
  })
  return {
    runFolder,
    exit,
    gone: exit.then(() => {}),
    events: eventsOf(journalPath, from, { pid: child.pid, ended: ended.signal, refusal: () => refused }),
    tell(command, by) {
      if (child.exitCode !== null || child.signalCode !== null) return
      send(child, runFolder, command, by)
      if (command.command !== 'stop_now') return
      toldToEnd = by === 'SIGTERM' || by === 'SIGHUP' ? by : 'SIGINT'
      setTimeout(() => child.kill('SIGKILL'), endingTime).unref()
    },
    detach() {
      ended.abort()
      child.removeAllListeners()
      if (child.connected) child.disconnect()
      child.unref()
    },
  }
}

/** Libuv's threads, which decode images: four by default, however many cores there are. */
function decodingThreads(): string {
  return String(Math.max(4, Math.min(16, availableParallelism())))
}

/** What the process printed; nothing where its log is gone together with the run. */
function printedSince(runFolder: string, from: number): string {
  const log = join(runFolder, processLog)
  return existsSync(log) ? readFileSync(log).subarray(from).toString('utf8') : ''
}

/** By the command file; where that cannot be written to (a full disk), a signal has to do for a stop. */
function send(child: ChildProcess, runFolder: string, command: Command, by: string): void {
  try {
    sendCommand(runFolder, command, by)
  } catch (error) {
    if (!(asWriteRefusal(error, runFolder) instanceof RunError)) throw error
    if (command.command === 'stop' || command.command === 'stop_now') child.kill('SIGINT')
  }
}

/** Its sentence; the compiler's graph stage is loaded only where an estimate is to stand in it. */
async function endingMessage(runFolder: string, ending: RunEnded): Promise<string> {
  if (ending.code !== 'SAU7301') return ending.message
  const { messageWithEstimate } = await import('../session/memory-estimate.js')
  try {
    return messageWithEstimate(ending, readLockedPlan(runFolder).plan)
  } catch (error) {
    if (error instanceof RunError) return ending.message
    throw error
  }
}

interface TrainingProcess {
  readonly pid: number | undefined
  /** Aborted once the process is gone. */
  readonly ended: AbortSignal
  readonly refusal: () => RefusalMessage['refused'] | undefined
}

async function* eventsOf(
  journal: string,
  from: number,
  { pid, ended, refusal }: TrainingProcess,
): AsyncGenerator<JournalEvent> {
  // Until a process says that it starts, what it writes may be that of another one that took the run a moment
  // before.
  let unclaimed: JournalEvent[] = []
  let isOwn = false
  for await (const event of followJournal(journal, { from, signal: ended })) {
    if (!isOwn && event.event === 'run_started') {
      isOwn = event.pid === pid
      if (isOwn) yield* unclaimed
      unclaimed = []
    }
    if (isOwn) yield event
    else unclaimed.push(event)
    if (isOwn && event.event === 'run_ended') return
  }
  const refused = refusal()
  if (refused !== undefined) {
    throw new RunError(refused.code, refused.message, refused.help, refused.exitCode)
  }
  yield* unclaimed
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, notStarted: error.message })
    })
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}
