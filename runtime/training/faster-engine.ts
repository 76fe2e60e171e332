// A long run on onnx is told once that TensorFlow would take less time, with what was measured.
import type { Plan } from '../../compiler/plan/plan.js'
import type { EngineChoice } from '../engines/select.js'
import { libraryPlaces } from '../engines/tensorflow/library/find.js'
import { seesGpu } from '../host/gpu.js'
import type { StepsDone } from '../journal/events.js'

export interface MeasuredStep {
  /** Residual blocks in each stage and channels of the first one. */
  readonly blocks: readonly number[]
  readonly width: number
  readonly batch: number
  /** Seconds of a whole training step of SAU in float32. */
  readonly onnx: number
  readonly tensorflow: number
}

/** From bench/README.md: medians of one run on `measuredOn`, two threads each. */
export const measuredSteps: readonly MeasuredStep[] = [
  { blocks: [1, 1, 1], width: 16, batch: 128, onnx: 0.382, tensorflow: 0.315 },
  { blocks: [5, 5, 5], width: 64, batch: 32, onnx: 4.286, tensorflow: 3.92 },
]
export const measuredOn = 'two cores of an AMD EPYC (Zen 5)'

/** A run that takes less is not worth a word, seconds. */
const longRun = 600
/** How much has to be measured before the time of the whole run is believed: steps, or seconds of them. */
const enough = { steps: 20, seconds: 20 } as const

export interface EngineSituation {
  /** The engine that trains, and what was asked for. */
  readonly engine: string
  readonly choice: EngineChoice
  /** Whether a TensorFlow is on this machine. */
  readonly isInstalled: boolean
  readonly seesGpu: boolean
  readonly platform: string
}

/** This machine's, for a run on `engine`. */
export function engineSituation(engine: string, choice: EngineChoice): EngineSituation {
  const isInstalled = libraryPlaces().length > 0
  return { engine, choice, isInstalled, seesGpu: seesGpu(), platform: process.platform }
}

export interface Advisor {
  /** Hears of steps; gives the sentence once, when the run turns out to be long. */
  hear(event: Pick<StepsDone, 'steps' | 'samplesPerSecond'>): string | undefined
}

/** @param isSaid whether an earlier process of the run has given the sentence already */
export function createAdvisor(plan: Plan, situation: EngineSituation, isSaid: boolean): Advisor {
  const way = isSaid ? undefined : wayToTensorFlow(situation)
  const { epochs, stepsPerEpoch, batch } = plan.train
  let isFirst = true
  let steps = 0
  let seconds = 0
  let isDone = way === undefined
  return {
    hear(event) {
      if (isDone || way === undefined) return undefined
      // The first steps pay for what is made once.
      if (isFirst) {
        isFirst = false
        return undefined
      }
      steps += event.steps
      seconds += (event.steps * batch) / event.samplesPerSecond
      if (steps < enough.steps && seconds < enough.seconds) return undefined
      isDone = true
      const whole = (seconds / steps) * epochs * stepsPerEpoch
      return whole < longRun ? undefined : sentence(plan, whole, way)
    },
  }
}

/** What gets TensorFlow to train instead; undefined where nothing does, or where something else was said about it. */
function wayToTensorFlow({
  engine,
  choice,
  isInstalled,
  seesGpu: gpu,
  platform,
}: EngineSituation): string | undefined {
  if (engine !== 'onnx') return undefined
  // Where it is there and `auto` did not take it, it does not load, and there was a warning with the reason.
  if (isInstalled) return choice === 'auto' ? undefined : '`--engine tensorflow` takes it'
  return platform === 'linux'
    ? `\`saurun engine install tensorflow${gpu ? ' --gpu' : ''}\` gets it`
    : undefined
}

function sentence(plan: Plan, seconds: number, way: string): string {
  const minutes = Math.round(seconds / 60)
  const time = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
  const speed = measuredSpeed(plan)
  return `this run takes about ${time} on onnx, and tensorflow would be faster${speed === undefined ? '' : ` (${speed})`}: ${way}`
}

/** By how much, where that was measured: for the plan's own network, else for all that were. */
export function measuredSpeed(plan: Plan): string | undefined {
  if (plan.train.precision !== 'float32') return undefined
  const own = measuredSteps.find(({ blocks, width }) =>
    plan.networks.some(
      ({ backbone }) =>
        backbone.op === 'cifar_resnet' &&
        backbone.width === width &&
        backbone.blocks.join() === blocks.join(),
    ),
  )
  const shown = own === undefined ? measuredSteps : [own]
  const factors = shown.map(({ blocks, width, batch, onnx, tensorflow }) => {
    const depth = 2 + 2 * blocks.reduce((sum, count) => sum + count, 0)
    return `${(onnx / tensorflow).toFixed(1)} times for ResNet-${depth} of width ${width}, batch ${batch}`
  })
  return `${factors.join(', ')}, on ${measuredOn}`
}
