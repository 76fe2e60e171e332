// What a replay has come to: identical to the run that it repeats as far as both go, or not, and where they
// part.
import { basename, join } from 'node:path'
import { RunError } from '../../platform/errors.js'
import { writeDurably } from '../../platform/files/durable.js'
import { readStoredJson } from '../../platform/files/stored-file.js'
import {
  type Form,
  list,
  maybe,
  measure,
  nullable,
  number,
  object,
  oneOf,
  text,
  truth,
  whole,
} from '../../platform/forms/json-form.js'
import { logLine } from '../../platform/texts/terminal.js'
import { listCheckpoints, tensorFiles } from '../../run/folder/checkpoint.js'
import { verdictFile } from '../../run/folder/file-names.js'
import type { RunLock } from '../../run/folder/lock.js'
import type { Evaluated } from '../../run/journal/events.js'
import {
  type ComparedEvaluation,
  type Difference,
  epochDifference,
  evaluationDifference,
  stepDifference,
} from './difference.js'
import { evaluationKey, type RunRecord, readRecord } from './record.js'
import { compareWeights, type TensorDifference, type WeightComparison } from './weights.js'

export interface Verdict {
  readonly replay: 1
  /** Names of the runs. */
  readonly original: string
  readonly run: string
  /** Whether it went as far as the original, without any difference. */
  readonly identical: boolean
  /** Whether it went as far as the original. */
  readonly complete: boolean
  /** What was there to compare. */
  readonly epochs: number
  readonly evaluations: number
  readonly steps: number
  /** The first one. */
  readonly difference: Difference | null
  /** State of the networks at the end; null where one of the two is not there, or not yet. */
  readonly weights: WeightComparison | null
  /** Both diverged (or not) alike: messages of their ends, where one of them did. */
  readonly endings: { readonly original: string; readonly replay: string } | null
}

/** In a word. A replay that was stopped on its way is `identical so far` while nothing differs. */
export function outcomeOf(verdict: Verdict): 'identical' | 'identical so far' | 'differs' {
  if (verdict.identical) return 'identical'
  const differs = verdict.difference !== null || (verdict.weights?.different.length ?? 0) > 0
  return differs || verdict.complete ? 'differs' : 'identical so far'
}

/**
 * @throws RunError SAU7101 where one of the folders holds no run, SAU7107 where a last checkpoint is damaged.
 */
export function compareReplay(originalFolder: string, replayFolder: string): Verdict {
  const [original, replay] = [readRecord(originalFolder), readRecord(replayFolder)]
  const steps = compareSteps(original, replay)
  const epochs = compareEpochs(original, replay)
  const found = [steps.difference, epochs.difference].filter((difference) => difference !== undefined)
  const { stepsPerEpoch } = original.plan.train
  const place = ({ step, epoch }: Difference): number => step ?? (epoch + 1) * stepsPerEpoch - 0.5
  const difference = found.sort((a, b) => place(a) - place(b))[0]
  const last = replay.lock.replayOf?.until ?? lastStep(originalFolder)
  const weights = last === undefined ? undefined : compareWeights(originalFolder, replayFolder, last)
  const endings = divergences(original, replay)
  const complete =
    endings !== undefined
      ? replay.ended?.outcome === 'done' || replay.ended?.outcome === 'diverged'
      : last !== undefined && (lastStep(replayFolder) ?? 0) >= last
  const isAlike =
    difference === undefined &&
    (weights?.different.length ?? 0) === 0 &&
    (endings === undefined || endings.original === endings.replay)
  return {
    replay: 1,
    original: original.run,
    run: replay.run,
    identical: complete && isAlike,
    complete,
    epochs: epochs.epochs,
    evaluations: epochs.evaluations,
    steps: steps.steps,
    difference: difference ?? null,
    weights: weights ?? null,
    endings: endings ?? null,
  }
}

function compareSteps(original: RunRecord, replay: RunRecord) {
  const columns = 1 + original.losses.length
  const count = Math.min(original.steps?.length ?? 0, replay.steps?.length ?? 0) / columns
  let steps = 0
  for (let step = 0; step < count; step++) {
    const row = (record: RunRecord) => record.steps?.subarray(step * columns, (step + 1) * columns) ?? []
    const [before, now] = [row(original), row(replay)]
    if (Number.isNaN(before[0]) || Number.isNaN(now[0])) continue
    steps++
    const place = { epoch: Math.floor(step / original.plan.train.stepsPerEpoch), step }
    const difference = stepDifference(original.losses, place, before, now)
    if (difference !== undefined) return { steps, difference }
  }
  return { steps, difference: undefined }
}

function compareEpochs(original: RunRecord, replay: RunRecord) {
  let [epochs, evaluations] = [0, 0]
  for (const [epoch, before] of [...original.epochs].sort(([a], [b]) => a - b)) {
    const now = replay.epochs.get(epoch)
    if (now === undefined) break
    epochs++
    const difference = epochDifference(original.losses, before, now)
    if (difference !== undefined) return { epochs, evaluations, difference }
    for (const [position] of original.plan.evaluations.entries()) {
      const key = evaluationKey({ epoch, evaluation: position })
      const [evaluatedBefore, evaluated] = [original.evaluations.get(key), replay.evaluations.get(key)]
      if (evaluatedBefore === undefined || evaluated === undefined) continue
      evaluations++
      const other = evaluationDifference(
        compared(original, evaluatedBefore, evaluated),
        compared(replay, evaluated, evaluatedBefore),
      )
      if (other !== undefined) return { epochs, evaluations, difference: other }
    }
  }
  return { epochs, evaluations, difference: undefined }
}

/** Matrices are read where their hashes do not say already that they are equal. */
function compared({ confusionOf }: RunRecord, event: Evaluated, other: Evaluated): ComparedEvaluation {
  const sha256 = event.confusion?.sha256
  const isEqual = sha256 !== undefined && sha256 === other.confusion?.sha256
  return { ...event, confusion: isEqual ? undefined : confusionOf(event) }
}

function lastStep(runFolder: string): number | undefined {
  const last = listCheckpoints(runFolder).at(-1)
  return last === undefined ? undefined : Number(basename(last).replace('step-', ''))
}

/** How both ended, where one of them diverged; empty for one that has not ended. */
function divergences(original: RunRecord, replay: RunRecord): NonNullable<Verdict['endings']> | undefined {
  const diverged = [original, replay].some(({ ended }) => ended?.outcome === 'diverged')
  if (!diverged) return undefined
  return { original: original.ended?.message ?? '', replay: replay.ended?.message ?? '' }
}

/**
 * Compares a run that is a replay at the end of one of its processes and keeps what came out, for the report.
 */
export function keepVerdict(replayFolder: string, { replayOf }: Pick<RunLock, 'replayOf'>): void {
  if (replayOf === undefined) return
  try {
    const verdict = compareReplay(replayOf.folder, replayFolder)
    writeDurably(join(replayFolder, verdictFile), `${JSON.stringify(verdict, undefined, 1)}\n`)
  } catch (error) {
    // The run itself is as good without it; the command that compares says why it cannot.
    logLine(`the replay was not compared: ${error instanceof Error ? error.message : error}`)
  }
}

const difference: Form<Difference> = object<Difference>({
  epoch: whole,
  step: maybe(whole),
  quantity: text,
  original: nullable(number),
  replay: nullable(number),
})

const verdictForm: Form<Verdict> = object<Verdict>({
  replay: oneOf(1),
  original: text,
  run: text,
  identical: truth,
  complete: truth,
  epochs: whole,
  evaluations: whole,
  steps: whole,
  difference: nullable(difference),
  weights: nullable(
    object<WeightComparison>({
      step: whole,
      tensors: whole,
      different: list(
        object<TensorDifference>({
          file: oneOf(...tensorFiles),
          tensor: text,
          numbers: maybe(
            object<NonNullable<TensorDifference['numbers']>>({
              different: whole,
              all: whole,
              largest: measure,
            }),
          ),
        }),
      ),
    }),
  ),
  endings: nullable(object<NonNullable<Verdict['endings']>>({ original: text, replay: text })),
})

/**
 * What `keepVerdict` wrote last; undefined where there is nothing, or nothing whole: comparing again gives
 * it.
 */
export function readVerdict(replayFolder: string): Verdict | undefined {
  try {
    return readStoredJson(join(replayFolder, verdictFile), verdictForm)
  } catch (error) {
    if (error instanceof RunError) return undefined
    throw error
  }
}
