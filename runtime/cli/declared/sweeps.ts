// `saurun sweep`, and the commands behind it that look after a sweep which was begun.
import { declare, everywhere, settings } from '../declaration.js'
import { flags } from '../flags.js'

const pilots = { kind: 'count', least: 1, most: 10_000 } as const

/** Where the pilots of a sweep run, and what each of them gets. */
const onCluster = [
  {
    flags: '--on <where>',
    help: 'local (default), slurm, or k8s, which writes a manifest',
    value: { kind: 'choice', choices: ['local', 'slurm', 'k8s'] },
  },
  { flags: '--partition <name>', help: 'partition of Slurm', value: { kind: 'text' } },
  { flags: '--gpus <count>', help: 'GPUs of each pilot, one run each', value: pilots },
  { flags: '--cpus <count>', help: 'cores of each pilot', value: pilots },
  { flags: '--mem <size>', help: 'memory of each pilot, as the cluster reads it', value: { kind: 'text' } },
  {
    flags: '--pilots <count>',
    help: 'pilots on the cluster (default: 10, or as many as runs are left)',
    value: pilots,
  },
  { flags: '--array-parallel <count>', help: 'pilots that may run at a time', value: pilots },
  {
    flags: '--slurm-arg <arg>',
    help: 'an option of sbatch, such as --slurm-arg=--account=vision; may be repeated',
    value: { kind: 'words' },
  },
  { flags: '--image <image>', help: 'with --on k8s: image with saurun', value: { kind: 'text' } },
  {
    flags: '--volume-claim <name>',
    help: 'with --on k8s: claim of the volume that --runs lies on',
    value: { kind: 'text' },
  },
] as const

export const sweep = declare({
  name: 'sweep',
  summary: 'run what a sweep file names: grids, lists, draws and searches over params',
  arguments: [{ form: '<file>', help: 'a sweep, `.yaml`', completes: 'sweeps' }, settings],
  flags: [
    flags.set,
    { flags: '-n, --dry-run', help: 'list the runs instead of starting them' },
    {
      flags: '--time [limit]',
      help: 'run a few steps and estimate how long it takes; with --on slurm the time limit of a job, such as 2:00:00',
      value: { kind: 'optional', form: /^\d+(-\d+)?(:\d+){0,2}$/ },
    },
    {
      flags: '--name <name>',
      help: 'folder of the sweep under --runs (default: the name of its file)',
      value: { kind: 'text' },
    },
    flags.detach,
    flags.engine,
    flags.threads,
    flags.workers,
    flags.dataMemory,
    flags.runs,
    flags.plain,
    flags.noUnicode,
    flags.json,
    ...onCluster,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun sweep grid.sweep.yaml', does: 'run it, or go on with it' },
    { command: 'saurun sweep grid.sweep.yaml --dry-run', does: 'all instances, compiled and checked' },
    { command: 'saurun sweep grid.sweep.yaml --on slurm --time 2:00:00 --gpus 1', does: 'on a cluster' },
    { command: 'saurun sweep status grid-sweep', does: 'how it is' },
    { command: 'saurun sweep report grid-sweep --open', does: 'what it has come to so far' },
    { command: 'saurun sweep report grid-sweep --latex --metric top1,few', does: 'as a table for a paper' },
  ],
})

const begun = {
  form: '<sweep>',
  help: 'its folder, its name, or its file',
  completes: 'begunSweeps',
} as const

export const sweepStatus = declare({
  name: 'sweep status',
  summary: 'say how a sweep is',
  arguments: [begun],
  flags: [flags.runs, flags.json, ...everywhere],
  examples: [{ command: 'saurun sweep status grid-sweep', does: 'its runs, its best settings, its pools' }],
})

export const sweepStop = declare({
  name: 'sweep stop',
  summary: 'stop a sweep after checkpoints, and wait until it has',
  arguments: [begun],
  flags: [flags.now, flags.runs, flags.json, ...everywhere],
  examples: [
    { command: 'saurun sweep stop grid-sweep', does: 'the same command as before goes on with it' },
    { command: 'saurun sweep stop grid-sweep --now', does: 'without checkpoints of the last steps' },
  ],
})

export const sweepReport = declare({
  name: 'sweep report',
  summary: 'write what a sweep has come to, at any time',
  arguments: [begun],
  flags: [
    {
      flags: '-o, --output <file>',
      help: 'write there instead of report.html in the folder of the sweep',
      value: { kind: 'text' },
      completes: 'files',
    },
    flags.open,
    {
      flags: '--metric <name>',
      help: 'of these metrics, the first ordering the settings; several with commas, or repeated',
      value: { kind: 'words' },
    },
    flags.figures,
    flags.anonymous,
    { flags: '--csv', help: 'the results as CSV on standard output' },
    { flags: '--latex', help: 'the results as a LaTeX table (booktabs)' },
    { flags: '--markdown', help: 'the results as Markdown tables' },
    flags.runs,
    flags.json,
    ...everywhere,
  ],
  examples: [
    { command: 'saurun sweep report grid-sweep --open', does: 'what it has come to so far' },
    { command: 'saurun sweep report grid-sweep --latex --metric top1,few', does: 'as a table for a paper' },
  ],
})

export const sweepLogs = declare({
  name: 'sweep logs',
  summary: 'show what each pool of a sweep did and printed',
  arguments: [begun],
  flags: [flags.runs, ...everywhere],
  examples: [{ command: 'saurun sweep logs grid-sweep', does: 'in order of time' }],
})

export const sweepWork = declare({
  name: 'sweep work',
  summary: 'be a pilot of a sweep, as pods of a cluster are',
  arguments: [begun],
  flags: [flags.runs, ...everywhere],
  examples: [{ command: 'saurun sweep work grid-sweep', does: 'until no run is left for it' }],
})
