// The training loop: epochs of memories, steps, evaluation and checkpoint, from a place in the run to its
// end.
import { isBetter } from '../../../compiler/plan/metric-table.js'
import type { EvaluationPlan, Plan } from '../../../compiler/plan/plan.js'
import {
  type CorrectionSite,
  correctionSites,
  corrections,
  countCorrections,
  noCorrections,
} from './correction.js'
import { evaluate } from './evaluate.js'
import { isDue, renewMemory } from './memory.js'
import { addStep, createMeter, epochMeans } from './meter.js'
import { type BestSoFar, emptySums, type Progress } from './progress.js'
import { stepTime } from './schedule.js'
import type { Training, WholeTraining } from './training.js'
import { runStep } from './training-step.js'

/** How the loop ended: at the run's end, or stopped with or without a checkpoint of the last step. */
export type Ending = 'done' | 'stopped' | 'stopped_now'

/** Progress of a run that has not begun. */
export function beginning(plan: Plan, planHash: string, engine: string): Progress {
  return { planHash, step: 0, sums: emptySums(plan, []), best: [], seconds: 0, engine }
}

/** What one call of `train` works on. */
interface Loop {
  training: WholeTraining
  readonly sites: readonly CorrectionSite[]
  /** The step of the last checkpoint, and when it was written. */
  saved: number
  savedAt: number
}

/**
 * Trains from `start` on until the run's end or until the control says stop. Every number depends on the
 * Plan, the data, the engine and the place in the run alone: a run that is stopped and resumed, even inside
 * an epoch, gives the same weights as one that is not.
 * @throws RunError SAU7201..SAU7203 (exit 6) when a loss, an output or a memory is not finite.
 */
export async function train(
  training: WholeTraining,
  start: Progress,
): Promise<{ ending: Ending; progress: Progress }> {
  const loop: Loop = {
    training,
    sites: correctionSites(training.plan, training.data),
    saved: start.step > 0 ? start.step : -1,
    savedAt: performance.now(),
  }
  const { stepsPerEpoch } = training.plan.train
  let progress = start
  while (isLeft(loop, progress.step)) {
    const epoch = Math.floor(progress.step / stepsPerEpoch)
    let order = await nextOrder(loop, epoch, progress.step, false)
    if (order === 'go_on') {
      if (progress.step % stepsPerEpoch === 0) {
        await renewMemories(loop.training, epoch)
        progress = { ...progress, sums: emptySums(loop.training.plan, noCorrections(loop.sites)) }
      }
      const result = await trainEpoch(loop, progress, epoch)
      progress = result.progress
      order = result.order
    }
    if (order === 'stop') {
      await save(loop, progress)
      return { ending: 'stopped', progress }
    }
    if (order === 'stop_now') return { ending: 'stopped_now', progress }
    const { plan } = loop.training
    loop.training.emit({
      event: 'epoch_done',
      epoch,
      step: progress.step - 1,
      ...epochMeans(progress.sums),
      rate: stepTime(plan.train, progress.step - 1).learningRate,
      corrections: corrections(loop.sites, progress.sums.corrections),
    })
    await loop.training.examples?.finish(epoch)
    const due = (evaluation: EvaluationPlan) => isEvaluated(evaluation, epoch, plan.train.epochs)
    const best = await evaluateAll(loop.training, epoch, due, progress)
    progress = { ...progress, best, sums: emptySums(plan, []) }
    await save(loop, progress)
    // What was asked for during the last epoch still counts; nothing else waits at the end.
    extend(loop, progress.step)
  }
  return { ending: 'done', progress }
}

function isLeft(loop: Loop, step: number): boolean {
  extendAsRecorded(loop, step)
  const { epochs, stepsPerEpoch } = loop.training.plan.train
  return step < epochs * stepsPerEpoch
}

/** More epochs at the very step at which the run that is repeated was given them. */
function extendAsRecorded(loop: Loop, step: number): void {
  const { plan, recorded } = loop.training
  const due = recorded?.extensions.find((extension) => extension.step === step)
  if (due === undefined || due.epochs <= plan.train.epochs) return
  loop.training = { ...loop.training, plan: loop.training.extend(due.epochs - plan.train.epochs, step) }
}

/**
 * What comes at a border between steps, inside an epoch or before it, after extensions and evaluations that
 * were asked for were carried out.
 */
async function nextOrder(
  loop: Loop,
  epoch: number,
  step: number,
  isInside: boolean,
): Promise<'go_on' | 'stop' | 'stop_now'> {
  extendAsRecorded(loop, step)
  if (loop.training.recorded?.until === step) return 'stop'
  for (;;) {
    const order = await loop.training.control.border()
    switch (order) {
      case 'evaluate':
        await evaluateAll(loop.training, epoch, () => true)
        if (isInside) loop.training.emit({ event: 'phase_started', phase: 'train', epoch, name: undefined })
        break
      case 'extend':
        extend(loop, step)
        break
      default:
        return order
    }
  }
}

function extend(loop: Loop, step: number): void {
  const epochs = loop.training.control.takeEpochs()
  if (epochs > 0) loop.training = { ...loop.training, plan: loop.training.extend(epochs, step) }
}

async function save(loop: Loop, progress: Progress): Promise<void> {
  if (loop.saved !== progress.step) await loop.training.save(progress)
  loop.saved = progress.step
  loop.savedAt = performance.now()
}

/** Runs the steps of an epoch that are left. `go_on` when it is whole. */
async function trainEpoch(
  loop: Loop,
  start: Progress,
  epoch: number,
): Promise<{ progress: Progress; order: 'go_on' | 'stop' | 'stop_now' }> {
  const { emit, batches, checkpointInterval } = loop.training
  const { stepsPerEpoch } = loop.training.plan.train
  const meter = createMeter(loop.training.plan.losses.length)
  const sums = structuredClone(start.sums)
  let { step, seconds } = start
  const progress = (): Progress => ({ ...start, step, sums: structuredClone(sums), seconds })
  emit({ event: 'phase_started', phase: 'train', epoch, name: undefined })
  let since = performance.now()
  let waitedFrom = since
  for await (const { inputs, size, step: stepInEpoch } of batches.epoch(epoch, step % stepsPerEpoch)) {
    const waited = (performance.now() - waitedFrom) / 1000
    if (stepInEpoch !== step % stepsPerEpoch)
      throw new TypeError(`batch ${stepInEpoch} came in the place of ${step % stepsPerEpoch}`)
    const time = stepTime(loop.training.plan.train, step)
    const { loss, losses, outputs } = await runStep(loop.training, inputs, time, stepInEpoch)
    countCorrections(loop.sites, sums.corrections, inputs, outputs)
    loop.training.examples?.add(inputs, outputs)
    loop.training.stepDone?.(step, [loss, ...losses])
    const now = performance.now()
    const measure = { loss, losses, samples: size, seconds: (now - since) / 1000, waited }
    since = now
    addStep(sums, measure)
    meter.add(measure)
    seconds += measure.seconds
    step++
    const isLast = step % stepsPerEpoch === 0
    const emitSteps = (isDue: boolean): void => {
      const event = meter.take({ epoch, step: step - 1, rate: time.learningRate }, isDue)
      if (event !== undefined) emit(event)
    }
    emitSteps(isLast)
    if (isLast) break
    const order = await nextOrder(loop, epoch, step, true)
    if (order !== 'go_on') {
      emitSteps(true)
      return { progress: progress(), order }
    }
    if (now - loop.savedAt >= checkpointInterval) {
      emitSteps(true)
      await save(loop, progress())
      emit({ event: 'phase_started', phase: 'train', epoch, name: undefined })
    }
    // Time spent paused, evaluating or saving is not the step's.
    waitedFrom = performance.now()
    since = waitedFrom
  }
  if (step % stepsPerEpoch !== 0)
    throw new TypeError(`epoch ${epoch} ended after step ${step % stepsPerEpoch} of ${stepsPerEpoch}`)
  return { progress: progress(), order: 'go_on' }
}

async function renewMemories(training: Training, epoch: number): Promise<void> {
  for (const [position, memory] of training.plan.memories.entries()) {
    if (!isDue(memory, epoch)) continue
    training.emit({ event: 'phase_started', phase: 'memory', epoch, name: memory.name })
    await renewMemory(training, position, epoch)
  }
}

function isEvaluated(evaluation: EvaluationPlan, epoch: number, epochs: number): boolean {
  return (epoch + 1) % evaluation.every.value === 0 || epoch === epochs - 1
}

/** Runs the wanted evaluations and returns the best values so far, where `progress` says what they were. */
async function evaluateAll(
  training: Training,
  epoch: number,
  wanted: (evaluation: EvaluationPlan) => boolean,
  progress?: Progress,
): Promise<readonly BestSoFar[]> {
  let best = progress?.best ?? []
  for (const [position, evaluation] of training.plan.evaluations.entries()) {
    if (!wanted(evaluation)) continue
    const name = training.plan.datasets[evaluation.dataset]?.name
    training.emit({ event: 'phase_started', phase: 'evaluate', epoch, name })
    const result = await evaluate(training, position, epoch)
    training.emit(result)
    const metric = evaluation.best?.metric
    const value = metric === undefined ? undefined : result[metric]
    if (progress === undefined || metric === undefined || value === undefined) continue
    const before = best.find((candidate) => candidate.evaluation === position)
    if (before !== undefined && !isBetter(metric, value, before.value)) continue
    const others = best.filter((candidate) => candidate.evaluation !== position)
    best = [...others, { evaluation: position, metric, value, epoch, step: progress.step }]
  }
  return best
}
