// `saurun report` and `saurun compare --html` as a user types them, on made runs.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage } from '../../runtime/cli/open-page.js'
import { compiledEntry } from '../../runtime/compiled-entry.js'
import { makeRun } from '../comparison/made-runs.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-report-'))
  const runs = join(folder, 'runs')
  for (const seed of [0, 1]) {
    makeRun(runs, {
      name: `20260101-12000${seed}-aaaaa${seed}`,
      seed,
      rate: 0.1,
      top1: [0.4, 0.5 + seed / 10],
    })
    makeRun(runs, {
      name: `20260101-13000${seed}-bbbbb${seed}`,
      seed,
      rate: 0.2,
      top1: [0.5, 0.6 + seed / 8],
    })
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

function saurun(...words: readonly string[]) {
  const { SAURUN_RUNS_DIR: _, FORCE_COLOR: __, ...env } = process.env
  const main = compiledEntry('runtime/cli/main.js')
  return new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    execFile(process.execPath, [main, ...words], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}

describe('report', () => {
  test('writes report.html into the run folder and says where', async () => {
    const { code, out, err } = await saurun('report', 'last')
    expect([code, err]).toEqual([0, ''])
    expect(out).toBe(`${join(folder, 'runs', 'tiny', '20260101-130001-bbbbb1', 'report.html')}\n`)
    expect(readFileSync(out.trim(), 'utf8')).toMatch(/^<!doctype html>\n.*\n<head>[\s\S]*saurun report/)
  })

  test('writes where it is told, over an older page, and tells it as JSON', async () => {
    for (const _ of [1, 2]) {
      const { code, out } = await saurun('report', 'aaaaa0', '-o', 'page.html', '--json')
      expect(code).toBe(0)
      expect(JSON.parse(out)).toMatchObject({
        run: '20260101-120000-aaaaa0',
        path: join(folder, 'page.html'),
        bytes: readFileSync(join(folder, 'page.html')).byteLength,
      })
    }
  })

  test('writes over no other file, and says where it cannot write', async () => {
    writeFileSync(join(folder, 'exp.sau'), 'sau 1\n')
    const other = await saurun('report', 'last', '-o', 'exp.sau')
    expect(other.code).toBe(2)
    expect(other.err).toContain(
      'error[SAU7915]: exp.sau is there already and is no report\n  help: name another',
    )
    expect(readFileSync(join(folder, 'exp.sau'), 'utf8')).toBe('sau 1\n')
    const below = await saurun('report', 'last', '-o', 'exp.sau/page.html')
    expect([below.code, below.out]).toEqual([1, ''])
    expect(below.err).toContain('error[SAU7916]: exp.sau/page.html cannot be written: ')
    const nowhere = await saurun('report', 'nothing')
    expect([nowhere.code, nowhere.err.includes('SAU7101')]).toEqual([2, true])
  })

  test('that no program opens it is no failure', async () => {
    const path = process.env.PATH
    process.env.PATH = folder
    try {
      expect(await openPage(join(folder, 'page.html'), 'linux')).toBe(false)
    } finally {
      process.env.PATH = path
    }
  })
})

describe('compare --html', () => {
  test('writes tables and curves of the groups', async () => {
    const { code, out, err } = await saurun('compare', 'runs', '--html')
    expect([code, out, err]).toEqual([0, 'comparison.html\n', ''])
    const page = readFileSync(join(folder, 'comparison.html'), 'utf8')
    expect(page).toContain('<h1>Comparison of 4 runs in 2 groups</h1>')
    const data = JSON.parse(/id="data">(.*)<\/script>/.exec(page)?.[1] ?? '') as {
      charts: Record<string, { lines: { name: string; points: unknown; faint?: boolean }[] }>
    }
    const curve = data.charts['curve test top1']
    expect(curve?.lines.map(({ name, faint }) => `${name}${faint === true ? ' single' : ''}`)).toEqual([
      'A: rate=0.1 single',
      'A: rate=0.1 single',
      'A: rate=0.1',
      'B: rate=0.2 single',
      'B: rate=0.2 single',
      'B: rate=0.2',
    ])
    expect(curve?.lines[2]?.points).toEqual([
      [1, 0.4],
      [2, 0.55],
    ])
    expect(page).toContain('paired, 2 pairs')
  })

  test('is one form of the answer, and alone has a file', async () => {
    const both = await saurun('compare', 'runs', '--html', '--csv')
    expect([both.code, both.err.includes('two forms of one answer')]).toEqual([2, true])
    const file = await saurun('compare', 'runs', '-o', 'x.html')
    expect([file.code, file.err.includes('-o is the file of --html')]).toEqual([2, true])
  })
})
