// `saurun sweep FILE --on slurm|k8s`: the pilots of a sweep on a cluster. Freezes the sweep as a local start
// does, hands it over and returns; with `--dry-run` shows what would be handed over.
import { join } from 'node:path'
import { printable } from '../../../grammar/printable.js'
import { isSweepFolder } from '../../apps/sweep/folder.js'
import { jobManifest } from '../../apps/sweep/k8s/job-manifest.js'
import { closeScripts, jobNumbers, readJobs } from '../../apps/sweep/slurm/jobs.js'
import { cancelPending, queuedPilots } from '../../apps/sweep/slurm/programs.js'
import {
  defaultPilots,
  isOpenState,
  pilotsInQueue,
  prepareScripts,
  submitScripts,
} from '../../apps/sweep/slurm/submit.js'
import { sweepReader } from '../../apps/sweep/state.js'
import { eventLine } from '../../observe/text/json.js'
import { type ExitCode, exitCodes } from '../../platform/errors.js'
import { writeDurably } from '../../platform/files/durable.js'
import { manifestText } from '../../platform/texts/kubernetes.js'
import { runsRoot } from '../../run/folder/folder.js'
import type { Context } from '../context.js'
import type { Options } from '../declaration.js'
import type { sweep } from '../declared/sweeps.js'
import { UsageError } from '../parser.js'
import { shownFolder } from '../watch.js'

type SweepOptions = Options<typeof sweep>

/** A sweep that is checked, and not yet frozen. */
export interface ClusterSweep {
  readonly sweepFolder: string
  /** Runs in all, with those that a search has still to choose. */
  readonly runs: number
  /** Writes the sweep's folder, or checks that it is this sweep's. */
  readonly freeze: () => void
}

const clusterFlags = [
  ['partition', '--partition'],
  ['gpus', '--gpus'],
  ['cpus', '--cpus'],
  ['mem', '--mem'],
  ['pilots', '--pilots'],
  ['arrayParallel', '--array-parallel'],
  ['slurmArg', '--slurm-arg'],
  ['image', '--image'],
  ['volumeClaim', '--volume-claim'],
] as const satisfies readonly (readonly [keyof SweepOptions, string])[]

const onlySlurm = ['--partition', '--slurm-arg']
const onlyK8s = ['--image', '--volume-claim']

/** @throws UsageError for flags that mean something elsewhere only. */
export function checkClusterFlags(options: SweepOptions): void {
  const given = clusterFlags.filter(([name]) => options[name] !== undefined).map(([, flag]) => flag)
  const limit = options.time !== undefined && options.time !== '' ? ['--time'] : []
  const wrong =
    options.on === 'slurm'
      ? given.find((flag) => onlyK8s.includes(flag))
      : options.on === 'k8s'
        ? [...given, ...limit].find((flag) => onlySlurm.includes(flag) || flag === '--time')
        : [...given, ...limit][0]
  if (wrong !== undefined) {
    throw new UsageError(
      wrong === '--time'
        ? '`--time` with a limit is for jobs of Slurm'
        : `\`${wrong}\` is for ${onlySlurm.includes(wrong) ? 'jobs of Slurm' : onlyK8s.includes(wrong) ? 'Kubernetes' : 'clusters'}`,
      `leave it out, or add \`--on ${onlyK8s.includes(wrong) ? 'k8s' : 'slurm'}\``,
    )
  }
}

/**
 * Hands the sweep over. @throws RunError SAU8080, SAU8081 of Slurm; UsageError for flags that are missing.
 */
export async function sweepOn(
  sweep: ClusterSweep,
  options: SweepOptions,
  context: Context,
): Promise<ExitCode> {
  return options.on === 'k8s' ? onK8s(sweep, options, context) : await onSlurm(sweep, options, context)
}

async function onSlurm(sweep: ClusterSweep, options: SweepOptions, context: Context): Promise<ExitCode> {
  const { sweepFolder } = sweep
  const isDry = options.dryRun === true
  if (!isDry) sweep.freeze()
  const queued = isDry ? 0 : await pilotsInQueue(sweepFolder)
  const wanted = pilotCount(sweep, options)
  const shown = shownFolder(sweepFolder, context)
  if (wanted <= queued) {
    context.note(
      wanted === 0
        ? `no run of ${shown} is left to do\n`
        : `${shown} has ${queued} pilots in the queue already; nothing is submitted\n`,
    )
    return exitCodes.done
  }
  const scripts = await prepareScripts({
    sweepFolder,
    pilots: wanted - queued,
    parallel: options.arrayParallel,
    slurm: {
      ...(options.partition === undefined ? {} : { partition: options.partition }),
      ...(options.time === undefined || options.time === '' ? {} : { time: options.time }),
      ...(options.gpus === undefined ? {} : { gpus: options.gpus }),
      ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
      ...(options.mem === undefined ? {} : { memory: options.mem }),
      more: options.slurmArg ?? [],
    },
  })
  if (isDry) {
    for (const { path, text } of scripts) context.out(`# ${printable(path)}\n${text}\n`)
    return exitCodes.done
  }
  const jobs = await submitScripts(sweepFolder, scripts)
  if (options.json === true) context.out(eventLine({ sweep: sweepFolder, jobs }))
  else context.out(jobs.map(({ id, pilots }) => `${id}  ${pilots} pilots\n`).join(''))
  if (options.quiet !== true) {
    context.note(
      `submitted ${shown}\n  \`saurun sweep status ${shown}\` says how it is, \`saurun sweep stop ${shown}\` stops it\n`,
    )
  }
  return exitCodes.done
}

/**
 * The manifest on standard output; without `--dry-run` the sweep's folder is made too, and the manifest kept
 * in it.
 */
function onK8s(sweep: ClusterSweep, options: SweepOptions, context: Context): ExitCode {
  const { image, volumeClaim } = options
  if (image === undefined || volumeClaim === undefined) {
    throw new UsageError(
      `\`--on k8s\` needs \`${image === undefined ? '--image' : '--volume-claim'}\``,
      'name an image that has saurun in it, and the claim of the volume that the folder of runs lies on',
    )
  }
  const { sweepFolder } = sweep
  if (options.dryRun !== true) sweep.freeze()
  const pilots = pilotCount(sweep, options)
  if (pilots === 0) {
    context.note(`no run of ${shownFolder(sweepFolder, context)} is left to do\n`)
    return exitCodes.done
  }
  const manifest = jobManifest({
    name: sweepFolder.split(/[/\\]/).at(-1) ?? 'sweep',
    sweepFolder,
    mountPath: runsRoot(options.runs, context.environment),
    image,
    volumeClaim,
    pilots,
    parallel: options.arrayParallel,
    gpus: options.gpus,
    cpus: options.cpus,
    memory: options.mem,
  })
  const text = manifestText(manifest)
  if (options.dryRun !== true) {
    const path = join(sweepFolder, 'k8s-job.json')
    writeDurably(path, text)
    context.note(`nothing is submitted; the manifest is ${path}, for \`kubectl apply -f\`\n`)
  }
  context.out(text)
  return exitCodes.done
}

function pilotCount({ sweepFolder, runs }: ClusterSweep, options: SweepOptions): number {
  let open = runs
  if (isSweepFolder(sweepFolder)) {
    const { instances } = sweepReader(sweepFolder).read()
    open = Math.max(0, runs - instances.filter(({ state }) => !isOpenState(state)).length)
  }
  return Math.min(open, options.pilots ?? defaultPilots)
}

/**
 * Has no pilot begin any more. @returns how many jobs it has in Slurm, waiting ones cancelled; running ones
 * read the sweep's commands
 */
export async function stopJobs(sweepFolder: string): Promise<number> {
  const jobs = jobNumbers(sweepFolder)
  if (jobs.length === 0) return 0
  closeScripts(sweepFolder)
  const queued = await queuedPilots(jobs)
  await cancelPending(jobs)
  return queued?.waiting ?? 0
}

/** What Slurm says of the sweep's jobs, as a line for `sweep status`; undefined where there are none. */
export async function jobsLine(sweepFolder: string): Promise<string | undefined> {
  const jobs = jobNumbers(sweepFolder)
  if (jobs.length === 0) return undefined
  const queued = await queuedPilots(jobs)
  const last = readJobs(sweepFolder).at(-1)?.id ?? jobs.at(-1)
  const says =
    queued === undefined
      ? 'squeue is not here'
      : `Slurm says ${queued.running} pilots run and ${queued.waiting} wait`
  return `jobs       ${jobs.length}, the last ${last}: ${says}\n`
}
