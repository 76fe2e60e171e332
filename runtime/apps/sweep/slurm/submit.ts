// Submitting pilots: writes the scripts into the sweep's folder and gives them to sbatch. Nobody needs to
// stay.
import { basename } from 'node:path'
import { compiledEntry } from '../../../platform/compiled-entry.js'
import { writeDurably } from '../../../platform/files/durable.js'
import type { InstanceState } from '../state.js'
import { arrayChunks, batchScript, type SlurmRequest, scriptPath } from './batch-script.js'
import { addJob, jobNumbers, makeSlurmFolder, nextScript, type SubmittedJob } from './jobs.js'
import { maxArraySize, queuedPilots, submitScript } from './programs.js'

/** Pilots where nobody says how many. */
export const defaultPilots = 10

export interface PilotRequest {
  readonly sweepFolder: string
  /** Pilots to submit. */
  readonly pilots: number
  /** How many may run at a time. */
  readonly parallel: number | undefined
  readonly slurm: SlurmRequest
}

export interface PreparedScript {
  readonly number: number
  readonly path: string
  readonly pilots: number
  readonly text: string
}

/** Whether a run in this state is work for a pilot. */
export function isOpenState(state: InstanceState): boolean {
  return state === 'waiting' || state === 'stopped' || state === 'died'
}

/** The scripts as they would be written, one for each array that the site takes. */
export async function prepareScripts(request: PilotRequest): Promise<readonly PreparedScript[]> {
  const { sweepFolder, slurm } = request
  const largest = await maxArraySize()
  const first = nextScript(sweepFolder)
  return arrayChunks(request.pilots, largest, request.parallel).map((chunk, position) => {
    const number = first + position
    const text = batchScript({
      number,
      sweepFolder,
      name: basename(sweepFolder),
      node: process.execPath,
      pilot: compiledEntry('runtime/apps/sweep/slurm/pilot-process.js'),
      chunk,
      request: slurm,
      isArray: largest > 0,
    })
    return { number, path: scriptPath(sweepFolder, number), pilots: chunk.pilots, text }
  })
}

/**
 * Submits the scripts in order and notes each job at once.
 * @throws RunError SAU8080 (no sbatch), SAU8081 (refused)
 */
export async function submitScripts(
  sweepFolder: string,
  scripts: readonly PreparedScript[],
): Promise<readonly SubmittedJob[]> {
  makeSlurmFolder(sweepFolder)
  const jobs: SubmittedJob[] = []
  for (const { number, path, pilots, text } of scripts) {
    writeDurably(path, text)
    const job = { id: await submitScript(path), script: number, pilots, submitted: Date.now() }
    addJob(sweepFolder, job)
    jobs.push(job)
  }
  return jobs
}

/** Pilots that Slurm has of this sweep already, where it says so. */
export async function pilotsInQueue(sweepFolder: string): Promise<number> {
  const queued = await queuedPilots(jobNumbers(sweepFolder))
  return queued === undefined ? 0 : queued.waiting + queued.running
}
