// One process's part in a run: from its folder to its end, or to a checkpoint from which another process goes
// on.
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { inspect } from 'node:util'
import { exitCodes, RunError } from '../../platform/errors.js'
import { takeOwnership } from '../../platform/files/ownership.js'
import { noteRunLeftovers } from '../../platform/files/temporaries.js'
import { logLine } from '../../platform/texts/terminal.js'
import { alreadyDone } from '../folder/already-done.js'
import { checkLayout } from '../folder/layout.js'
import { readLockedPlan } from '../folder/locked-plan.js'
import { openCommands } from '../journal/commands.js'
import { journalFile, lastEnding, openJournal } from '../journal/journal.js'
import { type Control, createControl } from '../loop/control.js'
import { asRunError } from './failure.js'
import type { TrainingHooks } from './hooks.js'
import { trainRun } from './make-ready.js'
import { messageWithEstimate } from './memory-estimate.js'
import { openRecorder } from './recording.js'
import type { Session } from './session-state.js'

export interface SessionOptions {
  /** Gets the control as soon as there is one: whoever receives signals asks it to stop. */
  readonly onControl?: (control: Control) => void
  readonly hooks?: TrainingHooks
  /** Byte of the command file from which on commands are for this process; default 0. */
  readonly commandsFrom?: number
  /**
   * Byte of the journal at which it was decided to train: where another process ended the run since then,
   * this one does not.
   */
  readonly journalFrom?: number
  /**
   * Ends the process, once the journal says so, when it is told to stop at once; else the next step's end
   * does.
   */
  readonly exit?: (code: number) => void
}

/**
 * Trains the run in `runFolder`, or goes on with it, and returns the exit code; everything that happens,
 * failures too, is in its journal.
 * @throws RunError SAU7101, SAU7102, SAU7105, SAU7121 or SAU7130 where the folder is no run, another process
 * works in it or has trained it to its end since it was decided to start this one, or it is damaged: then
 * nothing was written, for the journal is not this process's.
 */
export async function runSession(runFolder: string, options: SessionOptions = {}): Promise<number> {
  const { lock, plan } = readLockedPlan(runFolder)
  checkLayout(runFolder)
  const ownership = takeOwnership(runFolder)
  const { journalFrom } = options
  if (
    journalFrom !== undefined &&
    lastEnding(join(runFolder, journalFile), journalFrom)?.outcome === 'done'
  ) {
    ownership.release()
    throw alreadyDone(runFolder)
  }
  const leftovers = noteRunLeftovers(runFolder)
  const { exit, hooks = {} } = options
  const journal = openRecorder(
    runFolder,
    openJournal(join(runFolder, journalFile)),
    hooks.follow?.(runFolder, plan),
  )
  const session: Session = {
    runFolder,
    lock,
    plan,
    journal,
    hooks,
    control: createControl(openCommands(runFolder, options.commandsFrom ?? 0), {
      record: (event) => journal.write(event),
      ...(exit === undefined
        ? {}
        : {
            endNow(by) {
              const code = endAtOnce(session, by)
              close(session, false)
              exit(code)
            },
          }),
    }),
    ownership,
    leftovers,
    started: performance.now(),
    progress: undefined,
  }
  options.onControl?.(session.control)
  try {
    return await runToEnd(session)
  } finally {
    close(session, true)
  }
}

function close(
  { control, hooks, journal, leftovers, lock, ownership, runFolder }: Session,
  isWhole: boolean,
): void {
  control.close()
  journal.flush()
  journal.close()
  if (isWhole) hooks.ended?.(runFolder, lock)
  leftovers.clear()
  ownership.release()
}

/** Trains and writes the last line of the journal. */
async function runToEnd(session: Session): Promise<number> {
  try {
    const ending = await trainRun(session)
    switch (ending) {
      case 'done':
        return end(session, { outcome: 'done', exitCode: exitCodes.done, message: 'the run is done' })
      case 'stopped':
        return end(session, {
          outcome: 'stopped',
          exitCode: exitCodes.stoppedWithCheckpoint,
          message: 'stopped after a checkpoint',
          help: resumeHelp(session),
        })
      case 'stopped_now':
        return endAtOnce(session, 'a command')
    }
  } catch (error) {
    const failure = asRunError(error, session.runFolder)
    // Whoever opens process.log wants to know where a bug came from; a user's error says all in its sentence.
    if (!(error instanceof RunError)) logLine(inspect(error))
    else logLine(`${failure.code}: ${failure.message}`)
    const { code, help, exitCode } = failure
    const outcome = exitCode === exitCodes.diverged ? 'diverged' : 'failed'
    return end(session, {
      outcome,
      exitCode,
      code,
      message: messageWithEstimate(failure, session.plan),
      help,
    })
  }
}

function endAtOnce(session: Session, by: string): number {
  return end(session, {
    outcome: 'stopped',
    exitCode: by === 'SIGTERM' ? exitCodes.terminated : by === 'SIGHUP' ? 129 : exitCodes.interrupted,
    code: 'SAU7303',
    message: 'stopped at once, without a checkpoint of the last steps',
    help: resumeHelp(session),
  })
}

function resumeHelp({ runFolder }: Session): string {
  return `go on with \`saurun --resume ${runFolder}\``
}

interface Ending {
  readonly outcome: 'done' | 'stopped' | 'failed' | 'diverged'
  readonly exitCode: number
  readonly code?: string
  readonly message: string
  readonly help?: string | undefined
}

function end(session: Session, { outcome, exitCode, code, message, help }: Ending): number {
  const step = Math.max(0, (session.progress?.step ?? 0) - 1)
  session.journal.write({
    event: 'run_ended',
    outcome,
    exitCode,
    code,
    message,
    help,
    epoch: Math.floor(step / session.plan.train.stepsPerEpoch),
    step,
    seconds: (performance.now() - session.started) / 1000,
    // Kilobytes on every system.
    peakMemory: process.resourceUsage().maxRSS * 1024,
  })
  return exitCode
}
