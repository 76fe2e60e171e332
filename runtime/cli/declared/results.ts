// Commands about what runs have come to, and about the networks that they trained.
import type { ExportFormat } from '../../apps/export/export.js'
import { declare, everywhere, run } from '../declaration.js'
import { flags } from '../flags.js'

export const compare = declare({
  name: 'compare',
  summary: 'compare the results of finished runs, repetitions with other seeds taken together',
  arguments: [{ form: '[runs...]', help: 'runs or folders of runs (default: all runs)', completes: 'runs' }],
  flags: [
    {
      flags: '--by <param>',
      help: 'group runs by the value of a param instead of by their Plans',
      value: { kind: 'text' },
      completes: 'params',
    },
    {
      flags: '--metric <name>',
      help: 'top1 (default), loss, few, ece, ...: what the runs measured; several with commas, or repeated',
      value: { kind: 'words' },
    },
    {
      flags: '--baseline <run>',
      help: 'a run of the group that others are compared with (default: the first group)',
      value: { kind: 'text' },
      completes: 'runs',
    },
    flags.runs,
    flags.json,
    { flags: '--csv', help: 'the tables as CSV on standard output' },
    { flags: '--html', help: 'tables and curves as one HTML file; prints its path' },
    {
      flags: '-o, --output <file>',
      help: 'where --html writes (default: comparison.html)',
      value: { kind: 'text' },
      completes: 'files',
    },
    flags.anonymous,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun compare runs/exp', does: 'all runs of exp.sau' },
    { command: 'saurun compare runs/exp --by mix --metric few', does: 'what a param does to rare classes' },
    { command: 'saurun compare runs --baseline 3fa2c1 --csv', does: 'against a run of your choice' },
    { command: 'saurun compare runs/exp --html', does: 'with curves, as one HTML file' },
  ],
})

export const report = declare({
  name: 'report',
  summary: 'write a run as one HTML file: curves, classes, confusions, corrections, origin',
  arguments: [run],
  flags: [
    {
      flags: '-o, --output <file>',
      help: 'write there instead of report.html in the run folder',
      value: { kind: 'text' },
      completes: 'files',
    },
    flags.figures,
    flags.open,
    flags.anonymous,
    flags.runs,
    flags.json,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun report last --open', does: 'look at the newest run' },
    { command: 'saurun report 3fa2c1 -o run.html', does: 'a file to send, readable offline' },
    { command: 'saurun report last --figures paper/figures', does: 'and its figures for a paper' },
  ],
})

const exportFormats = ['onnx', 'safetensors', 'savedmodel'] as const satisfies readonly ExportFormat[]

export const exporting = declare({
  name: 'export',
  summary: 'write a trained network as a model for other programs',
  arguments: [run],
  flags: [
    {
      flags: '--format <form>',
      help: 'onnx (default), safetensors, or savedmodel, which is a folder',
      value: { kind: 'choice', choices: exportFormats },
    },
    {
      flags: '-o, --output <path>',
      help: 'file or folder to write (default: the name of the run, here)',
      value: { kind: 'text' },
      completes: 'files',
    },
    flags.checkpoint,
    {
      flags: '--head <name>',
      help: 'head of the network (default: that of the first evaluation)',
      value: { kind: 'text' },
    },
    flags.runs,
    flags.json,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun export last -o model.onnx', does: 'for onnxruntime and others' },
    { command: 'saurun export 3fa2c1 --format safetensors', does: 'its weights, for PyTorch' },
  ],
})

export const predict = declare({
  name: 'predict',
  summary: "show the classes that a run's network sees in images",
  arguments: [run, { form: '<images...>', help: 'image files, and folders of them', completes: 'files' }],
  flags: [
    {
      flags: '--top <count>',
      help: 'classes shown of each image (default: 5)',
      value: { kind: 'count', least: 1, most: 1_000_000 },
    },
    flags.checkpoint,
    flags.engine,
    flags.threads,
    flags.runs,
    flags.json,
    { flags: '--csv', help: 'a row for each class of each image, as CSV' },
    ...everywhere,
  ],
  examples: [
    { command: 'saurun predict last cat.jpg', does: 'the five most probable classes' },
    { command: 'saurun predict last photos --top 1 --csv', does: 'a table for all images of a folder' },
  ],
})

export const evaluate = declare({
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
    {
      flags: '--on <file:dataset>',
      help: "a dataset that another `.sau` file declares, instead of the run's own",
      value: { kind: 'text' },
      completes: 'datasets',
    },
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
})
