// Entry of the training process: `training-process.js RUN_FOLDER COMMANDS_FROM JOURNAL_FROM [profile]`.
// Signals only set a flag; the step that is under way is finished, a checkpoint written, and the process ends
// with 75. A second request ends it at once. It lives on when its parent is gone: then commands and signals
// are the way to it. It stands above all rooms, for it brings together training and what is built on top of
// it.

import { profileRun } from './apps/profile/profile-run.js'
import { originalOf } from './apps/replay/live.js'
import { keepVerdict } from './apps/replay/verdict.js'
import { writeReportAtEnd } from './observe/report/run-report.js'
import { openTensorBoard } from './observe/tensorboard/tensorboard.js'
import { RunError } from './platform/errors.js'
import { asSystemLimit } from './platform/system-limits.js'
import { logLine } from './platform/texts/terminal.js'
import { asWriteRefusal } from './run/folder/folder.js'
import type { Control } from './run/loop/control.js'
import type { RefusalMessage } from './run/process/refusal.js'
import { runSession } from './run/session/session.js'

const [, , runFolder, commandsFrom, journalFrom, profile] = process.argv
if (runFolder === undefined)
  throw new Error('usage: training-process.js RUN_FOLDER COMMANDS_FROM JOURNAL_FROM [profile]')
process.title = 'saurun-train'
// A disk that is full takes no line of process.log: that alone ends no run, and hides nothing of what does.
process.stderr.on('error', () => {})

let control: Control | undefined
/** Requests from the time before the control is there. */
const early: string[] = []

const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
if (process.platform !== 'win32') signals.push('SIGUSR2')
for (const signal of signals) {
  process.on(signal, () => {
    if (control === undefined) early.push(signal)
    else control.requestStop(signal)
  })
}

try {
  const code = await runSession(runFolder, {
    commandsFrom: Number(commandsFrom ?? 0),
    journalFrom: Number(journalFrom ?? 0),
    exit: (code) => process.exit(code),
    onControl(created) {
      control = created
      for (const by of early) created.requestStop(by)
    },
    hooks: {
      follow: openTensorBoard,
      original: originalOf,
      ...(profile === 'profile' ? { profile: profileRun } : {}),
      ended(folder, lock) {
        keepVerdict(folder, lock)
        writeReportAtEnd(folder)
      },
    },
  })
  process.exit(code)
} catch (thrown) {
  const refused = asWriteRefusal(thrown, runFolder)
  const error = asSystemLimit(refused) ?? refused
  if (!(error instanceof RunError)) throw error
  const { code, message, help, exitCode } = error
  logLine(`${code}: ${message}`)
  const refusal: RefusalMessage = { refused: { code, message, help, exitCode } }
  // Without a parent that listens, the log has to do.
  if (process.send === undefined || !process.connected) process.exit(exitCode)
  process.send(refusal, () => process.exit(exitCode))
}
