// Entry of the training process: `child.js RUN_FOLDER [profile]`. Signals and messages only set a flag; the step that is under
// way is finished, a checkpoint written, and the process ends with 75. A second request ends it at once.
import { type ExitCode, RunError } from '../errors.js'
import { asWriteRefusal } from '../run-folder/folder.js'
import type { Control } from './control.js'
import { runSession } from './session.js'

/** What the parent sends. */
export interface StopMessage {
  readonly stop: 'finish' | 'now'
  readonly by: string
}

/** What the child sends when it must not touch the run's journal. */
export interface RefusalMessage {
  readonly refused: {
    readonly code: string
    readonly message: string
    readonly help: string | undefined
    readonly exitCode: ExitCode
  }
}

const [, , runFolder, profile] = process.argv
if (runFolder === undefined) throw new Error('usage: child.js RUN_FOLDER [profile]')
process.title = 'saurun-train'

let control: Control | undefined
/** Requests from the time before the control is there. */
const early: string[] = []

function requestStop(by: string, exitCode: number): void {
  if (control === undefined) early.push(by)
  else if (control.requestStop(by) === 'stop_now') process.exit(exitCode)
}

process.on('SIGINT', () => requestStop('SIGINT', 130))
process.on('SIGTERM', () => requestStop('SIGTERM', 143))
process.on('SIGHUP', () => requestStop('SIGHUP', 129))
if (process.platform !== 'win32') process.on('SIGUSR2', () => requestStop('SIGUSR2', 143))
process.on('disconnect', () => requestStop('the end of its parent process', 143))
process.on('message', (message: StopMessage) => {
  if (message.stop === 'now') process.exit(exitCodeOf(message.by))
  requestStop(message.by, exitCodeOf(message.by))
})

function exitCodeOf(by: string): number {
  return by === 'SIGTERM' ? 143 : 130
}

try {
  const code = await runSession(runFolder, {
    profile: profile === 'profile',
    onControl(created) {
      control = created
      for (const by of early) created.requestStop(by)
    },
  })
  process.exit(code)
} catch (thrown) {
  const error = asWriteRefusal(thrown, runFolder)
  if (!(error instanceof RunError)) throw error
  const { code, message, help, exitCode } = error
  console.error(`${code}: ${message}`)
  const refusal: RefusalMessage = { refused: { code, message, help, exitCode } }
  if (process.send === undefined) process.exit(exitCode)
  process.send(refusal, () => process.exit(exitCode))
}
