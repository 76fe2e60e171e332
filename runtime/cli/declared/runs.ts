// Commands that look after runs: which there are, watching, stopping and steering them.
import { declare, everywhere } from '../declaration.js'
import { flags } from '../flags.js'

/** What `saurun tell` says. */
export const tellable = ['pause', 'continue', 'evaluate', 'extend', 'stop', 'stop-now'] as const

export const status = declare({
  name: 'status',
  summary: 'show which runs there are, and how they are',
  arguments: [
    { form: '[runs...]', help: 'runs, or folders of runs (default: those under --runs)', completes: 'runs' },
  ],
  flags: [{ flags: '--all', help: 'all runs, however many' }, flags.runs, flags.json, ...everywhere],
  examples: [
    { command: 'saurun status', does: 'the newest runs, a line each' },
    { command: 'saurun status last', does: 'all that is known of one' },
  ],
})

const watched = {
  form: '[run]',
  help: 'its name or folder (default: the newest that goes on)',
  completes: 'running',
} as const

export const attach = declare({
  name: 'attach',
  summary: 'watch a run that goes on',
  arguments: [watched],
  flags: [
    { flags: '--readonly', help: 'watch only: no key asks anything of the run' },
    flags.runs,
    flags.plain,
    flags.json,
    flags.noUnicode,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun attach', does: 'the newest run that goes on' },
    { command: 'saurun attach 3fa2c1 --readonly', does: 'only look' },
  ],
})

export const logs = declare({
  name: 'logs',
  summary: 'print what happened in a run, as lines',
  arguments: [watched],
  flags: [
    { flags: '-f, --follow', help: 'and what comes, until the run ends' },
    { flags: '--process', help: 'what the training process printed, instead' },
    flags.runs,
    flags.json,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun logs last', does: 'from its beginning' },
    { command: 'saurun logs -f', does: 'of the newest run that goes on, and what comes' },
  ],
})

export const stop = declare({
  name: 'stop',
  summary: 'stop runs after a checkpoint, and wait until they have',
  arguments: [
    {
      form: '[runs...]',
      help: 'their names or folders (default: the newest that goes on)',
      completes: 'running',
    },
  ],
  flags: [flags.now, flags.runs, ...everywhere],
  examples: [
    { command: 'saurun stop', does: 'the newest run that goes on' },
    { command: 'saurun stop 3fa2c1 --now', does: 'without a checkpoint of the last steps' },
  ],
})

export const tell = declare({
  name: 'tell',
  summary: 'tell a run to pause, continue, evaluate, extend or stop',
  arguments: [
    { form: '<run>', help: 'its name or folder', completes: 'running' },
    { form: '<what>', help: tellable.join(', '), choices: tellable },
    { form: '[epochs]', help: 'how many more, of extend' },
  ],
  flags: [flags.runs, ...everywhere],
  examples: [
    { command: 'saurun tell last pause', does: 'wait between two steps' },
    { command: 'saurun tell last extend 10', does: 'train ten epochs more than the file says' },
  ],
})
