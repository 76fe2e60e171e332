// Whether an engine computes what the reference engine computes: a small experiment with everything in it
// that SAU needs (memory, correction, contrastive loss, mixup, evaluation), a few steps of it on both from
// the same start.
import { traceProgram } from '../../../compiler/graph/index.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { loadData } from '../../data/load.js'
import { createBatchSource } from '../../data/views/source.js'
import type { Engine } from '../../engines/engine.js'
import type { SelfTest } from '../../engines/engine-report.js'
import { createReferenceEngine } from '../../engines/reference/index.js'
import { compileText } from '../../platform/host/compile-text.js'
import type { Tensors } from '../../platform/tensor.js'
import { createControl } from '../../run/loop/control.js'
import { evaluate } from '../../run/loop/evaluate.js'
import { initialValues } from '../../run/loop/initialize.js'
import { renewMemory } from '../../run/loop/memory.js'
import { stepTime } from '../../run/loop/schedule.js'
import type { Training } from '../../run/loop/training.js'
import { runStep } from '../../run/loop/training-step.js'

/** Steps that are compared; the last is of a smaller batch. */
const steps = 4

/**
 * Largest relative difference of a loss, and of a variable after the last step (of its largest element), that
 * is rounding. What is not rounding, such as a wrong gradient, is off by far more.
 */
const tolerance = { losses: 1e-3, variables: 1e-2 }

const experiment = `sau 1

experiment "Self-test of an engine"

dataset real      = shapes(classes: 4, per_class: 7, size: 8, seed: 1) |> longtail(profile: exp, factor: 3)
dataset synthetic = shapes(classes: 4, per_class: 7, size: 8, seed: 2, origin: synthetic, noise: 0.2)
dataset train     = fill(real, from: synthetic, to: balanced)
dataset test      = shapes(classes: 4, per_class: 3, size: 8, seed: 3)

view plain  = crop(padding: 1) |> flip |> normalize
view strong = resized_crop(scale: 0.4..1.0) |> flip |> normalize

network net = cifar_resnet(depth: 8, width: 8) {
  head logits    = linear(classes)
  head embedding = mlp(16, 8, norm: batch) |> l2_normalize
}

stream a = shuffle(train)
stream b = shuffle(train)
memory prototypes = class_means(net.embedding, over: real, views: [plain, strong], every: 1 epoch)

branch unaware {
  let blended = mixup(a.plain, b.plain, alpha: 1.0)
  loss mixup  = cross_entropy(net(blended).logits, blended.labels)
}

branch aware {
  let z      = [net(a.plain).embedding, net(a.strong).embedding]
  let labels = correct(a.labels, z, origin: a.origin, against: prototypes, on_noise: pos_neg)
  loss contrast = supcon(z, labels, with: prototypes, temperature: 0.1)
}

minimize unaware.mixup + aware.contrast

train {
  epochs    = 1
  batch     = 8
  optimizer = sgd(lr: 0.01, momentum: 0.9, weight_decay: 5e-4)
  seed      = 7
}

evaluate test {
  using   = net.logits
  metrics = [top1]
}
`

/** Runs the experiment on the engine and on the reference engine. @throws whatever the engine throws. */
export async function selfTest(engine: Engine): Promise<SelfTest> {
  const started = performance.now()
  const plan = experimentPlan()
  const expected = await results(createReferenceEngine(), plan)
  const found = await results(engine, plan)
  let worst = { name: '', difference: -1, tolerance: 1 }
  for (const [name, expectedValues] of expected) {
    const difference = relativeDifference(found.get(name), expectedValues)
    const allowed = name.startsWith('variable ') ? tolerance.variables : tolerance.losses
    // A difference that is no number compares with nothing: it is the worst there is.
    if (!(difference / allowed <= worst.difference / worst.tolerance))
      worst = { name, difference, tolerance: allowed }
    if (Number.isNaN(difference)) break
  }
  return {
    passed: worst.difference <= worst.tolerance,
    worst,
    seconds: (performance.now() - started) / 1000,
  }
}

function experimentPlan(): Plan {
  const { plan, diagnostics } = compileText('/self-test.sau', experiment)
  if (plan === undefined) throw new TypeError(`the self-test does not compile: ${diagnostics[0]?.title}`)
  return plan
}

type Results = ReadonlyMap<string, ArrayLike<number>>

/** Losses of every step and of the evaluation, then every variable as the last step left it. */
async function results(engine: Engine, plan: Plan): Promise<Results> {
  const program = traceProgram(plan, { layout: engine.layout, images: 'uint8' })
  const data = await loadData(
    plan,
    plan.sources.map(() => []),
  )
  const executable = await engine.load(program)
  const batches = createBatchSource(plan, data, { workers: 0 })
  const training: Training = {
    plan,
    data,
    program,
    executable,
    batches,
    control: createControl(undefined, { record() {} }),
    emit() {},
    rounded: (values) => Float32Array.from(values),
    async save() {},
  }
  const found = new Map<string, ArrayLike<number>>()
  try {
    await executable.write(initialValues(program))
    for (const position of plan.memories.keys()) await renewMemory(training, position, 0)
    for await (const { inputs, step } of batches.epoch(0, 0)) {
      const { loss, losses } = await runStep(training, inputs, stepTime(plan.train, step), step)
      found.set(`losses of step ${step + 1}`, [loss, ...losses])
      if (step === steps - 1) break
    }
    const { loss } = await evaluate(training, 0, 0)
    found.set('loss of the evaluation', [loss])
    const variables: Tensors = await executable.read()
    for (const [name, { data: values }] of Object.entries(variables)) found.set(`variable ${name}`, values)
    return found
  } finally {
    await batches.dispose()
    await executable.dispose()
  }
}

/** Largest difference of two elements, as a share of the largest expected one. */
function relativeDifference(found: ArrayLike<number> | undefined, expected: ArrayLike<number>): number {
  if (found?.length !== expected.length) return Number.NaN
  let difference = 0
  let largest = 0
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs((found[i] ?? Number.NaN) - (expected[i] ?? Number.NaN)))
    largest = Math.max(largest, Math.abs(expected[i] ?? 0))
  }
  return difference / (largest + 1e-6)
}
