// A pilot: a pool that a cluster started, as a child of the process that the cluster knows. What the cluster
// says by signals reaches the pool; the pilot tells a pool that was interrupted from one that found nothing
// more to do.
import { fork } from 'node:child_process'
import { compiledEntry } from '../../platform/compiled-entry.js'
import { exitCodes } from '../../platform/errors.js'

export interface PilotEnd {
  readonly exitCode: number
  /** Signals that came, in order. */
  readonly signals: readonly NodeJS.Signals[]
}

/** Milliseconds between two looks at whether the pilot is to end. */
const lookInterval = 2_000

/**
 * Runs a pool to its end.
 * @param parallel runs at a time
 * @param isOver whether the pool is to stop: a pool that is just beginning does not hear what the sweep is
 * told
 */
export function runPilot(
  sweepFolder: string,
  pool: string,
  parallel: number,
  isOver: () => boolean = () => false,
): Promise<PilotEnd> {
  const child = fork(
    compiledEntry('runtime/apps/sweep/pool-process.js'),
    [sweepFolder, pool, String(parallel)],
    // In a session of its own: a signal to the whole group comes once, through the pilot.
    { detached: true, execArgv: ['--enable-source-maps'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  const signals: NodeJS.Signals[] = []
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM']
  if (process.platform !== 'win32') names.push('SIGUSR2')
  const forward = (signal: NodeJS.Signals): void => {
    signals.push(signal)
    child.kill(signal)
  }
  for (const name of names) process.on(name, forward)
  const looking = setInterval(() => {
    if (!isOver()) return
    clearInterval(looking)
    child.kill('SIGTERM')
  }, lookInterval)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      clearInterval(looking)
      for (const name of names) process.off(name, forward)
      resolve({ exitCode: code ?? exitCodes.failed, signals })
    })
  })
}

/**
 * Whether runs were left because the pilot was told to end, and not because others have them or a person
 * stopped the sweep.
 */
export function wasInterrupted({ exitCode, signals }: PilotEnd): boolean {
  return signals.length > 0 && exitCode === exitCodes.stoppedWithCheckpoint
}
