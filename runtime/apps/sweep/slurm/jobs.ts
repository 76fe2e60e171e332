// Which jobs of Slurm were submitted for a sweep, in `slurm/` of its folder: `jobs.json`, what pilots
// submitted again, and that no pilot of a script is to begin any more, which holds also where Slurm cannot be
// told.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunError } from '../../../platform/errors.js'
import { writeDurably } from '../../../platform/files/durable.js'
import { namesIn, readStoredJson } from '../../../platform/files/stored-file.js'
import { list, matching, object, whole } from '../../../platform/forms/json-form.js'
import { slurmFolder } from './batch-script.js'

export interface SubmittedJob {
  /** Slurm's number of the array. */
  readonly id: string
  /** Number of its script. */
  readonly script: number
  readonly pilots: number
  /** Milliseconds since 1970. */
  readonly submitted: number
}

const jobsForm = object<{ readonly jobs: readonly SubmittedJob[] }>({
  jobs: list(
    object<SubmittedJob>({
      id: matching(/^[\w.-]+$/, 'number of a job'),
      script: whole,
      pilots: whole,
      submitted: whole,
    }),
  ),
})

/** Jobs in order; none where nothing was submitted. A damaged file counts as none: it is only a hint. */
export function readJobs(sweepFolder: string): readonly SubmittedJob[] {
  try {
    return readStoredJson(join(slurmFolder(sweepFolder), 'jobs.json'), jobsForm)?.jobs ?? []
  } catch (error) {
    if (error instanceof RunError) return []
    throw error
  }
}

export function addJob(sweepFolder: string, job: SubmittedJob): void {
  const jobs = [...readJobs(sweepFolder), job]
  writeDurably(
    join(slurmFolder(sweepFolder), 'jobs.json'),
    `${JSON.stringify({ format: 1, jobs }, undefined, 1)}\n`,
  )
}

/** A file of its own for each: pilots on many machines write them. */
export function addResubmitted(sweepFolder: string, script: number, job: string): void {
  writeFileSync(join(slurmFolder(sweepFolder), `${script}-${job}.resubmitted`), '')
}

/** Slurm's numbers of all jobs of a sweep, also of those that pilots submitted. */
export function jobNumbers(sweepFolder: string): readonly string[] {
  const again = scriptsIn(sweepFolder).flatMap((name) => /^\d+-(\d+)\.resubmitted$/.exec(name)?.[1] ?? [])
  return [...readJobs(sweepFolder).map(({ id }) => id), ...again]
}

/** Number of the next script. */
export function nextScript(sweepFolder: string): number {
  return 1 + Math.max(0, ...scriptsIn(sweepFolder).map((name) => Number(/^(\d+)\.sh$/.exec(name)?.[1] ?? 0)))
}

/** Has no pilot of the scripts that are there begin any more. */
export function closeScripts(sweepFolder: string): void {
  for (const name of scriptsIn(sweepFolder)) {
    const number = /^(\d+)\.sh$/.exec(name)?.[1]
    if (number !== undefined) writeFileSync(join(slurmFolder(sweepFolder), `${number}.stopped`), '')
  }
}

export function isClosed(sweepFolder: string, script: number): boolean {
  return existsSync(join(slurmFolder(sweepFolder), `${script}.stopped`))
}

export function makeSlurmFolder(sweepFolder: string): void {
  mkdirSync(slurmFolder(sweepFolder), { recursive: true })
}

function scriptsIn(sweepFolder: string): readonly string[] {
  return namesIn(slurmFolder(sweepFolder))
}
