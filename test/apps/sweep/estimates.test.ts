import { describe, expect, it } from 'vitest'
import { traceProgram } from '../../../compiler/graph/index.js'
import { compileExperiment, type Plan } from '../../../compiler/index.js'
import { createEstimator } from '../../../runtime/apps/sweep/estimates.js'
import { shapeKey } from '../../../runtime/apps/sweep/shape.js'
import { estimate } from '../../../runtime/run/session/estimate.js'
import { sweepHost } from '../../compiler/sweep/sweeps.js'

const host = sweepHost('')

function planOf(set: Readonly<Record<string, string>>, seed?: number): Plan {
  const { plan, diagnostics } = compileExperiment(host, { file: '/lab/exp.sau', cwd: '/lab', set, seed })
  if (!plan) throw new Error(diagnostics.map(({ title }) => title).join('\n'))
  return plan
}

const base = shapeKey(planOf({}))

describe('the size of a Plan', () => {
  it.each([{ rate: '0.5' }, { alpha: '2' }, { factor: '50' }])('is the same with %o', (set) => {
    expect(shapeKey(planOf(set))).toBe(base)
  })

  it('is another one with another correction, whose graph is another', () => {
    expect(shapeKey(planOf({ strategy: 'drop' }))).not.toBe(base)
  })

  it('does not hang on the seed, and does on the width', () => {
    expect(shapeKey(planOf({}, 99))).toBe(base)
    expect(shapeKey(planOf({ width: '32' }))).not.toBe(base)
  })
})

describe('estimates of instances', () => {
  it('are those of each Plan by itself, traced once for each size', () => {
    const estimator = createEstimator()
    const plans = [
      planOf({}),
      planOf({ rate: '0.3' }, 5),
      planOf({ width: '8' }),
      planOf({ alpha: '0.5', strategy: 'drop' }),
      planOf({ width: '8', rate: '0.01' }, 3),
    ]
    for (const plan of plans) {
      const alone = estimate(plan, traceProgram(plan, { layout: 'NCHW', images: 'uint8' }))
      const { steps, memoryBytes, diskBytes } = estimator.estimate(plan, {})
      expect(steps).toBe(alone.steps)
      expect(memoryBytes).toBe(alone.stepBytes + alone.stateBytes)
      expect(diskBytes).toBe(alone.diskBytes)
    }
    expect(estimator.shapes).toHaveLength(3)
  })
})
