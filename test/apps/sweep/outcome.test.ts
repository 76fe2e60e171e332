// What a sweep has come to: statistics over finished seeds, differences to baselines, and the forms that
// these are given in.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pairedDifference, summary } from '../../../runtime/apps/comparison/statistics.js'
import { openFrozenSweep } from '../../../runtime/apps/sweep/frozen-sweep.js'
import { type SweepOutcome, sweepOutcome } from '../../../runtime/apps/sweep/outcome.js'
import { defaultGoal, sweepGoal } from '../../../runtime/apps/sweep/results.js'
import { sweepReader } from '../../../runtime/apps/sweep/state.js'
import { diskHost } from '../../../runtime/cli/compile-file.js'
import { sweepCsv } from '../../../runtime/observe/text/sweep-csv.js'
import { sweepLatex } from '../../../runtime/observe/text/sweep-latex.js'
import { mixedSweep } from './mixed-sweep.js'

let root = ''
let outcome: SweepOutcome
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-outcome-'))
  const { folder } = mixedSweep(root)
  const { sweep } = openFrozenSweep(folder)
  outcome = sweepOutcome(sweepReader(folder).read(), sweep, sweepGoal(sweep) ?? defaultGoal, diskHost())
})
afterAll(() => rmSync(root, { recursive: true }))

describe('the outcome of a sweep', () => {
  it('orders settings by the mean over finished seeds', () => {
    const means = outcome.settings.flatMap(({ results }) => results[0]?.summary?.mean ?? [])
    expect(means).toEqual([...means].sort((a, b) => b - a))
    expect(outcome.settings[0]?.params).toEqual({ strategy: 'drop', factor: 10, rate: 0.05 })
    expect(outcome.metrics.map(({ name }) => name)).toEqual(['top1', 'few'])
    const { counts } = outcome
    expect([counts.done, counts.failed]).toEqual([21, 1])
  })

  it('compares each setting with the one that has the values of the baseline and else the same', () => {
    const of = (strategy: string) =>
      outcome.settings.find(
        ({ params }) => params.strategy === strategy && params.factor === 10 && params.rate === 0.02,
      )
    const baseline = of('pos_neg')
    const other = of('drop')
    expect(baseline?.baseline).toBe(baseline?.setting)
    expect(other?.baseline).toBe(baseline?.setting)
    const values = (some: typeof other): number[] => some?.results[0]?.values.map(({ value }) => value) ?? []
    const pairs = values(other).map((value, i) => [value, values(baseline)[i] ?? Number.NaN] as const)
    expect(pairs).toHaveLength(2)
    expect(other?.results[0]?.difference).toEqual(pairedDifference(pairs))
    expect(other?.results[0]?.summary).toEqual(summary(values(other)))
    expect(baseline?.results[0]?.difference).toBeUndefined()
    expect(other?.results[0]?.adjusted).toBeGreaterThanOrEqual(other?.results[0]?.difference?.p ?? 1)
  })

  it('counts finished seeds alone, gives a setting of which one failed nothing, and says what failed and why', () => {
    const counted = outcome.settings.map(({ results }) => results[0]?.summary?.n ?? 0)
    expect([...counted].sort()).toEqual([0, 0, ...Array.from({ length: 10 }, () => 2)])
    expect(outcome.settings.at(-1)?.results[0]?.summary).toBeUndefined()
    expect(outcome.failures).toEqual([
      {
        number: 6,
        name: 'strategy=pos_neg factor=50 rate=0.02 seed=2',
        reason: 'SAU7301: the loss is <not> a number',
      },
    ])
    expect(outcome.command).toMatch(/quickstart-varied\.sau .*strategy=drop factor=10 rate=0\.05$/)
  })

  it('finds the param that was made to matter most', () => {
    expect(outcome.importance?.params.map(({ name }) => name)).toEqual(['factor', 'strategy', 'rate'])
    expect(outcome.tables.map(({ names }) => names.join())).toEqual([
      'strategy,factor',
      'strategy,rate',
      'factor,rate',
    ])
  })
})

it('as CSV it has a row for each metric of each setting, numbers in full', () => {
  const lines = sweepCsv(outcome).trimEnd().split('\n')
  expect(lines).toHaveLength(1 + 2 * 12)
  const head = (lines[0] ?? '').split(',')
  expect(head.slice(-3)).toEqual(['param.strategy', 'param.factor', 'param.rate'])
  const cells = (lines[1] ?? '').split(',')
  expect(cells[head.indexOf('mean')]).toBe(String(outcome.settings[0]?.results[0]?.summary?.mean))
  expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1)
})

it('as LaTeX it is a table with the best in bold', () => {
  const latex = sweepLatex(outcome)
  expect(latex).toMatchSnapshot()
  expect(latex.match(/\\mathbf/g)).toHaveLength(2)
})
