// One training step: what it is fed, and what becomes of its losses.
import type { Plan } from '../../../compiler/plan/plan.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import type { Tensors } from '../../platform/tensor.js'
import { feed, scalarOutput } from './feeding.js'
import { mixingDraws, scalar } from './mixing.js'
import type { StepTime } from './schedule.js'
import type { Training } from './training.js'

/**
 * Forward, backward and update, one call of the engine, on a batch of the data pipeline.
 * @throws RunError SAU7201 (exit 6) when a loss is not finite.
 */
export async function runStep(
  training: Pick<Training, 'plan' | 'program' | 'executable'>,
  batch: Tensors,
  time: StepTime,
  stepInEpoch: number,
): Promise<{ loss: number; losses: number[]; outputs: Tensors }> {
  const { plan, program, executable } = training
  const entry = stepEntry(plan, stepInEpoch)
  const available = {
    ...batch,
    ...mixingDraws(plan, time.epoch, stepInEpoch),
    epoch: scalar(time.epoch),
    progress: scalar(time.progress),
    step: scalar(time.step),
    learning_rate: scalar(time.learningRate),
  }
  const outputs = await executable.run(entry, feed(program, entry, available))
  const losses = plan.losses.map((loss) => scalarOutput(outputs, `loss:${loss.branch}.${loss.name}`))
  const loss = scalarOutput(outputs, 'loss')
  const bad = losses.findIndex((value) => !Number.isFinite(value))
  const named = plan.losses[bad]
  if (named !== undefined) throw diverged(`loss ${named.branch}.${named.name}`, losses[bad], time)
  if (!Number.isFinite(loss)) throw diverged('the objective (`minimize`)', loss, time)
  return { loss, losses, outputs }
}

/** The entry that a step of an epoch runs: the last batch may be smaller. */
export function stepEntry({ train }: Plan, stepInEpoch: number): 'train' | 'train_last' {
  const { stepsPerEpoch, lastBatch, batch } = train
  return stepInEpoch === stepsPerEpoch - 1 && lastBatch !== batch ? 'train_last' : 'train'
}

function diverged(what: string, value: number | undefined, { step, epoch }: StepTime): RunError {
  const called = Number.isNaN(value) ? 'not a number' : 'infinite'
  return new RunError(
    'SAU7201',
    `${what} is ${called} at step ${step} (epoch ${epoch})`,
    'lower the learning rate, or warm it up: `schedule = cosine |> warmup(5 epochs)`',
    exitCodes.diverged,
  )
}
