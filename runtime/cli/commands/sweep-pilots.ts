// `saurun sweep logs SWEEP` and `saurun sweep work SWEEP`: what pools of a sweep said, and being one, as a
// pod of a cluster is.
import { hostname } from 'node:os'
import { join } from 'node:path'
import { poolFolder, poolsOf, readPoolEvents, type SweepEvent } from '../../apps/sweep/events.js'
import { findSweep } from '../../apps/sweep/find-sweep.js'
import { runPilot, wasInterrupted } from '../../apps/sweep/pilot.js'
import { slurmFolder } from '../../apps/sweep/slurm/batch-script.js'
import { exitCodes } from '../../platform/errors.js'
import { namesIn, readStored } from '../../platform/files/stored-file.js'
import { runsRoot } from '../../run/folder/folder.js'
import type { CommandBody } from '../declaration.js'
import type { sweepLogs, sweepWork } from '../declared/sweeps.js'

/** What each pool did, in order of time, then what it printed. */
export const showSweepLogs: CommandBody<typeof sweepLogs> = async ([word = ''], options, context) => {
  const sweepFolder = findSweep(runsRoot(options.runs, context.environment), word)
  const events = poolsOf(sweepFolder)
    .flatMap((pool) => readPoolEvents(sweepFolder, pool).map((event) => ({ pool, event })))
    .sort((a, b) => a.event.time - b.event.time)
  for (const { pool, event } of events) {
    context.out(`${new Date(event.time).toISOString()}  ${pool}  ${eventText(event)}\n`)
  }
  for (const path of outputs(sweepFolder)) {
    const text = readStored(path)?.toString('utf8').trimEnd() ?? ''
    if (text !== '') context.out(`\n${path}\n${text}\n`)
  }
  return exitCodes.done
}

function outputs(sweepFolder: string): readonly string[] {
  const own = slurmFolder(sweepFolder)
  const jobs = namesIn(own).filter((name) => name.endsWith('.log'))
  const pools = poolsOf(sweepFolder).map((pool) => join(poolFolder(sweepFolder, pool), 'process.log'))
  return [...pools, ...jobs.sort().map((name) => join(own, name))]
}

function eventText(event: SweepEvent): string {
  switch (event.event) {
    case 'pool_started':
      return `begins on ${event.host}: process ${event.pid}, ${event.parallel} runs at a time, ${event.threads} threads each`
    case 'instance_started':
      return `run ${event.instance + 1} ${event.how}${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`
    case 'instance_ended':
      return `run ${event.instance + 1} ends with ${event.exitCode}: ${event.message}${event.retried ? '; tried again' : ''}`
    case 'setting_pruned':
      return `setting ${event.setting + 1} pruned by ${event.by} after epoch ${event.epoch}`
    case 'commanded':
      return `told to ${event.command} by ${event.by}`
    case 'pool_ended':
      return `ends: ${event.message}`
  }
}

/**
 * Takes runs until none is left for it. Ends with 75 only where a signal interrupted it, so that a cluster
 * can tell what is worth another start: runs that failed, that others have, or that a person stopped are
 * none.
 */
export const workOnSweep: CommandBody<typeof sweepWork> = async ([word = ''], options, { environment }) => {
  const sweepFolder = findSweep(runsRoot(options.runs, environment), word)
  const index = environment.JOB_COMPLETION_INDEX
  const pool = index === undefined ? `work-${hostname()}-${process.pid}` : `k8s-${hostname()}`
  const gpus = environment.CUDA_VISIBLE_DEVICES?.split(',').filter((name) => name !== '').length ?? 1
  const end = await runPilot(sweepFolder, pool, Math.max(1, gpus))
  if (wasInterrupted(end)) return exitCodes.stoppedWithCheckpoint
  const isWell = [exitCodes.stoppedWithCheckpoint, exitCodes.someSweepRunsFailed] as readonly number[]
  if (!isWell.includes(end.exitCode)) return end.exitCode
  return index === undefined ? end.exitCode : exitCodes.done
}
