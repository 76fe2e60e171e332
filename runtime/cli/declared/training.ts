// Commands that train.
import { mostEpochs } from '../../../compiler/functions/bounds.js'
import { declare, everywhere, settings } from '../declaration.js'
import { flags } from '../flags.js'

const minutesOfYear = 525_600

export const run = declare({
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
    {
      flags: '--resume <run>',
      help: 'go on with a stopped run: last, its name, or its folder',
      value: { kind: 'text' },
      completes: 'runs',
    },
    { flags: '--fork', help: 'with --resume: a new run that begins from its last checkpoint' },
    {
      flags: '--extend <epochs>',
      help: 'with --resume: so many epochs more than the run had',
      value: { kind: 'count', least: 1, most: mostEpochs },
    },
    flags.detach,
    flags.runs,
    flags.workers,
    flags.dataMemory,
    flags.threads,
    {
      flags: '--checkpoint-every <minutes>',
      help: 'a checkpoint inside an epoch after so many minutes (default: 10)',
      value: { kind: 'count', least: 1, most: minutesOfYear },
    },
    {
      flags: '--keep <count>',
      help: 'checkpoints kept before the last one, besides the best (default: 2)',
      value: { kind: 'count', least: 0, most: 100_000 },
    },
    {
      flags: '--profile',
      help: 'before training, time the operations of some steps, by line of the file',
    },
    flags.plain,
    flags.json,
    flags.noUnicode,
    { flags: '-n, --dry-run', help: 'show the plan instead of training' },
    ...everywhere,
  ],
  examples: [
    { command: 'saurun examples/quickstart.sau', does: 'train, and watch it' },
    { command: 'saurun exp.sau depth=8 epochs=30', does: 'with other values of params' },
    { command: 'saurun exp.sau --json > events.ndjson', does: 'what happens, as data' },
    { command: 'saurun --resume last', does: 'go on with the newest run' },
  ],
})

export const replay = declare({
  name: 'replay',
  summary: 'train a run again from its lock, and say where the two differ',
  arguments: [
    { form: '[run]', help: 'last, its name, or its folder; not needed with --resume', completes: 'runs' },
  ],
  flags: [
    { flags: '-n, --verify-only', help: 'only say whether it can be repeated exactly' },
    {
      flags: '--data <name=path>',
      help: 'where data of the run lies now: a dataset, or the number of a source; may be repeated',
      value: { kind: 'list' },
      completes: 'files',
    },
    { flags: '--stop-at-difference', help: 'stop after a checkpoint as soon as a number differs' },
    {
      flags: '--resume <run>',
      help: 'go on with a replay that was interrupted, or compare it once more',
      value: { kind: 'text' },
      completes: 'runs',
    },
    flags.detach,
    flags.engine,
    flags.threads,
    flags.workers,
    flags.runs,
    flags.plain,
    flags.json,
    flags.noUnicode,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun replay last', does: 'the same numbers to the last bit, or where they part' },
    { command: 'saurun replay 3fa2c1 --verify-only', does: 'whether data, program and machine are the same' },
    { command: 'saurun replay 3fa2c1 --data train=/mnt/cifar', does: 'with data that was moved' },
  ],
})
