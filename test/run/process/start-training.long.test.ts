import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planHash } from '../../../compiler/plan/hash.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import { compiledEntry } from '../../../runtime/platform/compiled-entry.js'
import { currentOwner } from '../../../runtime/platform/files/ownership.js'
import type { CheckpointTensors } from '../../../runtime/run/folder/checkpoint.js'
import { sendCommand } from '../../../runtime/run/journal/commands.js'
import { readJournal } from '../../../runtime/run/journal/journal.js'
import { attachRun } from '../../../runtime/run/process/attach.js'
import { atEpoch, finalState, finish, type RunHarness, runHarness } from '../session/run-harness.js'
import { tinyPlan } from '../session/tiny-experiment.js'

const plan = tinyPlan({ epochs: 20 })

let harness: RunHarness
let uninterrupted: CheckpointTensors
beforeAll(async () => {
  harness = runHarness()
  const whole = harness.start(plan)
  await finish(whole)
  uninterrupted = finalState(whole.runFolder)
})
afterAll(() => harness.dispose())

test.each(['SIGTERM', 'SIGUSR2', 'SIGHUP'] as const)(
  '%s stops with a checkpoint from which the run goes on bit for bit',
  async (signal) => {
    const training = harness.start(plan)
    const stopped = await finish(
      training,
      atEpoch(1, (pid) => process.kill(pid, signal)),
    )
    expect(stopped.exitCode).toBe(75)
    expect(stopped.events).toContainEqual(expect.objectContaining({ command: 'stop', by: signal }))
    expect((await finish(harness.resume({ resume: training.runFolder }))).exitCode).toBe(0)
    expect(finalState(training.runFolder)).toEqual(uninterrupted)
  },
)

test('a run that is killed again and again at any moment, and resumed each time, ends with the same weights', async () => {
  const longer = tinyPlan({ epochs: 80 })
  const whole = harness.start(longer)
  await finish(whole)

  const draws = drawsOf(keyOf(1, 'kill'))
  let training = harness.start(longer)
  const { runFolder } = training
  let kills = 0
  // Moments are counted in epochs and not in seconds, so that a fast machine is hit too; what the process is
  // doing then, a step, an evaluation, a checkpoint, is left to the drawn delay.
  for (let epoch = 2; ; epoch += 9) {
    const kill = (pid: number): void => {
      setTimeout(() => {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It has ended by itself.
        }
      }, draws.below(150))
    }
    const { exitCode } = await finish(training, atEpoch(epoch, kill))
    if (exitCode === 0) break
    expect(exitCode).toBe(1)
    kills++
    training = harness.resume({ resume: runFolder })
  }
  expect(kills).toBeGreaterThanOrEqual(2)
  expect(finalState(runFolder)).toEqual(finalState(whole.runFolder))
})

test('pause and continue by the command file, an evaluation in between, then stop', async () => {
  const training = harness.start(tinyPlan({ epochs: 2000 }))
  const { events, exitCode } = await finish(
    training,
    atEpoch(1, async () => {
      for (const command of ['pause', 'evaluate', 'continue', 'stop'] as const) {
        sendCommand(training.runFolder, { command }, 'test')
        await sleep(600)
      }
    }),
  )
  expect(exitCode).toBe(75)
  const commands = events.flatMap((event) => (event.event === 'commanded' ? event.command : []))
  expect(commands).toEqual(['pause', 'evaluate', 'continue', 'stop'])
  const at = (command: string) =>
    events.findIndex((event) => event.event === 'commanded' && event.command === command)
  const between = (from: string, to: string) => events.slice(at(from) + 1, at(to)).map(({ event }) => event)
  expect(between('pause', 'evaluate').filter((kind) => kind !== 'phase_started')).toEqual([])
  expect(between('evaluate', 'continue')).toContain('evaluated')
  expect(between('evaluate', 'continue')).not.toContain('epoch_done')
  expect(between('continue', 'stop')).toContain('steps_done')
})

test('a run whose parent is killed goes on, and can be watched and stopped', async () => {
  const entry = pathToFileURL(compiledEntry('runtime/run/process/start-training.js')).href
  const orphan = tinyPlan({ epochs: 2000 })
  const options = {
    plan: orphan,
    planHash: planHash(orphan),
    file: 'orphan.sau',
    locations: [[], [], []],
    texts: [],
    runs: harness.runs,
    settings: { engine: 'reference', workers: 0 },
  }
  const script = `import { startTraining } from ${JSON.stringify(entry)}
    const training = startTraining(${JSON.stringify(options)})
    console.log(training.runFolder)
    for await (const event of training.events) if (event.event === 'epoch_done') process.kill(process.pid, 'SIGKILL')`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  parent.stdout.on('data', (text) => {
    printed += text
  })
  await once(parent, 'close')
  const runFolder = printed.trim()
  expect(currentOwner(runFolder)).toBeDefined()
  const { end } = readJournal(join(runFolder, 'journal.jsonl'))
  const run = attachRun(runFolder, end)
  const kinds = new Set<string>()
  for await (const { event } of run.events) {
    kinds.add(event)
    if (event === 'epoch_done') run.tell({ command: 'stop' }, 'test')
  }
  expect(kinds).toContain('steps_done')
  expect(await run.exit).toBe(75)
  while (currentOwner(runFolder) !== undefined) await sleep(50)
  expect(finalState(runFolder).weights).toHaveProperty(['net.conv1.weight'])
})

test('a heap that is too small ends with 5 and says so', async () => {
  const before = process.env.NODE_OPTIONS
  process.env.NODE_OPTIONS = '--max-old-space-size=8'
  const training = harness.start(tinyPlan({ epochs: 3 }))
  process.env.NODE_OPTIONS = before ?? ''
  const { exitCode, last } = await finish(training)
  expect(readFileSync(join(training.runFolder, 'process.log'), 'utf8')).toContain('heap out of memory')
  expect(exitCode).toBe(5)
  expect(last).toMatchObject({ event: 'run_ended', outcome: 'failed', code: 'SAU7301' })
})
