// Flags that several commands take. What only one takes stands in its declaration, in `declared/`.
import { availableParallelism } from 'node:os'
import { largestSeed } from '../../compiler/plan/seeds.js'
import { engineChoices, engineNames } from '../engines/names.js'
import type { Flag } from './flag.js'

/** Each worker takes ten megabytes and a moment to start; four for a core are more than ever helps. */
const mostWorkers = Math.max(16, 4 * availableParallelism())

export const flags = {
  set: {
    flags: '--set <name=value>',
    help: 'give a param a value; may be repeated',
    value: { kind: 'list' },
    completes: 'settings',
  },
  engine: {
    flags: '--engine <name>',
    help: `auto (default), ${engineNames.join(', ')}`,
    value: { kind: 'choice', choices: engineChoices },
  },
  runs: {
    flags: '--runs <dir>',
    help: 'folder of all runs (default: $SAURUN_RUNS_DIR, else ./runs)',
    value: { kind: 'text' },
    completes: 'folders',
  },
  seed: {
    flags: '--seed <number>',
    help: 'replaces train.seed; explicit seeds of the file stay',
    value: { kind: 'count', least: 0, most: largestSeed },
  },
  plain: { flags: '--plain', help: 'plain lines instead of the terminal UI' },
  json: { flags: '--json', help: 'machine output on standard output' },
  noUnicode: { flags: '--no-unicode', help: 'ASCII only in the terminal UI' },
  detach: { flags: '-d, --detach', help: 'start the run and leave it to itself' },
  now: { flags: '--now', help: 'at once, without a checkpoint of the last steps' },
  workers: {
    flags: '--workers <count>',
    help: 'threads that prepare images (0: none besides training)',
    value: { kind: 'count', least: 0, most: mostWorkers },
  },
  dataMemory: {
    flags: '--data-memory <size>',
    help: 'memory for decoded images, such as 4GiB (default: a quarter); beyond it they are decoded as they are drawn',
    value: { kind: 'bytes', most: 2 ** 50 },
  },
  threads: {
    flags: '--threads <count>',
    help: 'threads of the engine',
    value: { kind: 'count', least: 1, most: 1024 },
  },
  quiet: { flags: '-q, --quiet', help: 'only errors and the final result' },
  verbose: { flags: '-v, --verbose', help: 'more lines' },
  format: {
    flags: '--format <form>',
    help: 'diagnostics as text (default) or json',
    value: { kind: 'choice', choices: ['text', 'json'] },
  },
  figures: {
    flags: '--figures <folder>',
    help: 'write every figure into this folder too, as SVG and PNG',
    value: { kind: 'text' },
    completes: 'folders',
  },
  anonymous: {
    flags: '--anonymous',
    help: 'without names of machines, accounts and folders, for double-blind review',
  },
  open: { flags: '--open', help: 'open it in the browser' },
  checkpoint: {
    flags: '--checkpoint <which>',
    help: 'last (default), or best where the file chose one',
    value: { kind: 'choice', choices: ['last', 'best'] },
  },
} as const satisfies Readonly<Record<string, Flag>>
