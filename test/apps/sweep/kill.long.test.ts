// A sweep that is killed again and again, pool and runs alike, and started again each time by the same
// command.
import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import { poolFolder, readSweepEvents } from '../../../runtime/apps/sweep/events.js'
import { sweepRuns } from '../../../runtime/apps/sweep/folder.js'
import { sweepReader } from '../../../runtime/apps/sweep/state.js'
import { compiledEntry } from '../../../runtime/platform/compiled-entry.js'
import { ownerOf } from '../../../runtime/platform/files/ownership.js'
import { listCheckpoints, readCheckpoint } from '../../../runtime/run/folder/checkpoint.js'
import { readJournal } from '../../../runtime/run/journal/journal.js'
import { temporaryFolder } from '../../data/files.js'

const main = compiledEntry('runtime/cli/main.js')
const folder = temporaryFolder()

/** 24 instances of moments each. */
function sweepFile(): string {
  const file = join(folder, 'grid.sweep.yaml')
  writeFileSync(
    file,
    `experiment: ${resolve('examples/quickstart-varied.sau')}
seeds: [1, 2]
set: { epochs: 2, per_class: 20, width: 4 }
grid:
  strategy: [pos_neg, neg_only, drop]
  factor: [10, 20]
  rate: [0.02, 0.05]
limits: { parallel: 2 }
`,
  )
  return file
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, SAURUN_CACHE: join(folder, 'cache') }
}

function wholeSweep(runs: string): Promise<number> {
  return new Promise((done) => {
    const words = ['sweep', sweepFile(), '--runs', runs, '--json', '--engine', 'onnx', '--threads', '1']
    execFile(
      process.execPath,
      [main, ...words],
      { cwd: folder, env: environment(), maxBuffer: 1 << 26 },
      (error) => done(typeof error?.code === 'number' ? error.code : error === null ? 0 : -1),
    )
  })
}

/**
 * Starts the sweep in a group of its own, and kills that group, the pool and, if `everything`, its runs
 * `after` milliseconds from when the pool has started or the command has ended.
 */
async function killedSweep(runs: string, after: number, everything: boolean): Promise<void> {
  const sweep = join(runs, 'grid-sweep')
  const before = poolsStarted(sweep)
  const words = ['sweep', sweepFile(), '--runs', runs, '--json', '--engine', 'onnx', '--threads', '1']
  const child = spawn(process.execPath, [main, ...words], {
    cwd: folder,
    env: environment(),
    detached: true,
    stdio: 'ignore',
  })
  while (poolsStarted(sweep) === before && child.exitCode === null) await sleep(20)
  await sleep(after)
  const pids = [child.pid, ownerOf(poolFolder(sweep, 'local'))?.pid]
  if (everything && existsSync(sweep)) pids.push(...sweepRuns(sweep).map((run) => ownerOf(run)?.pid))
  for (const pid of pids) {
    if (pid === undefined) continue
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}

function poolsStarted(sweep: string): number {
  return existsSync(sweep) ? readSweepEvents(sweep).filter(({ event }) => event === 'pool_started').length : 0
}

/** What a run came to, but for times. */
function result(run: string): unknown {
  const last = listCheckpoints(run).at(-1) ?? ''
  const { step, tensors } = readCheckpoint(last)
  const [head = '', ...rows] = readFileSync(join(run, 'metrics.csv'), 'utf8').trim().split('\n')
  const kept = head.split(',').flatMap((name, at) => (/seconds|per_second/.test(name) ? [] : [at]))
  return { step, tensors, metrics: rows.map((row) => kept.map((at) => row.split(',')[at])) }
}

test('killed at ten random moments and started again each time, a sweep has every instance once, with the results of one that was left alone', async () => {
  const alone = join(folder, 'alone')
  expect(await wholeSweep(alone)).toBe(0)
  const killed = join(folder, 'killed')
  const draws = drawsOf(keyOf(1, 'sweep kills'))
  for (let kill = 0; kill < 10; kill++) await killedSweep(killed, draws.below(2500), kill % 2 === 0)
  expect(await wholeSweep(killed)).toBe(0)

  const sweep = join(killed, 'grid-sweep')
  const { instances } = sweepReader(sweep).read()
  expect(instances.map(({ state }) => state)).toEqual(instances.map(() => 'done'))
  expect(instances).toHaveLength(24)
  const names = sweepRuns(sweep).map((run) => run.split('/').at(-1))
  expect(names).toEqual(sweepRuns(join(alone, 'grid-sweep')).map((run) => run.split('/').at(-1)))
  expect(readdirSync(sweep).filter((name) => name.endsWith('.tmp'))).toEqual([])
  for (const run of sweepRuns(sweep)) {
    const ended = readJournal(join(run, 'journal.jsonl')).events.filter(({ event }) => event === 'run_ended')
    expect(ended.filter((event) => event.event === 'run_ended' && event.outcome === 'done')).toHaveLength(1)
    expect(result(run)).toEqual(result(join(alone, 'grid-sweep', run.split('/').at(-1) ?? '')))
  }
  // However fast the machine is, most of the kills met a pool.
  expect(poolsStarted(sweep)).toBeGreaterThanOrEqual(6)
})
