// The compiled command as a user runs it: exit codes, where output goes, and what is loaded for it.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'

const main = compiledEntry('runtime/cli/main.js')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-cli-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
})

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs `node <flags> main.js <words>` in the test's folder, with folders of its own. */
function saurun(
  words: readonly string[],
  environment: Record<string, string> = {},
  nodeFlags: readonly string[] = [],
) {
  const { FORCE_COLOR: _, NO_COLOR: __, CI: ___, ...inherited } = process.env
  const env = {
    ...inherited,
    SAURUN_CACHE: join(folder, 'cache'),
    SAURUN_HOME: join(folder, 'home'),
    SAURUN_RUNS_DIR: join(folder, 'runs'),
    ...environment,
  }
  return new Promise<Ended>((resolve) => {
    execFile(process.execPath, [...nodeFlags, main, ...words], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}

const good = `sau 1

experiment "Small"

dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test  = shapes(classes: 4, per_class: 8, size: 16, seed: 2)

view plain = flip |> normalize

network net = cifar_resnet(depth: 8, width: 16) { head logits = linear(classes) }

stream a = shuffle(train)

branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }

minimize only.ce

param epochs : int = 1

train { epochs = epochs; batch = 32; optimizer = sgd(lr: 0.05) }

evaluate test { using = net.logits; metrics = [top1, per_class] }
`

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}

describe('check', () => {
  test('says nothing on standard output about a file without errors, and ends with 0', async () => {
    const ended = await saurun(['check', write('good.sau', good)])
    expect(ended).toEqual({ code: 0, out: '', err: 'good.sau: no errors\n' })
  })

  test('shows all errors on standard error and ends with 3', async () => {
    const file = write('wrong.sau', good.replace('sgd', 'sdg').replace('flip', 'flpi'))
    const ended = await saurun(['check', file])
    expect(ended.code).toBe(3)
    expect(ended.out).toBe('')
    expect(ended.err).toMatch(/error\[SAU2001\].*`flpi`/)
    expect(ended.err).toContain('did you mean `flip`?')
    expect(ended.err).toContain('did you mean `sgd`?')
    expect(ended.err).toMatch(/\n2 errors\n$/)
    expect(ended.err).not.toMatch(/\n\s+at /)
  })

  test('ends with 4 where only the data is wrong', async () => {
    const text = good.replace(/shapes\(classes: 4, per_class: 16.*\)/, 'image_folder("nowhere")')
    const ended = await saurun(['check', write('data.sau', text)])
    expect(ended.code).toBe(4)
    expect(ended.err).toContain('error[SAU4001]')
  })

  test('gives diagnostics as data on standard output with --format json', async () => {
    const file = write('wrong.sau', good.replace('flip', 'flpi'))
    const ended = await saurun(['--format', 'json', 'check', file])
    expect(ended.code).toBe(3)
    expect(ended.err).toBe('')
    expect(JSON.parse(ended.out)).toMatchObject({
      file: 'wrong.sau',
      exitCode: 3,
      diagnostics: [
        { code: 'SAU2001', severity: 'error', labels: [{ file: 'wrong.sau', start: { line: 8 } }] },
      ],
    })
  })

  test('follows NO_COLOR and FORCE_COLOR', async () => {
    const file = write('wrong.sau', good.replace('flip', 'flpi'))
    expect((await saurun(['check', file], { FORCE_COLOR: '1' })).err).toContain('\u001b[31m')
    expect((await saurun(['check', file], { FORCE_COLOR: '1', NO_COLOR: '1' })).err).not.toContain('\u001b[')
  })

  test('loads neither an engine, nor the image library, nor the terminal UI', async () => {
    // Modules as they are loaded, CommonJS ones and native libraries as they stand at the end.
    const report = join(folder, 'loaded.json')
    const probe = write(
      'probe.cjs',
      `const fs = require('node:fs')
       process.on('exit', () => {
         const commonJs = Object.keys(require('node:module')._cache)
         const native = process.report.getReport().sharedObjects
         fs.writeFileSync(${JSON.stringify(report)}, JSON.stringify([...commonJs, ...native]))
       })`,
    )
    const trace = write(
      'trace.mjs',
      `import { register } from 'node:module'
       const hooks = 'data:text/javascript,' + encodeURIComponent(\`
         import { appendFileSync } from 'node:fs'
         export async function load(url, context, next) {
           appendFileSync(${JSON.stringify(join(folder, 'modules.txt'))}, url + '\\\\n')
           return next(url, context)
         }\`)
       register(hooks)`,
    )
    const ended = await saurun(['check', write('good.sau', good)], {}, [
      '--require',
      join(folder, probe),
      '--import',
      join(folder, trace),
    ])
    expect(ended.code).toBe(0)
    const modules = readFileSync(join(folder, 'modules.txt'), 'utf8')
    expect(modules).toContain('/compiler/compile.js')
    const loaded = `${modules}\n${readFileSync(report, 'utf8')}`
    for (const library of ['onnxruntime', 'sharp', 'ink', 'react', 'yoga-layout', 'protobufjs', 'ajv']) {
      expect(loaded, library).not.toContain(`/node_modules/${library}/`)
    }
    // Of the engines nothing but their names, which flags tell.
    expect(loaded).not.toMatch(/\/runtime\/(observe\/tui|engines(?!\/names\.js)|run|apps|data\/views)\//)
  })
})

describe('usage', () => {
  test.each([
    [['chek', 'good.sau'], 'did you mean `npx saurun check`?'],
    [['run', 'good.sau', '--palin'], 'did you mean `--plain`?'],
    [['run', 'good.sau', '--epochs=3'], 'params are set without dashes: `epochs=3`'],
    [['run'], 'missing the file to run'],
    [['--resume', 'last'], 'there is no run'],
    [['explain', 'SAU9999'], 'there is no diagnostic'],
    [['completion', 'bsh'], 'did you mean `bash`?'],
    [['parity', 'nowhere'], 'there is no folder nowhere'],
    [['compile', 'good.sau', '--emit', 'dot', '--entry', 'trian'], 'the program has no entry `trian`'],
  ])('saurun %j ends with 2: %s', async (words, text) => {
    write('good.sau', good)
    const ended = await saurun(words)
    expect(ended.err).toContain(text)
    expect(ended.code).toBe(2)
    expect(ended.out).toBe('')
    expect(ended.err).not.toMatch(/\n\s+at /)
  })

  test('help and version go to standard output', async () => {
    const help = await saurun(['--help'])
    expect(help).toMatchObject({ code: 0, err: '' })
    expect(help.out).toContain('saurun COMMAND [arguments] [flags]')
    expect(await saurun(['--version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^saurun \d+\.\d+\.\d+\n$/),
    })
  })
})

describe('answers', () => {
  test('explain prints the page of a code', async () => {
    const ended = await saurun(['explain', 'sau7201'])
    expect(ended).toMatchObject({ code: 0, err: '' })
    expect(ended.out).toContain('SAU7201')
  })

  test('plan says what would happen, as text and as data', async () => {
    write('good.sau', good)
    const text = await saurun(['plan', 'good.sau'])
    expect(text.code).toBe(0)
    expect(text.out).toContain('network net  74,900 parameters')
    expect(text.out).toContain('2 (1 epoch of 2), batch 32')
    const data = JSON.parse((await saurun(['plan', 'good.sau', 'epochs=3', '--json'])).out)
    expect(data.training).toMatchObject({ epochs: 3, stepsPerEpoch: 2, steps: 6 })
    expect(data.datasets[0].classes).toHaveLength(4)
  })

  test.each(['tokens', 'ast', 'types', 'plan', 'graph'])('compile --emit %s prints JSON', async (stage) => {
    write('good.sau', good)
    const ended = await saurun(['compile', 'good.sau', '--emit', stage])
    expect(ended.code).toBe(0)
    expect(JSON.parse(ended.out)).toBeTypeOf('object')
  })

  test('profile says which lines the time goes to, as text, as data and as files', async () => {
    const file = write('good.sau', good)
    const words = ['profile', file, '--engine', 'onnx', '--steps', '2', '--workers', '0']
    const text = await saurun([...words, '-o', 'profiled'])
    expect(text.code).toBe(0)
    expect(text.out).toMatch(
      /^Small\nengine onnx .*\n2 steps, .* mapped to lines\n\nline +ms a step +share\n/,
    )
    expect(text.out).toMatch(/\ngood\.sau:14 .* branch only \{ loss ce/)
    expect(text.err).toContain('profiled/profile.txt')
    expect(readdirSync(join(folder, 'profiled')).sort()).toEqual([
      'profile.json',
      'profile.trace.json',
      'profile.txt',
    ])
    const data = await saurun([...words, '--json'])
    expect(JSON.parse(data.out)).toMatchObject({ profile: 1, engine: 'onnx', steps: 2 })
  })

  test('compile --emit dot draws one entry, and onnx goes to a file', async () => {
    write('good.sau', good)
    expect((await saurun(['compile', 'good.sau', '--emit', 'dot'])).out).toMatch(/^digraph saurun \{/)
    const ended = await saurun(['compile', 'good.sau', '--emit', 'onnx', '-o', 'step.onnx'])
    expect(ended).toMatchObject({ code: 0, out: '' })
    expect(readFileSync(join(folder, 'step.onnx')).byteLength).toBeGreaterThan(10_000)
  })

  test('doctor says what it found, as data', async () => {
    const facts = JSON.parse((await saurun(['doctor', '--json'])).out)
    expect(facts.folders).toMatchObject({ runs: join(folder, 'runs'), cache: join(folder, 'cache') })
    expect(facts.engines.map((engine: { name: string }) => engine.name)).toEqual([
      'tensorflow',
      'onnx',
      'tfjs',
      'reference',
    ])
  })

  test.each(['bash', 'zsh', 'fish'])('completion prints a script for %s', async (shell) => {
    const { code, out } = await saurun(['completion', shell])
    expect(code).toBe(0)
    expect(out).toContain(`# ${shell} completion of saurun: `)
    expect(out).toContain(`__complete ${shell} -- `)
  })
})

describe('run', () => {
  test('trains: events as lines of JSON on standard output, and 0', async () => {
    write('good.sau', good)
    const ended = await saurun(['good.sau', '--json'])
    const events = ended.out
      .trim()
      .split('\n')
      .map((line): { event: string } => JSON.parse(line))
    expect(events.at(0)?.event).toBe('run_started')
    expect(events.at(-1)).toMatchObject({ event: 'run_ended', outcome: 'done' })
    expect(ended.err).toBe('')
    expect(ended.code).toBe(0)
  })

  test('without a terminal: progress on standard error, the result on standard output', async () => {
    write('good.sau', good)
    const ended = await saurun(['run', 'good.sau'])
    expect(ended.code).toBe(0)
    expect(ended.err).toMatch(/^experiment Small\n/)
    expect(ended.err).toMatch(/\nepoch 1\/1 {2}loss /)
    expect(ended.out).toMatch(/^done: Small\n {2}test {8}top-1 /)
    expect(`${ended.out}${ended.err}`).not.toContain('\r')
    expect(readdirSync(join(folder, 'runs', 'good')).length).toBeGreaterThan(0)
  })

  test('of a file that does not compile makes no run folder', async () => {
    const ended = await saurun(['run', write('broken.sau', good.replace('flip', 'flpi'))])
    expect(ended.code).toBe(3)
    expect(readdirSync(folder)).not.toContain('broken')
  })

  test('whose output nobody reads any more goes on, and says how to find it', async () => {
    write('good.sau', good)
    const child = spawn(process.execPath, [main, 'good.sau', 'epochs=500', '--json', '--runs', 'unread'], {
      cwd: folder,
      env: { ...process.env, SAURUN_CACHE: join(folder, 'cache') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let note = ''
    child.stderr.on('data', (text) => {
      note += text
    })
    child.stdout.once('data', () => child.stdout.destroy())
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(note).toMatch(/^the run goes on: unread\/good\/\S+\n {2}npx saurun attach /)
    const stopped = await saurun(['stop', '--runs', 'unread'])
    expect(stopped.code).toBe(0)
    const runs = join(folder, 'unread', 'good')
    const [run = ''] = readdirSync(runs)
    expect(readdirSync(join(runs, run, 'checkpoints')).length).toBeGreaterThan(0)
    const last =
      readFileSync(join(runs, run, 'journal.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .at(-1) ?? ''
    expect(JSON.parse(last)).toMatchObject({ event: 'run_ended', outcome: 'stopped', exitCode: 75 })
  })

  test('whose memory runs out ends with 5', async () => {
    // More weights than any machine holds.
    const ended = await saurun(['run', write('huge.sau', good.replace(/width: \d+/, 'width: 20000'))])
    expect(ended.code).toBe(5)
    expect(ended.err).toContain('reason      SAU8120: weights and their state take')
    expect(ended.err).not.toMatch(/\n\s+at /)
  })

  test('that diverges ends with 6', async () => {
    const ended = await saurun([
      'run',
      write('diverging.sau', good.replace('lr: 0.05', 'lr: 1e30')),
      'epochs=3',
    ])
    expect(ended.code).toBe(6)
    expect(ended.err).toMatch(/\ndiverged: Small\n[\s\S]*reason +SAU720\d: .*step \d/)
  })

  test('that is told to stop ends with 75; told twice, with 130 or 143', async () => {
    for (const [signal, times, code] of [
      ['SIGINT', 1, 75],
      ['SIGINT', 2, 130],
      ['SIGTERM', 2, 143],
    ] as const) {
      const evaluating = good.replace('per_class: 8, size', 'per_class: 8000, size')
      const file = write('long.sau', times === 1 ? good : evaluating)
      const child = spawn(
        process.execPath,
        [main, file, 'epochs=500', '--json', '--runs', `${signal}-${times}`],
        {
          cwd: folder,
          env: { ...process.env, SAURUN_CACHE: join(folder, 'cache') },
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      )
      let sent = 0
      const send = () => {
        if (sent++ < times) child.kill(signal)
      }
      child.stdout.on('data', (text) => {
        if (sent === 0 && String(text).includes(times === 1 ? '"train"' : '"evaluate"')) send()
        // The second one comes later than a mere repetition of the first.
        if (times === 2 && String(text).includes('"commanded"')) setTimeout(send, 500)
      })
      expect(await once(child, 'close'), `${times} ${signal}`).toEqual([code, null])
    }
  })

  test('repeats in its journal that the best epoch is chosen on a test split', async () => {
    const text = good
      .replace('seed: 2)', 'seed: 2, split: test)')
      .replace('metrics = [top1, per_class]', 'metrics = [top1]; best = top1')
    const { out, code } = await saurun(['run', write('best.sau', text), '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({
      event: 'run_started',
      warnings: [expect.stringContaining('the best epoch is chosen on `test`')],
    })
  })

  test('-n shows the plan instead', async () => {
    write('good.sau', good)
    const ended = await saurun(['-n', 'good.sau'])
    expect(ended.code).toBe(0)
    expect(ended.out).toContain('dataset train')
  })
})

test('a bug is one sentence and a file, and shows its stack only when asked to', async () => {
  write('good.sau', good)
  const breaking = write(
    'breaking.cjs',
    `const json = JSON.stringify
     JSON.stringify = (...all) => { if (all[0]?.training) throw new TypeError('made to fail'); return json(...all) }`,
  )
  const flags = ['--require', join(folder, breaking)]
  const ended = await saurun(['plan', 'good.sau', '--json'], {}, flags)
  expect(ended.code).toBe(1)
  expect(ended.err).toContain('this is a bug in saurun, not in your file (TypeError: made to fail)')
  expect(ended.err).not.toMatch(/\n\s+at /)
  const file = /details are in (.*)\n/.exec(ended.err)?.[1] ?? ''
  expect(file.startsWith(join(folder, 'home'))).toBe(true)
  expect(readFileSync(file, 'utf8')).toMatch(/made to fail[\s\S]*\n\s+at /)
  expect((await saurun(['plan', 'good.sau', '--json'], { SAURUN_DEBUG: '1' }, flags)).err).toMatch(/\n\s+at /)
})
