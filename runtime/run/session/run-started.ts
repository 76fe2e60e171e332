// The first line of a run's journal, and of every resumption.
import { hostname } from 'node:os'
import { basename } from 'node:path'
import { type Program, programCost } from '../../../compiler/graph/index.js'
import type { Metric, Plan } from '../../../compiler/plan/plan.js'
import type { Checkpoint } from '../folder/checkpoint.js'
import type { RunLock } from '../folder/lock.js'
import type { RunStarted } from '../journal/events.js'
import type { Progress } from '../loop/progress.js'

export interface RunFacts {
  readonly plan: Plan
  readonly lock: RunLock
  readonly program: Program
  readonly runFolder: string
  readonly version: string
  readonly checkpoint: Checkpoint<Progress> | undefined
}

export function runStarted(facts: RunFacts): RunStarted {
  const { plan, lock, program, runFolder, version, checkpoint } = facts
  const step = checkpoint?.state.step
  const dataset = plan.datasets[plan.streams[0]?.dataset ?? -1]
  return {
    event: 'run_started',
    run: basename(runFolder),
    title: plan.title,
    file: lock.file,
    planHash: lock.planHash,
    program: version,
    pid: process.pid,
    host: hostname(),
    epochs: plan.train.epochs,
    stepsPerEpoch: plan.train.stepsPerEpoch,
    batch: plan.train.batch,
    parameters: programCost(program).parameters,
    losses: plan.losses.map(({ branch, name }) => `${branch}.${name}`),
    params: lock.params,
    classes: (dataset?.classes ?? []).map((name, c) => ({
      name,
      real: dataset?.real[c] ?? 0,
      synthetic: dataset?.synthetic[c] ?? 0,
    })),
    evaluations: plan.evaluations.map(({ dataset: position, metrics, best }) => ({
      dataset: plan.datasets[position]?.name ?? '',
      metrics: metrics.map(({ op }) => op),
      groups: metrics.flatMap(groupsOf),
      best: best?.metric,
    })),
    resumed:
      checkpoint === undefined || step === undefined
        ? undefined
        : {
            epoch: Math.floor(step / plan.train.stepsPerEpoch),
            step,
            checkpoint: basename(checkpoint.folder),
          },
    ...(lock.forkedFrom === undefined
      ? {}
      : { forkedFrom: { run: lock.forkedFrom.run, step: lock.forkedFrom.step } }),
    warnings: lock.warnings,
  }
}

function groupsOf(metric: Metric): RunStarted['evaluations'][number]['groups'] {
  return metric.op === 'shots' ? metric.groups : []
}
