// Golden cases of kind `training`: several whole steps of the method, through the Plan, the tracing and the schedule
// that training uses.
import { traceProgram } from '../../compiler/graph/index.js'
import type { Engine, Executable, Tensor, Tensors } from '../engines/engine.js'
import { learningRate } from '../training/schedule.js'
import type { GoldenCase } from './golden-case.js'
import { integersOf, malformedCase, numberOf, rowOf, tensorOf } from './golden-case.js'
import type { Quantity } from './quantity.js'
import { largest, quantity, relativeError, relativeNorm, resultOf, scalarOf } from './quantity.js'
import { cutmixNode, mixupNode, trainingPlan, viewNames } from './training-plan.js'

/** Below this norm the tolerances of weights and gradients are absolute: 1e-3 of it is 1e-5. */
const smallNorm = 1e-2

export async function trainingParity(golden: GoldenCase, engine: Engine): Promise<readonly Quantity[]> {
  const plan = trainingPlan(golden)
  const program = traceProgram(plan, {
    layout: engine.layout,
    images: 'float32',
    gradients: true,
    normalization: { epsilon: numberOf(golden, 'bn_eps'), momentum: numberOf(golden, 'bn_momentum') },
  })
  // The golden numbers are those of a float32 program. Over several steps some value before a ReLU comes within float32
  // rounding of zero, and whether it passes is decided by that rounding: an exact engine may decide otherwise.
  const executable = await engine.load(program, { precision: 'float32' })
  try {
    const weights = program.variables.filter(({ role }) => role === 'weight' || role === 'statistic')
    const initial = weights.map(({ name }): [string, Tensor] => [
      name,
      tensorOf(golden, goldenName('init', name)),
    ])
    await executable.write({
      ...Object.fromEntries(initial),
      'memory.prototypes': tensorOf(golden, 'prototypes'),
    })

    const steps = tensorOf(golden, 'inputs').shape[0] ?? 0
    const rates = Array.from({ length: steps }, (_, position) => learningRate(plan.train, position))
    const results: Tensors[] = []
    for (const [position, rate] of rates.entries()) {
      results.push(await executable.run('train', stepInputs(golden, position, rate)))
    }
    const [first = {}] = results
    return [
      gradientError(golden, first),
      ...lossErrors(golden, results),
      quantity('learning_rate', rateError(golden, rates), 1e-6),
      await finalError(
        golden,
        executable,
        weights.map(({ name }) => name),
      ),
      ...(await evaluationErrors(golden, executable, steps - 1)),
    ]
  } finally {
    await executable.dispose()
  }
}

/** `net.conv1.weight` -> `init.conv1.weight`. */
const goldenName = (prefix: string, variable: string): string => variable.replace(/^net\./, `${prefix}.`)

function stepInputs(golden: GoldenCase, position: number, rate: number): Tensors {
  const images = rowOf(tensorOf(golden, 'inputs'), position)
  const [lambdaMixup = 1, lambdaCutmix = 1] = rowOf(tensorOf(golden, 'lambdas'), position).data
  const scalar = (value: number): Tensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) })
  const inputs: Record<string, Tensor> = {
    'labels:a': rowOf(integersOf(golden, 'labels'), position),
    'labels:b': rowOf(integersOf(golden, 'labels2'), position),
    'origin:a': rowOf(integersOf(golden, 'is_synthetic'), position),
    [`lambda:${mixupNode}`]: scalar(lambdaMixup),
    [`lambda:${cutmixNode}`]: scalar(lambdaCutmix),
    // Both batches hold the same images, so it does not matter where the box lies.
    [`center:${cutmixNode}`]: { dtype: 'float32', shape: [2], data: new Float32Array(2) },
    learning_rate: scalar(rate),
  }
  viewNames.forEach((name, view) => {
    inputs[`batch:a.${name}`] = rowOf(images, view)
    if (name === 'mixup' || name === 'cutmix') inputs[`batch:b.${name}`] = rowOf(images, view)
  })
  return inputs
}

function gradientError(golden: GoldenCase, first: Tensors): Quantity {
  const expected = Object.keys(golden.tensors).filter((name) => name.startsWith('grad0.'))
  if (expected.length === 0) throw malformedCase(`${golden.file} has no tensor 'grad0.*'`)
  const errors = expected.map((name) => {
    const actual = resultOf(first, name.replace(/^grad0\./, 'gradient:net.'))
    return relativeNorm(actual, tensorOf(golden, name), smallNorm)
  })
  return quantity('grad0', largest(errors), 1e-3)
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

async function finalError(
  golden: GoldenCase,
  executable: Executable,
  names: readonly string[],
): Promise<Quantity> {
  const values = await executable.read(names)
  const errors = names.map((name) =>
    relativeNorm(resultOf(values, name), tensorOf(golden, goldenName('final', name)), smallNorm),
  )
  return quantity('final', largest(errors), 1e-3)
}

/** Both heads in evaluation mode, on the mixup images of the last step. */
async function evaluationErrors(
  golden: GoldenCase,
  executable: Executable,
  last: number,
): Promise<readonly Quantity[]> {
  const images = rowOf(rowOf(tensorOf(golden, 'inputs'), last), 0)
  const quantities: Quantity[] = []
  for (const [position, name] of ['eval_logits', 'eval_z'].entries()) {
    const { output } = await executable.run(`evaluate:${position}`, { images })
    if (output === undefined) throw new TypeError(`the engine gave no 'output'`)
    quantities.push(quantity(name, relativeNorm(output, tensorOf(golden, name), smallNorm), 1e-3))
  }
  return quantities
}
