import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ComparisonWish, compareRuns } from '../../../runtime/apps/comparison/comparison.js'
import { groupRuns, withoutRepetitions } from '../../../runtime/apps/comparison/groups.js'
import { type RunResult, readRun } from '../../../runtime/apps/comparison/run-result.js'
import { comparisonCsv } from '../../../runtime/observe/text/comparison-csv.js'
import { comparisonText } from '../../../runtime/observe/text/comparison-text.js'
import { palette } from '../../../runtime/observe/text/palette.js'
import { openJournal, readJournal } from '../../../runtime/run/journal/journal.js'
import { type MadeRun, makeRun } from './made-runs.js'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-compare-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function finished(run: MadeRun): RunResult {
  const read = readRun(makeRun(root, run))
  if (read.kind !== 'finished') throw new Error(read.leftOut.reason)
  return read.result
}

function reason(run: MadeRun): string {
  const read = readRun(makeRun(root, run))
  return read.kind === 'left_out' ? read.leftOut.reason : 'finished'
}

/** Two rates with three seeds each. */
function sixRuns(): readonly RunResult[] {
  const results = [
    [0.1, [0.5, 0.52, 0.48]],
    [0.2, [0.55, 0.56, 0.54]],
  ] as const
  return results.flatMap(([rate, values]) =>
    values.map((top1, seed) =>
      finished({ name: `${rate}-${seed}`, seed, rate, top1: [top1 + 0.1, top1], few: top1 / 2, best: true }),
    ),
  )
}

/** Events of a made run, to write more like them. */
function lines(folder: string) {
  const { events } = readJournal(join(folder, 'journal.jsonl'))
  const started = events.find((event) => event.event === 'run_started')
  const evaluated = events.find((event) => event.event === 'evaluated')
  const ended = events.find((event) => event.event === 'run_ended')
  if (!started || !evaluated || !ended) throw new Error('not a whole journal')
  return { started, evaluated, ended }
}

const wish: ComparisonWish = { by: undefined, metrics: ['top1'], baseline: undefined, leftOut: [] }

describe('groups', () => {
  test('are runs of one Plan but for the seed and what derives from it', () => {
    const groups = groupRuns(sixRuns(), undefined)
    expect(groups.map(({ runs }) => runs.map(({ run }) => run))).toEqual([
      ['0.1-0', '0.1-1', '0.1-2'],
      ['0.2-0', '0.2-1', '0.2-2'],
    ])
  })

  test('keep runs apart whose file writes another seed, and whose Plan differs in a field of no param', () => {
    const [a, b, c] = [0, 1, 2].map((seed) => finished({ name: `${seed}`, seed, top1: [0.5] }))
    if (a === undefined || b === undefined || c === undefined) throw new Error('no runs')
    const [drawn, ...others] = b.plan.sources
    if (drawn?.format !== 'shapes') throw new Error('no drawn source')
    const other = { ...b, planHash: 'b', plan: { ...b.plan, sources: [{ ...drawn, seed: 77 }, ...others] } }
    const clipped = finished({ name: 'clipped', seed: 3, clip: 1, top1: [0.5] })
    const groups = groupRuns([a, other, c, clipped], undefined)
    expect(groups.map(({ runs }) => runs.length)).toEqual([2, 1, 1])
    const { groups: shown } = compareRuns([a, c, clipped], wish)
    expect(shown[1]?.differences).toEqual(['train.clip: nothing -> 1'])
  })

  test('by a param are its values in order, whatever else differs', () => {
    const runs = [...sixRuns()].reverse()
    const groups = groupRuns(runs, 'rate')
    expect(groups.map(({ value, runs }) => [value, runs.length])).toEqual([
      [0.1, 3],
      [0.2, 3],
    ])
  })

  test('count a computation once that was done twice', () => {
    const runs = ['first', 'second'].map((name) => finished({ name, seed: 1, top1: [0.5] }))
    const { runs: kept, leftOut } = withoutRepetitions(runs)
    expect(kept.map(({ run }) => run)).toEqual(['second'])
    expect(leftOut).toMatchObject([{ run: 'first', reason: 'the same Plan and seed as second' }])
    expect(withoutRepetitions(runs, runs[0]?.folder).runs.map(({ run }) => run)).toEqual(['first'])
  })
})

describe('a comparison', () => {
  test('pairs runs of one seed, for the last epoch and for the one that the file chooses', () => {
    const { groups, tables } = compareRuns(sixRuns(), wish)
    expect(groups.map(({ label, params }) => [label, params])).toEqual([
      ['A', { rate: [0.1] }],
      ['B', { rate: [0.2] }],
    ])
    expect(tables.map(({ epoch }) => epoch)).toEqual([
      { kind: 'last' },
      { kind: 'best', by: 'top1', on: 'test', split: 'test' },
    ])
    const [last, best] = tables
    expect(last?.rows[0]).toMatchObject({ n: 3, mean: 0.5, difference: null })
    expect(last?.rows[1]?.difference).toMatchObject({ test: 'paired', pairs: 3 })
    // Differences 0.05, 0.04 and 0.06: mean 0.05, error 0.01 / sqrt 3, t = 8.6603 with 2 degrees.
    expect(last?.rows[1]?.difference?.mean).toBeCloseTo(0.05, 12)
    expect(last?.rows[1]?.difference?.p).toBeCloseTo(0.01307, 5)
    expect(best?.rows[0]?.mean).toBeCloseTo(0.6, 12)
    expect(best?.rows[0]?.values[0]).toMatchObject({ run: '0.1-0', seed: 0, epoch: 0 })
  })

  test("takes Welch's test where seeds do not coincide, and another baseline where one is wished", () => {
    const runs = [
      ...[0, 1, 2].map((seed) => finished({ name: `a${seed}`, seed, rate: 0.1, top1: [0.5 + seed / 100] })),
      ...[5, 6, 7].map((seed) => finished({ name: `b${seed}`, seed, rate: 0.2, top1: [0.6 + seed / 90] })),
    ]
    const { groups, tables } = compareRuns(runs, { ...wish, baseline: runs[4]?.folder })
    expect(groups.map(({ params }) => params)).toEqual([{ rate: [0.2] }, { rate: [0.1] }])
    expect(tables[0]?.rows[1]?.difference).toMatchObject({ test: 'welch' })
    expect(tables[0]?.rows[1]?.difference?.mean).toBeLessThan(0)
  })

  test('is a text that says what was paired, and what was left out', () => {
    const leftOut = [
      { run: 'broken', folder: 'runs/broken', reason: 'failed in epoch 2: SAU7201: too large' },
    ]
    const comparison = compareRuns(sixRuns(), { ...wish, metrics: ['top1', 'few'], leftOut })
    expect(comparisonText(comparison, { paint: palette(false), verbose: false })).toMatchInlineSnapshot(`
      "6 runs in 2 groups: runs of a group differ in the seed only
        group       n  seeds  rate
        A baseline  3  0,1,2  0.1
        B           3  0,1,2  0.2

      top-1 on test in %, after the last epoch
        group  n   mean  deviation   95 % interval  minus A   95 % interval      p
        A      3  50.00       2.00  45.03 to 54.97
        B      3  55.00       1.00  52.52 to 57.48    +5.00  +2.52 to +7.48  0.013  paired, 3 pairs

      top-1 on test in %, after the epoch with the best top-1 on test, a test split
        group  n   mean  deviation   95 % interval  minus A   95 % interval      p
        A      3  60.00       2.00  55.03 to 64.97
        B      3  65.00       1.00  62.52 to 67.48    +5.00  +2.52 to +7.48  0.013  paired, 3 pairs

      few on test in %, after the last epoch
        group  n   mean  deviation   95 % interval  minus A   95 % interval      p
        A      3  25.00       1.00  22.52 to 27.48
        B      3  27.50       0.50  26.26 to 28.74    +2.50  +1.26 to +3.74  0.013  paired, 3 pairs

      few on test in %, after the epoch with the best top-1 on test, a test split
        group  n   mean  deviation   95 % interval  minus A   95 % interval      p
        A      3  25.00       1.00  22.52 to 27.48
        B      3  27.50       0.50  26.26 to 28.74    +2.50  +1.26 to +3.74  0.013  paired, 3 pairs

      left out: 1 run
        broken  failed in epoch 2: SAU7201: too large
      "
    `)
  })

  test('of single runs says that nothing can be said of chance', () => {
    const runs = [0.1, 0.2].map((rate) => finished({ name: `${rate}`, seed: 0, rate, top1: [rate] }))
    const comparison = compareRuns(runs, wish)
    const text = comparisonText(comparison, { paint: palette(false), verbose: true })
    expect(text).toMatchInlineSnapshot(`
      "2 runs in 2 groups: runs of a group differ in the seed only
        group       n  seeds  rate
        A baseline  1  0      0.1
        B           1  0      0.2

      top-1 on test in %, after the last epoch
        group  n   mean  deviation  95 % interval  minus A  95 % interval  p
        A      1  10.00          -              -
        B      1  20.00          -              -   +10.00              -  -  too few for a test
          A  0.1  seed 0  10.00 after epoch 1
          B  0.2  seed 0  20.00 after epoch 1

      one run in each group: no deviation, no interval and no test; repeat them with --seed
      "
    `)
  })

  test('is CSV with shares as they are', () => {
    const [header, a, b] = comparisonCsv(compareRuns(sixRuns(), wish)).split('\n')
    expect(header?.split(',').slice(0, 6)).toEqual(['evaluation', 'metric', 'epoch', 'group', 'n', 'mean'])
    expect(header?.split(',').at(-1)).toBe('param.rate')
    expect(a).toMatch(/^test,top1,last,A,3,0\.5,0\.02.*,0 1 2,0\.1$/)
    expect(b).toMatch(/^test,top1,last,B,3,.*,paired,0 1 2,0\.2$/)
  })
})

describe('a run is left out with its reason', () => {
  test('when it failed, was stopped, or never ended', () => {
    const ending = { outcome: 'failed', code: 'SAU7201', message: 'a loss became infinite' } as const
    expect(reason({ name: 'a', seed: 1, top1: [0.5, 0.4], ending })).toBe(
      'failed in epoch 2: SAU7201: a loss became infinite',
    )
    const stopped = { outcome: 'stopped', message: 'told to' } as const
    expect(reason({ name: 'b', seed: 1, top1: [0.5], ending: stopped })).toBe('stopped in epoch 1: told to')
    expect(reason({ name: 'c', seed: 1, top1: [0.5], ending: 'none' })).toBe(
      'not finished: its process ended without a word',
    )
  })

  test('when it is damaged, or measured nothing', () => {
    const folder = makeRun(root, { name: 'd', seed: 1, top1: [0.5] })
    writeFileSync(join(folder, 'plan.json'), '{')
    expect(readRun(folder)).toMatchObject({
      leftOut: {
        run: 'd',
        reason: expect.stringMatching(/^SAU7130: .*plan\.json is damaged: it is no JSON$/),
      },
    })
    expect(reason({ name: 'e', seed: 1, top1: [] })).toBe('done, but it evaluates nothing')
  })
})

test('what a resumed run trained again counts as it came out the last time', () => {
  const folder = makeRun(root, { name: 'r', seed: 1, top1: [0.1, 0.2, 0.3] })
  const before = readRun(folder)
  if (before.kind !== 'finished') throw new Error('not finished')
  const journal = openJournal(join(folder, 'journal.jsonl'), () => 2)
  const { started, evaluated, ended } = lines(folder)
  journal.write({ ...started, resumed: { epoch: 1, step: 3, checkpoint: 'step-3' } })
  journal.write({ ...evaluated, epoch: 1, top1: 0.7 })
  journal.write(ended)
  journal.close()
  const after = readRun(folder)
  if (after.kind !== 'finished') throw new Error('not finished')
  const measured = after.result.evaluations[0]?.measured
  expect(measured?.map(({ epoch, values }) => [epoch, values.get('top1')])).toEqual([
    [0, 0.1],
    [1, 0.7],
  ])
})
