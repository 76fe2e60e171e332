// Runs some training steps on real batches with every kernel timed. In a process of its own (child.ts): what
// it measures changes neither the speed nor the state of a run.
import { availableParallelism } from 'node:os'
import { traceProgram } from '../../../compiler/graph/index.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { loadData } from '../../data/load.js'
import { createBatchSource } from '../../data/views/source.js'
import type { Executable } from '../../engines/engine.js'
import { selectEngine } from '../../engines/select.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import type { Tensors } from '../../platform/tensor.js'
import type { RunSettings } from '../../run/folder/lock.js'
import { initialValues } from '../../run/loop/initialize.js'
import { stepTime } from '../../run/loop/schedule.js'
import { runStep, stepEntry } from '../../run/loop/training-step.js'
import type { MeasuredSteps } from './profile.js'

export interface Measurement {
  readonly plan: Plan
  /** As for `startTraining`. */
  readonly locations: readonly (readonly string[])[]
  readonly settings: RunSettings
  /** Steps that are profiled. */
  readonly steps: number
  /** A folder for what the engine's library writes. */
  readonly folder: string
}

/** Steps before the profiled ones: the first ones pay for what is made once. */
export const warmUp = 4

/**
 * Batches that the steps run on, over and over: made before the first step, for the threads that prepare
 * images would slow it.
 */
const heldBatches = 4

/**
 * Trains for some steps from the initial state on.
 * @throws RunError SAU7801 where the engine cannot tell its times; else as a run would: SAU76xx no engine,
 * SAU8xxx data, SAU7201 divergence within these steps.
 */
export async function measureSteps(measurement: Measurement): Promise<MeasuredSteps> {
  const { plan, settings, steps, folder } = measurement
  const { engine } = await selectEngine(settings.engine, { threads: settings.threads })
  if (engine.measure === undefined) {
    throw new RunError(
      'SAU7801',
      `the ${engine.name} engine does not tell how long its operations take`,
      'choose `--engine onnx` or `--engine tensorflow`',
      exitCodes.usage,
    )
  }
  const threads = settings.threads ?? availableParallelism()
  const program = traceProgram(plan, { layout: engine.layout, images: 'uint8' })
  const batches = await firstBatches(measurement)
  const [first] = batches
  if (first === undefined) throw new TypeError('an epoch has no batch')
  const entry = stepEntry(plan, first.step)
  const executable = await engine.measure(program, { threads, entry, folder })
  try {
    await executable.write(initialValues(program))
    await runSteps(plan, { plan, program, executable }, batches, warmUp + steps)
    const calls = await executable.calls()
    return {
      plan,
      program,
      entry,
      engine: engine.name,
      description: engine.description,
      threads,
      warmUp,
      calls: calls.slice(warmUp),
    }
  } finally {
    await executable.dispose()
  }
}

interface HeldBatch {
  readonly inputs: Tensors
  /** Which step of its epoch it is for. */
  readonly step: number
}

/** The first batches of the first epoch, as far as they run the same entry as the first one. */
async function firstBatches({
  plan,
  locations,
  settings: { workers, dataMemory },
}: Measurement): Promise<HeldBatch[]> {
  const data = await loadData(plan, locations, dataMemory === undefined ? {} : { memory: dataMemory })
  const source = createBatchSource(plan, data, workers === undefined ? {} : { workers })
  const held: HeldBatch[] = []
  try {
    for await (const { inputs, step } of source.epoch(0, 0)) {
      if (held.length > 0 && stepEntry(plan, step) !== stepEntry(plan, 0)) break
      held.push({ inputs: copied(inputs), step })
      if (held.length === heldBatches) break
    }
  } finally {
    await source.dispose()
  }
  return held
}

/** The pipeline may fill the same memory again. */
function copied(inputs: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]),
  )
}

async function runSteps(
  plan: Plan,
  training: {
    readonly plan: Plan
    readonly program: MeasuredSteps['program']
    readonly executable: Executable
  },
  batches: readonly HeldBatch[],
  count: number,
): Promise<void> {
  for (let step = 0; step < count; step++) {
    const batch = batches[step % batches.length]
    if (batch === undefined) return
    await runStep(training, batch.inputs, stepTime(plan.train, batch.step), batch.step)
  }
}
