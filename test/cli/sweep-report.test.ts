// `saurun sweep report` as a user types it, on a made sweep.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { makeSweep } from '../apps/sweep/made-sweep.js'
import { mixedSweep } from '../apps/sweep/mixed-sweep.js'

/** A short name may stand in any word. */
const machine = hostname().length > 4 ? [hostname()] : []

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-sweep-report-'))
  mkdirSync(join(folder, 'runs'))
  mixedSweep(join(folder, 'runs'))
  makeSweep(join(folder, 'runs'), { name: 'begun-sweep', resultOf: () => undefined })
})
afterAll(() => rmSync(folder, { recursive: true }))

function saurun(...words: readonly string[]) {
  const { SAURUN_RUNS_DIR: _, FORCE_COLOR: __, ...env } = process.env
  const main = compiledEntry('runtime/cli/main.js')
  return new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    execFile(
      process.execPath,
      [main, 'sweep', 'report', ...words],
      { cwd: folder, env },
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
      },
    )
  })
}

test('writes report.html into the folder of the sweep, also where nothing has run yet', async () => {
  const { code, out, err } = await saurun('grid-sweep')
  expect([code, err]).toEqual([0, ''])
  expect(out.trim()).toBe(join(folder, 'runs', 'grid-sweep', 'report.html'))
  const page = readFileSync(out.trim(), 'utf8')
  expect(page).toContain('<h1>Sweep grid-sweep</h1>')
  expect(page).toContain('21 of 24')
  expect(page).toContain('the loss is &lt;not&gt; a number')
  expect(page).toContain('strategy=drop factor=10 rate=0.05')
  const begun = await saurun('runs/begun-sweep', '-o', 'begun.html')
  expect([begun.code, begun.out]).toEqual([0, 'begun.html\n'])
  expect(readFileSync(join(folder, 'begun.html'), 'utf8')).toContain('No setting is finished.')
})

test('gives CSV, LaTeX and JSON on standard output, one at a time', async () => {
  expect((await saurun('grid-sweep', '--csv')).out).toMatch(/^metric,setting,n,mean,/)
  expect((await saurun('grid-sweep', '--latex')).out).toMatch(/^% \\usepackage\{booktabs\}\n\\begin\{table\}/)
  expect(JSON.parse((await saurun('grid-sweep', '--json')).out)).toMatchObject({
    name: 'grid-sweep',
    counts: { done: 21, failed: 1 },
    metrics: [{ name: 'top1' }, { name: 'few' }],
  })
  const both = await saurun('grid-sweep', '--csv', '--json')
  expect(both).toMatchObject({ code: 2, out: '' })
  expect(both.err).toContain('--json and --csv are forms of one answer')
  expect((await saurun('grid-sweep', '--csv', '-o', 'x.csv')).code).toBe(2)
})

test('says which sweeps there are where a name is wrong, and when there is nothing for a table yet', async () => {
  const wrong = await saurun('gird-sweep')
  expect(wrong.code).toBe(2)
  expect(wrong.err).toBe(
    'error[SAU8070]: there is no sweep `gird-sweep`\n  help: did you mean `grid-sweep`?\n',
  )
  expect((await saurun('other')).err).toContain('there are begun-sweep, grid-sweep')
  const early = await saurun('begun-sweep', '--latex')
  expect(early.code).toBe(1)
  expect(early.err).toContain('error[SAU8071]: no run of begun-sweep is finished yet')
  expect((await saurun()).err).toContain("missing required argument 'sweep'")
})

test('tells the metrics that are asked for, the first ordering the settings, without another run', async () => {
  const { out } = await saurun('grid-sweep', '--latex', '--metric', 'few,loss', '--metric', 'top1')
  expect(out).toContain('strategy & factor & rate & few (\\%) & loss & top-1 (\\%) \\\\')
  const names = async (...words: readonly string[]) => {
    const answer = JSON.parse((await saurun('grid-sweep', '--json', ...words)).out) as {
      metrics: { name: string; direction: string }[]
    }
    return answer.metrics.map(({ name, direction }) => `${name} ${direction}`)
  }
  expect(await names('--metric', 'loss')).toEqual(['loss minimize'])
  expect(await names()).toEqual(['top1 maximize', 'few maximize'])
  const wrong = await saurun('grid-sweep', '--latex', '--metric', 'tpo1')
  expect(wrong).toMatchObject({ code: 2, out: '' })
  expect(wrong.err).toContain('the sweep did not measure `tpo1`')
  expect(wrong.err).toContain('did you mean `top1`? it measures top1, loss')
})

test('--anonymous names no machine and no folder, in whatever form', async () => {
  for (const form of [['--json'], ['--csv'], ['--latex'], ['--markdown'], ['-o', 'anonymous.html']]) {
    const { code, out } = await saurun('grid-sweep', '--anonymous', ...form)
    expect(code).toBe(0)
    const text = form[0] === '-o' ? readFileSync(join(folder, 'anonymous.html'), 'utf8') : out
    for (const name of [folder, tmpdir(), process.cwd(), ...machine]) expect(text).not.toContain(name)
    expect(text).toMatch(/top-?1/)
  }
})
