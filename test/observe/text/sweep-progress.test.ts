// A sweep under way as lines and as records, from successive looks at it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultGoal as goal } from '../../../runtime/apps/sweep/results.js'
import { type InstanceView, type SweepView, sweepReader } from '../../../runtime/apps/sweep/state.js'
import {
  sweepData,
  sweepLines,
  sweepRecords,
  sweepSummaryLines,
} from '../../../runtime/observe/text/sweep-progress.js'
import { makeSweep } from '../../apps/sweep/made-sweep.js'

let root = ''
let done: SweepView
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-progress-'))
  const { folder } = makeSweep(root, {
    resultOf: ({ setting, seed = 0 }) => ({ top1: [0.3, 0.4, 0.5 + setting / 100 + seed / 1000] }),
  })
  done = sweepReader(folder).read()
})
afterAll(() => rmSync(root, { recursive: true }))

/** The sweep when only some instances have begun. */
function at(states: Readonly<Record<number, Partial<InstanceView>>>): SweepView {
  return {
    ...done,
    instances: done.instances.map((view, position) => {
      const given = states[position]
      if (given === undefined) return { ...view, state: 'waiting', status: undefined }
      return { ...view, ...given }
    }),
  }
}

const running = { state: 'running' } as const

describe('lines', () => {
  test('say what began and what ended, and the sums every half minute', () => {
    const lines = sweepLines({ goal })
    const shown = [
      lines.view(at({}), 0),
      lines.view(at({ 0: running, 1: running }), 1000),
      lines.view(at({ 0: {}, 1: running, 2: running }), 2000),
      lines.view(at({ 0: {}, 1: running, 2: running }), 29_000),
      lines.view(
        at({ 0: {}, 1: { state: 'failed', reason: 'SAU7201: out of memory', failures: 2 }, 2: running }),
        30_000,
      ),
    ]
    expect(shown.map((some) => some.length)).toEqual([1, 2, 2, 0, 2])
    expect(shown.flat().join('\n')).toMatchInlineSnapshot(`
      "sweep  0 of 24 done, 24 waiting  0.0 %
       1/24 start   strategy=pos_neg factor=10 rate=0.02 seed=1
       2/24 start   strategy=pos_neg factor=10 rate=0.02 seed=2
       1/24 done    strategy=pos_neg factor=10 rate=0.02 seed=1  top-1 50.1 %  1.0 s
       3/24 start   strategy=pos_neg factor=10 rate=0.05 seed=1
       2/24 failed  strategy=pos_neg factor=10 rate=0.02 seed=2  SAU7201: out of memory
      sweep  1 of 24 done, 1 running, 21 waiting, 1 failed  8.3 %  best top-1 51.1 % so far with strategy=pos_neg factor=10 rate=0.05"
    `)
    expect(shown.flat().join('\n')).toMatch(/^[\x20-\x7e\n]*$/)
  })

  test('an instance that began and ended between two looks has both lines', () => {
    const lines = sweepLines({ goal })
    lines.view(at({}), 0)
    expect(lines.view(at({ 3: {} }), 1).map((line) => line.split(/ +/).slice(1, 3))).toEqual([
      ['4/24', 'start'],
      ['4/24', 'done'],
    ])
  })

  test('a failure that is tried again is told with its reason', () => {
    const lines = sweepLines({ goal })
    lines.view(at({ 0: running }), 0)
    const events = [
      {
        time: 1,
        event: 'instance_ended',
        instance: 0,
        exitCode: 137,
        code: undefined,
        message: 'killed',
        retried: true,
      },
    ] as const
    const [line] = lines.view({ ...at({ 0: { ...running, failures: 1 } }), events }, 1)
    expect(line).toMatch(/^ 1\/24 retry .* killed$/)
  })

  test('at the end settings stand from the best to the worst, with what failed and the best one to run again', () => {
    const view = at({
      0: {},
      1: {},
      2: {},
      3: {},
      4: { state: 'failed', status: undefined, reason: 'SAU7301: the loss is not a number' },
      5: {},
    })
    const lines = sweepSummaryLines(view, {
      goal,
      commandOf: ({ setting }) => `saurun exp.sau setting=${setting}`,
    })
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "sweep      5 of 24 done, 18 waiting, 1 failed
      settings   top-1, mean over seeds, best first
        51.2 %  strategy=pos_neg factor=10 rate=0.05  51.1 % to 51.2 %
        50.2 %  strategy=pos_neg factor=10 rate=0.02  50.1 % to 50.2 %
      failed     1 instance
                 strategy=pos_neg factor=50 rate=0.02 seed=1: SAU7301: the loss is not a number
      best       saurun exp.sau setting=1"
    `)
  })

  test('a sweep in which nothing was measured names no best setting', () => {
    const lines = sweepSummaryLines(at({}), { goal, commandOf: () => 'never' })
    expect(lines).toEqual(['sweep      0 of 24 done, 24 waiting'])
  })
})

describe('records', () => {
  test('come where something changed, and can be written as JSON', () => {
    const records = sweepRecords({ goal })
    const first = records.view(at({ 0: running }), 5)
    expect(first).toMatchObject([
      { event: 'instance_changed', change: 'started', instance: 1, seed: 1, state: 'running', time: 5 },
      { event: 'sweep_progress', total: 24, counts: { running: 1, waiting: 23 } },
    ])
    expect(records.view(at({ 0: running }), 6)).toEqual([])
    const [ended] = records.view(at({ 0: {} }), 7)
    expect(ended).toMatchObject({ change: 'done', value: 0.501, epoch: 0, epochs: 3 })
    expect(JSON.parse(JSON.stringify(first))).toEqual(first)
  })

  test('the closing one holds every setting, the best first, and the command of the best', () => {
    const data = sweepData(done, { goal, commandOf: ({ setting }) => `setting ${setting}` })
    expect(data).toMatchObject({
      event: 'sweep',
      share: 1,
      remainingSeconds: 0,
      counts: { done: 24 },
      best: { setting: 11 },
      failures: [],
      command: 'setting 11',
    })
  })
})
