// What a pool has to do with one run: its start, what it says, how its journal ends.
import { join } from 'node:path'
import { defaultDataMemory } from '../../data/memory-budget.js'
import { RunError } from '../../platform/errors.js'
import { isRunFolder } from '../../run/folder/folder.js'
import type { RunEnded } from '../../run/journal/events.js'
import { eventsFrom, journalFile } from '../../run/journal/journal.js'
import type { WatchedRun } from '../../run/process/attach.js'
import { startTraining } from '../../run/process/start-training.js'
import type { PoolOptions } from './open-pool.js'
import type { JournalEnd, RunEvent } from './pool-table.js'
import type { InstanceView } from './state.js'

/**
 * Milliseconds that a process may take from the end of its run, in the journal, to its own: its report is
 * written then.
 */
const lingeringTime = 600_000

/** In use, not running any more, or done: somebody else was faster. */
const takenCodes: readonly string[] = ['SAU7102', 'SAU7304', 'SAU7105']

/** Whether a run could not be had for this. */
export function isTakenBySomebody({ code }: RunError): boolean {
  return takenCodes.includes(code)
}

/** Starts the training of an instance, or goes on with it. */
export function begin(
  { frozen, capacity, sweepFolder }: PoolOptions,
  view: InstanceView,
  what: 'begin' | 'resume',
  place: number,
): WatchedRun {
  const gpu = capacity.gpus[place]
  const environment = gpu === undefined ? {} : { environment: { CUDA_VISIBLE_DEVICES: gpu } }
  if (what === 'resume') return startTraining({ resume: view.runFolder, ...environment })
  // Together the runs of a pool hold no more images than two runs alone would: half of the machine's memory.
  const shared =
    capacity.parallel > 2 ? { dataMemory: Math.floor((2 * defaultDataMemory()) / capacity.parallel) } : {}
  const settings = { threads: capacity.threads, ...shared, ...frozen.capsule.settings }
  return startTraining({
    ...frozen.experimentOf(view.instance),
    runs: sweepFolder,
    folder: view.runFolder,
    settings,
    ...environment,
  })
}

/** Tells what a run says, to its end and that of its process. */
export async function listen(run: WatchedRun, tell: (event: RunEvent) => void): Promise<void> {
  try {
    for await (const event of run.events) {
      if (event.event === 'run_started') tell({ event: 'line', ending: undefined })
      if (event.event !== 'run_ended') continue
      tell({ event: 'line', ending: event })
      setTimeout(() => tell({ event: 'lingers' }), lingeringTime).unref()
    }
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    if (error.code !== 'SAU7304') {
      tell({ event: 'refused', isTaken: isTakenBySomebody(error), ending: error })
      return
    }
  }
  await run.gone
  tell({ event: 'gone' })
  // All that stood in the journal by then was handed out: the sequence ends at the end of the run, or after
  // it was read to its end.
  tell({ event: 'rest read' })
}

/** How the last session of a run stands, by its journal. */
export function journalEnd(runFolder: string): JournalEnd {
  if (!isRunFolder(runFolder)) return { session: 'none' }
  let ending: RunEnded | undefined
  let end = 0
  for (const line of eventsFrom(join(runFolder, journalFile), 0, ['run_started', 'run_ended'])) {
    end = line.end
    if (line.event !== undefined) ending = line.event.event === 'run_ended' ? line.event : undefined
  }
  return ending === undefined ? { session: 'open', end } : { session: 'ended', ending }
}
