// How long a training step takes: timed here, known from runs that are done, or guessed from its arithmetic.
import { availableParallelism } from 'node:os'
import type { RunSettings } from '../../run/folder/lock.js'
import type { Shape } from './estimates.js'
import { type FinishedRun, planOfRun } from './finished-runs.js'
import { shapeKey } from './shape.js'

export interface Speed {
  readonly stepSeconds: number
  /**
   * Seconds of a run besides its steps: loading data and program. Evaluations and memories are counted with
   * the steps.
   */
  readonly besides: number
  readonly from: 'timed' | 'earlier runs' | 'arithmetic'
}

/**
 * Floating-point operations a second that a core of a processor makes of a training step, roughly, where
 * nothing is known.
 */
const usualRate = 50e9

/** Speeds of shapes, by position, without running anything. */
export function knownSpeeds(shapes: readonly Shape[], finished: Iterable<FinishedRun>): readonly Speed[] {
  const bySize = new Map<string, number>()
  const rates: number[] = []
  const flops = new Map(shapes.map(({ key, stepFlops }) => [key, stepFlops]))
  for (const { folder, seconds, isUnbroken } of finished) {
    const plan = isUnbroken ? planOfRun(folder) : undefined
    if (plan === undefined) continue
    const key = shapeKey(plan)
    const stepFlops = flops.get(key)
    const stepSeconds = seconds / (plan.train.epochs * plan.train.stepsPerEpoch)
    if (stepFlops === undefined || !(stepSeconds > 0)) continue
    bySize.set(key, stepSeconds)
    rates.push(stepFlops / stepSeconds)
  }
  const rate = rates.sort((a, b) => a - b)[rates.length >> 1]
  return shapes.map(({ key, stepFlops }) => {
    const stepSeconds = bySize.get(key)
    if (stepSeconds !== undefined) return { stepSeconds, besides: 0, from: 'earlier runs' }
    if (rate !== undefined) return { stepSeconds: stepFlops / rate, besides: 0, from: 'earlier runs' }
    const cores = Math.min(8, availableParallelism())
    return { stepSeconds: stepFlops / (usualRate * cores), besides: 0, from: 'arithmetic' }
  })
}

/** Speeds of shapes from a few steps of each on this machine. Loads the engine. */
export async function timedSpeeds(
  shapes: readonly Shape[],
  settings: RunSettings,
): Promise<readonly Speed[]> {
  const { timeSteps } = await import('../../run/session/timing.js')
  const speeds: Speed[] = []
  for (const { plan, locations } of shapes) {
    const { dataSeconds, compileSeconds, runSeconds } = await timeSteps({ plan, locations, settings })
    const besides = dataSeconds + compileSeconds
    const steps = plan.train.epochs * plan.train.stepsPerEpoch
    speeds.push({ stepSeconds: (runSeconds - besides) / steps, besides, from: 'timed' })
  }
  return speeds
}
