import { expect, test } from 'vitest'
import { planDifferences } from '../../runtime/training/plan-difference.js'
import { tinyPlan } from './tiny-experiment.js'

test('equal plans, and plans that differ in what is for people only, do not differ', () => {
  const plan = tinyPlan()
  expect(planDifferences(plan, tinyPlan())).toEqual([])
  expect(planDifferences(plan, { ...plan, title: 'Another', params: [] })).toEqual([])
})

test('names each field with both values, and counts what is too much', () => {
  const plan = tinyPlan()
  const [first, ...rest] = plan.streams
  if (first === undefined) throw new Error('no stream')
  const changed = { ...plan, streams: [{ ...first, seed: 99 }, ...rest] }
  expect(planDifferences(plan, changed)).toEqual(['streams[0].seed: 21 -> 99'])
  expect(planDifferences(plan, { ...plan, memories: [] })).toEqual([
    expect.stringMatching(/^memories\[0\]: \{.*\.\.\. -> nothing$/),
  ])
  const train = {
    ...plan.train,
    epochs: 9,
    batch: 9,
    stepsPerEpoch: 9,
    lastBatch: 9,
    clip: 9,
    remainder: 'drop' as const,
  }
  const differences = planDifferences(plan, { ...plan, seed: 8, train })
  expect(differences).toHaveLength(6)
  expect(differences.at(-1)).toBe('and 2 more')
})
