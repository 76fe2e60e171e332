// The batch script of an array of pilots, and how many arrays it takes. The script names programs and folders
// absolutely and becomes the pilot's process by `exec`, so that the signals of Slurm reach it.
import { join } from 'node:path'
import { sbatchLine } from '../../../platform/texts/batch-script.js'
import { commandLine } from '../../../platform/texts/shell.js'

/** What is asked of Slurm for each pilot; what is left out is the site's default. */
export interface SlurmRequest {
  readonly partition?: string
  /** As sbatch reads it: minutes, or days-hours:minutes:seconds. */
  readonly time?: string
  readonly gpus?: number
  readonly cpus?: number
  /** As sbatch reads it, such as 8G. */
  readonly memory?: string
  /** Further options of sbatch, each one word such as `--account=vision`. */
  readonly more: readonly string[]
}

/** One array: indices from 0, and how many may run at a time. */
export interface ArrayChunk {
  readonly pilots: number
  readonly parallel: number | undefined
}

export interface BatchScript {
  /** Number of the script in the sweep folder, from 1. */
  readonly number: number
  readonly sweepFolder: string
  readonly name: string
  /** Absolute paths of Node and of the entry of pilots. */
  readonly node: string
  readonly pilot: string
  readonly chunk: ArrayChunk
  readonly request: SlurmRequest
  /** False where the site has no arrays: then there is one pilot. */
  readonly isArray: boolean
}

/** Seconds before the time limit at which a pilot is told to checkpoint. */
export const warningSeconds = 60

/** Folder of scripts, job numbers and output inside a sweep folder. */
export function slurmFolder(sweepFolder: string): string {
  return join(sweepFolder, 'slurm')
}

export function scriptPath(sweepFolder: string, number: number): string {
  return join(slurmFolder(sweepFolder), `${number}.sh`)
}

/** @throws RunError SAU8220 for a word that no such line can hold */
export function batchScript(script: BatchScript): string {
  const { number, sweepFolder, name, node, pilot, chunk, request, isArray } = script
  const { partition, time, gpus, cpus, memory, more } = request
  // A folder that stands in the script has to be whole there.
  const place = "the sweep's folder"
  const limit = chunk.parallel === undefined ? '' : `%${chunk.parallel}`
  const options: readonly (readonly [option: string, flag: string])[] = [
    [`--job-name=${name.replace(/[^\w.-]/g, '_')}`, place],
    ...(isArray ? [[`--array=0-${chunk.pilots - 1}${limit}`, '--array-parallel'] as const] : []),
    ['--nodes=1', ''],
    ['--ntasks=1', ''],
    ...(partition === undefined ? [] : [[`--partition=${partition}`, '--partition'] as const]),
    ...(time === undefined ? [] : [[`--time=${time}`, '--time'] as const]),
    ...(gpus === undefined ? [] : [[`--gpus=${gpus}`, '--gpus'] as const]),
    ...(cpus === undefined ? [] : [[`--cpus-per-task=${cpus}`, '--cpus'] as const]),
    ...(memory === undefined ? [] : [[`--mem=${memory}`, '--mem'] as const]),
    ['--requeue', ''],
    [`--signal=B:USR2@${warningSeconds}`, ''],
    ['--open-mode=append', ''],
    // Slurm reads % in a path as a placeholder, and %% as the sign.
    [`--output=${slurmFolder(sweepFolder).replaceAll('%', '%%')}/${isArray ? '%A_%a' : '%j'}.log`, place],
    ...more.map((option) => [option, '--slurm-arg'] as const),
  ]
  const words = [node, pilot, sweepFolder, String(number), String(Math.max(1, gpus ?? 1))]
  return [
    '#!/bin/bash',
    ...options.map(([option, flag]) => sbatchLine(option, flag)),
    '',
    '# A pilot of a sweep: takes runs from its folder until none is left.',
    `exec ${commandLine(words)}`,
    '',
  ].join('\n')
}

/**
 * Splits pilots into arrays that the site takes, and shares what may run at a time among them, at least one
 * each.
 * @param largest the site's MaxArraySize; 0 and 1 mean one pilot a job
 */
export function arrayChunks(
  pilots: number,
  largest: number,
  parallel: number | undefined,
): readonly ArrayChunk[] {
  const size = Math.max(1, largest)
  const count = Math.ceil(pilots / size)
  return Array.from({ length: count }, (_, position) => {
    const rest =
      parallel === undefined ? 0 : Math.floor(parallel / count) + (position < parallel % count ? 1 : 0)
    return {
      pilots: Math.min(size, pilots - position * size),
      parallel: parallel === undefined ? undefined : Math.max(1, rest),
    }
  })
}
