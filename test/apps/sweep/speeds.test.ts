import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planHash } from '../../../compiler/index.js'
import { createEstimator } from '../../../runtime/apps/sweep/estimates.js'
import { finishedRuns } from '../../../runtime/apps/sweep/finished-runs.js'
import { knownSpeeds } from '../../../runtime/apps/sweep/speeds.js'
import { makeRun, seededPlan } from '../comparison/made-runs.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-speeds-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('finished runs', () => {
  it('are known by their Plans; failed, unfinished and damaged ones are passed over', () => {
    const done = makeRun(folder, { name: 'done', seed: 1, top1: [0.5] })
    const failed = makeRun(folder, { name: 'failed', seed: 2, top1: [0.5], ending: { outcome: 'failed' } })
    const cut = makeRun(folder, { name: 'cut', seed: 3, top1: [0.5], ending: 'none' })
    const damaged = makeRun(folder, { name: 'damaged', seed: 4, top1: [0.5] })
    writeFileSync(join(damaged, 'lock.json'), '{"lock"')
    const finished = finishedRuns([done, failed, cut, damaged, join(folder, 'nowhere')])
    expect([...finished.keys()]).toEqual([planHash(seededPlan({ seed: 1 }))])
    expect(finished.values().next().value?.folder).toBe(done)
  })
})

describe('speeds of sizes', () => {
  const plan = seededPlan({ seed: 7, rate: 0.3 })
  const shapesOf = () => {
    const estimator = createEstimator()
    estimator.estimate(plan, {})
    const [network] = plan.networks
    const wider = network && {
      ...network,
      backbone: { ...network.backbone, width: 2 * network.backbone.width },
    }
    estimator.estimate({ ...plan, networks: wider ? [wider, ...plan.networks.slice(1)] : [] }, {})
    return estimator.shapes
  }

  it('are those of a finished run of the size, and of others by their arithmetic', () => {
    const run = makeRun(folder, { name: 'fast', seed: 5, top1: [0.5], ending: { seconds: 12 } })
    const finished = finishedRuns([run])
    const shapes = shapesOf()
    const [same, wider] = knownSpeeds(shapes, finished.values())
    const steps = plan.train.epochs * plan.train.stepsPerEpoch
    expect(same).toEqual({ stepSeconds: 12 / steps, besides: 0, from: 'earlier runs' })
    const ratio = (shapes[1]?.stepFlops ?? 0) / (shapes[0]?.stepFlops ?? 1)
    expect(ratio).toBeGreaterThan(1)
    expect(wider?.stepSeconds).toBeCloseTo((12 / steps) * ratio, 10)
  })

  it('are guessed where nothing is known', () => {
    for (const { from, stepSeconds } of knownSpeeds(shapesOf(), [])) {
      expect(from).toBe('arithmetic')
      expect(stepSeconds).toBeGreaterThan(0)
    }
  })
})
