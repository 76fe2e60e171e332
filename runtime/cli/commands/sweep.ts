// `saurun sweep FILE --dry-run`: which instances a sweep file names, what they would take, and what is done already.
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
import { type ExitCode, exitCodes } from '../../errors.js'
import { answerText } from '../../output/json.js'
import { sweepText } from '../../output/sweep-text.js'
import { listRuns, runsRoot } from '../../run-folder/folder.js'
import { listSweep } from '../../sweep/dry-run.js'
import { createEstimator, type RunEstimate, type Shape } from '../../sweep/estimates.js'
import { finishedRuns } from '../../sweep/finished-runs.js'
import { knownSpeeds, timedSpeeds } from '../../sweep/speeds.js'
import type { CommandBody } from '../command-table.js'
import { countText, diskHost } from '../compile-file.js'
import type { Context } from '../context.js'
import type { Options } from '../options.js'
import { UsageError } from '../parser.js'
import { runSettings, wordsOf } from '../settings.js'

export const runSweep: CommandBody = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  const [file] = files
  if (file === undefined || files.length > 1) {
    throw new UsageError(
      file === undefined ? 'missing the sweep file' : `one sweep at a time: ${files.join(', ')}`,
      'write `saurun sweep FILE --dry-run`',
    )
  }
  if (options.dryRun !== true) {
    throw new UsageError(
      'sweeps cannot be run yet, only listed',
      'write `saurun sweep FILE --dry-run`; each line can be run with `saurun FILE name=value ...`',
    )
  }
  const checked = checkSweep(file, settings, options, context)
  if (typeof checked === 'number') return checked
  const { sweep, expansion, compiled, shapes } = checked
  const finished = finishedRuns(listRuns(runsRoot(options.runs, context.environment)))
  const speeds =
    options.time === true
      ? await timedSpeeds(shapes, runSettings(options))
      : knownSpeeds(shapes, finished.values())
  const listing = listSweep(sweep, expansion, compiled.instances, speeds, finished)
  const showPath = (path: string): string => diskHost().relative(context.workingFolder, path)
  if (options.json === true) context.out(answerText(listing))
  else context.out(sweepText(listing, { paint: context.outPalette, quiet: options.quiet === true, showPath }))
  return exitCodes.done
}

/** A sweep whose instances all compile. */
export interface CheckedSweep {
  readonly sweep: Sweep
  readonly expansion: Expansion
  readonly compiled: CompiledSweep<RunEstimate>
  /** Sizes of the instances, which `RunEstimate.shape` counts. */
  readonly shapes: readonly Shape[]
}

/** Reads a sweep file and compiles every instance; shows all diagnostics. An exit code where there are errors. */
export function checkSweep(
  file: string,
  settings: ReadonlyMap<string, string>,
  options: Options,
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
    (plan, _, { locations = {} }) => estimator.estimate(plan, locations),
    instancesOf({ ...sweep, seeds: sweep.seeds.slice(0, 1) }, searchEdges(sweep)),
  )
  const shown = {
    diagnostics: [...diagnostics, ...compiled.diagnostics],
    sources: new Map([...sources, ...compiled.sources]),
    host,
  }
  show(shown, compiled.exitCode, options, context)
  if (compiled.exitCode !== 0) return compiled.exitCode
  return { sweep, expansion, compiled, shapes: estimator.shapes }
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
  options: Options,
  context: Context,
): void {
  const showPath = (path: string): string => host.relative(context.workingFolder, path)
  if (exitCode !== 0 && options.json === true) {
    context.out(answerText({ exitCode, diagnostics: renderJson(diagnostics, sources, showPath) }))
    return
  }
  const shown = diagnostics.filter(({ severity }) => severity === 'error' || options.quiet !== true)
  if (shown.length === 0) return
  const text = renderDiagnostics(shown, {
    sources,
    showPath,
    color: context.noteColour,
    ...(context.noteColumns === undefined ? {} : { width: context.noteColumns }),
  })
  context.note(`${text}\n${countText({ diagnostics })}\n`)
}
