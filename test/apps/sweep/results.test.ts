// What settings came to, from the folders of their runs.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { meanCurve } from '../../../compiler/sweep/index.js'
import { runFolderOf } from '../../../runtime/apps/sweep/folder.js'
import {
  defaultGoal,
  evaluationReader,
  settingCurves,
  settingResults,
  settingsOf,
} from '../../../runtime/apps/sweep/results.js'
import { sweepReader } from '../../../runtime/apps/sweep/state.js'
import { openJournal } from '../../../runtime/run/journal/journal.js'
import { makeSweep } from './made-sweep.js'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-results-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const evaluated = (epoch: number, top1: number) =>
  ({
    event: 'evaluated',
    epoch,
    evaluation: 0,
    dataset: 'test',
    count: 9,
    loss: 1,
    top1,
    top5: undefined,
    ece: undefined,
    perClass: undefined,
    confusion: undefined,
    shots: undefined,
    seconds: 1,
  }) as const

describe('curves of settings', () => {
  it('hold the values of every seed, and say which are whole', () => {
    const { folder } = makeSweep(root, {
      resultOf: ({ setting, seed }) =>
        setting === 0
          ? { top1: [0.1, 0.2, 0.3 + (seed ?? 0) / 10] }
          : setting === 1 && seed === 1
            ? { top1: [0.5], ending: 'none' }
            : undefined,
    })
    const curves = settingCurves(sweepReader(folder).read(), defaultGoal)
    expect(curves.size).toBe(12)
    expect(curves.get(0)).toEqual([
      { values: [0.1, 0.2, 0.4], isFinished: true },
      { values: [0.1, 0.2, 0.5], isFinished: true },
    ])
    expect(curves.get(1)).toEqual([
      { values: [0.5], isFinished: false },
      { values: [], isFinished: false },
    ])
    expect(meanCurve(1, curves.get(1) ?? []).values).toEqual([])
    expect(meanCurve(0, curves.get(0) ?? []).values[2]).toBeCloseTo(0.45, 12)
  })

  it('have no gaps where not every epoch is evaluated', () => {
    const { folder, instances } = makeSweep(root, { resultOf: () => undefined })
    const [first] = instances
    if (first === undefined) throw new Error('no instance')
    const made = makeSweep(root, {
      resultOf: ({ number }) => (number === 0 ? { top1: [], ending: 'none' } : undefined),
    })
    const journal = openJournal(join(runFolderOf(made.folder, first), 'journal.jsonl'), () => 2)
    journal.write(evaluated(2, 0.3))
    journal.write(evaluated(5, 0.6))
    journal.close()
    const curve = settingCurves(sweepReader(folder).read(), defaultGoal).get(0)?.[0]
    expect(curve?.values).toEqual([0.3, 0.3, 0.3, 0.3, 0.3, 0.6])
  })

  it('grow with the journal, of which a torn line waits until it is whole', () => {
    const { folder, instances } = makeSweep(root, {
      resultOf: ({ number }) => (number === 0 ? { top1: [0.1], ending: 'none' } : undefined),
    })
    const [first] = instances
    if (first === undefined) throw new Error('no instance')
    const path = join(runFolderOf(folder, first), 'journal.jsonl')
    const reader = evaluationReader()
    const values = () => settingCurves(sweepReader(folder).read(), defaultGoal, reader).get(0)?.[0]?.values
    expect(values()).toEqual([0.1])
    const line = JSON.stringify({ time: 3, ...evaluated(1, 0.2) })
    appendFileSync(path, line.slice(0, 50))
    expect(values()).toEqual([0.1])
    appendFileSync(path, `${line.slice(50)}\n`)
    expect(values()).toEqual([0.1, 0.2])
  })

  it('have what lines of any length say', () => {
    const { folder, instances } = makeSweep(root, {
      resultOf: ({ number }) => (number === 0 ? { top1: [0.1], ending: 'none' } : undefined),
    })
    const [first] = instances
    if (first === undefined) throw new Error('no instance')
    const reader = evaluationReader()
    const row = Array.from({ length: 400_000 }, () => 123_456)
    // As matrices made them before 0.5.0, and as recalls of thousands of classes do.
    const line = (event: object) => `${JSON.stringify({ time: 2, ...event })}\n`
    const path = join(runFolderOf(folder, first), 'journal.jsonl')
    appendFileSync(path, line({ ...evaluated(1, 0.2), confusion: [row] }))
    appendFileSync(path, line({ ...evaluated(2, 0.3), perClass: row }))
    const view = sweepReader(folder).read()
    expect(settingCurves(view, defaultGoal, reader).get(0)?.[0]?.values).toEqual([0.1, 0.2, 0.3])
    expect(settingResults(view, defaultGoal)[0]).toMatchObject({ setting: 0, mean: 0.3 })
  })

  it('forget what is trained again after a checkpoint', () => {
    const { folder, instances } = makeSweep(root, {
      resultOf: ({ number }) => (number === 0 ? { top1: [0.1, 0.2, 0.3], ending: 'none' } : undefined),
    })
    const [first] = instances
    if (first === undefined) throw new Error('no instance')
    const reader = evaluationReader()
    const values = () => settingCurves(sweepReader(folder).read(), defaultGoal, reader).get(0)?.[0]?.values
    expect(values()).toEqual([0.1, 0.2, 0.3])
    const resumed = {
      event: 'run_started',
      run: 'a',
      title: 'Tiny',
      file: 'tiny.sau',
      planHash: 'a',
      program: 'test',
      pid: 1,
      host: 'test',
      epochs: 3,
      stepsPerEpoch: 3,
      batch: 6,
      parameters: 1,
      losses: [],
      params: {},
      classes: [],
      evaluations: [],
      warnings: [],
    }
    appendFileSync(
      join(runFolderOf(folder, first), 'journal.jsonl'),
      `${JSON.stringify({ time: 4, ...resumed, resumed: { checkpoint: 'x', epoch: 1, step: 3 } })}\n`,
    )
    expect(values()).toEqual([0.1])
  })
})

describe('results of settings', () => {
  it('are the means over seeds, done ones first, each from the best to the worst', () => {
    const { folder } = makeSweep(root, {
      resultOf: ({ setting, seed = 0 }) => {
        if (setting === 2) return { top1: [0.7 + seed / 100] }
        if (setting === 5) return { top1: [0.8 + seed / 100] }
        if (setting === 7) return { top1: [0.99], ending: 'none' }
        return undefined
      },
    })
    const results = settingResults(sweepReader(folder).read(), defaultGoal)
    expect(results.slice(0, 4).map(({ setting }) => setting)).toEqual([5, 2, 7, 0])
    expect(results[0]).toMatchObject({ standing: 'done' })
    expect(results[0]?.values).toHaveLength(2)
    expect(results[0]?.mean).toBeCloseTo(0.815, 12)
    expect(results[3]?.mean).toBeUndefined()
    const losses = settingResults(sweepReader(folder).read(), {
      evaluation: 0,
      metric: 'loss',
      direction: 'minimize',
    })
    expect(losses.slice(0, 2).map(({ setting }) => setting)).toEqual([5, 2])
  })

  it('an instance with the Plan of another has the run of that one', () => {
    const { folder, instances } = makeSweep(root, { resultOf: () => ({ top1: [0.4] }) })
    const view = sweepReader(folder).read()
    const [first] = instances
    const twin = view.instances.map((one, i) =>
      i === 2 && first !== undefined
        ? {
            ...one,
            state: 'equal' as const,
            status: undefined,
            instance: { ...one.instance, planHash: first.planHash },
          }
        : one,
    )
    expect(settingsOf({ instances: twin })[1]?.runs[0]?.view.instance.number).toBe(0)
    expect(
      settingResults({ instances: twin }, defaultGoal).every(({ standing }) => standing === 'done'),
    ).toBe(true)
  })
})
