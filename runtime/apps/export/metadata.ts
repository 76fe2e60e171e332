// What an exported model says about itself: texts by name, the same in every format. Lists and records are
// JSON.
import { basename, join } from 'node:path'
import type { Plan } from '../../../compiler/plan/plan.js'
import { programVersion } from '../../platform/compiled-entry.js'
import type { RunLock } from '../../run/folder/lock.js'
import { journalFile, newestEvent } from '../../run/journal/journal.js'
import type { ServedHead } from './served-head.js'

export interface ExportedRun {
  readonly folder: string
  readonly plan: Plan
  readonly lock: RunLock
}

/** Metadata of a head as it was after `step` steps; the top-1 of that epoch, 0..1, where it was measured. */
export function exportMetadata(
  { folder, plan, lock }: ExportedRun,
  served: ServedHead,
  step: number,
): Readonly<Record<string, string>> {
  const { network, head, normalize, operations, classes } = served
  const epochs = Math.floor(step / plan.train.stepsPerEpoch)
  const isWhole = step % plan.train.stepsPerEpoch === 0
  const accuracy = isWhole ? measured(folder, served.evaluation, epochs - 1) : undefined
  return {
    classes: JSON.stringify(classes),
    title: lock.title,
    plan_hash: lock.planHash,
    program: `saurun ${programVersion()}`,
    run: basename(folder),
    network: network.name,
    head: head.name,
    output: head.output.kind,
    epoch: String(epochs),
    step: String(step),
    ...(accuracy === undefined ? {} : { accuracy: String(accuracy.top1), dataset: accuracy.dataset }),
    input: JSON.stringify(network.input),
    view: JSON.stringify(operations),
    ...(normalize === undefined ? {} : { normalize: JSON.stringify(normalize) }),
  }
}

/** What an evaluation measured after an epoch, the last time that this epoch was trained. */
function measured(folder: string, evaluation: number | undefined, epoch: number) {
  if (evaluation === undefined) return undefined
  const found = newestEvent(join(folder, journalFile), ['evaluated'], {
    wanted: (event) => event.evaluation === evaluation && event.epoch === epoch,
  })
  return found === undefined ? undefined : { top1: found.top1, dataset: found.dataset }
}
