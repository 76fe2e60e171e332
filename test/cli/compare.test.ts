// `saurun compare` and `saurun diff` as a user types them, on made run folders and files.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { makeRun } from '../apps/comparison/made-runs.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-compare-'))
  const runs = join(folder, 'runs')
  for (const seed of [0, 1]) {
    makeRun(runs, { name: `slow-${seed}`, seed, rate: 0.1, top1: [0.5 + seed / 10], few: 0.25 })
    makeRun(runs, { name: `sure-${seed}`, seed, rate: 0.2, top1: [0.6 + seed / 8], few: 0.5 })
  }
  const ending = { outcome: 'diverged', code: 'SAU7201', message: 'a loss became infinite' } as const
  makeRun(runs, { name: 'wild', seed: 0, rate: 9, top1: [0.1], ending })
})
afterAll(() => rmSync(folder, { recursive: true }))

function saurun(...words: readonly string[]) {
  const { SAURUN_RUNS_DIR: _, FORCE_COLOR: __, ...inherited } = process.env
  const env = { ...inherited, SAURUN_CACHE: join(folder, 'cache'), SAURUN_HOME: join(folder, 'home') }
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const main = compiledEntry('runtime/cli/main.js')
    execFile(process.execPath, [main, ...words], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err })
    })
  })
}

const file = `sau 1

experiment "Small"

param rate : float = 0.05

dataset train = shapes(classes: 4, per_class: 16, size: 16, seed: 1) |> longtail(profile: exp, factor: 4)
dataset test  = shapes(classes: 4, per_class: 8, size: 16, seed: 2)

view plain = flip |> normalize

network net = cifar_resnet(depth: 8, width: 16) { head logits = linear(classes) }

stream a = shuffle(train)
stream b = shuffle(train)

branch only {
  let mixed = cutmix(a.plain, b.plain)
  loss ce = cross_entropy(net(mixed).logits, mixed.labels)
}

minimize only.ce

train { epochs = 1; batch = 32; optimizer = sgd(lr: rate) }

evaluate test { using = net.logits; metrics = [top1, per_class] }
`

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}

describe('compare', () => {
  test('takes all runs, pairs them by seed, and lists what did not finish', async () => {
    const { code, out, err } = await saurun('compare')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^4 runs in 2 groups: /)
    expect(out).toMatch(/^ {2}B .* paired, 2 pairs$/m)
    expect(out).toContain('left out: 1 run\n  wild  diverged in epoch 1: SAU7201: a loss became infinite\n')
  })

  test('takes runs by name and folders, another metric, baseline and param, as JSON', async () => {
    const words = ['runs/tiny', '--metric', 'few', '--baseline', 'sure-1', '--by', 'rate', '--json']
    const { code, out } = await saurun('compare', ...words)
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    expect(answer.by).toBe('rate')
    expect(answer.groups.map(({ params }: { params: unknown }) => params)).toEqual([
      { rate: [0.2] },
      { rate: [0.1] },
    ])
    expect(answer.tables[0].rows[1].difference).toMatchObject({ mean: -0.25, test: 'paired', p: null })
    expect(answer.leftOut).toMatchObject([{ run: 'wild' }])
    const two = await saurun('compare', 'slow-0', 'sure-0')
    expect(two.out).toContain('too few for a test')
  })

  test('as CSV says on standard error what was left out', async () => {
    const { code, out, err } = await saurun('compare', 'runs', '--csv')
    expect(code).toBe(0)
    expect(out.split('\n')).toHaveLength(4)
    expect(err).toBe('left out: wild  diverged in epoch 1: SAU7201: a loss became infinite\n')
  })

  test('ends with 1 where no run finished, and names what was meant where a word is not known', async () => {
    const none = await saurun('compare', 'wild')
    expect(none.code).toBe(1)
    expect(none.err).toContain('no run to compare')
    const metric = await saurun('compare', '--metric', 'fwe')
    expect(metric.code).toBe(2)
    expect(metric.err).toContain('no run measured `fwe`')
    expect(metric.err).toContain('did you mean `few`?')
    const param = await saurun('compare', '--by', 'rat')
    expect(param.err).toContain('did you mean `rate`?')
    const baseline = await saurun('compare', '--baseline', 'wild')
    expect([baseline.code, baseline.err]).toEqual([2, expect.stringContaining('cannot be the baseline')])
    mkdirSync(join(folder, 'empty'), { recursive: true })
    expect((await saurun('compare', 'empty')).err).toContain('there is no run in')
    expect((await saurun('compare', '--runs', 'nowhere')).err).toContain('there is no run in')
    expect((await saurun('compare', '--json', '--csv')).code).toBe(2)
  })
})

describe('diff', () => {
  test('says that nothing but comments differs, and ends with 0', async () => {
    write('a.sau', file)
    write('b.sau', file.replace('experiment "Small"', '// Another comment.\nexperiment "Other"'))
    const { code, out } = await saurun('diff', 'a.sau', 'b.sau')
    expect(code).toBe(0)
    expect(out).toBe('the same Plan: only comments, paths or settings that change no number differ, if any\n')
  })

  test('names the fields that differ with both values, and ends with 1', async () => {
    write('a.sau', file)
    write('c.sau', file.replace('epochs = 1', 'epochs = 3').replace('factor: 4', 'factor: 5'))
    const { code, out } = await saurun('diff', 'a.sau', 'c.sau')
    expect(code).toBe(1)
    expect(out).toContain('train.epochs: 1 -> 3\n')
    expect(out).toMatch(/^datasets\[1\]\.make\.factor: 4 -> 5$/m)
    expect(out).toMatch(
      /^datasets\[1\]\.make\.counts: 3 of 4 values differ, the first at \[1\]: \d+ -> \d+$/m,
    )
    const json = JSON.parse((await saurun('diff', 'a.sau', 'c.sau', '--json')).out)
    expect(json.same).toBe(false)
    expect(json.differences).toContainEqual({ path: 'train.epochs', before: 1, after: 3 })
  })

  test('counts seeds that follow the seed of training, and those only', async () => {
    write('a.sau', file)
    write('d.sau', file.replace('epochs = 1', 'seed = 9; epochs = 1').replace('seed: 2', 'seed: 3'))
    const { out } = await saurun('diff', 'a.sau', 'd.sau')
    expect(out).toBe('seed: 0 -> 9\nsources[1].seed: 2 -> 3\nand 5 seeds that derive from it\n')
  })

  test('takes runs too, and files that do not compile end with 3', async () => {
    const { code, out } = await saurun('diff', 'slow-0', 'sure-0')
    expect([code, out]).toEqual([1, 'train.optimizer.rate: 0.1 -> 0.2\n'])
    expect((await saurun('diff', 'slow-0', 'tiny-9')).code).toBe(2)
    expect((await saurun('diff', 'slow-0', 'slow-1', 'rate=3')).code).toBe(2)
    expect((await saurun('diff', 'slow-0', write('wrong.sau', file.replace('flip', 'flpi')))).code).toBe(3)
  })
})
