// A disk that takes nothing more, and a run folder that goes away.
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newestCheckpoint } from '../../../runtime/run/folder/checkpoint.js'
import {
  type CommandHarness,
  commandHarness,
  endOfRun,
  expectOneError,
  runIn,
  trains,
  until,
} from './command-harness.js'

const words = ['--engine', 'onnx', '--plain']
const canMount = process.platform === 'linux' && mountWorks()
const mounted: string[] = []
let harness: CommandHarness
let untouched: Readonly<Record<string, string>>
beforeAll(async () => {
  harness = commandHarness()
  expect((await harness.run('kill.sau', ...words, 'epochs=4', '--runs', 'whole')).code).toBe(0)
  untouched = endOfRun(runIn(join(harness.folder, 'whole'))?.folder ?? '')
})
afterAll(() => {
  for (const disk of mounted) execFileSync('umount', [disk])
  harness.dispose()
})

function mountWorks(): boolean {
  const folder = join('/tmp', `saurun-mount-${process.pid}`)
  mkdirSync(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A disk of this size, in kilobytes. */
function diskOf(kilobytes: number, name: string): string {
  const disk = join(harness.folder, name)
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', disk])
  mounted.push(disk)
  return disk
}

function remount(disk: string, options: string): void {
  execFileSync('mount', ['-o', `remount,${options}`, disk])
}

describe.skipIf(!canMount)('a full disk (skipped where no tmpfs can be mounted)', () => {
  // A run's texts and Plan are about 40 kB, a checkpoint is 4.9 MB: none, one and two of them fit.
  test.each([4, 28, 48, 90, 3_000, 5_200, 11_000])(
    'of %i kB: one clear error and 1, what was saved stays, and with more room the run goes on bit for bit',
    async (kilobytes) => {
      const disk = diskOf(kilobytes, `disk-${kilobytes}`)
      const runs = join(disk, 'runs')
      const ended = await harness.run('kill.sau', ...words, 'epochs=4', '--runs', runs)
      expect(ended.code, ended.err).toBe(1)
      expectOneError(ended, 'SAU7106')
      const begun = runIn(runs)?.folder
      if (kilobytes >= 400) expect(begun).toBeDefined()
      const saved = begun === undefined ? undefined : newestCheckpoint(begun, () => expect.unreachable())
      expect(saved?.step).toBe(kilobytes < 5_200 ? undefined : kilobytes < 11_000 ? 8 : 16)
      remount(disk, 'size=100m')
      const again = await harness.run(
        ...(begun === undefined ? ['kill.sau', 'epochs=4'] : ['--resume', begun]),
        ...words,
        '--runs',
        runs,
      )
      expect(again.code, again.err).toBe(0)
      const folder = runIn(runs)?.folder ?? ''
      expect(endOfRun(folder)).toEqual(untouched)
      expect(readdirSync(join(folder, 'checkpoints')).filter((name) => !name.startsWith('step-'))).toEqual([])
    },
  )

  test('that takes not even a line of the journal: the command says it, and the run goes on once there is room', async () => {
    const disk = diskOf(40_000, 'disk-journal')
    const runs = join(disk, 'runs')
    const started = harness.start('kill.sau', ...words, 'epochs=4', '--runs', runs)
    const { folder } = await until(runs, trains(1))
    const filler = join(disk, 'filler')
    for (const size of [1_000_000, 4096, 1]) fill(filler, size)
    const ended = await started.ended
    expect(ended.code, ended.err).toBe(1)
    expectOneError(ended, 'SAU7106')
    rmSync(filler)
    expect((await harness.run('--resume', folder, ...words)).code).toBe(0)
    expect(endOfRun(folder)).toEqual(untouched)
  })

  test('a disk that is read-only: one clear error, for a new run and for one to go on with', async () => {
    const disk = diskOf(100_000, 'disk-readonly')
    const runs = join(disk, 'runs')
    const started = harness.start('kill.sau', ...words, 'epochs=4', '--runs', runs)
    const { folder, pid } = await until(runs, trains(1))
    process.kill(pid, 'SIGUSR2')
    expect((await started.ended).code).toBe(75)
    remount(disk, 'ro')
    for (const order of [
      ['kill.sau', '--runs', runs],
      ['--resume', folder],
    ]) {
      const refused = await harness.run(...order, ...words)
      expect(refused.code, refused.err).toBe(1)
      expectOneError(refused, 'SAU7106')
    }
    remount(disk, 'rw')
    expect((await harness.run('--resume', folder, ...words)).code).toBe(0)
    expect(endOfRun(folder)).toEqual(untouched)
  })
})

/** Appends blocks of `size` bytes until no more fits. */
function fill(path: string, size: number): void {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(size))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}

test('a run folder that is removed in the midst of training: one clear error and 1, and it does not come back', async () => {
  const runs = join(harness.folder, 'removed')
  const started = harness.start('kill.sau', ...words, 'epochs=50', '--runs', runs)
  const { folder } = await until(runs, trains(1))
  rmSync(folder, { recursive: true })
  const ended = await started.ended
  expect(ended.code, ended.err).toBe(1)
  expectOneError(ended, 'SAU7312')
  expect(existsSync(folder)).toBe(false)
})
