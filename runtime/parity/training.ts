// Golden cases of kind `training`: several whole steps of the method, through the Plan, the tracing and the schedule
// that training uses.
import type { Program } from '../../compiler/graph/graph.js'
import { traceProgram } from '../../compiler/graph/index.js'
import { elementCount } from '../../compiler/graph/operations/operation.js'
import type { Plan } from '../../compiler/plan/plan.js'
import { drawsOf } from '../../compiler/random/draws.js'
import { keyOf } from '../../compiler/random/random.js'
import type { Engine, EngineOptions, Executable, Tensor, Tensors } from '../engines/engine.js'
import { learningRate } from '../training/schedule.js'
import type { GoldenCase } from './golden-case.js'
import { integersOf, numberOf, rowOf, tensorOf } from './golden-case.js'
import type { Quantity } from './quantity.js'
import { largest, quantity, relativeError, relativeNorm, scalarOf } from './quantity.js'
import { cutmixNode, mixupNode, trainingPlan, viewNames } from './training-plan.js'
import { finalErrors, goldenName, gradientErrors, smallNorm } from './weights.js'

/**
 * How many float32 trajectories are tried. In some cases a value before a ReLU comes within float32 rounding of zero, and
 * whether its gradient passes was decided by the rounding of the program that made the case; a few steps later the two
 * ways differ by more than any tolerance. (PyTorch itself leaves the tolerance there from one version to the next.) So a
 * case that fails is run again from initial weights moved by at most one float32 step, and holds if one of these
 * trajectories is the golden one. Nothing but such a branch point grows 1e-7 to 1e-3 in a few steps.
 */
const trajectories = 16

/** How a case came out, and what has to be said about it. */
export interface TrainingOutcome {
  readonly quantities: readonly Quantity[]
  readonly note: string | undefined
}

export async function trainingParity(golden: GoldenCase, engine: Engine): Promise<TrainingOutcome> {
  const plan = trainingPlan(golden)
  const program = traceProgram(plan, {
    layout: engine.layout,
    images: 'float32',
    gradients: true,
    normalization: { epsilon: numberOf(golden, 'bn_eps'), momentum: numberOf(golden, 'bn_momentum') },
  })
  const plain = await runOn(engine, program, {}, (executable) =>
    runCase({ golden, plan, program, executable }, 0),
  )
  // What rounding cannot change: the first losses and the schedule.
  const settled = plain.filter(({ name }) => name.endsWith('[0]') || name === 'learning_rate')
  if (plain.every(({ ok }) => ok) || settled.some(({ ok }) => !ok))
    return { quantities: plain, note: undefined }
  return runOn(engine, program, { precision: 'float32' }, async (executable) => {
    // The first one starts from the golden weights themselves: only an engine in double precision has not been there.
    for (let trajectory = 0; trajectory <= trajectories; trajectory++) {
      const quantities = await runCase({ golden, plan, program, executable }, trajectory)
      if (quantities.every(({ ok }) => ok)) {
        const moved = trajectory === 0 ? 'in float32 arithmetic' : `on float32 trajectory ${trajectory}`
        return { quantities, note: `holds ${moved}: a ReLU input lies within rounding of zero` }
      }
    }
    return { quantities: plain, note: undefined }
  })
}

async function runOn<Result>(
  engine: Engine,
  program: Program,
  options: EngineOptions,
  run: (executable: Executable) => Promise<Result>,
): Promise<Result> {
  const executable = await engine.load(program, options)
  try {
    return await run(executable)
  } finally {
    await executable.dispose()
  }
}

interface CaseRun {
  readonly golden: GoldenCase
  readonly plan: Plan
  readonly program: Program
  readonly executable: Executable
}

async function runCase(
  { golden, plan, program, executable }: CaseRun,
  trajectory: number,
): Promise<readonly Quantity[]> {
  await executable.write(initialState(golden, program, trajectory))
  const steps = tensorOf(golden, 'inputs').shape[0] ?? 0
  const rates = Array.from({ length: steps }, (_, position) => learningRate(plan.train, position))
  const results: Tensors[] = []
  for (const [position, rate] of rates.entries()) {
    results.push(await executable.run('train', stepInputs(golden, position, rate)))
  }
  const [first = {}] = results
  return [
    ...gradientErrors(golden, first),
    ...lossErrors(golden, results),
    quantity('learning_rate', rateError(golden, rates), 1e-6),
    ...(await finalErrors(golden, program, executable)),
    ...(await evaluationErrors(golden, executable, steps - 1)),
  ]
}

/** All state at the start: the golden weights (moved by rounding on all trajectories but 0), everything else at rest. */
function initialState(golden: GoldenCase, program: Program, trajectory: number): Tensors {
  const state: Record<string, Tensor> = {}
  for (const { name, type, role, initial } of program.variables) {
    if (role === 'weight' || role === 'statistic') {
      const start = tensorOf(golden, goldenName('init', name))
      state[name] = role === 'weight' && trajectory > 0 ? rounded(start, name, trajectory) : start
    } else if (role === 'memory') {
      state[name] = tensorOf(golden, 'prototypes')
    } else {
      const value = initial.kind === 'constant' ? initial.value : 0
      const data = new Float32Array(elementCount(type.shape)).fill(value)
      state[name] = { dtype: 'float32', shape: type.shape, data }
    }
  }
  return state
}

/** Every number moved by at most one step of float32. */
function rounded(tensor: Tensor, name: string, trajectory: number): Tensor {
  const draws = drawsOf(keyOf(trajectory, 'rounding', name))
  const data = Float32Array.from(tensor.data, (value) => value * (1 + draws.range(-1, 1) * 2 ** -23))
  return { ...tensor, data }
}

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
