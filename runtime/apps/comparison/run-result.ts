// What a finished run came to, read from its folder; or why it cannot be compared.
import { basename, join } from 'node:path'
import type { MetricName, PlainMetric } from '../../../compiler/plan/metric-table.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { RunError } from '../../platform/errors.js'
import { currentOwner } from '../../platform/files/ownership.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import type { JournalEvent, RunEnded } from '../../run/journal/events.js'
import { eventsOf, journalFile, lastEnding } from '../../run/journal/journal.js'
import { metricValues } from '../../run/journal/metric-values.js'

export interface RunResult {
  /** Folder name. */
  readonly run: string
  readonly folder: string
  /** Name of the experiment's file. */
  readonly file: string
  readonly plan: Plan
  readonly planHash: string
  readonly params: Readonly<Record<string, string | number | boolean>>
  /** Engine of the last process. */
  readonly engine: string | undefined
  readonly evaluations: readonly EvaluationResult[]
}

export interface EvaluationResult {
  /** Name of the data set; with the evaluation's position where several evaluate one. */
  readonly name: string
  readonly split: 'train' | 'test' | undefined
  /** The metric that chooses the best epoch, where the file asks for one. */
  readonly bestBy: PlainMetric | undefined
  /**
   * In order of epochs; each has `loss` and `top1` and what else the file asks for, by name. Shares are in
   * 0..1.
   */
  readonly measured: readonly MeasuredEpoch[]
}

export interface MeasuredEpoch {
  readonly epoch: number
  readonly values: ReadonlyMap<MetricName, number | null>
  /** Recall by class, in the order of the data set's classes, where the file asks for it. */
  readonly perClass: readonly (number | null)[] | undefined
}

export interface LeftOut {
  readonly run: string
  readonly folder: string
  readonly reason: string
}

export type ReadRun =
  | { readonly kind: 'finished'; readonly result: RunResult }
  | { readonly kind: 'left_out'; readonly leftOut: LeftOut }

/** Reads a run's folder. A run that is damaged or did not finish is left out, with its reason. */
export function readRun(folder: string): ReadRun {
  const run = basename(folder)
  const leftOut = (reason: string): ReadRun => ({ kind: 'left_out', leftOut: { run, folder, reason } })
  try {
    const { lock, plan } = readLockedPlan(folder)
    const journal = join(folder, journalFile)
    const ending = lastEnding(journal)
    if (ending === undefined) return leftOut(unfinished(folder))
    if (ending.outcome !== 'done') return leftOut(endingText(ending))
    const evaluations = evaluationResults(plan, eventsOf(journal, ['run_started', 'evaluated']))
    if (evaluations.every(({ measured }) => measured.length === 0)) {
      return leftOut('done, but it evaluates nothing')
    }
    const engine = lock.processes.at(-1)?.engine
    const file = basename(lock.file)
    const { planHash, params } = lock
    return { kind: 'finished', result: { run, folder, file, plan, planHash, params, engine, evaluations } }
  } catch (error) {
    if (error instanceof RunError) return leftOut(`${error.code}: ${error.message}`)
    throw error
  }
}

function unfinished(folder: string): string {
  const owner = currentOwner(folder)
  return owner === undefined
    ? 'not finished: its process ended without a word'
    : `not finished: process ${owner.pid} on ${owner.host} trains it`
}

function endingText({ outcome, code, message, epoch }: RunEnded): string {
  return `${outcome} in epoch ${epoch + 1}: ${code === undefined ? '' : `${code}: `}${message}`
}

function evaluationResults(plan: Plan, events: Iterable<JournalEvent>): readonly EvaluationResult[] {
  const measured = plan.evaluations.map(() => new Map<number, Omit<MeasuredEpoch, 'epoch'>>())
  for (const event of events) {
    if (event.event === 'run_started' && event.resumed !== undefined) {
      // What came after the checkpoint that it goes on from is trained again.
      for (const epochs of measured) {
        for (const epoch of epochs.keys()) if (epoch >= event.resumed.epoch) epochs.delete(epoch)
      }
    }
    if (event.event === 'evaluated') {
      const { perClass } = event
      measured[event.evaluation]?.set(event.epoch, { values: metricValues(event), perClass })
    }
  }
  const names = plan.evaluations.map(({ dataset }) => plan.datasets[dataset]?.name ?? '')
  return plan.evaluations.map((evaluation, position) => {
    const name = names[position] ?? ''
    return {
      name: names.filter((other) => other === name).length > 1 ? `${name}.${position}` : name,
      split: plan.datasets[evaluation.dataset]?.split,
      bestBy: evaluation.best?.metric,
      measured: [...(measured[position] ?? [])]
        .sort(([a], [b]) => a - b)
        .map(([epoch, measures]) => ({ epoch, ...measures })),
    }
  })
}
