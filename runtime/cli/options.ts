// All flags of all commands: one place for their names, forms and meanings.
import { availableParallelism } from 'node:os'
import { mostEpochs } from '../../compiler/functions/bounds.js'
import { largestSeed } from '../../compiler/plan/seeds.js'
import type { EngineChoice } from '../engines/select.js'
import type { ExportFormat } from '../export/export.js'

/** Flags as parsed; what was not given is undefined. */
export interface Options {
  readonly set?: readonly string[]
  readonly engine?: EngineChoice
  /** `parity` knows one more. */
  readonly engines?: Exclude<EngineChoice, 'auto'> | 'all'
  readonly runs?: string
  readonly seed?: number
  readonly plain?: boolean
  readonly json?: boolean
  readonly unicode?: boolean
  readonly resume?: string
  readonly workers?: number
  readonly threads?: number
  /** Bytes. */
  readonly dataMemory?: number
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly dryRun?: boolean
  readonly format?: 'text' | 'json'
  readonly emit?: EmitStage
  readonly output?: string
  readonly time?: boolean
  readonly layout?: 'NCHW' | 'NHWC'
  readonly entry?: string
  readonly gpu?: boolean
  readonly version?: string
  readonly wheel?: string
  readonly strict?: boolean
  readonly dataset?: string
  readonly directory?: string
  readonly from?: string
  readonly profile?: boolean
  readonly steps?: number
  readonly by?: string
  readonly metric?: readonly string[]
  readonly anonymous?: boolean
  readonly figures?: string
  readonly baseline?: string
  readonly csv?: boolean
  readonly latex?: boolean
  readonly markdown?: boolean
  readonly html?: boolean
  readonly open?: boolean
  readonly exportFormat?: ExportFormat
  readonly head?: string
  readonly top?: number
  readonly checkpoint?: 'last' | 'best'
  readonly on?: string
  readonly detach?: boolean
  readonly fork?: boolean
  readonly extend?: number
  readonly checkpointMinutes?: number
  readonly keep?: number
  readonly readonly?: boolean
  readonly follow?: boolean
  readonly process?: boolean
  readonly now?: boolean
  readonly all?: boolean
  readonly name?: string
  /** Of `sweep`: empty to time some steps, else the time limit of a job. */
  readonly measure?: string
  readonly partition?: string
  readonly gpus?: number
  readonly cpus?: number
  readonly mem?: string
  readonly arrayParallel?: number
  readonly pilots?: number
  readonly data?: readonly string[]
  readonly stopAtDifference?: boolean
  readonly views?: readonly string[]
  readonly images?: number
  readonly draws?: number
  readonly slurmArg?: readonly string[]
  readonly image?: string
  readonly volumeClaim?: string
}

/** Names of engines, best first; written out, for the modules that load them are not to be loaded for a flag. */
export const engineNames = [
  'tensorflow',
  'onnx',
  'tfjs',
  'reference',
] as const satisfies readonly EngineChoice[]

export const emitStages = [
  'tokens',
  'ast',
  'types',
  'plan',
  'graph',
  'dot',
  'onnx',
  'graphdef',
  'savedmodel',
] as const
export type EmitStage = (typeof emitStages)[number]

export interface Flag {
  /** As commander reads it: `-o, --output <file>`. */
  readonly flags: string
  /** Name of the field of `Options`. */
  readonly name: keyof Options
  readonly help: string
  readonly value?:
    | { readonly kind: 'text' }
    | { readonly kind: 'list' }
    /** Any words, one each time. */
    | { readonly kind: 'words' }
    /** A value only where the next word looks like one. */
    | { readonly kind: 'optional'; readonly form: RegExp }
    | { readonly kind: 'choice'; readonly choices: readonly string[] }
    /** A whole number; `most` is more than any run can want. */
    | { readonly kind: 'count'; readonly least: number; readonly most: number }
    /** `4GiB`, in bytes. */
    | { readonly kind: 'bytes'; readonly most: number }
  /** What a shell completes its value with, besides choices. */
  readonly completes?: Completes
}

/** What a word of a command line may be, for completing it. */
export type Completes =
  | 'experiments'
  | 'sweeps'
  | 'files'
  | 'folders'
  | 'wheels'
  | 'runs'
  /** Runs, those that go on first. */
  | 'running'
  /** Runs and experiments. */
  | 'plans'
  /** `name=value` */
  | 'settings'
  /** Names of params that runs have. */
  | 'params'
  /** `file:dataset` */
  | 'datasets'
  /** Behind `data get` names of published data sets, else experiments. */
  | 'data'
  /** Codes of diagnostics. */
  | 'codes'

/** `-o` and `--output`. */
export function flagNames(flag: Flag): readonly string[] {
  return flag.flags.match(/--?[a-z-]+/gi) ?? []
}

export function longName(flag: Flag): string {
  return flagNames(flag).find((name) => name.startsWith('--')) ?? flag.flags
}

const text = { kind: 'text' } as const

const minutesOfYear = 525_600

/** Each worker takes ten megabytes and a moment to start; four for a core are more than ever helps. */
const mostWorkers = Math.max(16, 4 * availableParallelism())

export const flags = {
  set: {
    flags: '--set <name=value>',
    name: 'set',
    help: 'give a param a value; may be repeated',
    value: { kind: 'list' },
    completes: 'settings',
  },
  engine: {
    flags: '--engine <name>',
    name: 'engine',
    help: `auto (default), ${engineNames.join(', ')}`,
    value: { kind: 'choice', choices: ['auto', ...engineNames] },
  },
  parityEngine: {
    flags: '--engine <name>',
    name: 'engines',
    help: `${engineNames.join(', ')}, or all (default)`,
    value: { kind: 'choice', choices: [...engineNames, 'all'] },
  },
  runs: {
    flags: '--runs <dir>',
    name: 'runs',
    help: 'folder of all runs (default: $SAURUN_RUNS_DIR, else ./runs)',
    value: text,
    completes: 'folders',
  },
  seed: {
    flags: '--seed <number>',
    name: 'seed',
    help: 'replaces train.seed; explicit seeds of the file stay',
    value: { kind: 'count', least: 0, most: largestSeed },
  },
  plain: { flags: '--plain', name: 'plain', help: 'plain lines instead of the terminal UI' },
  json: { flags: '--json', name: 'json', help: 'machine output on standard output' },
  noUnicode: { flags: '--no-unicode', name: 'unicode', help: 'ASCII only in the terminal UI' },
  resume: {
    flags: '--resume <run>',
    name: 'resume',
    help: 'go on with a stopped run: last, its name, or its folder',
    value: text,
    completes: 'runs',
  },
  fork: {
    flags: '--fork',
    name: 'fork',
    help: 'with --resume: a new run that begins from its last checkpoint',
  },
  extend: {
    flags: '--extend <epochs>',
    name: 'extend',
    help: 'with --resume: so many epochs more than the run had',
    value: { kind: 'count', least: 1, most: mostEpochs },
  },
  resumeReplay: {
    flags: '--resume <run>',
    name: 'resume',
    help: 'go on with a replay that was interrupted, or compare it once more',
    value: text,
    completes: 'runs',
  },
  data: {
    flags: '--data <name=path>',
    name: 'data',
    help: 'where data of the run lies now: a dataset, or the number of a source; may be repeated',
    value: { kind: 'list' },
    completes: 'files',
  },
  verifyOnly: {
    flags: '-n, --verify-only',
    name: 'dryRun',
    help: 'only say whether it can be repeated exactly',
  },
  stopAtDifference: {
    flags: '--stop-at-difference',
    name: 'stopAtDifference',
    help: 'stop after a checkpoint as soon as a number differs',
  },
  detach: { flags: '-d, --detach', name: 'detach', help: 'start the run and leave it to itself' },
  checkpointMinutes: {
    flags: '--checkpoint-every <minutes>',
    name: 'checkpointMinutes',
    help: 'a checkpoint inside an epoch after so many minutes (default: 10)',
    value: { kind: 'count', least: 1, most: minutesOfYear },
  },
  keep: {
    flags: '--keep <count>',
    name: 'keep',
    help: 'checkpoints kept before the last one, besides the best (default: 2)',
    value: { kind: 'count', least: 0, most: 100_000 },
  },
  readonly: { flags: '--readonly', name: 'readonly', help: 'watch only: no key asks anything of the run' },
  follow: { flags: '-f, --follow', name: 'follow', help: 'and what comes, until the run ends' },
  process: { flags: '--process', name: 'process', help: 'what the training process printed, instead' },
  now: { flags: '--now', name: 'now', help: 'at once, without a checkpoint of the last steps' },
  sweepName: {
    flags: '--name <name>',
    name: 'name',
    help: 'folder of the sweep under --runs (default: the name of its file)',
    value: text,
  },
  all: { flags: '--all', name: 'all', help: 'all runs, however many' },
  workers: {
    flags: '--workers <count>',
    name: 'workers',
    help: 'threads that prepare images (0: none besides training)',
    value: { kind: 'count', least: 0, most: mostWorkers },
  },
  dataMemory: {
    flags: '--data-memory <size>',
    name: 'dataMemory',
    help: 'memory for decoded images, such as 4GiB (default: a quarter); beyond it they are decoded as they are drawn',
    value: { kind: 'bytes', most: 2 ** 50 },
  },
  threads: {
    flags: '--threads <count>',
    name: 'threads',
    help: 'threads of the engine',
    value: { kind: 'count', least: 1, most: 1024 },
  },
  quiet: { flags: '-q, --quiet', name: 'quiet', help: 'only errors and the final result' },
  verbose: { flags: '-v, --verbose', name: 'verbose', help: 'more lines' },
  dryRun: { flags: '-n, --dry-run', name: 'dryRun', help: 'show the plan instead of training' },
  sweepDryRun: { flags: '-n, --dry-run', name: 'dryRun', help: 'list the runs instead of starting them' },
  format: {
    flags: '--format <form>',
    name: 'format',
    help: 'diagnostics as text (default) or json',
    value: { kind: 'choice', choices: ['text', 'json'] },
  },
  emit: {
    flags: '--emit <stage>',
    name: 'emit',
    help: `stage to show: ${emitStages.join(', ')} (default: plan)`,
    value: { kind: 'choice', choices: emitStages },
  },
  output: {
    flags: '-o, --output <file>',
    name: 'output',
    help: 'write there instead of standard output (a folder for savedmodel)',
    value: text,
    completes: 'files',
  },
  outputFolder: {
    flags: '-o, --output <dir>',
    name: 'output',
    help: 'write profile.json, profile.txt and profile.trace.json there',
    value: text,
    completes: 'folders',
  },
  profile: {
    flags: '--profile',
    name: 'profile',
    help: 'before training, time the operations of some steps, by line of the file',
  },
  steps: {
    flags: '--steps <count>',
    name: 'steps',
    help: 'steps that are profiled (default: 20)',
    value: { kind: 'count', least: 1, most: 10_000 },
  },
  by: {
    flags: '--by <param>',
    name: 'by',
    help: 'group runs by the value of a param instead of by their Plans',
    value: text,
    completes: 'params',
  },
  metric: {
    flags: '--metric <name>',
    name: 'metric',
    help: 'top1 (default), loss, few, ece, ...: what the runs measured; several with commas, or repeated',
    value: { kind: 'words' },
  },
  sweepMetric: {
    flags: '--metric <name>',
    name: 'metric',
    help: 'report: of these metrics, the first ordering the settings; several with commas, or repeated',
    value: { kind: 'words' },
  },
  figures: {
    flags: '--figures <folder>',
    name: 'figures',
    help: 'write every figure into this folder too, as SVG and PNG',
    value: text,
    completes: 'folders',
  },
  anonymous: {
    flags: '--anonymous',
    name: 'anonymous',
    help: 'without names of machines, accounts and folders, for double-blind review',
  },
  baseline: {
    flags: '--baseline <run>',
    name: 'baseline',
    help: 'a run of the group that others are compared with (default: the first group)',
    value: text,
    completes: 'runs',
  },
  exportFormat: {
    flags: '--format <form>',
    name: 'exportFormat',
    help: 'onnx (default), safetensors, or savedmodel, which is a folder',
    value: { kind: 'choice', choices: ['onnx', 'safetensors', 'savedmodel'] satisfies ExportFormat[] },
  },
  exportOutput: {
    flags: '-o, --output <path>',
    name: 'output',
    help: 'file or folder to write (default: the name of the run, here)',
    value: text,
    completes: 'files',
  },
  head: {
    flags: '--head <name>',
    name: 'head',
    help: 'head of the network (default: that of the first evaluation)',
    value: text,
  },
  csv: { flags: '--csv', name: 'csv', help: 'the tables as CSV on standard output' },
  html: { flags: '--html', name: 'html', help: 'tables and curves as one HTML file; prints its path' },
  comparisonOutput: {
    flags: '-o, --output <file>',
    name: 'output',
    help: 'where --html writes (default: comparison.html)',
    value: text,
    completes: 'files',
  },
  reportOutput: {
    flags: '-o, --output <file>',
    name: 'output',
    help: 'write there instead of report.html in the run folder',
    value: text,
    completes: 'files',
  },
  sweepReportOutput: {
    flags: '-o, --output <file>',
    name: 'output',
    help: 'report: write there instead of report.html in the folder of the sweep',
    value: text,
  },
  sweepOpen: { flags: '--open', name: 'open', help: 'report: open it in the browser' },
  sweepCsv: { flags: '--csv', name: 'csv', help: 'report: the results as CSV on standard output' },
  sweepMarkdown: { flags: '--markdown', name: 'markdown', help: 'report: the results as Markdown tables' },
  sweepLatex: { flags: '--latex', name: 'latex', help: 'report: the results as a LaTeX table (booktabs)' },
  view: {
    flags: '--view <name>',
    name: 'views',
    help: 'a view of the file; may be repeated (default: all that it uses)',
    value: { kind: 'words' },
  },
  images: {
    flags: '--images <count>',
    name: 'images',
    help: 'images of each view (default: 8)',
    value: { kind: 'count', least: 1, most: 100 },
  },
  draws: {
    flags: '--draws <count>',
    name: 'draws',
    help: 'draws of each image, one an epoch (default: 4)',
    value: { kind: 'count', least: 1, most: 100 },
  },
  previewOutput: {
    flags: '-o, --output <file>',
    name: 'output',
    help: 'a page (.html) or one picture (.png) (default: EXPERIMENT-preview.html, here)',
    value: text,
    completes: 'files',
  },
  open: { flags: '--open', name: 'open', help: 'open it in the browser' },
  predictionsCsv: { flags: '--csv', name: 'csv', help: 'a row for each class of each image, as CSV' },
  top: {
    flags: '--top <count>',
    name: 'top',
    help: 'classes shown of each image (default: 5)',
    value: { kind: 'count', least: 1, most: 1_000_000 },
  },
  on: {
    flags: '--on <file:dataset>',
    name: 'on',
    help: "a dataset that another `.sau` file declares, instead of the run's own",
    value: text,
    completes: 'datasets',
  },
  checkpoint: {
    flags: '--checkpoint <which>',
    name: 'checkpoint',
    help: 'last (default), or best where the file chose one',
    value: { kind: 'choice', choices: ['last', 'best'] },
  },
  time: { flags: '--time', name: 'time', help: 'run a few steps and estimate how long it takes' },
  layout: {
    flags: '--layout <order>',
    name: 'layout',
    help: 'order of image axes: NCHW (default) or NHWC; graphdef and savedmodel have NHWC by default',
    value: { kind: 'choice', choices: ['NCHW', 'NHWC'] },
  },
  entry: {
    flags: '--entry <name>',
    name: 'entry',
    help: 'entry graph for dot (default: train)',
    value: text,
  },
  gpu: { flags: '--gpu', name: 'gpu', help: 'the build for NVIDIA GPUs, with CUDA (about 8 GB)' },
  version: {
    flags: '--version <version>',
    name: 'version',
    help: 'another version of TensorFlow than the tested one',
    value: text,
  },
  strict: {
    flags: '--strict',
    name: 'strict',
    help: 'check: exit code 4 also where images stand in several splits',
  },
  dataset: {
    flags: '--dataset <name>',
    name: 'dataset',
    help: 'draw: which dataset, where the file draws several',
    value: text,
  },
  drawOutput: {
    flags: '-o, --output <file>',
    name: 'output',
    help: 'draw: write there instead of standard output',
    value: text,
    completes: 'files',
  },
  directory: {
    flags: '--dir <folder>',
    name: 'directory',
    help: 'get: the folder that gets the folder of the data set (default: data)',
    value: text,
    completes: 'folders',
  },
  from: {
    flags: '--from <address>',
    name: 'from',
    help: 'get: where the archives lie instead (default: $SAURUN_DATA_FROM, else the official site)',
    value: text,
  },
  wheel: {
    flags: '--wheel <file>',
    name: 'wheel',
    help: 'a wheel of TensorFlow that is here already, instead of a download',
    value: text,
    completes: 'wheels',
  },
} as const satisfies Readonly<Record<string, Flag>>
