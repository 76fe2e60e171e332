// Flags of `saurun sweep` for clusters: where the pilots of a sweep run, and what each of them gets.
import type { Flag } from './options.js'

const text = { kind: 'text' } as const
const count = { kind: 'count', least: 1, most: 10_000 } as const

export const clusterFlags = {
  on: {
    flags: '--on <where>',
    name: 'on',
    help: 'local (default), slurm, or k8s, which writes a manifest',
    value: { kind: 'choice', choices: ['local', 'slurm', 'k8s'] },
  },
  measure: {
    flags: '--time [limit]',
    name: 'measure',
    help: 'run a few steps and estimate how long it takes; with --on slurm the time limit of a job, such as 2:00:00',
    value: { kind: 'optional', form: /^\d+(-\d+)?(:\d+){0,2}$/ },
  },
  partition: { flags: '--partition <name>', name: 'partition', help: 'partition of Slurm', value: text },
  gpus: { flags: '--gpus <count>', name: 'gpus', help: 'GPUs of each pilot, one run each', value: count },
  cpus: { flags: '--cpus <count>', name: 'cpus', help: 'cores of each pilot', value: count },
  mem: {
    flags: '--mem <size>',
    name: 'mem',
    help: 'memory of each pilot, as the cluster reads it',
    value: text,
  },
  pilots: {
    flags: '--pilots <count>',
    name: 'pilots',
    help: 'pilots on the cluster (default: 10, or as many as runs are left)',
    value: count,
  },
  arrayParallel: {
    flags: '--array-parallel <count>',
    name: 'arrayParallel',
    help: 'pilots that may run at a time',
    value: count,
  },
  slurmArg: {
    flags: '--slurm-arg <arg>',
    name: 'slurmArg',
    help: 'an option of sbatch, such as --slurm-arg=--account=vision; may be repeated',
    value: { kind: 'words' },
  },
  image: { flags: '--image <image>', name: 'image', help: 'with --on k8s: image with saurun', value: text },
  volumeClaim: {
    flags: '--volume-claim <name>',
    name: 'volumeClaim',
    help: 'with --on k8s: claim of the volume that --runs lies on',
    value: text,
  },
} as const satisfies Readonly<Record<string, Flag>>
