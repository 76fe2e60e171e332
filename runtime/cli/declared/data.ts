// `saurun data`, and the commands behind it.
import { declare, everywhere, experiment, settings } from '../declaration.js'
import { flags } from '../flags.js'

export const data = declare({
  name: 'data',
  summary: 'check the data of a file, save its long-tailed draws, get published data',
  arguments: [],
  flags: [...everywhere],
  examples: [
    { command: 'saurun data get cifar10', does: 'into data/cifar-10-batches-bin' },
    { command: 'saurun data check exp.sau', does: 'duplicates, damaged files, means' },
    { command: 'saurun data draw exp.sau -o indices.json', does: 'for `longtail(draw: "indices.json")`' },
  ],
})

const ofFile = [{ ...experiment, form: '[file]' }, settings] as const

export const dataCheck = declare({
  name: 'data check',
  summary: 'read every image that a file names, and say what is wrong or strange',
  arguments: ofFile,
  flags: [
    { flags: '--strict', help: 'exit code 4 also where images stand in several splits' },
    flags.set,
    flags.seed,
    flags.json,
    ...everywhere,
  ],
  examples: [{ command: 'saurun data check exp.sau', does: 'duplicates, damaged files, means' }],
})

export const dataDraw = declare({
  name: 'data draw',
  summary: 'write a long-tailed draw of a file as an index file',
  arguments: ofFile,
  flags: [
    {
      flags: '-o, --output <file>',
      help: 'write there instead of standard output',
      value: { kind: 'text' },
      completes: 'files',
    },
    {
      flags: '--dataset <name>',
      help: 'which dataset, where the file draws several',
      value: { kind: 'text' },
    },
    flags.set,
    flags.seed,
    flags.json,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun data draw exp.sau -o indices.json', does: 'for `longtail(draw: "indices.json")`' },
  ],
})

export const dataGet = declare({
  name: 'data get',
  summary: 'download published data',
  arguments: [{ form: '[name...]', help: 'names of data sets', completes: 'published' }],
  flags: [
    {
      flags: '--dir <folder>',
      help: 'the folder that gets the folder of the data set (default: data)',
      value: { kind: 'text' },
      completes: 'folders',
    },
    {
      flags: '--from <address>',
      help: 'where the archives lie instead (default: $SAURUN_DATA_FROM, else the official site)',
      value: { kind: 'text' },
    },
    flags.json,
    ...everywhere,
  ],
  examples: [{ command: 'saurun data get cifar10', does: 'into data/cifar-10-batches-bin' }],
})
