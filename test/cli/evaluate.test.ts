// `saurun evaluate` as a user types it, on a tiny run.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../compiler/plan/plan.js'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { confusionReader } from '../../runtime/run/folder/confusions.js'
import { listRuns } from '../../runtime/run/folder/folder.js'
import type { JournalEvent } from '../../runtime/run/journal/events.js'
import { temporaryFolder } from '../data/files.js'
import { finish, type RunHarness, runHarness } from '../run/session/run-harness.js'
import { tinyPlan } from '../run/session/tiny-experiment.js'

const folder = temporaryFolder()
let harness: RunHarness
let events: readonly JournalEvent[]
beforeAll(async () => {
  harness = runHarness()
  const [evaluation] = tinyPlan({ best: true }).evaluations
  if (evaluation === undefined) throw new Error('no evaluation')
  const [top1, perClass] = evaluation.metrics
  const shots = {
    op: 'shots',
    of: 1,
    groups: [
      { name: 'many', rule: '> 4', classes: [0] },
      { name: 'medium', rule: '2..4', classes: [1] },
      { name: 'few', rule: '< 2', classes: [2] },
    ],
  } as const
  if (top1 === undefined || perClass === undefined) throw new Error('no metrics')
  const plan: Plan = {
    ...tinyPlan({ epochs: 3 }),
    evaluations: [
      { ...evaluation, metrics: [top1, perClass, { op: 'ece', bins: 10 }, shots] },
      { ...evaluation, dataset: 0, best: { metric: 'top1', onTestSplit: false } },
    ],
  }
  events = (await finish(harness.start(plan))).events
})
afterAll(() => harness.dispose())

function saurun(...words: readonly string[]) {
  const { FORCE_COLOR: _, ...inherited } = process.env
  const env = {
    ...inherited,
    SAURUN_CACHE: join(folder, 'cache'),
    SAURUN_HOME: join(folder, 'home'),
    SAURUN_RUNS_DIR: harness.runs,
  }
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const main = compiledEntry('runtime/cli/main.js')
    execFile(process.execPath, [main, ...words], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err })
    })
  })
}

/** What the journal says was measured after an epoch, as JSON, with the matrices that lie beside it. */
function inJournal(epoch: number): unknown {
  const matrixOf = confusionReader(listRuns(harness.runs)[0] ?? '')
  const found = events.flatMap((event) => {
    if (event.event !== 'evaluated' || event.epoch !== epoch) return []
    const { event: _, time: __, seconds: ___, ...rest } = event
    const confusion = matrixOf(event)
    return [confusion === undefined ? rest : { ...rest, confusion }]
  })
  return JSON.parse(JSON.stringify(found))
}

describe('evaluate', () => {
  test('gives what the journal says for the epoch of the last checkpoint', async () => {
    const { code, out, err } = await saurun('evaluate', 'last', '--engine', 'reference', '--json')
    expect([code, err]).toEqual([0, ''])
    const answer = JSON.parse(out)
    expect(answer).toMatchObject({ checkpoint: 'step-000009', epoch: 2, engine: 'reference' })
    expect(answer.evaluations).toHaveLength(2)
    expect(answer.evaluations).toEqual(inJournal(2))
  })

  test('and for the best epoch, where the file chose one', async () => {
    const words = ['--checkpoint', 'best', '--engine', 'reference', '--json']
    const { code, out } = await saurun('evaluate', 'last', ...words)
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    const values = events.flatMap((event) =>
      event.event === 'evaluated' && event.evaluation === 0 ? [event.top1] : [],
    )
    expect(answer.epoch).toBe(values.indexOf(Math.max(...values)))
    expect(answer.evaluations).toEqual(inJournal(answer.epoch))
  })

  test('prints the lines of the summary, with -v the loss and every class', async () => {
    const { code, out } = await saurun('evaluate', 'last', '--engine', 'reference', '-v')
    expect(code).toBe(0)
    const lines = out.split('\n')
    expect(lines[0]).toMatch(/, step-000009, plain TypeScript, float64$/)
    expect(lines[1]).toMatch(/^ {2}test {8}top-1 [\d.]+ %, ECE [\d.]+ % {3}\(after epoch 3, 9 images\)$/)
    expect(lines[2]).toMatch(/^ {14}many [\d.]+ %, medium [\d.]+ %, few [\d.]+ %$/)
    expect(lines[3]).toMatch(/^ {14}loss \d/)
    expect(lines[6]).toMatch(/^ {14} *[\d.]+ % {2}2$/)
  })

  test('takes one run that is there, or ends with 2', async () => {
    expect(await saurun('evaluate', 'nothing')).toMatchObject({ code: 2 })
    expect(await saurun('evaluate', 'last', 'last')).toMatchObject({ code: 2 })
  })
})
