// Frozen parts of a network: what a step leaves alone, what it saves, and that a whole run changes no bit of
// them.
import { afterEach, describe, expect, test } from 'vitest'
import { programCost, traceProgram } from '../../../compiler/graph/index.js'
import type { FrozenPlan, Plan } from '../../../compiler/plan/plan.js'
import { initialValues } from '../../../runtime/run/loop/initialize.js'
import { finalState, finish, type RunHarness, runHarness } from './run-harness.js'
import { tinyPlan } from './tiny-experiment.js'

const frozen = (backbone: readonly string[], heads: readonly string[] = []): Plan => {
  const plan = tinyPlan({ epochs: 2 })
  const freeze: readonly FrozenPlan[] = [{ network: 0, backbone, heads }]
  return { ...plan, train: { ...plan.train, freeze } }
}

const layout = { layout: 'NCHW' } as const
const flopsOf = (plan: Plan): number => programCost(traceProgram(plan, layout)).entries.train?.flops ?? 0

describe('a step with a frozen backbone', () => {
  const plan = frozen(['stem', 'stage1', 'stage2', 'stage3'])
  const program = traceProgram(plan, layout)
  const isBackbone = (name: string): boolean => /^net\.(conv1|bn1|layer)/.test(name)

  test('updates neither its weights nor its statistics, and keeps nothing of the optimizer beside them', () => {
    const updated = program.entries.train?.updates.map(({ variable }) => variable) ?? []
    expect(updated.filter(isBackbone)).toEqual([])
    expect(updated.length).toBeGreaterThan(4)
    const optimizer = program.variables.filter(({ role, name }) => role === 'optimizer' && isBackbone(name))
    expect(optimizer).toEqual([])
  })

  test('has no backward pass through it, which is two thirds of its work', () => {
    const ops = program.entries.train?.nodes.map(({ op }) => op) ?? []
    expect(ops).toContain('conv2d')
    expect(ops.filter((op) => op.startsWith('conv2d_') || op === 'shortcut_pad_gradient')).toEqual([])
    expect(flopsOf(plan) / flopsOf(tinyPlan())).toBeLessThan(0.45)
  })

  test('normalizes with the running statistics', () => {
    const ops = program.entries.train?.nodes.map(({ op }) => op) ?? []
    expect(ops.filter((op) => op === 'batch_normalization_inference').length).toBeGreaterThan(6)
  })
})

test('the gradient stops at the last frozen part before anything that trains', () => {
  const whole = flopsOf(tinyPlan())
  const [stem, two] = [flopsOf(frozen(['stem'])), flopsOf(frozen(['stem', 'stage1']))]
  expect(stem).toBeLessThan(whole)
  expect(two).toBeLessThan(stem)
  // The stem still trains, so the gradient goes all the way through what is frozen behind it.
  const between = traceProgram(frozen(['stage2']), layout).entries.train?.updates ?? []
  const names = between.map(({ variable }) => variable)
  expect(names).toContain('net.conv1.weight')
  expect(names.filter((name) => name.startsWith('net.layer2'))).toEqual([])
})

describe('a run', () => {
  let harness: RunHarness | undefined
  afterEach(() => harness?.dispose())

  test('changes no bit of what is frozen, and all that is not', { timeout: 60_000 }, async () => {
    harness = runHarness()
    const plan = frozen(['stem', 'stage2'], ['embedding'])
    const training = harness.start(plan)
    const { exitCode } = await finish(training)
    expect(exitCode).toBe(0)
    const final = finalState(training.runFolder).weights
    const start = initialValues(traceProgram(plan, layout))
    const isFrozen = (name: string): boolean => /^net\.(conv1|bn1|layer2|embedding)\b/.test(name)
    const names = Object.keys(start).filter((name) => name.startsWith('net.') && !/\.momentum$/.test(name))
    expect(names.filter(isFrozen).length).toBeGreaterThan(10)
    for (const name of names) {
      const isSame = final[name]?.data.every((value, i) => value === start[name]?.data[i])
      expect(isSame, name).toBe(isFrozen(name))
    }
  })
})
