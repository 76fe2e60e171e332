// `saurun sweep FILE`: runs the instances that a sweep file names; with `--dry-run` lists them.
import { resolve } from 'node:path'
import { type Diagnostic, type Host, renderDiagnostics, renderJson } from '../../../compiler/index.js'
import {
  type CompiledSweep,
  compileInstances,
  type Expansion,
  instancesOf,
  readSweep,
  type Sweep,
  searchEdges,
} from '../../../compiler/sweep/index.js'
import { listSweep } from '../../apps/sweep/dry-run.js'
import { createEstimator, type RunEstimate, type Shape } from '../../apps/sweep/estimates.js'
import { finishedRuns } from '../../apps/sweep/finished-runs.js'
import { isSweepFolder, sweepFolderOf, sweepRuns } from '../../apps/sweep/folder.js'
import { prepareSweep } from '../../apps/sweep/prepare-sweep.js'
import { knownSpeeds, timedSpeeds } from '../../apps/sweep/speeds.js'
import { hasLocalPool, startPool } from '../../apps/sweep/start-pool.js'
import { answerText } from '../../observe/text/json.js'
import { sweepText } from '../../observe/text/sweep-text.js'
import { type ExitCode, exitCodes } from '../../platform/errors.js'
import { styled } from '../../platform/texts/terminal.js'
import { listRuns, runsRoot } from '../../run/folder/folder.js'
import { countText, diskHost, leftOutOf } from '../compile-file.js'
import type { Context } from '../context.js'
import type { CommandBody, Options } from '../declaration.js'
import type { sweep as sweepCommand } from '../declared/sweeps.js'
import { UsageError } from '../parser.js'
import { runSettings, wordsOf } from '../settings.js'
import { shownSweep, watchSweep } from '../sweep-watch.js'
import { shownFolder } from '../watch.js'
import { checkClusterFlags, sweepOn } from './sweep-on.js'

type SweepOptions = Options<typeof sweepCommand>

export const runSweep: CommandBody<typeof sweepCommand> = async (words, options, context) => {
  checkClusterFlags(options)
  const { files, settings } = wordsOf(words, options)
  const [file] = files
  if (file === undefined || files.length > 1) {
    throw new UsageError(
      file === undefined ? 'missing the sweep file' : `one sweep at a time: ${files.join(', ')}`,
      'write `saurun sweep FILE`, or `saurun sweep status|stop|report SWEEP`',
    )
  }
  const checked = checkSweep(file, settings, options, context)
  if (typeof checked === 'number') return checked
  if (options.on === 'slurm' || options.on === 'k8s') {
    const { expansion, compiled, sweep } = checked
    const cluster = {
      sweepFolder: sweepFolderOf(options.runs, file, options.name),
      runs: compiled.instances.length + expansion.open * Math.max(1, sweep.seeds.length),
      freeze: () => void freeze(file, settings, checked, options, context),
    }
    return await sweepOn(cluster, options, context)
  }
  if (options.dryRun === true) return await list(checked, options, context)
  return await run(file, settings, checked, options, context)
}

/** What a sweep would do. */
async function list(checked: CheckedSweep, options: SweepOptions, context: Context): Promise<ExitCode> {
  const { sweep, expansion, compiled, shapes } = checked
  const root = runsRoot(options.runs, context.environment)
  const own = sweepFolderOf(options.runs, sweep.file, options.name)
  const finished = finishedRuns([...listRuns(root), ...(isSweepFolder(own) ? sweepRuns(own) : [])])
  const speeds =
    options.time === ''
      ? await timedSpeeds(shapes, runSettings(options))
      : knownSpeeds(shapes, finished.values())
  const listing = listSweep(sweep, expansion, compiled.instances, speeds, finished)
  const showPath = (path: string): string => diskHost().relative(context.workingFolder, path)
  if (options.json === true) context.out(answerText(listing))
  else context.out(sweepText(listing, { paint: context.outPalette, quiet: options.quiet === true, showPath }))
  return exitCodes.done
}

/** Starts the sweep's pool, or finds the one that works on it, and watches. */
async function run(
  file: string,
  settings: ReadonlyMap<string, string>,
  checked: CheckedSweep,
  options: SweepOptions,
  context: Context,
): Promise<number> {
  const { sweep, expansion, compiled } = checked
  const { sweepFolder, goesOn } = freeze(file, settings, checked, options, context)
  if (!hasLocalPool(sweepFolder)) {
    const failure = await startPool(sweepFolder)
    if (failure !== undefined) {
      context.note(`error: ${failure}\n`)
      return exitCodes.failed
    }
  }
  if (options.quiet !== true && options.json !== true) {
    const shown = shownFolder(sweepFolder, context)
    context.note(`sweep      ${shown}${goesOn ? ', which goes on' : ''}\n`)
  }
  const expected = compiled.instances.length + expansion.open * Math.max(1, sweep.seeds.length)
  if (options.detach === true) {
    context.out(`${sweepFolder}\n`)
    return exitCodes.done
  }
  return await watchSweep(sweepFolder, shownSweep(sweep, context.workingFolder, expected), options, context)
}

/** Puts the sweep as it is now into its folder. @throws RunError SAU8060 where that holds another one. */
function freeze(
  file: string,
  settings: ReadonlyMap<string, string>,
  { sweep, text, compiled }: CheckedSweep,
  options: SweepOptions,
  context: Context,
): { readonly sweepFolder: string; readonly goesOn: boolean } {
  const sweepFolder = sweepFolderOf(options.runs, file, options.name)
  const goesOn = prepareSweep(sweepFolder, {
    sweep,
    instances: compiled.instances,
    texts: new Map([[sweep.file, text], ...compiled.sources]),
    cwd: context.workingFolder,
    set: Object.fromEntries(settings),
    settings: runSettings(options),
  })
  return { sweepFolder, goesOn }
}

/** A sweep whose instances all compile. */
export interface CheckedSweep {
  readonly sweep: Sweep
  /** Of the sweep file. */
  readonly text: string
  readonly expansion: Expansion
  readonly compiled: CompiledSweep<RunEstimate & { readonly epochs: number }>
  /** Sizes of the instances, which `RunEstimate.shape` counts. */
  readonly shapes: readonly Shape[]
}

/**
 * Reads a sweep file and compiles every instance; shows all diagnostics. An exit code where there are errors.
 */
export function checkSweep(
  file: string,
  settings: ReadonlyMap<string, string>,
  options: SweepOptions,
  context: Context,
): CheckedSweep | ExitCode {
  const host = diskHost()
  const cwd = context.workingFolder
  const set = Object.fromEntries(settings)
  const { sweep, expansion, diagnostics, sources } = readSweep(host, { file: resolve(cwd, file), cwd, set })
  if (sweep === undefined || expansion === undefined) {
    show({ diagnostics, sources, host }, exitCodes.doesNotCompile, options, context)
    return exitCodes.doesNotCompile
  }
  const estimator = createEstimator()
  const compiled = compileInstances(
    host,
    sweep,
    cwd,
    instancesOf(sweep, expansion.settings),
    (plan, _, { locations = {} }) => ({
      ...estimator.estimate(plan, locations),
      epochs: plan.train.epochs,
    }),
    instancesOf({ ...sweep, seeds: sweep.seeds.slice(0, 1) }, searchEdges(sweep)),
  )
  const shown = {
    diagnostics: [...diagnostics, ...compiled.diagnostics],
    sources: new Map([...sources, ...compiled.sources]),
    host,
  }
  show(shown, compiled.exitCode, options, context)
  if (compiled.exitCode !== 0) return compiled.exitCode
  const text = sources.get(sweep.file) ?? ''
  return { sweep, text, expansion, compiled, shapes: estimator.shapes }
}

/** Diagnostics on standard error; of a failure with `--json`, as the answer. */
function show(
  {
    diagnostics,
    sources,
    host,
  }: {
    readonly diagnostics: readonly Diagnostic[]
    readonly sources: ReadonlyMap<string, string>
    readonly host: Host
  },
  exitCode: ExitCode,
  options: SweepOptions,
  context: Context,
): void {
  const showPath = (path: string): string => host.relative(context.workingFolder, path)
  if (exitCode !== 0 && options.json === true) {
    context.out(
      answerText({
        exitCode,
        ...leftOutOf(diagnostics),
        diagnostics: renderJson(diagnostics, sources, showPath),
      }),
    )
    return
  }
  const shown = diagnostics.filter(({ severity }) => severity === 'error' || options.quiet !== true)
  if (shown.length === 0) return
  const text = renderDiagnostics(shown, {
    sources,
    showPath,
    color: context.noteColour,
    style: styled,
    ...(context.noteColumns === undefined ? {} : { width: context.noteColumns }),
  })
  context.note(`${text}\n${countText({ diagnostics })}\n`)
}
