// The commands that look after runs: which there are, watching, stopping and steering them.
import type { CommandDescription } from './command-description.js'
import { flags } from './options.js'

/** What `saurun tell` says. */
export const tellable = ['pause', 'continue', 'evaluate', 'extend', 'stop', 'stop-now'] as const

const everywhere = [flags.quiet, flags.verbose] as const

export const runCommands: readonly CommandDescription[] = [
  {
    name: 'status',
    summary: 'show which runs there are, and how they are',
    arguments: [
      {
        form: '[runs...]',
        help: 'runs, or folders of runs (default: those under --runs)',
        completes: 'runs',
      },
    ],
    flags: [flags.all, flags.runs, flags.json, ...everywhere],
    examples: [
      { command: 'saurun status', does: 'the newest runs, a line each' },
      { command: 'saurun status last', does: 'all that is known of one' },
    ],
    load: async () => (await import('./commands/status.js')).showStatus,
  },
  {
    name: 'attach',
    summary: 'watch a run that goes on',
    arguments: [
      { form: '[run]', help: 'its name or folder (default: the newest that goes on)', completes: 'running' },
    ],
    flags: [flags.readonly, flags.runs, flags.plain, flags.json, flags.noUnicode, ...everywhere],
    examples: [
      { command: 'saurun attach', does: 'the newest run that goes on' },
      { command: 'saurun attach 3fa2c1 --readonly', does: 'only look' },
    ],
    load: async () => (await import('./commands/attach.js')).attachToRun,
  },
  {
    name: 'logs',
    summary: 'print what happened in a run, as lines',
    arguments: [
      { form: '[run]', help: 'its name or folder (default: the newest that goes on)', completes: 'running' },
    ],
    flags: [flags.follow, flags.process, flags.runs, flags.json, ...everywhere],
    examples: [
      { command: 'saurun logs last', does: 'from its beginning' },
      { command: 'saurun logs -f', does: 'of the newest run that goes on, and what comes' },
    ],
    load: async () => (await import('./commands/attach.js')).showLogs,
  },
  {
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
    load: async () => (await import('./commands/tell.js')).stopRuns,
  },
  {
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
    load: async () => (await import('./commands/tell.js')).tellRun,
  },
  {
    name: 'replay',
    summary: 'train a run again from its lock, and say where the two differ',
    arguments: [
      { form: '[run]', help: 'last, its name, or its folder; not needed with --resume', completes: 'runs' },
    ],
    flags: [
      flags.verifyOnly,
      flags.data,
      flags.stopAtDifference,
      flags.resumeReplay,
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
      {
        command: 'saurun replay 3fa2c1 --verify-only',
        does: 'whether data, program and machine are the same',
      },
      { command: 'saurun replay 3fa2c1 --data train=/mnt/cifar', does: 'with data that was moved' },
    ],
    load: async () => (await import('./commands/replay.js')).replayRun,
  },
]
