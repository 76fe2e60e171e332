// Runs that go on without the command that started them: status, attach, logs, tell and stop, as a user types
// them.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { currentOwner } from '../../runtime/platform/files/ownership.js'
import { readJournal } from '../../runtime/run/journal/journal.js'
import type { StartedTraining } from '../../runtime/run/process/start-training.js'
import { temporaryFolder } from '../data/files.js'
import { atEpoch, finish, type RunHarness, runHarness } from '../run/session/run-harness.js'
import { tinyPlan } from '../run/session/tiny-experiment.js'

const folder = temporaryFolder()
const main = compiledEntry('runtime/cli/main.js')
let harness: RunHarness
beforeAll(() => {
  harness = runHarness()
})
afterAll(() => harness.dispose())

function environment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...inherited } = process.env
  return { ...inherited, SAURUN_CACHE: join(folder, 'cache'), SAURUN_RUNS_DIR: harness.runs }
}

function saurun(...words: readonly string[]) {
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [main, ...words], { cwd: folder, env: environment() }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err })
    })
  })
}

/** A run that goes on for long, past its first epoch. */
async function longRun(): Promise<StartedTraining> {
  const training = harness.start(tinyPlan({ epochs: 5000 }))
  await new Promise<void>(
    (resolve) =>
      void finish(
        training,
        atEpoch(1, () => resolve()),
      ),
  )
  return training
}

/** Starts `saurun` on a file of its own, and waits until its output says that it trains. */
async function startedCommand(
  ...flags: readonly string[]
): Promise<{ child: ChildProcess; runFolder: string }> {
  const file = join(folder, 'long.sau')
  writeFileSync(
    file,
    `sau 1
experiment "Long"
dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test  = shapes(classes: 4, per_class: 8, size: 16, seed: 2)
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 16) { head logits = linear(classes) }
stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 5000; batch = 16; optimizer = sgd(lr: 0.05) }
evaluate test { using = net.logits; every = 100 epochs; metrics = [top1] }
`,
  )
  const child = spawn(process.execPath, [main, file, '--json', ...flags], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (text) => {
      printed += text
      if (printed.includes('"epoch_done"')) resolve()
    })
    child.once('exit', () => resolve())
  })
  const started = JSON.parse(printed.split('\n')[0] ?? '') as { run: string }
  return { child, runFolder: join(harness.runs, 'long', started.run) }
}

describe('a run that goes on', () => {
  test('is seen, paused, evaluated, extended, continued and stopped from elsewhere', async () => {
    const training = await longRun()
    const run = basename(training.runFolder)
    const listed = await saurun('status')
    expect(listed.out).toMatch(new RegExp(`${run} +tiny-one +running +\\d+/5000`))
    expect(await saurun('tell', run, 'pause')).toMatchObject({
      code: 0,
      out: expect.stringContaining('waits'),
    })
    expect(JSON.parse((await saurun('status', run, '--json')).out).runs[0]).toMatchObject({
      run,
      state: 'paused',
      process: { life: 'alive' },
      epochs: 5000,
    })
    expect((await saurun('tell', run, 'evaluate')).out).toContain('evaluates')
    expect((await saurun('tell', run, 'extend', '10')).out).toContain('5010 epochs instead of 5000')
    expect((await saurun('tell', run, 'continue')).out).toContain('goes on')
    const stopped = await saurun('stop', run)
    expect(stopped).toMatchObject({ code: 0, out: expect.stringContaining('stopped after a checkpoint') })
    expect(await training.exit).toBe(75)
    expect((await saurun('status', run)).out).toMatch(/^stopped: Tiny\n/)
    const { events } = readJournal(join(training.runFolder, 'journal.jsonl'))
    expect(events.flatMap((event) => (event.event === 'commanded' ? event.command : []))).toEqual([
      'pause',
      'evaluate',
      'extend',
      'continue',
      'stop',
    ])
    const logs = (await saurun('logs', run)).out
    expect(logs).toContain('command    extend by 10 epochs (saurun on the command line)')
    expect(logs).toContain('ended      stopped after a checkpoint (exit code 75)')
    for (const command of ['stop', 'attach']) {
      const again = await saurun(command, run)
      if (command === 'stop')
        expect(again).toMatchObject({ code: 1, err: expect.stringContaining('SAU7304') })
      else expect(again).toMatchObject({ code: 0, out: expect.stringContaining('stopped: Tiny') })
    }
  })

  test('is stopped at once with --now', async () => {
    const training = await longRun()
    const stopped = await saurun('stop', basename(training.runFolder), '--now')
    expect(stopped.out).toContain('stopped at once')
    expect(await training.exit).toBe(130)
  })

  test('attach shows it from its beginning and ends with its exit code', async () => {
    const training = await longRun()
    const run = basename(training.runFolder)
    const attached = spawn(process.execPath, [main, 'attach', run, '--json'], {
      cwd: folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    const heard = new Promise<void>((resolve) => {
      attached.stdout.on('data', (text) => {
        out += text
        resolve()
      })
    })
    const closed = once(attached, 'close')
    await heard
    await saurun('stop', run)
    const [code] = await closed
    expect(code).toBe(75)
    const kinds = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event)
    expect(kinds[0]).toBe('run_started')
    expect(kinds.at(-1)).toBe('run_ended')
  })
})

describe('the command that started a run', () => {
  test.each(['SIGHUP', 'SIGKILL'] as const)('%s leaves the run going', async (signal) => {
    const { child, runFolder } = await startedCommand()
    const closed = once(child, 'exit')
    child.kill(signal)
    expect(await closed).toEqual(signal === 'SIGHUP' ? [129, null] : [null, 'SIGKILL'])
    expect(currentOwner(runFolder)).toBeDefined()
    expect(await saurun('stop', runFolder, '--now')).toMatchObject({ code: 0 })
    expect(currentOwner(runFolder)).toBeUndefined()
  })

  test('--detach returns once it trains', async () => {
    const { runFolder } = await startedCommand()
    await saurun('stop', runFolder)
    const { code, out } = await saurun('--resume', runFolder, '--detach')
    expect(code).toBe(0)
    expect(out).toMatch(/^the run goes on: /)
    expect(currentOwner(runFolder)).toBeDefined()
    expect((await saurun('stop', runFolder)).out).toContain('stopped after a checkpoint')
  })
})

describe('a process that died', () => {
  test('here is told from one on another machine', async () => {
    const training = await longRun()
    const run = basename(training.runFolder)
    const owner = JSON.parse(readFileSync(join(training.runFolder, 'owner.json'), 'utf8')) as { pid: number }
    process.kill(owner.pid, 'SIGKILL')
    await training.exit
    // As if nobody had been there to write its end down and to take its owner away.
    const journal = join(training.runFolder, 'journal.jsonl')
    const lines = readFileSync(journal, 'utf8').trim().split('\n')
    writeFileSync(journal, `${lines.slice(0, -1).join('\n')}\n`)
    const path = join(training.runFolder, 'owner.json')
    writeFileSync(path, JSON.stringify(owner))
    expect((await saurun('status', run)).out).toMatch(/^died: Tiny\n.*died without a word/s)
    expect((await saurun('tell', run, 'pause')).err).toContain('died without a word')
    writeFileSync(path, JSON.stringify({ ...owner, host: 'elsewhere' }))
    const longAgo = new Date(Date.now() - 600_000)
    utimesSync(path, longAgo, longAgo)
    expect((await saurun('status', run)).out).toMatch(/^silent: Tiny\n.*on elsewhere, no sign of life for/s)
    const resumed = await saurun('--resume', run, '--plain', '--detach')
    expect(resumed.code).toBe(0)
    await saurun('stop', run)
    expect(readFileSync(journal, 'utf8')).toContain('on elsewhere has given no sign of life for 10 minutes')
  })
})

describe('words that are wrong', () => {
  test.each([
    [['tell', 'last', 'pase'], 'did you mean `pause`?'],
    [['tell', 'last', 'extend'], 'needs the number of epochs'],
    [['run', '--fork', 'x.sau'], '--fork needs the run'],
  ])('%j', async (words, sentence) => {
    const { code, err } = await saurun(...words)
    expect(code).toBe(2)
    expect(err).toContain(sentence)
  })

  test('a folder without runs has nothing to stop', async () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    appendFileSync(join(empty, 'note'), '')
    expect(await saurun('stop', '--runs', empty)).toMatchObject({
      code: 1,
      err: expect.stringContaining('SAU7304'),
    })
    expect(await saurun('status', '--runs', empty)).toMatchObject({ code: 0 })
  })
})
