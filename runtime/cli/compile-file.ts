// Compiling a file for a command: the disk as host, diagnostics to standard error or as data, and the exit
// code.
import { resolve } from 'node:path'
import {
  type CheckResult,
  type CompileOptions,
  type CompileResult,
  checkExperiment,
  compileDataset,
  compileExperiment,
  type LoweredDataset,
  mostAsData,
  type Plan,
  renderDiagnostics,
  renderJson,
} from '../../compiler/index.js'
import { nearestName } from '../../grammar/nearest-name.js'
import { diskHost } from '../data/host/shared-host.js'
import { answerText } from '../observe/text/json.js'
import { type ExitCode, exitCodes, RunError } from '../platform/errors.js'
import { styled } from '../platform/texts/terminal.js'
import type { Context } from './context.js'
import type { OptionsOf } from './flag.js'
import type { flags } from './flags.js'

export { diskHost }

/** Flags that compiling a file looks at, as far as a command has them. */
type CompileFlags = OptionsOf<(typeof flags)['seed' | 'format' | 'quiet']>

/** An experiment without errors. */
export interface CompiledFile {
  readonly plan: Plan
  readonly planHash: string
  /** Absolute paths of each source of the Plan. */
  readonly locations: readonly (readonly string[])[]
  /** The texts that were compiled, the experiment first. */
  readonly texts: readonly { readonly path: string; readonly text: string }[]
  readonly result: CompileResult
}

export function checkFile(
  file: string,
  settings: ReadonlyMap<string, string>,
  options: CompileFlags,
  context: Context,
): CheckResult {
  return checkExperiment(diskHost(), compileOptions(file, settings, options, context))
}

/**
 * Compiles and shows the diagnostics, warnings too. Returns the exit code where there are errors.
 * With `--format json` the diagnostics of a failure are the answer on standard output.
 */
export function compileFile(
  file: string,
  settings: ReadonlyMap<string, string>,
  options: CompileFlags,
  context: Context,
): CompiledFile | ExitCode {
  const result = compileExperiment(diskHost(), compileOptions(file, settings, options, context))
  const { plan, hash, locations } = result
  const isDone = plan !== undefined && hash !== undefined && locations !== undefined
  if (!isDone && options.format === 'json') context.out(diagnosticsText(result, context))
  else showDiagnostics(result, options, context)
  if (!isDone) return result.exitCode
  return {
    plan,
    planHash: hash,
    locations: plan.sources.map((_, position) => locations[position] ?? []),
    texts: [...result.sources].map(([path, text]) => ({ path, text })),
    result,
  }
}

/**
 * Lowers one dataset that a file declares. Returns the exit code where the file has errors.
 * @throws RunError SAU7855 where it declares no dataset of this name.
 */
export function compileDatasetOf(
  file: string,
  name: string,
  settings: ReadonlyMap<string, string>,
  options: CompileFlags,
  context: Context,
): LoweredDataset | ExitCode {
  const result = compileDataset(diskHost(), compileOptions(file, settings, options, context), name)
  // What a file leaves unused is no matter here.
  showDiagnostics(result, { ...options, quiet: true }, context)
  if (result.exitCode !== 0) return result.exitCode
  if (result.dataset !== undefined) return result.dataset
  const nearest = nearestName(name, result.names)
  const list = result.names.length === 0 ? 'it declares none' : `it declares ${result.names.join(', ')}`
  throw new RunError(
    'SAU7855',
    `${file} declares no dataset \`${name}\``,
    nearest === undefined ? list : `did you mean \`${nearest}\`? ${list}`,
    exitCodes.usage,
  )
}

/** What a file is compiled with: its params and seed as they were typed, paths from the working folder. */
export function compileOptions(
  file: string,
  settings: ReadonlyMap<string, string>,
  options: CompileFlags,
  context: Context,
): CompileOptions {
  return {
    file: resolve(context.workingFolder, file),
    cwd: context.workingFolder,
    set: Object.fromEntries(settings),
    seed: options.seed,
  }
}

/** Diagnostics as people read them, on standard error; warnings are left out with `--quiet`. */
export function showDiagnostics(
  result: CheckResult,
  options: OptionsOf<typeof flags.quiet>,
  context: Context,
): void {
  const shown = result.diagnostics.filter(({ severity }) => severity === 'error' || options.quiet !== true)
  if (shown.length === 0) return
  const text = renderDiagnostics(shown, {
    sources: result.sources,
    showPath: (path) => diskHost().relative(context.workingFolder, path),
    color: context.noteColour,
    style: styled,
    ...(context.noteColumns === undefined ? {} : { width: context.noteColumns }),
  })
  context.note(`${text}\n${countText(result)}\n`)
}

/** `2 errors, 1 warning`. */
export function countText({ diagnostics }: Pick<CheckResult, 'diagnostics'>): string {
  const count = (severity: 'error' | 'warning'): string => {
    const found = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return found === 0 ? '' : `${found} ${severity}${found === 1 ? '' : 's'}`
  }
  return [count('error'), count('warning')].filter((text) => text !== '').join(', ')
}

/** Diagnostics of one file as data. */
export function diagnosticsData(file: string, result: CheckResult, context: Context): object {
  return {
    file,
    exitCode: result.exitCode,
    ...leftOutOf(result.diagnostics),
    diagnostics: renderJson(result.diagnostics, result.sources, (path) =>
      diskHost().relative(context.workingFolder, path),
    ),
  }
}

/** `{ leftOut: 7000 }`: how many diagnostics an answer as data does not list; nothing where it lists all. */
export function leftOutOf(diagnostics: readonly unknown[]): { readonly leftOut?: number } {
  return diagnostics.length > mostAsData ? { leftOut: diagnostics.length - mostAsData } : {}
}

function diagnosticsText(result: CheckResult, context: Context): string {
  const [entry] = result.sources.keys()
  const file = entry === undefined ? '' : diskHost().relative(context.workingFolder, entry)
  return answerText(diagnosticsData(file, result, context))
}
