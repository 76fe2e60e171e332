// The parent's side of a profile: starts the process that measures, and takes its answer.
import { fork } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { executorLogEnvironment } from '../../engines/tensorflow/executor-log.js'
import { compiledEntry } from '../../platform/compiled-entry.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { temporaryFolder } from '../../platform/host/temporary-folder.js'
import type { RefusalMessage } from '../../run/process/refusal.js'
import { outOfMemory, tellsOutOfMemory } from '../../run/session/failure.js'
import type { ProfileMessage, ProfileRequest } from './child.js'
import type { Profile } from './profile.js'

/** Steps that are profiled where nobody says how many. */
export const defaultSteps = 20

export type ProfileOrder = Omit<ProfileRequest, 'folder'>

/**
 * Profiles training steps in a process of its own. Undefined where `signal` ended it.
 * @throws RunError SAU7801 where the engine cannot tell its times, SAU7802 where the process ended without an
 * answer, SAU7301 where memory ran out; else as a run would.
 */
export async function profileSteps(order: ProfileOrder, signal?: AbortSignal): Promise<Profile | undefined> {
  const isAborted = (): boolean => signal?.aborted === true
  if (isAborted()) return undefined
  const folder = temporaryFolder('profile')
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  // A second request to stop ends this process on the spot.
  process.once('exit', remove)
  try {
    const logFile = join(folder, 'stderr.log')
    const answer = await ask({ ...order, folder }, logFile, signal)
    if ('profile' in answer) return answer.profile
    if ('refused' in answer) {
      const { code, message, help, exitCode } = answer.refused
      throw new RunError(code, message, help, exitCode)
    }
    if (isAborted()) return undefined
    throw silentEnding(answer.ended, readFileSync(logFile, 'utf8'))
  } finally {
    process.off('exit', remove)
    remove()
  }
}

type Answer = ProfileMessage | RefusalMessage | { readonly ended: string }

function ask(request: ProfileRequest, logFile: string, signal: AbortSignal | undefined): Promise<Answer> {
  // TensorFlow's times are read back from what it logs.
  const log = openSync(logFile, 'a+')
  const child = fork(compiledEntry('runtime/apps/profile/child.js'), [], {
    execArgv: ['--enable-source-maps'],
    env: { ...process.env, ...executorLogEnvironment },
    stdio: ['ignore', 'ignore', log, 'ipc'],
  })
  closeSync(log)
  const kill = (): void => void child.kill('SIGKILL')
  signal?.addEventListener('abort', kill, { once: true })
  return new Promise<Answer>((resolve) => {
    let answer: ProfileMessage | RefusalMessage | undefined
    child.once('message', (message: ProfileMessage | RefusalMessage) => {
      answer = message
    })
    child.once('error', (error) => resolve({ ended: `could not be started: ${error.message}` }))
    child.once('close', (code, killedBy) =>
      resolve(
        answer ?? { ended: killedBy === null ? `ended with code ${code}` : `was ended by ${killedBy}` },
      ),
    )
    child.send(request, () => {
      // Where it cannot be sent, the process has ended, which is told above.
    })
  }).finally(() => signal?.removeEventListener('abort', kill))
}

function silentEnding(ended: string, log: string): RunError {
  const printed = log.split('\n').filter((line) => line.trim() !== '' && !line.includes('executor.cc:'))
  if (tellsOutOfMemory(printed.join('\n'))) return outOfMemory('the process that profiles ended')
  const last = printed.find((line) => /error/i.test(line)) ?? printed.at(-1)
  return new RunError(
    'SAU7802',
    `the process that profiles ${ended}${last === undefined ? ' without a word' : `: ${last.trim()}`}`,
    'a smaller number of steps or threads may help; please report it if it does not',
    exitCodes.failed,
  )
}
