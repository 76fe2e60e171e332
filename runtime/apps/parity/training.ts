// Golden cases of kind `training`: several whole steps of the method, through the Plan, the tracing and the
// schedule that training uses.
import type { Program } from '../../../compiler/graph/graph.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import type { Engine, Executable } from '../../engines/engine.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'
import { learningRate } from '../../run/loop/schedule.js'
import { traceCase } from './experiment.js'
import type { GoldenCase } from './golden-case.js'
import { integersOf, rowOf, tensorOf } from './golden-case.js'
import type { Quantity } from './quantity.js'
import { largest, quantity, relativeError, scalarOf } from './quantity.js'
import { trainingPlan, viewNames } from './training-experiment.js'
import { evaluationError, finalErrors, gradientErrors, initialState } from './weights.js'

export async function trainingParity(golden: GoldenCase, engine: Engine): Promise<readonly Quantity[]> {
  const plan = trainingPlan(golden)
  const program = traceCase(golden, plan, engine.layout)
  const executable = await engine.load(program)
  try {
    return await compare(golden, plan, program, executable)
  } finally {
    await executable.dispose()
  }
}

async function compare(
  golden: GoldenCase,
  plan: Plan,
  program: Program,
  executable: Executable,
): Promise<readonly Quantity[]> {
  await executable.write(initialState(golden, program))
  const inputs = tensorOf(golden, 'inputs')
  const steps = inputs.shape[0] ?? 0
  // The golden schedule is stepped once per step: each is the first of an epoch.
  const rates = Array.from({ length: steps }, (_, step) =>
    learningRate(plan.train, step * plan.train.stepsPerEpoch),
  )
  const results: Tensors[] = []
  for (const [step, rate] of rates.entries()) {
    results.push(await executable.run('train', stepInputs(golden, plan, step, rate)))
  }
  const [first = {}] = results
  const images = rowOf(rowOf(inputs, steps - 1), 0)
  return [
    ...gradientErrors(golden, first),
    ...lossErrors(golden, results),
    quantity('learning_rate', rateError(golden, rates), 1e-6),
    ...(await finalErrors(golden, program, executable)),
    await evaluationError(golden, program, executable, {
      name: 'eval_logits',
      entry: 'evaluate:0',
      images,
    }),
    await evaluationError(golden, program, executable, { name: 'eval_z', entry: 'memory:0:0', images }),
  ]
}

function stepInputs(golden: GoldenCase, plan: Plan, position: number, rate: number): Tensors {
  const nodeOf = (wanted: string): number => plan.step.findIndex(({ op }) => op === wanted)
  const images = rowOf(tensorOf(golden, 'inputs'), position)
  const [lambdaMixup = 1, lambdaCutmix = 1] = rowOf(tensorOf(golden, 'lambdas'), position).data
  const scalar = (value: number): Tensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) })
  const inputs: Record<string, Tensor> = {
    'labels:a': rowOf(integersOf(golden, 'labels'), position),
    'labels:b': rowOf(integersOf(golden, 'labels2'), position),
    'origin:a': rowOf(integersOf(golden, 'is_synthetic'), position),
    [`lambda:${nodeOf('mixup')}`]: scalar(lambdaMixup),
    [`lambda:${nodeOf('cutmix')}`]: scalar(lambdaCutmix),
    // Both batches hold the same images, so it does not matter where the box lies.
    [`center:${nodeOf('cutmix')}`]: { dtype: 'float32', shape: [2], data: new Float32Array(2) },
    learning_rate: scalar(rate),
  }
  viewNames.forEach((name, view) => {
    inputs[`batch:a.${name}`] = rowOf(images, view)
    if (name === 'for_mixup' || name === 'for_cutmix') inputs[`batch:b.${name}`] = rowOf(images, view)
  })
  return inputs
}

/** The losses of step 0, which have not drifted apart yet, and of all steps. */
function lossErrors(golden: GoldenCase, results: readonly Tensors[]): readonly Quantity[] {
  const computed: readonly (readonly [string, (step: Tensors) => number])[] = [
    ['loss', (step) => scalarOf(step, 'loss')],
    ['loss_mix', (step) => scalarOf(step, 'loss:unaware.mixup') + scalarOf(step, 'loss:unaware.cutmix')],
    ['loss_contrastive', (step) => scalarOf(step, 'loss:aware.contrast')],
  ]
  return computed.flatMap(([name, value]) => {
    const expected = tensorOf(golden, name).data
    const errors = results.map((step, position) =>
      relativeError(value(step), expected[position] ?? Number.NaN),
    )
    return [quantity(`${name}[0]`, errors[0] ?? Number.NaN, 1e-5), quantity(name, largest(errors), 1e-3)]
  })
}

function rateError(golden: GoldenCase, rates: readonly number[]): number {
  const expected = tensorOf(golden, 'learning_rate').data
  return largest(rates.map((rate, position) => Math.abs(rate - (expected[position] ?? Number.NaN))))
}
