import { expect, test } from 'vitest'
import {
  differencesOf,
  followsTrainingSeed,
  planDifferences,
} from '../../../runtime/run/process/plan-difference.js'
import { tinyPlan } from '../session/tiny-experiment.js'

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

test('names the epochs of multistep, which are no place, and lists of numbers as one difference', () => {
  const plan = tinyPlan()
  const stepped = (...at: readonly number[]) => {
    const factors = [{ op: 'multistep', at, gamma: 0.1 } as const]
    return { ...plan, train: { ...plan.train, schedule: { per: 'epoch', factors } as const } }
  }
  expect(planDifferences(stepped(1, 2), stepped(1, 3))).toEqual(['train.schedule.factors[0].at[1]: 2 -> 3'])
  expect(planDifferences(stepped(1, 2, 5), stepped(1, 3, 4))).toEqual([
    'train.schedule.factors[0].at: 2 of 3 values differ, the first at [1]: 2 -> 3',
  ])
})

test('a seed follows the seed of training where both are derived, or written to be equal to it', () => {
  const plan = { ...tinyPlan(), seed: 1 }
  const other = { ...plan, seed: 2 }
  const follows = (before: unknown, after: unknown, b = other) =>
    followsTrainingSeed({ path: 'streams[0].seed', before, after }, plan, b)
  expect(follows(1_234_567_890, 987_654_321)).toBe(true)
  expect(follows(1, 2)).toBe(true)
  expect(follows(3, 4)).toBe(false)
  expect(follows(1_234_567_890, 987_654_321, plan)).toBe(false)
  const [difference] = differencesOf(plan, { ...other, title: 'Another' })
  expect(difference).toEqual({ path: 'seed', before: 1, after: 2 })
})
