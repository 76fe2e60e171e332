// What a run looks like at one moment, folded from its journal: a pure reducer that the terminal UI, the
// plain lines and the closing summary share. Nothing here knows how any of it is shown.
import { headline, isBetter, isPlainMetric, type PlainMetric } from '../../../compiler/plan/metric-table.js'
import type {
  CheckpointWritten,
  Commanded,
  Correction,
  EngineReady,
  EpochDone,
  Evaluated,
  JournalEvent,
  PhaseStarted,
  Profiled,
  RunEnded,
  RunStarted,
  StepsDone,
} from '../journal/events.js'
import {
  addCheckpointToHistory,
  addEpochToHistory,
  addEvaluationToHistory,
  addStepsToHistory,
  emptyHistory,
  type RunHistory,
  resumedHistory,
} from './run-history.js'
import { appendPoint, cutSeries, emptySeries, type Point, type Series } from './series.js'

export interface EvaluationView {
  readonly dataset: string
  readonly groups: readonly {
    readonly name: string
    readonly rule: string
    readonly classes: readonly number[]
  }[]
  /** The metric that chooses the best epoch, where the file asks for one. */
  readonly bestBy: PlainMetric | undefined
  readonly latest: Evaluated | undefined
  readonly best: { readonly epoch: number; readonly value: number } | undefined
  /** Top-1 against the number of epochs done. */
  readonly top1: readonly Point[]
  /** Accuracy of each group, in the order of `groups`. */
  readonly shots: readonly (readonly Point[])[]
}

export interface RunView {
  readonly started: RunStarted | undefined
  /** When this session of the run began, and when the last event came; milliseconds since 1970. */
  readonly startedAt: number
  readonly now: number
  readonly engine: EngineReady | undefined
  readonly phase: PhaseStarted | undefined
  /** Steps and epochs that are behind us, over the whole run. */
  readonly stepsDone: number
  readonly epochsDone: number
  readonly latest: StepsDone | undefined
  readonly lastEpoch: EpochDone | undefined
  /** Samples a second, smoothed. */
  readonly speed: number | undefined
  readonly peakMemory: number
  /** One curve per loss against the number of epochs done; `RunStarted.losses` names them. */
  readonly losses: readonly Series[]
  readonly evaluations: readonly EvaluationView[]
  /** Of the last epoch that is done. */
  readonly corrections: readonly Correction[]
  readonly history: RunHistory
  /** With the time at which it was written, milliseconds since 1970. */
  readonly checkpoint: (CheckpointWritten & { readonly time: number }) | undefined
  readonly profile: Profiled | undefined
  readonly warnings: readonly string[]
  readonly stopping: 'no' | 'after_checkpoint' | 'now'
  readonly paused: boolean
  readonly pace: Pace
  readonly ended: RunEnded | undefined
}

/**
 * Wall-clock seconds of the last epochs with their evaluations and checkpoints, for the time that remains.
 */
export interface Pace {
  readonly recent: readonly number[]
  /** When the epoch in progress began, and how many steps were done then: a resumed run begins within one. */
  readonly since: number | undefined
  readonly sinceStep: number
}

export const emptyRunView: RunView = {
  started: undefined,
  startedAt: 0,
  now: 0,
  engine: undefined,
  phase: undefined,
  stepsDone: 0,
  epochsDone: 0,
  latest: undefined,
  lastEpoch: undefined,
  speed: undefined,
  peakMemory: 0,
  losses: [],
  evaluations: [],
  corrections: [],
  history: emptyHistory,
  checkpoint: undefined,
  profile: undefined,
  warnings: [],
  stopping: 'no',
  paused: false,
  pace: { recent: [], since: undefined, sinceStep: 0 },
  ended: undefined,
}

/** Share of the newest measurement in the smoothed speed. */
const speedSmoothing = 0.2
/** Epochs whose duration the estimate of the remaining time rests on. */
const paceMemory = 5

/** The view after one more event. */
export function reduceRunView(view: RunView, event: JournalEvent): RunView {
  // Nearly all events of a long journal: copied once, not twice.
  if (event.event === 'steps_done') return addSteps(view, event)
  const next = { ...view, now: Math.max(view.now, event.time) }
  switch (event.event) {
    case 'run_started':
      return begin(next, event)
    case 'data_ready':
    case 'data_drawn':
    case 'advised':
      return next
    case 'engine_ready':
      return { ...next, engine: event }
    case 'phase_started':
      return startPhase(next, event)
    case 'epoch_done':
      return addEpoch(next, event)
    case 'evaluated':
      return addEvaluation(next, event)
    case 'checkpoint_written':
      return { ...next, checkpoint: event, history: addCheckpointToHistory(next.history, event) }
    case 'profiled':
      return { ...next, profile: event }
    case 'warned':
      return { ...next, warnings: [...next.warnings, event.message] }
    case 'commanded':
      return addCommand(next, event.command)
    case 'extended':
      return next.started === undefined
        ? next
        : { ...next, started: { ...next.started, epochs: event.epochs, planHash: event.planHash } }
    case 'run_ended':
      return { ...next, ended: event, peakMemory: Math.max(next.peakMemory, event.peakMemory) }
  }
}

function begin(view: RunView, event: JournalEvent & RunStarted): RunView {
  const fresh: RunView = {
    ...emptyRunView,
    started: event,
    startedAt: event.time,
    now: event.time,
    warnings: event.warnings,
    losses: event.losses.map(() => emptySeries),
    evaluations: event.evaluations.map((evaluation) => ({
      dataset: evaluation.dataset,
      groups: evaluation.groups,
      bestBy: evaluation.best !== undefined && isPlainMetric(evaluation.best) ? evaluation.best : undefined,
      latest: undefined,
      best: undefined,
      top1: [],
      shots: evaluation.groups.map(() => []),
    })),
  }
  if (event.resumed === undefined) return fresh
  const { epoch, step } = event.resumed
  const position = step / Math.max(1, event.stepsPerEpoch)
  return {
    ...fresh,
    stepsDone: step,
    epochsDone: epoch,
    history: resumedHistory(view.history, epoch, position),
    losses: event.losses.map((_, i) => cutSeries(view.losses[i] ?? emptySeries, position)),
    evaluations: fresh.evaluations.map((evaluation, i) => {
      const before = view.evaluations[i]
      if (before === undefined) return evaluation
      const kept = (points: readonly Point[]): readonly Point[] => points.filter((point) => point.x <= epoch)
      return {
        ...evaluation,
        top1: kept(before.top1),
        shots: evaluation.shots.map((_, group) => kept(before.shots[group] ?? [])),
        latest: before.latest !== undefined && before.latest.epoch < epoch ? before.latest : undefined,
        best: before.best !== undefined && before.best.epoch < epoch ? before.best : undefined,
      }
    }),
  }
}

function startPhase(view: RunView, event: JournalEvent & PhaseStarted): RunView {
  const countsAsEpoch = event.phase === 'train' || event.phase === 'memory'
  const pace =
    countsAsEpoch && view.pace.since === undefined
      ? { ...view.pace, since: event.time, sinceStep: view.stepsDone }
      : view.pace
  return { ...view, phase: event, pace }
}

function addSteps(view: RunView, event: JournalEvent & StepsDone): RunView {
  const stepsPerEpoch = Math.max(1, view.started?.stepsPerEpoch ?? 1)
  const stepsDone = event.step + 1
  // The middle of the steps that the means stand for, in epochs.
  const x = (stepsDone - event.steps / 2) / stepsPerEpoch
  return {
    ...view,
    now: Math.max(view.now, event.time),
    latest: event,
    stepsDone,
    speed:
      view.speed === undefined
        ? event.samplesPerSecond
        : view.speed + speedSmoothing * (event.samplesPerSecond - view.speed),
    peakMemory: Math.max(view.peakMemory, event.memory),
    losses: view.losses.map((series, i) => appendPoint(series, { x, y: event.losses[i] ?? Number.NaN })),
    history: addStepsToHistory(view.history, event, x),
  }
}

function addEpoch(view: RunView, event: JournalEvent & EpochDone): RunView {
  const { since, sinceStep, recent } = view.pace
  const stepsPerEpoch = view.started?.stepsPerEpoch ?? 1
  const share = Math.min(1, Math.max(1, event.step + 1 - sinceStep) / stepsPerEpoch)
  const seconds = since === undefined ? event.seconds : (event.time - since) / 1000 / share
  return {
    ...view,
    lastEpoch: event,
    stepsDone: event.step + 1,
    epochsDone: event.epoch + 1,
    corrections: event.corrections,
    history: addEpochToHistory(view.history, event),
    pace: {
      recent: [...recent, seconds].slice(-paceMemory),
      since: event.time,
      sinceStep: event.step + 1,
    },
  }
}

function addEvaluation(view: RunView, event: Evaluated): RunView {
  const x = event.epoch + 1
  return {
    ...view,
    history: addEvaluationToHistory(view.history, event),
    evaluations: view.evaluations.map((evaluation, i) => {
      if (i !== event.evaluation) return evaluation
      const by = evaluation.bestBy ?? headline
      const value = event[by]
      const best =
        value !== undefined && (evaluation.best === undefined || isBetter(by, value, evaluation.best.value))
          ? { epoch: event.epoch, value }
          : evaluation.best
      return {
        ...evaluation,
        latest: event,
        best,
        top1: [...evaluation.top1, { x, y: event.top1 }],
        shots: evaluation.shots.map((points, group) => {
          const name = evaluation.groups[group]?.name
          const accuracy = event.shots?.find((shot) => shot.name === name)?.accuracy
          return accuracy === null || accuracy === undefined ? points : [...points, { x, y: accuracy }]
        }),
      }
    }),
  }
}

function addCommand(view: RunView, command: Commanded['command']): RunView {
  switch (command) {
    case 'stop':
      return { ...view, stopping: view.stopping === 'now' ? 'now' : 'after_checkpoint' }
    case 'stop_now':
      return { ...view, stopping: 'now' }
    case 'pause':
      return { ...view, paused: true }
    case 'continue':
      return { ...view, paused: false }
    case 'evaluate':
    case 'extend':
      return view
  }
}

/** Share of the run that is done, in 0..1. */
export function runProgress(view: RunView): number {
  const total = (view.started?.epochs ?? 0) * (view.started?.stepsPerEpoch ?? 0)
  return total === 0 ? 0 : Math.min(1, view.stepsDone / total)
}

/**
 * Position inside the epoch in progress: its number from 0, steps of it that are done, and how many it has.
 */
export function epochProgress(view: RunView): { epoch: number; done: number; steps: number } {
  const steps = view.started?.stepsPerEpoch ?? 0
  const epochs = view.started?.epochs ?? 0
  if (steps === 0) return { epoch: 0, done: 0, steps: 0 }
  const epoch = Math.min(Math.floor(view.stepsDone / steps), Math.max(0, epochs - 1))
  return { epoch, done: Math.min(steps, view.stepsDone - epoch * steps), steps }
}

/** Seconds until the run is done; undefined until a first measurement is there. */
export function remainingSeconds(view: RunView): number | undefined {
  const started = view.started
  if (started === undefined || view.ended !== undefined) return undefined
  if (view.pace.recent.length > 0) {
    const mean = view.pace.recent.reduce((sum, value) => sum + value, 0) / view.pace.recent.length
    return mean * Math.max(0, started.epochs - view.stepsDone / Math.max(1, started.stepsPerEpoch))
  }
  if (view.speed === undefined || view.speed <= 0) return undefined
  const steps = started.epochs * started.stepsPerEpoch - view.stepsDone
  return (steps * started.batch) / view.speed
}

/** What the run is busy with, in a few words. */
export function activity(view: RunView): string {
  if (view.ended !== undefined) return view.ended.outcome
  if (view.stopping === 'now') return 'stopping now'
  if (view.stopping === 'after_checkpoint') return 'stopping after a checkpoint'
  if (view.paused) return 'paused'
  switch (view.phase?.phase) {
    case undefined:
      return 'starting'
    case 'profile':
      return 'profiling the step'
    case 'data':
      return 'loading data'
    case 'compile':
      return 'building the graph'
    case 'memory':
      return `renewing ${view.phase.name ?? 'memory'}`
    case 'train':
      return 'training'
    case 'evaluate':
      return `evaluating ${view.phase.name ?? ''}`.trimEnd()
    case 'checkpoint':
      return 'writing a checkpoint'
  }
}

/** Classes in the order of the bars: most real images first, then most images, then their own order. */
export function classesBySize(
  classes: readonly { readonly real: number; readonly synthetic: number }[],
): readonly number[] {
  return classes
    .map((_, position) => position)
    .sort((a, b) => {
      const left = classes[a]
      const right = classes[b]
      if (left === undefined || right === undefined) return 0
      return right.real - left.real || right.real + right.synthetic - (left.real + left.synthetic) || a - b
    })
}

/**
 * Precision and recall of the correction over all branches with planted noise; undefined where none is
 * planted.
 */
export function plantedNoise(corrections: readonly Correction[]): PlantedNoise | undefined {
  const planted = corrections.flatMap((correction) =>
    correction.planted === undefined ? [] : [{ called: correction.calledNoise, ...correction.planted }],
  )
  const [only] = planted
  if (only === undefined) return undefined
  if (planted.length === 1) return { precision: only.precision, recall: only.recall, noisy: only.noisy }
  const found = planted.reduce((sum, entry) => sum + entry.truePositives, 0)
  const called = planted.reduce((sum, entry) => sum + entry.called, 0)
  const noisy = planted.reduce((sum, entry) => sum + entry.noisy, 0)
  return {
    precision: called === 0 ? null : found / called,
    recall: noisy === 0 ? null : found / noisy,
    noisy,
  }
}

export interface PlantedNoise {
  /** Of what was called noise, how much is; null where nothing was. */
  readonly precision: number | null
  /** Of what is noise, how much was called so; null where none passed. */
  readonly recall: number | null
  /** Samples with planted noise that passed. */
  readonly noisy: number
}
