// `saurun engine`, and the commands behind it.

import { engineNames } from '../../engines/names.js'
import { declare, everywhere } from '../declaration.js'
import { flags } from '../flags.js'

export const engine = declare({
  name: 'engine',
  summary: 'list, install, test or remove engines',
  arguments: [],
  flags: [flags.json, ...everywhere],
  examples: [
    { command: 'saurun engine install tensorflow', does: 'the fastest engine, about 1 GB' },
    { command: 'saurun engine install tensorflow --gpu', does: 'the same with CUDA, for NVIDIA GPUs' },
    { command: 'saurun engine test', does: 'whether engines compute what they should' },
  ],
})

export const engineList = declare({
  name: 'engine list',
  summary: 'show all engines, and every place where a TensorFlow lies',
  arguments: [],
  flags: [flags.json, ...everywhere],
  examples: [{ command: 'saurun engine list', does: 'the same as `saurun engine`' }],
})

const installable = {
  form: '[engine]',
  help: 'its name; tensorflow can be installed',
  choices: engineNames,
} as const

export const engineInstall = declare({
  name: 'engine install',
  summary: 'make the fastest engine',
  arguments: [installable],
  flags: [
    { flags: '--gpu', help: 'the build for NVIDIA GPUs, with CUDA (about 8 GB)' },
    {
      flags: '--version <version>',
      help: 'another version of TensorFlow than the tested one',
      value: { kind: 'text' },
    },
    {
      flags: '--wheel <file>',
      help: 'a wheel of TensorFlow that is here already, instead of a download',
      value: { kind: 'text' },
      completes: 'wheels',
    },
    flags.json,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun engine install tensorflow', does: 'the fastest engine, about 1 GB' },
    { command: 'saurun engine install tensorflow --gpu', does: 'the same with CUDA, for NVIDIA GPUs' },
  ],
})

export const engineTest = declare({
  name: 'engine test',
  summary: "compare an engine's small training with that of the reference engine",
  arguments: [{ form: '[engine]', help: 'its name (default: all that are there)', choices: engineNames }],
  flags: [flags.threads, flags.json, ...everywhere],
  examples: [{ command: 'saurun engine test', does: 'whether engines compute what they should' }],
})

export const engineRemove = declare({
  name: 'engine remove',
  summary: 'take an engine away, and what unfinished installations left',
  arguments: [installable],
  flags: [flags.json, ...everywhere],
  examples: [{ command: 'saurun engine remove tensorflow', does: 'its files, and nothing else' }],
})
