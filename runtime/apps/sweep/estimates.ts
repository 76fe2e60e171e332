// What instances will take, before they begin: traced once for all that are equal in size.
import { traceProgram } from '../../../compiler/graph/index.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { checkpointsKept, estimate } from '../../run/session/estimate.js'
import { shapeKey } from './shape.js'

/** What one run will take. */
export interface RunEstimate {
  /** Position of its size in `Estimator.shapes`. */
  readonly shape: number
  readonly steps: number
  /** Bytes of state and of intermediate values at the worst moment; a process takes some hundred MiB more. */
  readonly memoryBytes: number
  readonly diskBytes: number
}

/** Plans of one size. */
export interface Shape {
  /** As `shapeKey` says it. */
  readonly key: string
  /** The first Plan of this size, and where its sources lie: to be timed for all. */
  readonly plan: Plan
  readonly locations: readonly (readonly string[])[]
  /** Floating-point operations of a training step. */
  readonly stepFlops: number
  readonly memoryBytes: number
  readonly checkpointBytes: number
}

export interface Estimator {
  estimate(plan: Plan, locations: Readonly<Record<number, readonly string[]>>): RunEstimate
  readonly shapes: readonly Shape[]
}

/** An estimator that traces each size once, and keeps what it came to. */
export function createEstimator(): Estimator {
  const positions = new Map<string, number>()
  const shapes: Shape[] = []
  return {
    shapes,
    estimate(plan, locations) {
      const key = shapeKey(plan)
      const position = positions.get(key) ?? shapes.length
      const shape = shapes[position] ?? measured(key, plan, locations)
      positions.set(key, position)
      shapes[position] = shape
      return {
        shape: position,
        steps: plan.train.epochs * plan.train.stepsPerEpoch,
        memoryBytes: shape.memoryBytes,
        // One more checkpoint while it is written.
        diskBytes: (checkpointsKept(plan) + 1) * shape.checkpointBytes,
      }
    },
  }
}

function measured(key: string, plan: Plan, locations: Readonly<Record<number, readonly string[]>>): Shape {
  const cost = estimate(plan, traceProgram(plan, { layout: 'NCHW', images: 'uint8' }))
  return {
    key,
    plan,
    locations: plan.sources.map((_, source) => locations[source] ?? []),
    stepFlops: cost.flopsPerStep,
    memoryBytes: cost.stepBytes + cost.stateBytes,
    checkpointBytes: cost.checkpointBytes,
  }
}
