// Every command: what it takes, what it says about itself, and the file that carries it out, loaded when it is chosen.

import { clusterFlags } from './cluster-flags.js'
import type { CommandDescription } from './command-description.js'
import { engineNames, flags } from './options.js'
import { runCommands } from './run-commands.js'

export type { CommandBody, CommandDescription } from './command-description.js'

const experiment = { form: '<file>', help: 'an experiment, `.sau`', completes: 'experiments' } as const
const settings = {
  form: '[settings...]',
  help: 'params as name=value, like --set',
  completes: 'settings',
} as const
const run = { form: '<run>', help: 'last, its name, or its folder', completes: 'runs' } as const
/** What `saurun data` does. */
export const dataActions = ['check', 'draw', 'get'] as const
/** What `saurun engine` does. */
export const engineActions = ['list', 'install', 'test', 'remove'] as const
const everywhere = [flags.quiet, flags.verbose] as const

export const commands: readonly CommandDescription[] = [
  {
    name: 'run',
    summary: 'train an experiment (`saurun FILE` is the same)',
    arguments: [
      { form: '[file]', help: 'an experiment; not needed with --resume', completes: 'experiments' },
      settings,
    ],
    flags: [
      flags.set,
      flags.engine,
      flags.seed,
      flags.resume,
      flags.fork,
      flags.extend,
      flags.detach,
      flags.runs,
      flags.workers,
      flags.dataMemory,
      flags.threads,
      flags.checkpointMinutes,
      flags.keep,
      flags.profile,
      flags.plain,
      flags.json,
      flags.noUnicode,
      flags.dryRun,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun examples/quickstart.sau', does: 'train, and watch it' },
      { command: 'saurun exp.sau depth=8 epochs=30', does: 'with other values of params' },
      { command: 'saurun exp.sau --json > events.ndjson', does: 'what happens, as data' },
      { command: 'saurun --resume last', does: 'go on with the newest run' },
    ],
    load: async () => (await import('./commands/run.js')).runExperiment,
  },
  ...runCommands,
  {
    name: 'check',
    summary: 'say what is wrong with files, without running anything',
    arguments: [
      {
        form: '<file...>',
        help: 'experiments or libraries; name=value sets params',
        completes: 'experiments',
      },
    ],
    flags: [flags.set, flags.seed, flags.format, flags.json, ...everywhere],
    examples: [
      { command: 'saurun check exp.sau', does: 'all errors and warnings' },
      { command: 'saurun check exp.sau --format json', does: 'the same for a script' },
    ],
    load: async () => (await import('./commands/check.js')).checkFiles,
  },
  {
    name: 'plan',
    summary: 'show what a run would do: data, networks, cost, steps, disk',
    arguments: [experiment, settings],
    flags: [
      flags.set,
      flags.seed,
      flags.time,
      flags.engine,
      flags.threads,
      flags.workers,
      flags.dataMemory,
      flags.json,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun plan exp.sau', does: 'before a long run' },
      { command: 'saurun plan exp.sau --time', does: 'and how long it will take here' },
    ],
    loadsEngine: (options) => options.time === true,
    load: async () => (await import('./commands/plan.js')).showPlan,
  },
  {
    name: 'sweep',
    summary: 'run what a sweep file names: grids, lists, draws and searches over params',
    arguments: [
      {
        form: '<file>',
        help: 'a sweep, `.yaml`; or `status`, `stop`, `report`, `logs` or `work` and a sweep',
        choices: ['status', 'stop', 'report', 'logs', 'work'],
        completes: 'sweeps',
      },
      settings,
    ],
    flags: [
      flags.set,
      flags.sweepDryRun,
      clusterFlags.measure,
      flags.sweepName,
      flags.detach,
      flags.now,
      flags.engine,
      flags.threads,
      flags.workers,
      flags.dataMemory,
      flags.runs,
      flags.plain,
      flags.noUnicode,
      flags.json,
      flags.sweepReportOutput,
      flags.sweepOpen,
      flags.sweepCsv,
      flags.sweepLatex,
      flags.sweepMarkdown,
      ...Object.values(clusterFlags).filter((flag) => flag !== clusterFlags.measure),
      ...everywhere,
    ],
    examples: [
      { command: 'saurun sweep grid.sweep.yaml', does: 'run it, or go on with it' },
      { command: 'saurun sweep grid.sweep.yaml --dry-run', does: 'all instances, compiled and checked' },
      { command: 'saurun sweep grid.sweep.yaml --on slurm --time 2:00:00 --gpus 1', does: 'on a cluster' },
      { command: 'saurun sweep status grid-sweep', does: 'how it is' },
      { command: 'saurun sweep report grid-sweep --open', does: 'what it has come to so far' },
      { command: 'saurun sweep report grid-sweep --latex', does: 'as a table for a paper' },
    ],
    load: async () => (await import('./commands/sweep.js')).runSweep,
  },
  {
    name: 'compare',
    summary: 'compare the results of finished runs, repetitions with other seeds taken together',
    arguments: [
      { form: '[runs...]', help: 'runs or folders of runs (default: all runs)', completes: 'runs' },
    ],
    flags: [
      flags.by,
      flags.metric,
      flags.baseline,
      flags.runs,
      flags.json,
      flags.csv,
      flags.html,
      flags.comparisonOutput,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun compare runs/exp', does: 'all runs of exp.sau' },
      { command: 'saurun compare runs/exp --by mix --metric few', does: 'what a param does to rare classes' },
      { command: 'saurun compare runs --baseline 3fa2c1 --csv', does: 'against a run of your choice' },
      { command: 'saurun compare runs/exp --html', does: 'with curves, as one HTML file' },
    ],
    load: async () => (await import('./commands/compare.js')).compareResults,
  },
  {
    name: 'report',
    summary: 'write a run as one HTML file: curves, classes, confusions, corrections, origin',
    arguments: [run],
    flags: [flags.reportOutput, flags.open, flags.runs, flags.json, ...everywhere],
    examples: [
      { command: 'saurun report last --open', does: 'look at the newest run' },
      { command: 'saurun report 3fa2c1 -o run.html', does: 'a file to send, readable offline' },
    ],
    load: async () => (await import('./commands/report.js')).reportRun,
  },
  {
    name: 'diff',
    summary: 'show in which fields of their Plans two runs or files differ',
    arguments: [
      { form: '<a>', help: 'a run or an experiment, `.sau`', completes: 'plans' },
      { form: '<b>', help: 'another one', completes: 'plans' },
      {
        form: '[settings...]',
        help: 'params of the files as name=value, like --set',
        completes: 'settings',
      },
    ],
    flags: [flags.set, flags.seed, flags.runs, flags.json, ...everywhere],
    examples: [
      { command: 'saurun diff last exp.sau', does: 'what was changed since the last run' },
      { command: 'saurun diff old.sau new.sau', does: 'or whether anything but comments was' },
    ],
    load: async () => (await import('./commands/diff.js')).diffPlans,
  },
  {
    name: 'export',
    summary: 'write a trained network as a model for other programs',
    arguments: [run],
    flags: [
      flags.exportFormat,
      flags.exportOutput,
      flags.checkpoint,
      flags.head,
      flags.runs,
      flags.json,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun export last -o model.onnx', does: 'for onnxruntime and others' },
      { command: 'saurun export 3fa2c1 --format safetensors', does: 'its weights, for PyTorch' },
    ],
    load: async () => (await import('./commands/export.js')).exportRun,
  },
  {
    name: 'predict',
    summary: "show the classes that a run's network sees in images",
    arguments: [run, { form: '<images...>', help: 'image files, and folders of them', completes: 'files' }],
    flags: [
      flags.top,
      flags.checkpoint,
      flags.engine,
      flags.threads,
      flags.runs,
      flags.json,
      flags.predictionsCsv,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun predict last cat.jpg', does: 'the five most probable classes' },
      { command: 'saurun predict last photos --top 1 --csv', does: 'a table for all images of a folder' },
    ],
    loadsEngine: () => true,
    load: async () => (await import('./commands/predict.js')).predictImages,
  },
  {
    name: 'evaluate',
    summary: 'repeat the evaluations of a run on one of its checkpoints',
    arguments: [
      run,
      {
        form: '[settings...]',
        help: 'params of the file of --on as name=value',
        completes: 'settings',
      },
    ],
    flags: [
      flags.on,
      flags.set,
      flags.seed,
      flags.checkpoint,
      flags.engine,
      flags.threads,
      flags.runs,
      flags.json,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun evaluate last', does: 'as at the end of the run' },
      { command: 'saurun evaluate last --on other.sau:test', does: 'on other data' },
      { command: 'saurun evaluate last --checkpoint best -v', does: 'the best epoch, class by class' },
    ],
    loadsEngine: () => true,
    load: async () => (await import('./commands/evaluate.js')).evaluateAgain,
  },
  {
    name: 'preview',
    summary: "show what the views do to images of the file's own data",
    arguments: [experiment, settings],
    flags: [
      flags.view,
      flags.previewOutput,
      flags.images,
      flags.draws,
      flags.set,
      flags.seed,
      flags.open,
      flags.json,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun preview exp.sau --open', does: 'a page with originals and draws' },
      { command: 'saurun preview exp.sau --view strong -o strong.png', does: 'one view as one picture' },
    ],
    load: async () => (await import('./commands/preview.js')).previewViews,
  },
  {
    name: 'profile',
    summary: 'show where the time of a training step goes, line by line',
    arguments: [experiment, settings],
    flags: [
      flags.set,
      flags.seed,
      flags.engine,
      flags.threads,
      flags.workers,
      flags.dataMemory,
      flags.steps,
      flags.outputFolder,
      flags.json,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun profile exp.sau', does: 'the lines that take the most' },
      { command: 'saurun profile exp.sau --engine onnx -o profile', does: 'all of it, in a folder' },
    ],
    load: async () => (await import('./commands/profile.js')).profileExperiment,
  },
  {
    name: 'compile',
    summary: 'show what any stage of the compiler makes of a file',
    arguments: [experiment, settings],
    flags: [
      flags.emit,
      flags.output,
      flags.set,
      flags.seed,
      flags.layout,
      flags.entry,
      flags.format,
      flags.json,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun compile exp.sau --emit plan', does: 'the experiment as data' },
      {
        command: 'saurun compile exp.sau --emit dot | dot -Tsvg > step.svg',
        does: 'a picture of the training step',
      },
      {
        command: 'saurun compile exp.sau --emit onnx -o step.onnx',
        does: 'the model that the onnx engine loads',
      },
    ],
    load: async () => (await import('./commands/compile.js')).compileToStage,
  },
  {
    name: 'explain',
    summary: 'say more about the code of a diagnostic',
    arguments: [{ form: '<code>', help: 'such as SAU3102', completes: 'codes' }],
    flags: [...everywhere],
    examples: [{ command: 'saurun explain SAU3102', does: 'its page' }],
    load: async () => (await import('./commands/explain.js')).explainCode,
  },
  {
    name: 'parity',
    summary: 'compare this program with golden cases of the published code',
    arguments: [{ form: '<dir>', help: 'folder of cases (.safetensors), or one case', completes: 'files' }],
    flags: [flags.parityEngine, flags.json, flags.threads, ...everywhere],
    examples: [{ command: 'saurun parity golden --engine onnx', does: 'one line per case' }],
    loadsEngine: () => true,
    load: async () => (await import('./commands/parity.js')).compareWithGolden,
  },
  {
    name: 'doctor',
    summary: 'show this machine, the engines and the folders as saurun sees them',
    arguments: [],
    flags: [flags.runs, flags.json, ...everywhere],
    examples: [{ command: 'saurun doctor', does: 'when something does not work' }],
    load: async () => (await import('./commands/doctor.js')).examineMachine,
  },
  {
    name: 'data',
    summary: 'check the data of a file, save its long-tailed draws, get published data',
    arguments: [
      { form: '[action]', help: dataActions.join(', '), choices: dataActions },
      { form: '[what...]', help: 'an experiment with settings, or names of data sets', completes: 'data' },
    ],
    flags: [
      flags.strict,
      flags.drawOutput,
      flags.dataset,
      flags.directory,
      flags.from,
      flags.set,
      flags.seed,
      flags.json,
      ...everywhere,
    ],
    examples: [
      { command: 'saurun data get cifar10', does: 'into data/cifar-10-batches-bin' },
      { command: 'saurun data check exp.sau', does: 'duplicates, damaged files, means' },
      { command: 'saurun data draw exp.sau -o indices.json', does: 'for `longtail(draw: "indices.json")`' },
    ],
    load: async () => (await import('./commands/data.js')).manageData,
  },
  {
    name: 'engine',
    summary: 'list, install, test or remove engines',
    arguments: [
      { form: '[action]', help: `${engineActions.join(', ')} (default: list)`, choices: engineActions },
      { form: '[engine]', help: 'its name; tensorflow can be installed', choices: engineNames },
    ],
    flags: [flags.gpu, flags.version, flags.wheel, flags.threads, flags.json, ...everywhere],
    examples: [
      { command: 'saurun engine install tensorflow', does: 'the fastest engine, about 1 GB' },
      { command: 'saurun engine install tensorflow --gpu', does: 'the same with CUDA, for NVIDIA GPUs' },
      { command: 'saurun engine test', does: 'whether engines compute what they should' },
    ],
    load: async () => (await import('./commands/engine.js')).manageEngines,
  },
  {
    name: 'completion',
    summary: 'print a completion script for a shell',
    arguments: [{ form: '<shell>', help: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] }],
    flags: [...everywhere],
    examples: [
      { command: 'source <(saurun completion bash)', does: 'for this shell' },
      {
        command: 'saurun completion fish > ~/.config/fish/completions/saurun.fish',
        does: 'for all later ones',
      },
    ],
    load: async () => (await import('./commands/completion.js')).printCompletion,
  },
]

export const commandNames: readonly string[] = commands.map((command) => command.name)
