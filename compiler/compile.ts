// The whole way from a file to a Plan, in two depths: `checkExperiment` finds every error,
// `compileExperiment` also lowers.
import type { Span } from '../grammar/syntax.js'
import { type CheckedProgram, checkProgram } from './checking/check.js'
import { type DeclaredType, describeDeclarations } from './checking/declared-types.js'
import { describeTemplate, type Template } from './checking/template.js'
import type { Diagnostic } from './diagnostics/diagnostic.js'
import { createReporter, labelled, type Reporter } from './diagnostics/reporter.js'
import type { Host, UnreadText } from './host.js'
import {
  datasetNames,
  type LoweredDataset,
  type LoweredDatasets,
  lowerDataset,
  lowerDatasets,
} from './lowering/datasets.js'
import { lowerProgram } from './lowering/plan.js'
import { type LoadedFile, loadFiles, reportUnread } from './modules/load.js'
import { collectProgram } from './names/program.js'
import { fileHelp } from './paths/file-help.js'
import { planHash } from './plan/hash.js'
import type { Plan } from './plan/plan.js'

export interface CompileOptions {
  /** The `.sau` file, absolute. */
  readonly file: string
  /** Where relative paths of `--set` values start, absolute. */
  readonly cwd: string
  /** Values of params by name, as they are typed: `{ depth: '8' }`. */
  readonly set?: Readonly<Record<string, string>>
  /** Replaces `train.seed`. */
  readonly seed?: number | undefined
}

export interface CheckResult {
  /** Errors of the file first, then errors of settings, then warnings. */
  readonly diagnostics: readonly Diagnostic[]
  /** Texts of all files by absolute path, the entry first. */
  readonly sources: ReadonlyMap<string, string>
  /** Parsed files, the entry first; none where the entry could not be read. */
  readonly files: readonly LoadedFile[]
  /** Whether the file is a library: it has no `experiment` line. */
  readonly library: boolean
  /** The file is not there at all, or is not text. */
  readonly notFound: boolean
  /** Where it is there: why it is not read. */
  readonly unread?: UnreadText
  /** Exit code that the diagnostics ask for: 0, 3 (does not compile) or 4 (only the data is wrong). */
  readonly exitCode: 0 | 3 | 4
  /** Every declaration with its type, as far as it is known. */
  readonly types: readonly DeclaredType[]
}

export interface CompileResult extends CheckResult {
  /** There only where no error was found. */
  readonly plan?: Plan
  readonly hash?: string
  /** Absolute paths of each source of the Plan, by position. */
  readonly locations?: Readonly<Record<number, readonly string[]>>
}

/**
 * Finds everything that is wrong with an experiment or a library. Reads data headers through the host, hashes
 * only what an index file names.
 */
export function checkExperiment(host: Host, options: CompileOptions): CheckResult {
  return check(host, options).result
}

/** Checks an experiment and lowers it to its Plan. A library is an error here: there is nothing to run. */
export function compileExperiment(host: Host, options: CompileOptions): CompileResult {
  return lower(host, options, check(host, options))
}

/**
 * Compiles one file again and again with other values of its params. The file and what it imports are read
 * and parsed once; everything else is done for each call, so that the results are those of
 * `compileExperiment`.
 */
export function experimentCompiler(
  host: Host,
  file: string,
): (options: Omit<CompileOptions, 'file'>) => CompileResult {
  const reporter = createReporter()
  const files = loadFiles(host, file, reporter)
  const isSound = files && !('fault' in files) && reporter.finish(new Map()).length === 0
  return (given) => {
    const options = { ...given, file }
    return lower(host, options, check(host, options, isSound ? files : undefined))
  }
}

export interface TemplateResult extends CheckResult {
  /** None where the file is not there. */
  readonly template?: Template
}

/** Checks an experiment as far as its params go, and says which there are and what it measures. */
export function compileTemplate(host: Host, options: CompileOptions): TemplateResult {
  const { result, checked } = check(host, options)
  return { ...result, ...(checked && { template: describeTemplate(checked.compilation) }) }
}

function lower(
  host: Host,
  options: CompileOptions,
  { result, reporter, checked, fileOrder }: Checked,
): CompileResult {
  const [entry] = result.files
  if (result.library && entry && result.exitCode === 0) {
    const span: Span = entry.tree.version?.span ?? { start: 0, end: 0 }
    reporter.report('SAU2020', {
      gaps: { file: host.relative(options.cwd, entry.path) },
      labels: [labelled({ file: entry.path, span })],
    })
    const diagnostics = reporter.finish(fileOrder)
    return { ...result, diagnostics, exitCode: exitCodeOf(diagnostics) }
  }
  if (result.exitCode !== 0 || !checked) return result
  const lowered = lowerProgram(host, checked)
  if (!lowered) throw new Error('a program without errors could not be lowered')
  return { ...result, ...lowered, hash: planHash(lowered.plan) }
}

export interface DatasetResult extends CheckResult {
  /** There only where no error was found and the name is declared. */
  readonly dataset?: LoweredDataset
  /** Names of all declared datasets. */
  readonly names: readonly string[]
}

/**
 * Checks an experiment or a library and lowers one dataset that it declares, whether anything uses it or not.
 */
export function compileDataset(host: Host, options: CompileOptions, name: string): DatasetResult {
  const { result, checked } = check(host, options)
  if (!checked) return { ...result, names: [] }
  const { compilation } = checked
  const dataset = result.exitCode === 0 ? lowerDataset(host, compilation, name) : undefined
  return { ...result, names: datasetNames(compilation), ...(dataset && { dataset }) }
}

export interface DatasetsResult extends CheckResult {
  /** There only where no error was found. */
  readonly datasets?: LoweredDatasets
}

/** Checks an experiment or a library and lowers all datasets that it declares. */
export function compileDatasets(host: Host, options: CompileOptions): DatasetsResult {
  const { result, checked } = check(host, options)
  if (!checked || result.exitCode !== 0) return result
  return { ...result, datasets: lowerDatasets(host, checked.compilation) }
}

interface Checked {
  readonly result: CheckResult
  readonly reporter: Reporter
  readonly checked: CheckedProgram | undefined
  readonly fileOrder: ReadonlyMap<string, number>
}

/** @param loaded the files where they are known already, without any problem of form */
function check(host: Host, options: CompileOptions, loaded?: readonly LoadedFile[]): Checked {
  const reporter = createReporter()
  const files = loaded ?? loadFiles(host, options.file, reporter)
  if (!files || 'fault' in files) {
    const file = host.relative(options.cwd, options.file)
    if (files) reportUnread(reporter, file, files, [])
    else reporter.report('SAU2011', { gaps: { file }, labels: [], help: fileHelp(host, options, '.sau') })
    const diagnostics = reporter.finish(new Map())
    const nothing = { sources: new Map(), files: [], library: false, notFound: true, types: [] }
    return {
      result: { ...nothing, ...(files && { unread: files }), diagnostics, exitCode: 3 },
      reporter,
      checked: undefined,
      fileOrder: new Map(),
    }
  }
  const program = collectProgram(files, reporter)
  const checked = checkProgram(host, program, reporter, {
    settings: new Map(Object.entries(options.set ?? {})),
    workingFolder: options.cwd,
    seed: options.seed,
  })
  const fileOrder = new Map(files.map((file, position) => [file.path, position]))
  const diagnostics = reporter.finish(fileOrder)
  const result: CheckResult = {
    diagnostics,
    sources: new Map(files.map((file) => [file.path, file.text])),
    files,
    library: !program.experiment,
    notFound: false,
    exitCode: exitCodeOf(diagnostics),
    types: describeDeclarations(checked.compilation),
  }
  return { result, reporter, checked, fileOrder }
}

function exitCodeOf(diagnostics: readonly Diagnostic[]): 0 | 3 | 4 {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return 0
  return errors.every(({ about }) => about === 'data') ? 4 : 3
}
