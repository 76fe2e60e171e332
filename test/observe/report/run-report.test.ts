import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type RunMaterial, readMaterial } from '../../../runtime/observe/report/material.js'
import type { Chart } from '../../../runtime/observe/report/page-data.js'
import { runPageData } from '../../../runtime/observe/report/run-charts.js'
import { runReport, writeReportAtEnd } from '../../../runtime/observe/report/run-report.js'
import { reportFile } from '../../../runtime/run/folder/file-names.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import type { CorrectionExamples } from '../../../runtime/run/loop/correction-examples.js'
import { makeRun } from '../../apps/comparison/made-runs.js'
import { heldMatrices } from '../../run/journal/made-matrices.js'
import { ended, epoch, evaluated, started, step } from './made-events.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-report-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(root, { recursive: true })
})

function run(events: readonly JournalEvent[], best = true): string {
  const folder = makeRun(root, { name: '20260101-120000-abc123', seed: 0, top1: [], best })
  writeFileSync(join(folder, 'journal.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return folder
}

const material = (events: readonly JournalEvent[], best = true): RunMaterial =>
  readMaterial(run(events, best))

function lines(chart: Chart | undefined): Readonly<Record<string, readonly (readonly [number, number])[]>> {
  if (chart?.kind !== 'lines') throw new Error('no lines')
  return Object.fromEntries(chart.lines.map(({ name, points }) => [name, points]))
}

describe('what a page is given', () => {
  test('curves lie over epochs: means of steps in their middle, epochs and evaluations at their end', () => {
    const { charts } = runPageData(material([started(), step(0, 4), step(1, 2), epoch(0), evaluated(0, 0.5)]))
    expect(lines(charts.losses)).toEqual({
      objective: [
        [0.25, 4],
        [0.75, 2],
      ],
      'aware.contrast': [
        [0.25, 4],
        [0.75, 2],
      ],
      'test loss': [[1, 1]],
    })
    expect(lines(charts.accuracies)).toEqual({ 'test top-1': [[1, 0.5]] })
    expect(lines(charts.shots)).toEqual({ many: [[1, 0.5]] })
    expect(lines(charts.correction)).toEqual({ 'called noise': [[1, 0.333333]] })
  })

  test('what was trained again after a resumption stands there once', () => {
    const events = [
      started(),
      step(0, 9),
      step(1, 9),
      epoch(0),
      evaluated(0, 0.1),
      step(2, 9),
      step(3, 8),
      epoch(1),
      evaluated(1, 0.9),
      started({ epoch: 1, step: 3, checkpoint: 'step-000003' }),
      step(3, 5),
      epoch(1),
      evaluated(1, 0.2),
    ]
    const { charts } = runPageData(material(events))
    expect(lines(charts.losses).objective?.map(([, y]) => y)).toEqual([9, 9, 9, 5])
    expect(lines(charts.accuracies)['test top-1']).toEqual([
      [1, 0.1],
      [2, 0.2],
    ])
  })

  test('classes stand by their real images, with the recalls of the best and of the last evaluation', () => {
    const data = runPageData(material([started(), evaluated(0, 0.75), evaluated(1, 0.5)]))
    expect(data.snapshots).toEqual(['test, best top-1 (epoch 1)', 'test, last evaluation (epoch 2)'])
    expect(data.recalls).toEqual([
      [0.75, 1, 0],
      [0.5, 1, 0],
    ])
    expect(data.charts.classes).toMatchObject({
      names: ['1', '2', '0'],
      real: [5, 3, 1],
      synthetic: [0, 2, 4],
      group: [0, 0, -1],
      recalls: [
        [1, 0, 0.75],
        [1, 0, 0.5],
      ],
    })
  })

  test('one snapshot where the best epoch is the last, or where the file chooses none', () => {
    expect(runPageData(material([started(), evaluated(0, 0.5)])).snapshots).toEqual([
      'test, best top-1 (epoch 1)',
    ])
    expect(runPageData(material([started(), evaluated(0, 0.7), evaluated(1, 0.5)], false)).snapshots).toEqual(
      ['test, last evaluation (epoch 2)'],
    )
  })

  test('a confusion matrix has its filled cells, and recalls where the file asks for no others', () => {
    const rows = [
      [1, 2, 0],
      [0, 3, 0],
      [0, 0, 0],
    ]
    const made = heldMatrices()
    const event = evaluated(0, 0.5, { perClass: undefined, confusion: made.hold(rows) })
    const read = material([started(), event])
    const data = runPageData({ ...read, confusionOf: made.confusionOf })
    expect(data.charts.confusion).toMatchObject({
      matrices: [
        {
          snapshot: 0,
          rank: [2, 0, 1],
          images: [3, 3, 0],
          cells: [
            [0, 0, 1],
            [0, 1, 2],
            [1, 1, 3],
          ],
        },
      ],
    })
    expect(data.recalls).toEqual([[0.333333, 1, null]])
  })

  test('calibration is there where the journal has its bins', () => {
    const bins = [{ count: 9, confidence: 0.8, accuracy: 0.5 }]
    const of = (more: object) =>
      runPageData(material([started(), evaluated(0, 0.5, more)])).charts.calibration
    expect(of({ ece: 0.3, calibration: bins })).toEqual({
      kind: 'calibration',
      bins: [{ snapshot: 0, ece: 0.3, bins }],
    })
    expect(of({ ece: 0.3 })).toBeUndefined()
  })

  test('long curves are thinned to means', () => {
    const steps = Array.from({ length: 4000 }, (_, i) => step(i, i % 2))
    const points = lines(runPageData(material([started(undefined, 2000), ...steps])).charts.losses).objective
    expect(points).toHaveLength(500)
    expect(new Set(points?.map(([, y]) => y))).toEqual(new Set([0.5]))
  })
})

describe('the page', () => {
  test('tells how the run ended', () => {
    const page = (...events: JournalEvent[]) => runReport(run([started(), epoch(0), ...events]))
    expect(page(ended('done'))).toContain('<span class="outcome done">done</span> the run is done')
    const failure = { code: 'SAU7201', message: 'loss a.b is infinite', help: 'lower the learning rate' }
    const diverged = page(ended('diverged', failure))
    expect(diverged).toContain('<span class="outcome diverged">diverged</span> SAU7201: loss a.b is infinite')
    expect(diverged).toContain('lower the learning rate')
    expect(page()).toContain('<span class="outcome unfinished">')
    expect(page(ended('stopped'), started({ epoch: 1, step: 2, checkpoint: 'c' }))).toContain('unfinished')
  })

  test('a run that did nothing has a report too', () => {
    expect(runReport(run([]))).toContain('No step was done.')
  })

  test('names and texts of files stay text', () => {
    const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)>'
    const events = [
      JSON.parse(JSON.stringify(started()).replaceAll('"0"', JSON.stringify(hostile))) as JournalEvent,
      epoch(0),
      evaluated(0, 0.5),
      ended('failed', { message: hostile, help: hostile }),
    ]
    const page = runReport(run(events))
    expect(page).not.toContain('<script>alert')
    expect(page).not.toContain('<img src=x')
    expect(page.match(/<\/script>/g)).toHaveLength(2)
    expect(page).toContain('&lt;img src=x onerror=alert(2)&gt;')
  })

  test('forbids every request and every script but its own', () => {
    const page = runReport(run([started()]))
    expect(page).toMatch(/default-src &#39;none&#39;; img-src data:; .*script-src &#39;sha256-/)
    expect(page.replace(/<script>[\s\S]*<\/script>/, '')).not.toMatch(/(src|href)="(?!#|data:)/)
    expect(page).toContain('Apache License, Version 2.0')
  })

  test('shows the pictures of label correction with what they are and what they show', () => {
    const folder = run([started(), epoch(0), ended('done')])
    const example = {
      record: 7,
      class: 'ring',
      shows: 'disc',
      certainty: 0.25,
      width: 8,
      height: 8,
      png: 'iVBORw0K',
    }
    const examples: CorrectionExamples = {
      correction: 1,
      branch: 'aware',
      epoch: 0,
      whole: false,
      images: 6,
      calledNoise: 2,
      noise: { most: [example], least: [] },
      kept: { most: [{ ...example, shows: undefined }], least: [] },
    }
    mkdirSync(join(folder, 'correction'))
    writeFileSync(join(folder, 'correction', 'aware.json'), JSON.stringify(examples))
    writeFileSync(join(folder, 'correction', 'broken.json'), '{')
    const page = runReport(folder)
    expect(page).toContain('epoch 1, only since the run was resumed inside it, 2 were called noise (33.3 %)')
    expect(page.match(/src="data:image\/png;base64,iVBORw0K"/g)).toHaveLength(2)
    expect(page.match(/shows disc/g)).toHaveLength(1)
    expect(page).not.toContain('Noise, least certain')
  })

  test('says how to repeat the run', () => {
    const page = runReport(run([started()]))
    expect(page).toContain('saurun tiny.sau rate=0.05 --seed 0 --engine reference')
  })
})

describe('the report at the end of a run', () => {
  test('lies in its folder', () => {
    const folder = run([started(), ended('done')])
    writeReportAtEnd(folder)
    expect(existsSync(join(folder, reportFile))).toBe(true)
  })

  test('is a line of process.log where it cannot be written', () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const folder = run([started(), ended('done')])
    mkdirSync(join(folder, reportFile))
    writeReportAtEnd(folder)
    const [line] = said.mock.calls.flat()
    said.mockRestore()
    expect(line).toMatch(/^the report was not written: .*report\.html.*\n$/)
  })
})
