// What a run has left of its numbers, and of what happened to it: read from its folder, one line of time,
// without what was trained again after a resumption.
import { basename, join } from 'node:path'
import type { Plan } from '../../../compiler/plan/plan.js'
import { type ConfusionReader, confusionReader } from '../../run/folder/confusions.js'
import type { RecordedCourse, RunLock } from '../../run/folder/lock.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import { readStepLosses } from '../../run/folder/step-losses.js'
import type { EpochDone, Evaluated, JournalEvent, RunEnded } from '../../run/journal/events.js'
import { journalFile, readJournal } from '../../run/journal/journal.js'

export interface RunRecord {
  readonly run: string
  readonly folder: string
  readonly lock: RunLock
  /** The last one that it had. */
  readonly plan: Plan
  /** `branch.name`. */
  readonly losses: readonly string[]
  /** First step of its record: that of the checkpoint which a fork began with, else 0. */
  readonly from: number
  readonly course: RecordedCourse
  /** Whether it was extended at a step that its journal does not tell exactly. */
  readonly isCourseVague: boolean
  readonly epochs: ReadonlyMap<number, EpochDone>
  /** At the end of epochs, by `evaluationKey`; not those that somebody asked for in between. */
  readonly evaluations: ReadonlyMap<string, Evaluated>
  readonly confusionOf: ConfusionReader
  /** Rows of the objective and the losses, step by step; undefined in runs of older versions. */
  readonly steps: Float64Array | undefined
  /** How its last process ended; undefined while one trains, and where it died without a word. */
  readonly ended: RunEnded | undefined
}

export function evaluationKey({ epoch, evaluation }: Pick<Evaluated, 'epoch' | 'evaluation'>): string {
  return `${epoch}/${evaluation}`
}

/** @throws RunError SAU7101 where the folder holds no run. */
export function readRecord(folder: string): RunRecord {
  const { lock, plan } = readLockedPlan(folder)
  const { events } = readJournal(join(folder, journalFile))
  const losses = plan.losses.map(({ branch, name }) => `${branch}.${name}`)
  return {
    run: basename(folder),
    folder,
    lock,
    plan,
    losses,
    steps: readStepLosses(folder, 1 + losses.length),
    confusionOf: confusionReader(folder),
    ...recordOf(events, plan.train.epochs),
  }
}

/** The part of a record that stands in the journal. */
export function recordOf(
  events: readonly JournalEvent[],
  plannedEpochs: number,
): Pick<RunRecord, 'from' | 'course' | 'isCourseVague' | 'epochs' | 'evaluations' | 'ended'> {
  const epochs = new Map<number, EpochDone>()
  const evaluations = new Map<string, Evaluated>()
  let extensions: { readonly step: number; readonly epochs: number }[] = []
  let from: number | undefined
  let first = plannedEpochs
  let now = plannedEpochs
  /** The step that comes next, as far as the journal tells. */
  let next = 0
  let isCourseVague = false
  let ended: RunEnded | undefined
  for (const event of events) {
    switch (event.event) {
      case 'run_started': {
        const start = event.resumed ?? { epoch: 0, step: 0 }
        if (from === undefined) {
          from = start.step
          first = event.epochs
          now = event.epochs
        }
        ended = undefined
        next = start.step
        for (const [epoch] of epochs) if (epoch >= start.epoch) epochs.delete(epoch)
        for (const [key, { epoch }] of evaluations) if (epoch >= start.epoch) evaluations.delete(key)
        // What a process added that died before its next checkpoint was there from the beginning of the one
        // after it.
        extensions = extensions.filter(({ step }) => step < start.step)
        now = extensions.at(-1)?.epochs ?? first
        if (event.epochs !== now) extensions.push({ step: start.step, epochs: event.epochs })
        now = event.epochs
        break
      }
      case 'steps_done':
        next = event.step + 1
        break
      case 'extended':
        if (event.step === undefined) isCourseVague = true
        extensions.push({ step: event.step ?? next, epochs: event.epochs })
        now = event.epochs
        break
      case 'epoch_done':
        epochs.set(event.epoch, event)
        break
      case 'evaluated':
        if (epochs.has(event.epoch)) evaluations.set(evaluationKey(event), event)
        break
      case 'run_ended':
        ended = event
        break
      default:
    }
  }
  return { from: from ?? 0, course: { epochs: first, extensions }, isCourseVague, epochs, evaluations, ended }
}
