// How long a run will take on this machine, from a few timed steps.
import { traceProgram } from '../../../compiler/graph/index.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { loadData } from '../../data/load.js'
import { createBatchSource } from '../../data/views/source.js'
import { selectEngine } from '../../engines/select.js'
import type { RunSettings } from '../folder/lock.js'
import { createControl } from '../loop/control.js'
import { entryOf, padImages } from '../loop/feeding.js'
import { initialValues } from '../loop/initialize.js'
import { stepTime } from '../loop/schedule.js'
import type { Training } from '../loop/training.js'
import { runStep } from '../loop/training-step.js'
import { imageCount } from './estimate.js'
import { checkMemory } from './memory-check.js'

export interface TimedRun {
  readonly engine: string
  readonly description: string
  /** Seconds: loading the data, loading the program, one step (median, data included), and the whole run. */
  readonly dataSeconds: number
  readonly compileSeconds: number
  readonly stepSeconds: number
  readonly runSeconds: number
  /** Resident memory of the process at its highest, bytes. */
  readonly peakMemory: number
}

export interface TimingRequest {
  readonly plan: Plan
  /** As for `startTraining`. */
  readonly locations: readonly (readonly string[])[]
  readonly settings: RunSettings
  /** Steps that are timed, after one that is not; default 5. */
  readonly steps?: number
}

/**
 * Runs a few steps, and one batch of every evaluation and memory, in this process, and says how long the
 * whole run will take on this machine. Writes nothing.
 * @throws RunError as a run would: SAU76xx no engine, SAU8xxx data, SAU7201 divergence within these steps.
 */
export async function timeSteps({ plan, locations, settings, steps = 5 }: TimingRequest): Promise<TimedRun> {
  const { threads, workers, dataMemory } = settings
  const { engine } = await selectEngine(settings.engine, { threads })
  const program = traceProgram(plan, { layout: engine.layout, images: 'uint8' })
  checkMemory(plan, program)
  const [data, dataSeconds] = await timed(() =>
    loadData(plan, locations, dataMemory === undefined ? {} : { memory: dataMemory }),
  )
  const [executable, compileSeconds] = await timed(() =>
    engine.load(program, threads === undefined ? {} : { threads }),
  )
  const batches = createBatchSource(plan, data, workers === undefined ? {} : { workers })
  const control = createControl(undefined, { record() {} })
  const training: Training = {
    plan,
    data,
    program,
    executable,
    batches,
    control,
    emit() {},
    rounded: (values) => values,
    async save() {},
  }
  try {
    await executable.write(initialValues(program))
    const durations: number[] = []
    let since = performance.now()
    for await (const { inputs, step } of batches.epoch(0, 0)) {
      await runStep(training, inputs, stepTime(plan.train, step), step)
      const now = performance.now()
      durations.push((now - since) / 1000)
      since = now
      if (durations.length > steps) break
    }
    // The first step pays for what is made once.
    const stepSeconds = median(durations.length > 1 ? durations.slice(1) : durations)
    let sweeps = 0
    for (const [position, { dataset, every }] of plan.evaluations.entries()) {
      const times = Math.ceil(plan.train.epochs / every.value)
      sweeps += times * (await sweepSeconds(training, `evaluate:${position}`, imageCount(plan, dataset)))
    }
    for (const [position, { over, every, views }] of plan.memories.entries()) {
      const times = Math.ceil(plan.train.epochs / every.value) * views.length
      sweeps += times * (await sweepSeconds(training, `memory:${position}:0`, imageCount(plan, over)))
    }
    return {
      engine: engine.name,
      description: engine.description,
      dataSeconds,
      compileSeconds,
      stepSeconds,
      runSeconds:
        dataSeconds + compileSeconds + plan.train.epochs * plan.train.stepsPerEpoch * stepSeconds + sweeps,
      peakMemory: process.resourceUsage().maxRSS * 1024,
    }
  } finally {
    await batches.dispose()
    await executable.dispose()
  }
}

/** Seconds of one pass of an evaluation-mode entry over so many images, from one timed batch. */
async function sweepSeconds(
  { program, executable }: Training,
  entry: string,
  images: number,
): Promise<number> {
  const input = entryOf(program, entry).inputs.find(({ name }) => name === 'images')
  if (input === undefined) throw new TypeError(`entry '${entry}' takes no images`)
  const { shape } = input.type
  const run = () => executable.run(entry, { images: padImages(new Uint8Array(0), shape) })
  await run()
  const [, seconds] = await timed(run)
  return Math.ceil(images / (shape[0] ?? 1)) * seconds
}

async function timed<T>(action: () => Promise<T>): Promise<readonly [T, number]> {
  const started = performance.now()
  const result = await action()
  return [result, (performance.now() - started) / 1000]
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
