// Entry of a pilot in a job of Slurm: `pilot-process.js SWEEP_FOLDER SCRIPT PARALLEL`. Ends with 0 where
// there is nothing more to do for it; one whose time runs out, or that is preempted, has its job put back
// into the queue.
import { exitCodes, RunError } from '../../../platform/errors.js'
import { logLine } from '../../../platform/texts/terminal.js'
import { runPilot, wasInterrupted } from '../pilot.js'
import { scriptPath } from './batch-script.js'
import { addResubmitted, isClosed } from './jobs.js'
import { poolName, returnsToQueue } from './pilot-job.js'
import { jobState, requeue, submitScript } from './programs.js'

const [, , sweepFolder, script, parallel] = process.argv
if (sweepFolder === undefined || script === undefined || parallel === undefined) {
  throw new Error('usage: pilot-process.js SWEEP_FOLDER SCRIPT PARALLEL')
}
process.title = 'saurun-pilot'
const number = Number(script)

if (isClosed(sweepFolder, number)) {
  logLine('the sweep was stopped before this pilot began', process.stdout)
  process.exit(exitCodes.done)
}
const end = await runPilot(sweepFolder, poolName(process.env), Number(parallel), () =>
  isClosed(sweepFolder, number),
)
logLine(
  `pilot ends with ${end.exitCode}${end.signals.length === 0 ? '' : ` after ${end.signals.join(', ')}`}`,
  process.stdout,
)
if (wasInterrupted(end) && !isClosed(sweepFolder, number)) await goBack(sweepFolder, process.env.SLURM_JOB_ID)
// Runs that others have, that were stopped or that failed: the sweep says so; the job has done its part.
const isWell = [
  exitCodes.done,
  exitCodes.someSweepRunsFailed,
  exitCodes.stoppedWithCheckpoint,
] as readonly number[]
process.exit(isWell.includes(end.exitCode) ? exitCodes.done : end.exitCode)

/**
 * Puts the job back into the queue, or submits its script again for one pilot where the site does not allow
 * that.
 */
async function goBack(folder: string, job: string | undefined): Promise<void> {
  if (job === undefined || !returnsToQueue(await jobState(job))) return
  if (await requeue(job)) {
    logLine('its job goes back into the queue', process.stdout)
    return
  }
  try {
    const { SLURM_ARRAY_TASK_ID: task } = process.env
    const again = await submitScript(
      scriptPath(folder, number),
      task === undefined ? [] : [`--array=${task}`],
    )
    addResubmitted(folder, number, again)
    logLine(`its script is submitted again as job ${again}`, process.stdout)
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    logLine(`${error.code}: ${error.message}`)
  }
}
