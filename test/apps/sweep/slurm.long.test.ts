// Sweeps on a real Slurm of one machine: arrays, jobs that come back, are cancelled, lose their node's
// daemon, and more pilots than an array holds.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSweepEvents } from '../../../runtime/apps/sweep/events.js'
import { jobNumbers, readJobs } from '../../../runtime/apps/sweep/slurm/jobs.js'
import { sweepReader } from '../../../runtime/apps/sweep/state.js'
import { compiledEntry } from '../../../runtime/platform/compiled-entry.js'
import { runProgram, type Slurm, startSlurm, until, whyNoSlurm } from './slurm/one-machine-slurm.js'

const reason = whyNoSlurm()
const main = compiledEntry('runtime/cli/main.js')
const experiment = fileURLToPath(new URL('../../../examples/quickstart-varied.sau', import.meta.url))
let folder = ''
let slurm: Slurm | undefined

beforeAll(async () => {
  if (reason !== undefined) return
  folder = mkdtempSync(join(tmpdir(), 'saurun-slurm-'))
  mkdirSync(join(folder, 'slurm'))
  slurm = await startSlurm(join(folder, 'slurm'), 3)
})
afterAll(async () => {
  await slurm?.stop()
  if (folder !== '') rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 })
})

/** Writes a sweep with so many runs. */
function sweepFile(name: string, runs: number, epochs: number, perClass = 40): string {
  const seeds = Array.from({ length: runs }, (_, position) => position + 1).join(', ')
  const path = join(folder, `${name}.sweep.yaml`)
  writeFileSync(
    path,
    `experiment: ${experiment}\nset: { epochs: ${epochs}, per_class: ${perClass}, width: 4 }\nseeds: [${seeds}]\nlist:\n  - { strategy: drop, factor: 10 }\n`,
  )
  return path
}

function saurun(...words: readonly string[]) {
  const { SAURUN_RUNS_DIR: _, FORCE_COLOR: __, ...inherited } = slurm?.environment ?? process.env
  const env = { ...inherited, SAURUN_CACHE: join(folder, 'cache') }
  return runProgram([main, ...words], { cwd: folder, env })
}

async function submit(file: string, ...words: readonly string[]): Promise<string> {
  const submitted = await saurun(
    'sweep',
    file,
    '--on',
    'slurm',
    '--engine',
    'onnx',
    '--threads',
    '1',
    ...words,
  )
  expect(submitted.code, submitted.err).toBe(0)
  return join(folder, 'runs', `${file.split('/').at(-1)?.replace('.sweep.yaml', '')}-sweep`)
}

function states(sweep: string): readonly string[] {
  return sweepReader(sweep)
    .read()
    .instances.map(({ state }) => state)
}

const count = (sweep: string, state: string): number => states(sweep).filter((one) => one === state).length
const isDone = (sweep: string) => () => states(sweep).every((state) => state === 'done')

/** What there is to see where a wait was in vain. */
function story(sweep: string): string {
  const logs = readdirSync(join(sweep, 'slurm')).filter((name) => name.endsWith('.log'))
  const texts = logs.map((name) => `${name}: ${readFileSync(join(sweep, 'slurm', name), 'utf8')}`)
  return `${sweep} is done: ${states(sweep).join(' ')}\n${slurm?.ask('squeue')}\n${texts.join('\n')}`
}

async function untilDone(sweep: string): Promise<void> {
  await until(isDone(sweep), `${sweep} is done`).catch(() => {
    throw new Error(story(sweep))
  })
  // A run is done before its pool has written so.
  await queueIsEmpty()
  const ends = readSweepEvents(sweep).filter((event) => event.event === 'instance_ended')
  const whole = ends.filter(({ exitCode }) => exitCode === 0).map(({ instance }) => instance)
  expect(whole.sort((a, b) => a - b)).toEqual(states(sweep).map((_, number) => number))
}

const queueIsEmpty = () => until(() => slurm?.ask('squeue', '--noheader') === '', 'the queue is empty')

describe.skipIf(reason !== undefined)(
  `sweeps on Slurm${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    test('more pilots than an array holds work a sweep off, and the shell does not wait', async () => {
      const file = sweepFile('full', 5, 1)
      const began = Date.now()
      const sweep = await submit(file, '--pilots', '5')
      const took = Date.now() - began
      expect(readJobs(sweep).map(({ pilots }) => pilots)).toEqual([3, 2])
      expect(count(sweep, 'done')).toBe(0)
      await untilDone(sweep)
      await queueIsEmpty()
      expect(took).toBeLessThan(Date.now() - began)
      const again = await saurun('sweep', file, '--on', 'slurm', '--engine', 'onnx', '--threads', '1')
      expect(again).toMatchObject({ code: 0, err: expect.stringContaining('no run of') })
      const logs = await saurun('sweep', 'logs', sweep)
      expect(logs.out).toMatch(/slurm-\d+-0 {2}begins on/)
      expect(logs.out).toContain('pilot ends with')
    })

    test('a job that is put back into the queue in the middle of a run goes on with it', async () => {
      const sweep = await submit(sweepFile('requeued', 1, 16), '--pilots', '1')
      await until(() => hasEpochs(sweep, 1), 'an epoch is done')
      const id = readJobs(sweep)[0]?.id ?? ''
      slurm?.ask('scontrol', 'requeue', `${id}_0`)
      await untilDone(sweep)
      const started = readSweepEvents(sweep).filter((event) => event.event === 'instance_started')
      expect(started.map(({ how }) => how)).toEqual(['new', 'resumed'])
      await queueIsEmpty()
    })

    test('a pilot that is warned of its time limit checkpoints, and its job comes back', async () => {
      const sweep = await submit(sweepFile('warned', 1, 16), '--pilots', '1')
      await until(() => hasEpochs(sweep, 1), 'an epoch is done')
      const id = readJobs(sweep)[0]?.id ?? ''
      slurm?.ask('scancel', '--batch', '--signal=USR2', `${id}_0`)
      await untilDone(sweep)
      const started = readSweepEvents(sweep).filter((event) => event.event === 'instance_started')
      expect(started.map(({ how }) => how)).toEqual(['new', 'resumed'])
      await queueIsEmpty()
    })

    test('where jobs may not come back, a pilot that is warned submits its script again', async () => {
      const sweep = await submit(sweepFile('again', 1, 16), '--pilots', '1', '--slurm-arg=--no-requeue')
      await until(() => hasEpochs(sweep, 1), 'an epoch is done')
      const id = readJobs(sweep)[0]?.id ?? ''
      slurm?.ask('scancel', '--batch', '--signal=USR2', `${id}_0`)
      await untilDone(sweep)
      const [first, second, ...more] = jobNumbers(sweep)
      expect([first, more]).toEqual([id, []])
      const pools = readSweepEvents(sweep).flatMap((event) =>
        event.event === 'pool_started' ? event.pool : [],
      )
      expect(pools).toEqual([`slurm-${id}-0`, `slurm-${second}-0`])
    })

    test('the run of a pilot that is cancelled is taken up by another', async () => {
      const sweep = await submit(sweepFile('cancelled', 3, 8), '--pilots', '2')
      await until(() => count(sweep, 'running') === 2 && hasEpochs(sweep, 1), 'two runs train')
      const id = readJobs(sweep)[0]?.id ?? ''
      slurm?.ask('scancel', `${id}_0`)
      await untilDone(sweep)
      const pools = sweepReader(sweep)
        .read()
        .events.filter((event) => event.event === 'pool_started')
      expect(pools.map(({ event }) => event)).toHaveLength(2)
      await queueIsEmpty()
    })

    test("a sweep ends although its node's daemon is killed", async () => {
      const sweep = await submit(sweepFile('killed', 3, 5), '--pilots', '2')
      await until(() => count(sweep, 'running') > 0, 'a run trains')
      await slurm?.restartNode()
      await untilDone(sweep)
      await queueIsEmpty()
    })

    test('stop ends what runs after a checkpoint and cancels what waits', async () => {
      const file = sweepFile('stopped', 4, 30)
      const sweep = await submit(file, '--pilots', '4')
      await until(() => count(sweep, 'running') === 2 && hasEpochs(sweep, 1), 'two runs train')
      const status = await saurun('sweep', 'status', sweep)
      expect(status.out).toMatch(/Slurm says \d+ pilots run and \d+ wait/)
      const stopped = await saurun('sweep', 'stop', sweep)
      expect(stopped, stopped.err).toMatchObject({
        code: 0,
        err: expect.stringContaining('2 waiting pilots are cancelled'),
      })
      await queueIsEmpty()
      expect(count(sweep, 'running')).toBe(0)
      expect(count(sweep, 'stopped')).toBe(2)
    })

    test('what Slurm does not take is said with its reason', async () => {
      const refused = await saurun(
        'sweep',
        sweepFile('refused', 1, 1),
        '--on',
        'slurm',
        '--partition',
        'gpuu',
      )
      expect(refused.code).toBe(1)
      expect(refused.err).toMatch(/SAU8081.*[Ii]nvalid partition/)
    })
  },
)

function hasEpochs(sweep: string, least: number): boolean {
  return sweepReader(sweep)
    .read()
    .instances.some(({ status }) => (status?.view.epochsDone ?? 0) >= least)
}
