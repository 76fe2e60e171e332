// What a run did over time beside its losses: memory, speed, waiting for data, label correction, and what its
// seconds went to. A part of the run's view, folded from the same journal.
import type { CheckpointWritten, EpochDone, Evaluated, StepsDone } from '../journal/events.js'
import { appendPoint, cutSeries, emptySeries, type Point, type Series } from './series.js'

export interface RunHistory {
  /** Resident set of the training process in bytes, against the number of epochs done. */
  readonly memory: Series
  /** Images a second. */
  readonly speed: Series
  /** Share of the time in which the engine waited for data. */
  readonly dataWait: Series
  /** One per `correct` of the file, in its order; empty until the first epoch is done. */
  readonly corrections: readonly CorrectionHistory[]
  readonly spent: Spent
}

/** Points of one branch's correction against the number of epochs done; values in 0..1. */
export interface CorrectionHistory {
  readonly branch: string
  /** Share of the synthetic samples that were called noise. */
  readonly calledNoise: readonly Point[]
  /** Where noise was planted and there was something to measure. */
  readonly precision: readonly Point[]
  readonly recall: readonly Point[]
}

/** Seconds of this session that the journal names, and the epochs that they belong to. */
export interface Spent {
  readonly epochs: number
  readonly training: number
  readonly evaluation: number
  readonly checkpoint: number
}

export const emptyHistory: RunHistory = {
  memory: emptySeries,
  speed: emptySeries,
  dataWait: emptySeries,
  corrections: [],
  spent: { epochs: 0, training: 0, evaluation: 0, checkpoint: 0 },
}

/** `x` is the middle of the steps, in epochs. */
export function addStepsToHistory(history: RunHistory, event: StepsDone, x: number): RunHistory {
  return {
    ...history,
    memory: appendPoint(history.memory, { x, y: event.memory }),
    speed: appendPoint(history.speed, { x, y: event.samplesPerSecond }),
    dataWait: appendPoint(history.dataWait, { x, y: event.dataWait }),
  }
}

export function addEpochToHistory(history: RunHistory, event: EpochDone): RunHistory {
  const x = event.epoch + 1
  const { spent } = history
  return {
    ...history,
    corrections: event.corrections.map((correction, i) => {
      const before = history.corrections[i]
      const { synthetic, calledNoise, planted } = correction
      return {
        branch: correction.branch,
        calledNoise: extended(before?.calledNoise, x, synthetic === 0 ? null : calledNoise / synthetic),
        precision: extended(before?.precision, x, planted?.precision),
        recall: extended(before?.recall, x, planted?.recall),
      }
    }),
    spent: { ...spent, epochs: spent.epochs + 1, training: spent.training + event.seconds },
  }
}

export function addEvaluationToHistory(history: RunHistory, event: Evaluated): RunHistory {
  const { spent } = history
  return { ...history, spent: { ...spent, evaluation: spent.evaluation + event.seconds } }
}

export function addCheckpointToHistory(history: RunHistory, event: CheckpointWritten): RunHistory {
  const { spent } = history
  return { ...history, spent: { ...spent, checkpoint: spent.checkpoint + event.seconds } }
}

/**
 * What a session that goes on at `epoch` (at `position` in epochs) keeps of the ones before it. Its seconds
 * are counted anew: another machine may train it.
 */
export function resumedHistory(history: RunHistory, epoch: number, position: number): RunHistory {
  const kept = (points: readonly Point[]): readonly Point[] => points.filter(({ x }) => x <= epoch)
  return {
    memory: cutSeries(history.memory, position),
    speed: cutSeries(history.speed, position),
    dataWait: cutSeries(history.dataWait, position),
    corrections: history.corrections.map((correction) => ({
      branch: correction.branch,
      calledNoise: kept(correction.calledNoise),
      precision: kept(correction.precision),
      recall: kept(correction.recall),
    })),
    spent: emptyHistory.spent,
  }
}

function extended(
  points: readonly Point[] | undefined,
  x: number,
  y: number | null | undefined,
): readonly Point[] {
  const before = points ?? []
  return y === null || y === undefined ? before : [...before, { x, y }]
}
