// `saurun sweep FILE --dry-run` as a user types it.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SweepListing } from '../../runtime/apps/sweep/dry-run.js'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { writeLock } from '../../runtime/run/folder/lock.js'
import { openJournal } from '../../runtime/run/journal/journal.js'

const main = compiledEntry('runtime/cli/main.js')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-sweep-'))
  write('exp.sau', experiment)
  write(
    'sweeps/grid.yaml',
    'experiment: ../exp.sau\ngrid: { width: [4, 8], rate: [0.1, 0.2] }\nseeds: [1, 2]\n',
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const experiment = `sau 1

experiment "Small"

param width : int   = 4   in 4..16
param rate  : float = 0.1 in 1e-3..1.0 log
param data  : path  = "nothing"

dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1)
dataset test  = shapes(classes: 4, per_class: 8, size: 16, seed: 2)

view plain = flip |> normalize

network net = cifar_resnet(depth: 8, width: width) { head logits = linear(classes) }

stream a = shuffle(train)

branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }

minimize only.ce

train { epochs = 2; batch = 32; optimizer = sgd(lr: rate) }

evaluate test { using = net.logits; metrics = [top1, per_class] }
`

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

function saurun(...words: readonly string[]) {
  const { SAURUN_RUNS_DIR: _, FORCE_COLOR: __, ...inherited } = process.env
  const env = { ...inherited, SAURUN_CACHE: join(folder, 'cache'), SAURUN_HOME: join(folder, 'home') }
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [main, ...words], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}

async function listing(...words: readonly string[]): Promise<SweepListing> {
  const { out } = await saurun('sweep', 'sweeps/grid.yaml', '--dry-run', '--json', ...words)
  return JSON.parse(out) as SweepListing
}

/** A run folder as a finished run leaves it, as far as sweeps read it. */
function finish(planHash: string, name: string): void {
  const run = join(folder, 'runs', 'exp', name)
  mkdirSync(run, { recursive: true })
  writeFileSync(join(run, 'plan.json'), '{}')
  writeLock(run, {
    lock: 1,
    planHash,
    title: 'Small',
    file: 'exp.sau',
    texts: [],
    sources: [],
    params: {},
    warnings: [],
    settings: { engine: 'reference' },
    processes: [],
  })
  const journal = openJournal(join(run, 'journal.jsonl'), () => 1)
  journal.write({
    event: 'run_ended',
    outcome: 'done',
    exitCode: 0,
    code: undefined,
    message: 'done',
    help: undefined,
    epoch: 1,
    step: 4,
    seconds: 2,
    peakMemory: 1,
  })
  journal.close()
}

describe('saurun sweep --dry-run', () => {
  test('lists every instance with its params and estimates, and the sums in the end', async () => {
    const { code, out, err } = await saurun('sweep', 'sweeps/grid.yaml', '--dry-run')
    expect(err).toContain('SAU6002')
    expect(code).toBe(0)
    const lines = out.split('\n')
    expect(lines[0]).toBe('sweeps/grid.yaml   8 instances of exp.sau')
    expect(lines[2]).toMatch(/^ +width +rate +seed +steps +time +memory +disk +plan$/)
    expect(lines[3]).toMatch(/^1 +4 +0\.1 +1 +4 +\d+\.\d s +[\d.]+ \w+ +[\d.]+ \w+ +[0-9a-f]{8}$/)
    expect(lines.filter((line) => /^\d/.test(line))).toHaveLength(8)
    expect(out).toContain('runs      8 runs to go')
  })

  test('shares estimates between equal sizes, and gives larger ones to larger networks', async () => {
    const { instances, total } = await listing()
    expect(new Set(instances.map(({ planHash }) => planHash)).size).toBe(8)
    expect(new Set(instances.map(({ memoryBytes }) => memoryBytes)).size).toBe(2)
    const [small] = instances
    const large = instances.find(({ params }) => params.width === 8)
    expect(large?.memoryBytes).toBeGreaterThan(small?.memoryBytes ?? 0)
    expect(large?.seconds).toBeGreaterThan(small?.seconds ?? 0)
    expect(total.diskBytes).toBe(instances.reduce((sum, { diskBytes }) => sum + diskBytes, 0))
    expect(total).toMatchObject({ toRun: 8, done: 0, equal: 0, from: 'arithmetic' })
  })

  test('says what is done, and does not count it', async () => {
    const before = await listing()
    finish(before.instances[2]?.planHash ?? '', '20260101-000000-aaaaaa')
    const { instances, total } = await listing()
    expect(instances[2]).toMatchObject({ state: 'done' })
    expect(instances[2]?.run).toMatch(/aaaaaa$/)
    expect(total).toMatchObject({ toRun: 7, done: 1 })
    const { out } = await saurun('sweep', 'sweeps/grid.yaml', '-n')
    expect(out).toContain('done: runs/exp/20260101-000000-aaaaaa')
    expect(out).toContain('7 runs to go, 1 done already')
    rmSync(join(folder, 'runs'), { recursive: true })
  })

  test('lists instances with one Plan as equal', async () => {
    write(
      'twice.yaml',
      'experiment: exp.sau\nlist: [{ rate: 0.1 }, { rate: 0.1, width: 4 }, { rate: 0.3 }]\n',
    )
    const { out, code } = await saurun('sweep', 'twice.yaml', '-n')
    expect(code).toBe(0)
    expect(out).toMatch(/^2 .* equal to 1$/m)
    expect(out).toContain('2 runs to go, 1 equal to others, which run once')
  })

  test('ends with 3 and the places where the sweep file is wrong, as text or data', async () => {
    write('wrong.yaml', 'experiment: exp.sau\ngrid: { widht: [4], rate: [7] }\n')
    const { code, out, err } = await saurun('sweep', 'wrong.yaml', '-n')
    expect(code).toBe(3)
    expect(out).toBe('')
    expect(err).toContain('error[SAU8020]: the experiment has no param `widht`\n  --> wrong.yaml:2:9')
    expect(err).toContain('did you mean `width`?')
    expect(err).toContain('error[SAU8022]')
    expect(err).toContain('2 errors')
    const asData = await saurun('sweep', 'wrong.yaml', '-n', '--json')
    expect(asData.code).toBe(3)
    expect(JSON.parse(asData.out).diagnostics).toHaveLength(2)
  })

  test('ends with 3 where an instance does not compile, and 4 where only data is missing', async () => {
    write('bad.sau', experiment.replace('depth: 8', 'depth: width'))
    write('bad.yaml', 'experiment: bad.sau\ngrid: { width: [8, 9, 14] }\n')
    const bad = await saurun('sweep', 'bad.yaml', '-n')
    expect(bad.code).toBe(3)
    expect(bad.err).toContain('in 1 of 3 instances: those where `width` is 9')
    expect(bad.err).toContain('bad.yaml:2:20')
    write('data.sau', experiment.replace(/dataset train = .*/, 'dataset train = image_folder(data)'))
    write('data.yaml', 'experiment: data.sau\ngrid: { rate: [0.1, 0.2] }\n')
    const data = await saurun('sweep', 'data.yaml', '-n', '--set', 'data=elsewhere')
    expect(data.code).toBe(4)
    expect(data.err).toContain('in all 2 instances')
  })

  test.each([
    [['status', 'grid', '--latex'], '`sweep status` has no --latex', 'it belongs to `sweep report`'],
    [['report', 'grid', '--on', 'slurm'], '`sweep report` has no --on', 'it belongs to `sweep`'],
    [['sweeps/grid.yaml', '--now'], '`sweep` has no --now', 'it belongs to `sweep stop`'],
    [['stop', 'grid', '--nwo'], "unknown option '--nwo'", 'did you mean `--now`?'],
    [['status'], "missing required argument 'sweep'", '`saurun sweep status --help`'],
  ])('%j is a mistake: %s', async (words, message, help) => {
    const { code, err } = await saurun('sweep', ...words)
    expect(err).toContain(message)
    expect(err).toContain(help.replace('saurun', 'npx saurun'))
    expect(code).toBe(2)
  })

  test('ends with 2 without a file, and with 3 for one that is not there', async () => {
    expect((await saurun('sweep')).code).toBe(2)
    const missing = await saurun('sweep', 'sweeps/gird.yaml', '-n')
    expect(missing.code).toBe(3)
    expect(missing.err).toContain('SAU8010')
    expect(missing.err).toContain('grid.yaml')
  })
})
