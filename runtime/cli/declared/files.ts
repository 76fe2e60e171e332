// Commands that look at experiments without training them.
import { declare, everywhere, experiment, settings } from '../declaration.js'
import { flags } from '../flags.js'

export const check = declare({
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
})

export const plan = declare({
  name: 'plan',
  summary: 'show what a run would do: data, networks, cost, steps, disk',
  arguments: [experiment, settings],
  flags: [
    flags.set,
    flags.seed,
    { flags: '--time', help: 'run a few steps and estimate how long it takes' },
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
})

export const diff = declare({
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
})

export const preview = declare({
  name: 'preview',
  summary: "show what the views do to images of the file's own data",
  arguments: [experiment, settings],
  flags: [
    {
      flags: '--view <name>',
      help: 'a view of the file; may be repeated (default: all that it uses)',
      value: { kind: 'words' },
    },
    {
      flags: '-o, --output <file>',
      help: 'a page (.html) or one picture (.png) (default: EXPERIMENT-preview.html, here)',
      value: { kind: 'text' },
      completes: 'files',
    },
    {
      flags: '--images <count>',
      help: 'images of each view (default: 8)',
      value: { kind: 'count', least: 1, most: 100 },
    },
    {
      flags: '--draws <count>',
      help: 'draws of each image, one an epoch (default: 4)',
      value: { kind: 'count', least: 1, most: 100 },
    },
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
})

export const profile = declare({
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
    {
      flags: '--steps <count>',
      help: 'steps that are profiled (default: 20)',
      value: { kind: 'count', least: 1, most: 10_000 },
    },
    {
      flags: '-o, --output <dir>',
      help: 'write profile.json, profile.txt and profile.trace.json there',
      value: { kind: 'text' },
      completes: 'folders',
    },
    flags.json,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun profile exp.sau', does: 'the lines that take the most' },
    { command: 'saurun profile exp.sau --engine onnx -o profile', does: 'all of it, in a folder' },
  ],
})

const emitStages = [
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

export const compile = declare({
  name: 'compile',
  summary: 'show what any stage of the compiler makes of a file',
  arguments: [experiment, settings],
  flags: [
    {
      flags: '--emit <stage>',
      help: `stage to show: ${emitStages.join(', ')} (default: plan)`,
      value: { kind: 'choice', choices: emitStages },
    },
    {
      flags: '-o, --output <file>',
      help: 'write there instead of standard output (a folder for savedmodel)',
      value: { kind: 'text' },
      completes: 'files',
    },
    flags.set,
    flags.seed,
    {
      flags: '--layout <order>',
      help: 'order of image axes: NCHW (default) or NHWC; graphdef and savedmodel have NHWC by default',
      value: { kind: 'choice', choices: ['NCHW', 'NHWC'] },
    },
    {
      flags: '--entry <name>',
      help: 'entry graph for dot (default: train)',
      value: { kind: 'text' },
    },
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
})
