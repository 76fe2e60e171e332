// The training loop: epochs of memories, steps, evaluation and checkpoint, from a place in the run to its end.
import type { EvaluationPlan, Plan } from '../../compiler/plan/plan.js'
import { correctionSites, corrections, countCorrections, noCorrections } from './correction.js'
import { evaluate } from './evaluate.js'
import { isDue, renewMemory } from './memory.js'
import { addStep, createMeter, epochMeans } from './meter.js'
import { type BestSoFar, emptySums, type Progress } from './progress.js'
import { stepTime } from './schedule.js'
import { runStep } from './step.js'
import type { Training } from './training.js'

/** How the loop ended: at the run's end, or stopped with or without a checkpoint of the last step. */
export type Ending = 'done' | 'stopped' | 'stopped_now'

/** Progress of a run that has not begun. */
export function beginning(plan: Plan, planHash: string, engine: string): Progress {
  return { planHash, step: 0, sums: emptySums(plan, []), best: [], seconds: 0, engine }
}

/**
 * Trains from `start` on until the run's end or until the control says stop. Every number depends on the Plan, the
 * data, the engine and the place in the run alone: a run that is stopped and resumed, even inside an epoch, gives the
 * same weights as one that is not.
 * @throws RunError SAU7201..SAU7203 (exit 6) when a loss, an output or a memory is not finite.
 */
export async function train(
  training: Training,
  start: Progress,
): Promise<{ ending: Ending; progress: Progress }> {
  const { plan, control } = training
  const { epochs, stepsPerEpoch } = plan.train
  const sites = correctionSites(plan, training.data)
  let progress = start
  let saved = start.step > 0 ? start.step : -1
  const save = async () => {
    if (saved !== progress.step) await training.save(progress)
    saved = progress.step
  }
  while (progress.step < epochs * stepsPerEpoch) {
    const epoch = Math.floor(progress.step / stepsPerEpoch)
    let order = await control.border()
    if (order === 'go_on' || order === 'evaluate') {
      if (order === 'evaluate') await evaluateAll(training, epoch, () => true)
      if (progress.step % stepsPerEpoch === 0) {
        await renewMemories(training, epoch)
        progress = { ...progress, sums: emptySums(plan, noCorrections(sites)) }
      }
      const result = await trainEpoch(training, progress, epoch, sites)
      progress = result.progress
      order = result.order
    }
    if (order === 'stop') {
      await save()
      return { ending: 'stopped', progress }
    }
    if (order === 'stop_now') return { ending: 'stopped_now', progress }
    training.emit({
      event: 'epoch_done',
      epoch,
      step: progress.step - 1,
      ...epochMeans(progress.sums),
      rate: stepTime(plan.train, progress.step - 1).learningRate,
      corrections: corrections(sites, progress.sums.corrections),
    })
    const best = await evaluateAll(
      training,
      epoch,
      (evaluation) => isEvaluated(evaluation, epoch, epochs),
      progress,
    )
    progress = { ...progress, best, sums: emptySums(plan, []) }
    await save()
  }
  return { ending: 'done', progress }
}

/** Runs the steps of an epoch that are left. `go_on` when it is whole. */
async function trainEpoch(
  training: Training,
  start: Progress,
  epoch: number,
  sites: ReturnType<typeof correctionSites>,
): Promise<{ progress: Progress; order: 'go_on' | 'stop' | 'stop_now' }> {
  const { plan, control, emit } = training
  const { stepsPerEpoch } = plan.train
  const meter = createMeter(plan.losses.length)
  const sums = structuredClone(start.sums)
  let { step, seconds } = start
  emit({ event: 'phase_started', phase: 'train', epoch, name: undefined })
  let since = performance.now()
  let waitedFrom = since
  for await (const { inputs, size, step: stepInEpoch } of training.batches.epoch(
    epoch,
    step % stepsPerEpoch,
  )) {
    const waited = (performance.now() - waitedFrom) / 1000
    if (stepInEpoch !== step % stepsPerEpoch)
      throw new TypeError(`batch ${stepInEpoch} came in the place of ${step % stepsPerEpoch}`)
    const time = stepTime(plan.train, step)
    const { loss, losses, outputs } = await runStep(training, inputs, time, stepInEpoch)
    countCorrections(sites, sums.corrections, inputs, outputs)
    const now = performance.now()
    const measure = { loss, losses, samples: size, seconds: (now - since) / 1000, waited }
    since = now
    addStep(sums, measure)
    meter.add(measure)
    seconds += measure.seconds
    step++
    const isLast = step % stepsPerEpoch === 0
    const event = meter.take({ epoch, step: step - 1, rate: time.learningRate }, isLast)
    if (event !== undefined) emit(event)
    if (isLast) break
    let order = await control.border()
    while (order === 'evaluate') {
      await evaluateAll(training, epoch, () => true)
      emit({ event: 'phase_started', phase: 'train', epoch, name: undefined })
      order = await control.border()
    }
    if (order !== 'go_on') {
      const rest = meter.take({ epoch, step: step - 1, rate: time.learningRate }, true)
      if (rest !== undefined) emit(rest)
      return { progress: { ...start, step, sums, seconds }, order }
    }
    // Time spent paused or evaluating is not the step's.
    waitedFrom = performance.now()
    since = waitedFrom
  }
  if (step % stepsPerEpoch !== 0)
    throw new TypeError(`epoch ${epoch} ended after step ${step % stepsPerEpoch} of ${stepsPerEpoch}`)
  return { progress: { ...start, step, sums, seconds }, order: 'go_on' }
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
    if (before !== undefined && before.value >= value) continue
    const others = best.filter((candidate) => candidate.evaluation !== position)
    best = [...others, { evaluation: position, metric, value, epoch, step: progress.step }]
  }
  return best
}
