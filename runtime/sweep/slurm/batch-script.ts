// The batch script of an array of pilots, and how many arrays it takes. The script names programs and folders absolutely and
// becomes the pilot's process by `exec`, so that the signals of Slurm reach it.
import { join } from 'node:path'

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

export function batchScript(script: BatchScript): string {
  const { number, sweepFolder, name, node, pilot, chunk, request, isArray } = script
  const { partition, time, gpus, cpus, memory, more } = request
  const limit = chunk.parallel === undefined ? '' : `%${chunk.parallel}`
  const options = [
    `--job-name=${name.replace(/[^\w.-]/g, '_')}`,
    ...(isArray ? [`--array=0-${chunk.pilots - 1}${limit}`] : []),
    '--nodes=1',
    '--ntasks=1',
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(gpus === undefined ? [] : [`--gpus=${gpus}`]),
    ...(cpus === undefined ? [] : [`--cpus-per-task=${cpus}`]),
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
    '--requeue',
    `--signal=B:USR2@${warningSeconds}`,
    '--open-mode=append',
    // Slurm reads % in a path as a placeholder, and %% as the sign.
    `--output=${slurmFolder(sweepFolder).replaceAll('%', '%%')}/${isArray ? '%A_%a' : '%j'}.log`,
    ...more,
  ]
  const words = [node, pilot, sweepFolder, String(number), String(Math.max(1, gpus ?? 1))]
  return [
    '#!/bin/bash',
    ...options.map((option) => `#SBATCH ${directive(option)}`),
    '',
    '# A pilot of a sweep: takes runs from its folder until none is left.',
    `exec ${words.map(quoted).join(' ')}`,
    '',
  ].join('\n')
}

/**
 * Splits pilots into arrays that the site takes, and shares what may run at a time among them, at least one each.
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

/** sbatch splits its own lines into words as a shell does. */
function directive(option: string): string {
  const equals = option.indexOf('=')
  if (equals < 0 || !/[\s'"\\#]/.test(option)) return option
  return `${option.slice(0, equals + 1)}"${option.slice(equals + 1).replace(/(["\\])/g, '\\$1')}"`
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
