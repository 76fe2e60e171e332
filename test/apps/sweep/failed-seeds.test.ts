// Settings of which a seed failed for good: whatever it had come to before is no result, wherever results are
// shown or learned from.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewSweepEvent } from '../../../runtime/apps/sweep/events.js'
import { openFrozenSweep } from '../../../runtime/apps/sweep/frozen-sweep.js'
import { bestSetting, sweepOutcome } from '../../../runtime/apps/sweep/outcome.js'
import { createPruner } from '../../../runtime/apps/sweep/pruning.js'
import {
  evaluationReader,
  settingCurves,
  settingResults,
  sweepGoal,
} from '../../../runtime/apps/sweep/results.js'
import { type SweepView, sweepReader } from '../../../runtime/apps/sweep/state.js'
import { diskHost } from '../../../runtime/cli/compile-file.js'
import { sweepReport } from '../../../runtime/observe/report/sweep-report.js'
import { sweepCsv } from '../../../runtime/observe/text/sweep-csv.js'
import { sweepLatex } from '../../../runtime/observe/text/sweep-latex.js'
import { sweepMarkdown } from '../../../runtime/observe/text/sweep-markdown.js'
import { sweepData, sweepLines, sweepSummaryLines } from '../../../runtime/observe/text/sweep-progress.js'
import { sweepFrameTexts } from '../../observe/tui/sweep/made-view.js'
import { type MadeInstance, makeSweep } from './made-sweep.js'

const root = mkdtempSync(join(tmpdir(), 'saurun-failed-seeds-'))
afterAll(() => rmSync(root, { recursive: true }))

/** Four rates, two seeds each; a small loss is good. */
const text = `experiment: quickstart-varied.sau
set: { epochs: 4, width: 4 }
seeds: [1, 2]
grid: { rate: [0.01, 0.02, 0.03, 0.04] }
prune: { asha: { metric: loss, first: 1, reduction: 2 } }
`
const diverged = {
  outcome: 'diverged',
  exitCode: 6,
  code: 'SAU7201',
  message: 'the loss is Infinity',
} as const
const failure = (instance: number): NewSweepEvent => ({
  event: 'instance_ended',
  instance,
  exitCode: 6,
  code: 'SAU7201',
  message: 'the loss is Infinity',
  retried: false,
})

function read(
  name: string,
  results: readonly (MadeInstance | undefined)[],
  events: readonly NewSweepEvent[],
) {
  const { folder } = makeSweep(root, {
    name,
    text,
    epochs: 4,
    resultOf: ({ number }) => results[number],
    events,
  })
  const { sweep } = openFrozenSweep(folder)
  const goal = sweepGoal(sweep)
  if (goal === undefined) throw new Error('the sweep has a goal')
  const view = sweepReader(folder).read()
  return { view, sweep, goal, outcome: sweepOutcome(view, sweep, goal, diskHost()) }
}

/** Everything that is shown of a sweep, by its form. */
function formsOf({ view, sweep, goal, outcome }: ReturnType<typeof read>): Readonly<Record<string, string>> {
  const commandOf = ({ params }: { readonly params: object }) => `saurun exp.sau ${JSON.stringify(params)}`
  const lines = sweepLines({ goal })
  lines.view({ ...view, instances: view.instances.map((one) => ({ ...one, state: 'running' })) }, 0)
  return {
    lines: lines.view(view, 60_000).join('\n'),
    status: sweepSummaryLines(view, { goal, commandOf }).join('\n'),
    json: JSON.stringify(sweepData(view, { goal, commandOf })),
    screen: sweepFrameTexts(view, {}).join('\n'),
    csv: sweepCsv(outcome),
    latex: sweepLatex(outcome),
    markdown: sweepMarkdown(outcome),
    outcome: JSON.stringify(outcome),
    page: sweepReport(outcome, sweep, settingCurves(view, goal)),
  }
}

describe('a sweep of which every setting has a seed that failed', () => {
  // Losses are 2 minus these: 0.0011 would be by far the best.
  const ended = (top1: number): MadeInstance => ({ top1: [top1, top1], ending: diverged })
  let sweep: ReturnType<typeof read>
  beforeAll(() => {
    sweep = read(
      'all-failed',
      [
        ended(1.99891),
        ended(1.99892),
        { top1: [0.5, 0.6, 0.7, 1.99893] },
        ended(1.99894),
        ended(1.99895),
        { top1: [0.1, 0.2, 1.99896], ending: { outcome: 'stopped', exitCode: 75 } },
        // Diverged, and its pool was killed before it wrote so.
        ended(1.99897),
        undefined,
      ],
      [0, 1, 3, 4].map(failure),
    )
  })

  it('has no finished setting, no best one and no value in any form', () => {
    expect(sweep.view.instances.map(({ state }) => state)).toEqual([
      ...['failed', 'failed', 'done', 'failed', 'failed', 'stopped', 'failed', 'waiting'],
    ])
    expect(settingResults(sweep.view, sweep.goal).map(({ standing, mean }) => [standing, mean])).toEqual(
      Array.from({ length: 4 }, () => ['failed', undefined]),
    )
    expect(bestSetting(sweep.outcome)).toBeUndefined()
    const { lines, screen, json, ...forms } = formsOf(sweep)
    // The run of a seed that did not fail has a value of its own there.
    for (const [form, shown] of Object.entries(forms)) {
      expect(shown, form).not.toMatch(/0\.001[01]|so far/)
      if (form !== 'outcome' && form !== 'page') expect(shown, form).not.toMatch(/^best/m)
    }
    for (const [form, shown] of Object.entries({ lines, screen })) {
      expect(shown, form).not.toMatch(/failed.* 0\.001|best loss/)
    }
    const data = JSON.parse(json ?? '')
    expect(data).toMatchObject({ best: null, command: null })
    expect(data.failures.map(({ value }: { value: unknown }) => value)).toEqual(Array(5).fill(null))
    expect(data.settings.map(({ mean, measured }: Record<string, unknown>) => [mean, measured])).toEqual(
      Array(4).fill([null, 0]),
    )
    expect(forms.page).toContain('No setting is finished.')
    expect(sweep.outcome.command).toBeUndefined()
  })

  it('gives a search and a pruner nothing', () => {
    expect(settingCurves(sweep.view, sweep.goal).size).toBe(0)
  })
})

describe('a sweep of which one setting failed, one was pruned and one is under way', () => {
  let sweep: ReturnType<typeof read>
  beforeAll(() => {
    const best = { top1: [1.9, 1.9, 1.9, 1.9] }
    sweep = read(
      'mixed',
      [
        best,
        { top1: [1.9], ending: diverged },
        { top1: [0.5, 0.6, 0.7, 0.8] },
        { top1: [0.5, 0.6, 0.7, 0.8] },
        { top1: [0.9, 0.9, 0.9, 0.9] },
        { top1: [0.9], ending: 'none' },
        { top1: [0.95, 0.95], ending: { outcome: 'stopped', exitCode: 75 } },
        { top1: [0.95, 0.95], ending: { outcome: 'stopped', exitCode: 75 } },
      ],
      [failure(1), { event: 'setting_pruned', setting: 3, epoch: 2, by: 'asha' }],
    )
  })

  it('has the one that is done as its best, though others had come to more', () => {
    const standings = settingResults(sweep.view, sweep.goal).map(({ setting, standing }) => [
      setting,
      standing,
    ])
    expect(standings).toEqual([
      [1, 'done'],
      [2, 'under way'],
      [0, 'failed'],
      [3, 'pruned'],
    ])
    expect(bestSetting(sweep.outcome)?.setting).toBe(1)
    expect(sweep.outcome.settings.map(({ setting, results }) => [setting, results[0]?.summary?.n])).toEqual([
      [1, 2],
      [2, 1],
      [0, undefined],
      [3, undefined],
    ])
    expect(formsOf(sweep).status?.split('\n')).toEqual([
      'sweep      4 of 8 done, 1 waiting, 1 failed, 2 pruned',
      'settings   loss, mean over seeds, best first',
      '   1.200  rate=0.02  1.200 to 1.200',
      '   1.100  rate=0.03  1.100 to 1.100  (2 of 2 seeds so far)',
      'pruned     1 setting',
      '           rate=0.04: asha after epoch 2',
      'failed     1 instance',
      '           rate=0.01 seed=2: SAU7201: the loss is Infinity',
      'best       saurun exp.sau {"rate":0.02}',
    ])
  })

  it('leaves the failed one out of what is learned, and keeps what the pruned one had come to', () => {
    expect([...settingCurves(sweep.view, sweep.goal).keys()]).toEqual([1, 2, 3])
  })
})

it('a pruner does not hold a setting against one of which a seed failed', () => {
  const { view, sweep } = read(
    'pruning',
    [
      { top1: [1.9, 1.9], ending: 'none' },
      { top1: [1.9, 1.9], ending: diverged },
      { top1: [0.5], ending: 'none' },
      { top1: [0.5], ending: 'none' },
    ],
    [failure(1)],
  )
  const running = (some: SweepView): SweepView => ({
    ...some,
    instances: some.instances.map((one) => (one.state === 'died' ? { ...one, state: 'running' } : one)),
  })
  expect(createPruner(sweep, evaluationReader()).judge(running(view))).toEqual([])
  const unfailed = {
    ...view,
    instances: view.instances.map((one) => ({ ...one, state: 'running' as const })),
  }
  expect(createPruner(sweep, evaluationReader()).judge(unfailed)).toMatchObject([{ setting: 1 }])
})
