// Real runs, read by TensorBoard itself.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../../compiler/plan/plan.js'
import { listCheckpoints } from '../../../runtime/run/folder/checkpoint.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { readJournal } from '../../../runtime/run/journal/journal.js'
import { finish, type RunHarness, runHarness } from '../../run/session/run-harness.js'
import { tinyPlan } from '../../run/session/tiny-experiment.js'

const python = process.env.SAURUN_TEST_PYTHON
const hasTensorBoard = python !== undefined && spawnSync(python, ['-c', 'import tensorboard']).status === 0

interface Read {
  readonly runs: Readonly<
    Record<
      string,
      {
        readonly scalars: Readonly<Record<string, readonly (readonly [step: number, value: number])[]>>
        readonly images: Readonly<Record<string, readonly (readonly [number, number, number, string])[]>>
        readonly files: readonly (readonly string[])[]
      }
    >
  >
  readonly hparams: readonly {
    readonly run: string
    readonly status: string
    readonly params: Readonly<Record<string, string | number | boolean>>
    readonly metrics: Readonly<Record<string, readonly [step: number, value: number]>>
  }[]
}

/** Everything that a run can measure. */
function measuredPlan(options: { readonly epochs: number; readonly rate: number }): Plan {
  const plan = tinyPlan(options)
  const groups = [
    { name: 'many' as const, rule: '>= 3', classes: [0, 1] },
    { name: 'medium' as const, rule: '2', classes: [] },
    { name: 'few' as const, rule: '< 2', classes: [2] },
  ]
  const metrics: Plan['evaluations'][number]['metrics'] = [
    { op: 'top1' },
    { op: 'top5' },
    { op: 'per_class' },
    { op: 'confusion' },
    { op: 'ece', bins: 5 },
    { op: 'shots', of: 1, groups },
  ]
  return { ...plan, evaluations: plan.evaluations.map((evaluation) => ({ ...evaluation, metrics })) }
}

describe.skipIf(!hasTensorBoard)(
  'TensorBoard (skipped where SAURUN_TEST_PYTHON names no interpreter that has it)',
  () => {
    let harness: RunHarness
    let read: Read
    /** What the last process of each run told, with what earlier ones told of the epochs before. */
    const events = new Map<string, readonly JournalEvent[]>()
    let killed = ''
    let whole = ''
    beforeAll(async () => {
      harness = runHarness()
      const plan = measuredPlan({ epochs: 12, rate: 0.05 })
      const first = harness.start(plan)
      // Killed, and its last checkpoint lost: epochs that were told of are trained again.
      await finish(first, (event) => {
        if (event.event === 'evaluated' && event.epoch === 4)
          process.kill(started(first.runFolder).pid, 'SIGKILL')
      })
      rmSync(listCheckpoints(first.runFolder).at(-1) ?? '', { recursive: true })
      expect((await finish(harness.resume({ resume: first.runFolder }))).exitCode).toBe(0)
      const second = harness.start(measuredPlan({ epochs: 3, rate: 0.01 }))
      await finish(second)
      const nameOf = (folder: string) => join(relative(harness.runs, folder), 'tb')
      killed = nameOf(first.runFolder)
      whole = nameOf(second.runFolder)
      for (const { runFolder } of [first, second])
        events.set(nameOf(runFolder), readJournal(join(runFolder, 'journal.jsonl')).events)
      const script = fileURLToPath(new URL('read-events.py', import.meta.url))
      const ended = spawnSync(python ?? '', [script, harness.runs], { encoding: 'utf8', maxBuffer: 2 ** 26 })
      expect(ended.status, ended.stderr).toBe(0)
      read = JSON.parse(ended.stdout)
    })
    afterAll(() => harness.dispose())

    function started(runFolder: string) {
      const event = readJournal(join(runFolder, 'journal.jsonl')).events.findLast(
        ({ event }) => event === 'run_started',
      )
      if (event?.event !== 'run_started') throw new Error('not started')
      return event
    }

    /** One point an epoch: of an epoch that was trained twice the later one. */
    function expected(run: string, of: (event: JournalEvent) => number | null | undefined) {
      const points = new Map<number, number>()
      for (const event of events.get(run) ?? []) {
        const value = of(event)
        if (value !== undefined && value !== null && 'epoch' in event)
          points.set(event.epoch, Math.fround(value))
      }
      // 3 steps an epoch.
      return [...points].map(([epoch, value]) => [3 * epoch + 2, value])
    }

    test('sees both runs, and in each file version, start and summaries', () => {
      expect(Object.keys(read.runs).sort()).toEqual([killed, whole].sort())
      expect(read.runs[whole]?.files).toHaveLength(1)
      const files = read.runs[killed]?.files ?? []
      expect(files).toHaveLength(2)
      // Some epochs were trained and told of twice.
      const told = events.get(killed)?.filter(({ event }) => event === 'epoch_done') ?? []
      expect(told.length).toBeGreaterThan(12)
      for (const [version, start, ...rest] of files) {
        expect([version, start]).toEqual(['file_version', 'session_log'])
        expect(new Set(rest)).toEqual(new Set(['summary']))
      }
    })

    test.each(['killed and resumed', 'whole'])(
      'scalars of a run that was %s are one line through all epochs',
      (kind) => {
        const run = kind === 'whole' ? whole : killed
        const { scalars = {} } = read.runs[run] ?? {}
        const loss = expected(run, (event) => (event.event === 'epoch_done' ? event.loss : undefined))
        expect(loss).toHaveLength(kind === 'whole' ? 3 : 12)
        expect(scalars['train/loss']).toEqual(loss)
        const evaluated = (
          of: (event: Extract<JournalEvent, { event: 'evaluated' }>) => number | null | undefined,
        ) => expected(run, (event) => (event.event === 'evaluated' ? of(event) : undefined))
        expect(scalars['val/test/top1']).toEqual(evaluated(({ top1 }) => top1))
        expect(scalars['val/test/ece']).toEqual(evaluated(({ ece }) => ece))
        expect(scalars['val/test/few']).toEqual(evaluated(({ shots }) => shots?.[2]?.accuracy))
        expect(scalars['val/test/per_class/1']).toEqual(evaluated(({ perClass }) => perClass?.[1]))
        expect(Object.keys(scalars)).toEqual(
          expect.arrayContaining([
            'train/learning_rate',
            'train/loss/aware.contrast',
            'correction/aware/called_noise',
          ]),
        )
      },
    )

    test('confusion matrices are images', () => {
      const images = read.runs[killed]?.images['val/test/confusion'] ?? []
      expect(images).toHaveLength(12)
      expect(images[0]).toEqual([2, 318, 318, 'PNG'])
    })

    test('the HParams tab has a row a run, with its params and last results', () => {
      expect(read.hparams.map(({ run }) => run).sort()).toEqual([killed, whole].sort())
      for (const { run, status, params, metrics } of read.hparams) {
        expect(status).toBe('STATUS_SUCCESS')
        const rate = run === whole ? 0.01 : 0.05
        expect(params).toMatchObject({ rate, 'train.rate': rate, 'train.optimizer': 'sgd', 'train.batch': 6 })
        const last = expected(run, (event) => (event.event === 'evaluated' ? event.top1 : undefined)).at(-1)
        expect(metrics['val/test/top1']).toEqual(last)
        expect(Object.keys(metrics).sort()).toEqual([
          'train/loss',
          ...['ece', 'few', 'loss', 'many', 'top1', 'top5'].map((name) => `val/test/${name}`),
        ])
      }
    })
  },
)
