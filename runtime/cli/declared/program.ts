// Commands about the program itself: its messages, its numbers, this machine, shells.

import { engineNames } from '../../engines/names.js'
import { declare, everywhere } from '../declaration.js'
import { flags } from '../flags.js'

export const explain = declare({
  name: 'explain',
  summary: 'say more about the code of a diagnostic',
  arguments: [{ form: '<code>', help: 'such as SAU3102', completes: 'codes' }],
  flags: everywhere,
  examples: [{ command: 'saurun explain SAU3102', does: 'its page' }],
})

export const parity = declare({
  name: 'parity',
  summary: 'compare this program with golden cases of the published code',
  arguments: [{ form: '<dir>', help: 'folder of cases (.safetensors), or one case', completes: 'files' }],
  flags: [
    {
      flags: '--engine <name>',
      help: `${engineNames.join(', ')}, or all (default)`,
      value: { kind: 'choice', choices: [...engineNames, 'all'] },
    },
    flags.json,
    flags.threads,
    ...everywhere,
  ],
  examples: [{ command: 'saurun parity golden --engine onnx', does: 'one line per case' }],
})

export const doctor = declare({
  name: 'doctor',
  summary: 'show this machine, the engines and the folders as saurun sees them',
  arguments: [],
  flags: [flags.runs, flags.json, ...everywhere],
  examples: [{ command: 'saurun doctor', does: 'when something does not work' }],
})

export const shells = ['bash', 'zsh', 'fish'] as const

export const completion = declare({
  name: 'completion',
  summary: 'print a completion script for a shell',
  arguments: [{ form: '<shell>', help: 'bash, zsh or fish', choices: shells }],
  flags: everywhere,
  examples: [
    { command: 'source <(saurun completion bash)', does: 'for this shell' },
    {
      command: 'saurun completion fish > ~/.config/fish/completions/saurun.fish',
      does: 'for all later ones',
    },
  ],
})
