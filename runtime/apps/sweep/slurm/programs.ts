// Slurm as its own programs tell of it. Only sbatch has to be there, and only where jobs are submitted: what
// squeue, scancel and scontrol say is a hint, and where they are missing or have lost their controller
// nothing is decided by it.
import { execFile } from 'node:child_process'
import { exitCodes, RunError } from '../../../platform/errors.js'

interface Answer {
  readonly isDone: boolean
  readonly isMissing: boolean
  readonly out: string
  readonly err: string
}

/** Milliseconds that a program of Slurm may take: a controller that is gone is tried again for long. */
const answerTime = 60_000

function ask(program: string, words: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(program, [...words], { timeout: answerTime, maxBuffer: 2 ** 26 }, (error, out, err) => {
      resolve({ isDone: error === null, isMissing: error?.code === 'ENOENT', out, err })
    })
  })
}

/** What Slurm has where its configuration does not say. */
export const defaultMaxArraySize = 1001

/** Largest number of tasks of one array at this site; Slurm's default where it cannot be asked. */
export async function maxArraySize(): Promise<number> {
  const { out } = await ask('scontrol', ['show', 'config'])
  const found = /^MaxArraySize\s*=\s*(\d+)/m.exec(out)?.[1]
  return found === undefined ? defaultMaxArraySize : Number(found)
}

/**
 * Submits a script.
 * @param words options that go before those of the script
 * @returns number of the job
 * @throws RunError SAU8080 (no sbatch), SAU8081 (refused)
 */
export async function submitScript(path: string, words: readonly string[] = []): Promise<string> {
  const { isDone, isMissing, out, err } = await ask('sbatch', ['--parsable', ...words, path])
  if (isMissing) {
    throw new RunError(
      'SAU8080',
      'there is no sbatch on this machine',
      'submit from a login node of the cluster; `--dry-run` shows the script without one',
      exitCodes.usage,
    )
  }
  const job = /^(\d+)/.exec(out.trim().split('\n').at(-1) ?? '')?.[1]
  if (isDone && job !== undefined) return job
  const reason = err.trim().replace(/^sbatch: (error: )?/gm, '') || 'it printed no job number'
  throw new RunError(
    'SAU8081',
    `sbatch did not take ${path}: ${reason.split('\n').join('; ')}`,
    'change --partition, --time, --gpus, --cpus, --mem or --slurm-arg, and submit again; arrays before this one are submitted',
    exitCodes.failed,
  )
}

/** Cancels those of the jobs that wait. */
export async function cancelPending(jobs: readonly string[]): Promise<void> {
  // One after the other: scancel gives up at the first number that Slurm has forgotten.
  for (const job of jobs) await ask('scancel', ['--state=PENDING', job])
}

/** Puts the job that this process is in back into the queue; false where Slurm does not. */
export async function requeue(job: string): Promise<boolean> {
  return (await ask('scontrol', ['requeue', job])).isDone
}

/** State of a job such as RUNNING or CANCELLED; undefined where Slurm does not say. */
export async function jobState(job: string): Promise<string | undefined> {
  const { out } = await ask('scontrol', ['show', 'job', job])
  return /\bJobState=(\w+)/.exec(out)?.[1]
}

/**
 * How many pilots of these jobs wait and run; undefined where Slurm does not say, as of jobs that it has
 * forgotten.
 */
export async function queuedPilots(
  jobs: readonly string[],
): Promise<{ readonly waiting: number; readonly running: number } | undefined> {
  if (jobs.length === 0) return undefined
  const states = await Promise.all(
    // One by one: squeue says nothing at all where one of several numbers is forgotten.
    jobs.map((job) => ask('squeue', ['--noheader', '--array', '--format=%T', `--jobs=${job}`])),
  )
  if (states.some(({ isMissing }) => isMissing)) return undefined
  const words = states.flatMap(({ out }) => out.split('\n').map((line) => line.trim()))
  return {
    waiting: words.filter((word) => word === 'PENDING' || word === 'REQUEUED').length,
    running: words.filter((word) => /^(RUNNING|COMPLETING|CONFIGURING|SUSPENDED)$/.test(word)).length,
  }
}
