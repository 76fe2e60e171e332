// Sweeps as users run them: failures, a search, pruning, stopping, and a pool that is found again.
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { poolFolder, readSweepEvents } from '../../../runtime/apps/sweep/events.js'
import { sweepReader } from '../../../runtime/apps/sweep/state.js'
import { compiledEntry } from '../../../runtime/platform/compiled-entry.js'
import { currentOwner } from '../../../runtime/platform/files/ownership.js'
import { temporaryFolder } from '../../data/files.js'

const main = compiledEntry('runtime/cli/main.js')
const folder = temporaryFolder()

interface Answer {
  readonly code: unknown
  readonly out: string
  readonly err: string
}

/** Runs the command; `heard` resolves once it has said something. */
function saurun(...words: readonly string[]): Promise<Answer> & { readonly heard: Promise<void> } {
  const env = { ...process.env, SAURUN_CACHE: join(folder, 'cache'), SAURUN_RUNS_DIR: join(folder, 'runs') }
  let heard: Promise<void> = Promise.resolve()
  const answer = new Promise<Answer>((done) => {
    const child = execFile(
      process.execPath,
      [main, ...words],
      { cwd: folder, env, maxBuffer: 1 << 26 },
      (error, out, err) => done({ code: error === null ? 0 : error.code, out, err }),
    )
    heard = new Promise((resolve) => child.stdout?.once('data', () => resolve()))
  })
  return Object.assign(answer, { heard })
}

const experiment = resolve('examples/quickstart-varied.sau')
const small = 'set: { epochs: 3, per_class: 20, width: 4, factor: 10 }'

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), `experiment: ${experiment}\n${text}`)
  return name
}

const stateOf = (name: string) => sweepReader(join(folder, 'runs', name)).read()

describe('a failure', () => {
  test('of all seeds of a setting does not stop the others; diverged runs are not tried again, and the exit code is 7', async () => {
    const file = write(
      'fails.sweep.yaml',
      `${small}\ngrid: { rate: [1.0, 0.02] }\nseeds: [1, 2, 3]\nlimits: { parallel: 1 }\n`,
    )
    // A rate of 1 on so few images may hold; what is certain to diverge is a file of its own.
    const text = readFileSync(experiment, 'utf8').replace('in 1e-3..1.0 log', 'in 1e-3..1e30 log')
    writeFileSync(join(folder, 'wild.sau'), text)
    writeFileSync(
      join(folder, file),
      readFileSync(join(folder, file), 'utf8').replace(experiment, 'wild.sau').replace('1.0', '1e30'),
    )
    const { code, out } = await saurun('sweep', file)
    expect(code).toBe(7)
    const view = stateOf('fails-sweep')
    expect(view.instances.map(({ state }) => state)).toEqual([
      ...['failed', 'failed', 'failed', 'done', 'done', 'done'],
    ])
    expect(out).toMatch(/^best .*rate=0\.02$/m)
    expect(view.instances[0]).toMatchObject({ failures: 1, reason: expect.stringContaining('SAU72') })
    expect(out).toContain('failed     3 instances')
    // The same command does not try again what would diverge again.
    const started = view.events.filter(({ event }) => event === 'instance_started').length
    expect((await saurun('sweep', file)).code).toBe(7)
    expect(readSweepEvents(view.folder).filter(({ event }) => event === 'instance_started')).toHaveLength(
      started,
    )
  })
})

describe('a search', () => {
  test('chooses each setting from what those before came to, and a second start finds it done', async () => {
    const file = write(
      'search.sweep.yaml',
      `set: { epochs: 1, per_class: 20, width: 4, factor: 10 }\nsearch: { sampler: tpe, trials: 6, startup: 3, metric: top1, params: [rate] }\nlimits: { parallel: 2 }\n`,
    )
    const first = await saurun('sweep', file)
    expect(first.err + first.out).toContain('all runs are done')
    const view = stateOf('search-sweep')
    expect(view.instances.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'done'))
    expect(new Set(view.instances.map(({ instance }) => instance.planHash)).size).toBe(6)
    const started = view.events.filter(({ event }) => event === 'instance_started').length
    expect((await saurun('sweep', file)).code).toBe(0)
    expect(readSweepEvents(view.folder).filter(({ event }) => event === 'instance_started')).toHaveLength(
      started,
    )
  })
})

describe('stopping', () => {
  test('ends runs after a checkpoint with 75, and the same command goes on', async () => {
    const file = write(
      'stop.sweep.yaml',
      `set: { epochs: 60, per_class: 20, width: 4, factor: 10 }\nseeds: [1, 2]\n`,
    )
    expect((await saurun('sweep', file, '--detach')).code).toBe(0)
    const sweep = join(folder, 'runs', 'stop-sweep')
    expect(currentOwner(poolFolder(sweep, 'local'))).toBeDefined()
    while (!stateOf('stop-sweep').instances.some(({ status }) => (status?.view.epochsDone ?? 0) > 1))
      await sleep(100)
    const status = await saurun('sweep', 'status', 'stop-sweep')
    expect(status.out).toMatch(/^pools {6}local \(process \d+ on \S+, alive\)/)
    // A second start of the same sweep watches the pool that is there.
    const second = saurun('sweep', file, '--json')
    await second.heard
    expect((await saurun('sweep', 'stop', 'stop-sweep')).code).toBe(0)
    expect((await second).code).toBe(75)
    expect(currentOwner(poolFolder(sweep, 'local'))).toBeUndefined()
    expect(stateOf('stop-sweep').instances.some(({ state }) => state === 'stopped')).toBe(true)
    const last = await saurun('sweep', file)
    expect(last.code).toBe(0)
    expect(stateOf('stop-sweep').instances.map(({ state }) => state)).toEqual(['done', 'done'])
    expect(readSweepEvents(sweep)).toContainEqual(
      expect.objectContaining({ event: 'instance_started', how: 'resumed' }),
    )
  })
})

describe('pruning', () => {
  test('stops a setting whose curve is worse than that of others', async () => {
    const file = write(
      'prune.sweep.yaml',
      `set: { epochs: 27, per_class: 40, width: 4, factor: 10 }\ngrid: { rate: [0.05, 0.04, 0.001] }\nprune: { asha: { first: 9, metric: loss } }\nlimits: { parallel: 1 }\n`,
    )
    const { code, err, out } = await saurun('sweep', file)
    expect(code, err + out).toBe(0)
    const view = stateOf('prune-sweep')
    const pruned = view.instances.filter(({ state }) => state === 'pruned')
    expect(pruned.length).toBeGreaterThan(0)
    expect(pruned[0]?.reason).toBe('asha after epoch 9')
  })
})
