// Signals to the command and to its training process, and processes that die.

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readJournal } from '../../../runtime/run/journal/journal.js'
import {
  type CommandHarness,
  commandHarness,
  endOfRun,
  expectOneError,
  runIn,
  trains,
  until,
  variant,
} from './command-harness.js'

const words = ['--engine', 'onnx', '--plain']
let harness: CommandHarness
let untouched: Readonly<Record<string, string>>
beforeAll(async () => {
  harness = commandHarness()
  expect((await harness.run('kill.sau', ...words, 'epochs=4', '--runs', 'whole')).code).toBe(0)
  untouched = endOfRun(runIn(join(harness.folder, 'whole'))?.folder ?? '')
})
afterAll(() => harness.dispose())

function journalEnd(folder: string) {
  return readJournal(join(folder, 'journal.jsonl')).events.at(-1)
}

describe.skipIf(process.platform === 'win32')('signals (skipped on Windows, which has none)', () => {
  test.each([
    ['SIGINT', 'command'],
    ['SIGTERM', 'command'],
    ['SIGUSR2', 'command'],
    ['SIGINT', 'training process'],
    ['SIGTERM', 'training process'],
    ['SIGUSR2', 'training process'],
  ] as const)('%s to the %s: a checkpoint, 75, and the run goes on bit for bit', async (signal, target) => {
    const runs = join(harness.folder, `${signal} ${target}`)
    const started = harness.start('kill.sau', ...words, 'epochs=4', '--runs', runs)
    const { folder, pid } = await until(runs, trains(1))
    process.kill(target === 'command' ? (started.child.pid ?? 0) : pid, signal)
    const ended = await started.ended
    expect(ended.code, ended.err).toBe(75)
    expect(ended.out).toContain('saurun --resume')
    expect((await harness.run('--resume', folder, ...words)).code).toBe(0)
    expect(endOfRun(folder)).toEqual(untouched)
  })

  test.each([
    ['SIGINT', 130, 'command'],
    ['SIGTERM', 143, 'command'],
    ['SIGINT', 130, 'training process'],
    ['SIGTERM', 143, 'training process'],
  ] as const)('a second %s ends at once with %i (to the %s)', async (signal, code, target) => {
    // An evaluation of some seconds, whose end the first signal waits for.
    const file = variant(harness, 'evaluating.sau', [
      ['per_class: 10, size', 'per_class: 6000, size'],
      ['every   = 1 epoch', 'every   = 2 epochs'],
    ])
    const runs = join(harness.folder, `second ${signal} ${target}`)
    const started = harness.start(file, ...words, 'epochs=4', '--runs', runs)
    const { folder, pid } = await until(
      runs,
      (event) => event.event === 'phase_started' && event.phase === 'evaluate',
    )
    const to = target === 'command' ? (started.child.pid ?? 0) : pid
    process.kill(to, signal)
    await until(runs, ({ event }) => event === 'commanded')
    await new Promise((resolve) => setTimeout(resolve, 450))
    process.kill(to, signal)
    const ended = await started.ended
    expect(ended.code, ended.err).toBe(code)
    expect(journalEnd(folder)).toMatchObject({ event: 'run_ended', outcome: 'stopped', exitCode: code })
    expect(ended.err).not.toMatch(/\n\s+at /)
  })

  test('a second SIGTERM in a step that takes long ends with 143 all the same', async () => {
    const file = variant(harness, 'slow.sau', [
      ['per_class: 40, size: 16, seed: 1', 'per_class: 200, size: 32, seed: 1'],
      ['per_class: 40, size: 16, seed: 2', 'per_class: 200, size: 32, seed: 2'],
      ['size: 16, seed: 3', 'size: 32, seed: 3'],
      ['depth: 8, width: 8', 'depth: 20, width: 32'],
      ['batch     = 32', 'batch     = 160'],
    ])
    const runs = join(harness.folder, 'slow')
    const started = harness.start(file, ...words, '--runs', runs)
    await until(runs, trains(0))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    for (let time = 0; time < 2; time++) {
      process.kill(started.child.pid ?? 0, 'SIGTERM')
      await new Promise((resolve) => setTimeout(resolve, 700))
    }
    const ended = await started.ended
    expect(ended.code, ended.err).toBe(143)
  })

  test.each(['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const)(
    'a training process that ends by %s: said in one sentence, exit 1, and the run goes on bit for bit',
    async (signal) => {
      const runs = join(harness.folder, signal)
      const started = harness.start('kill.sau', ...words, 'epochs=4', '--runs', runs)
      const { folder, pid } = await until(runs, trains(2))
      process.kill(pid, signal)
      const ended = await started.ended
      expect(ended.code).toBe(1)
      expectOneError(ended, 'SAU7302')
      expect(ended.err).toContain(`the training process was ended by ${signal} without a word`)
      expect((await harness.run('--resume', folder, ...words)).code).toBe(0)
      expect(endOfRun(folder)).toEqual(untouched)
    },
  )
})

test('a run that diverges ends with 6, and says the same when it is resumed from the checkpoint before', async () => {
  const file = variant(harness, 'diverging.sau', [
    [
      'minimize unaware.mixup',
      'minimize (if progress < 0.5 then 1 else 1e30) * (if progress < 0.5 then 1 else 1e30) * unaware.mixup',
    ],
  ])
  const runs = join(harness.folder, 'diverging')
  const first = await harness.run(file, ...words, 'epochs=4', '--runs', runs)
  expect(first.code).toBe(6)
  expectOneError(first, 'SAU7201')
  const folder = runIn(runs)?.folder ?? ''
  const again = await harness.run('--resume', folder, ...words)
  expect(again.code).toBe(6)
  const reason = (text: string) => /reason.*/.exec(text)?.[0]
  expect(reason(again.err)).toBe(reason(first.err))
  expect(again.err).toContain('resumed    from step-000016')
})
