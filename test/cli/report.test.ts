// `saurun report` and `saurun compare --html` as a user types them, on made runs.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage } from '../../runtime/cli/open-page.js'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { makeRun } from '../apps/comparison/made-runs.js'

/** A short name may stand in any word. */
const machine = hostname().length > 4 ? [hostname()] : []

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
  return saurunWith({}, ...words)
}

function saurunWith(environment: Readonly<Record<string, string>>, ...words: readonly string[]) {
  const { SAURUN_RUNS_DIR: _, FORCE_COLOR: __, ...inherited } = process.env
  const env = { ...inherited, ...environment }
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

  test('writes its figures for papers, as SVG and as PNG', async () => {
    const { code, out, err } = await saurun('report', 'aaaaa0', '-o', 'figures.html', '--figures', 'drawn')
    expect([code, err]).toEqual([0, ''])
    const files = readdirSync(join(folder, 'drawn')).sort()
    expect(out.trim().split('\n').sort()).toEqual(
      ['figures.html', ...files.map((file) => join('drawn', file))].sort(),
    )
    expect(files).toEqual(expect.arrayContaining(['accuracies.png', 'accuracies.svg']))
    for (const file of files) {
      const { format, width = 0, height = 0 } = await sharp(join(folder, 'drawn', file)).metadata()
      expect(format).toBe(file.slice(-3))
      expect(width).toBeGreaterThan(file.endsWith('png') ? 2000 : 700)
      expect(height).toBeGreaterThan(400)
    }
    const svg = readFileSync(join(folder, 'drawn', 'accuracies.svg'), 'utf8')
    expect(svg).toMatch(/^<svg /)
    expect(svg).toContain('epoch</text>')
    const blocked = await saurun('report', 'aaaaa0', '-o', 'figures.html', '--figures', 'figures.html')
    expect(blocked.err).toContain('error[SAU7670]: the figures cannot be written into figures.html')
  })

  test('--anonymous names no machine, no account and no folder', async () => {
    const path = join(folder, 'runs', 'tiny', '20260101-120000-aaaaa0')
    const lock: object = JSON.parse(readFileSync(join(path, 'lock.json'), 'utf8'))
    const home = '/home/mmustermann'
    const process = {
      started: '2026-01-01T12:00:00Z',
      program: '0.5.0',
      code: 'c0de',
      node: 'v20',
      platform: 'linux x64',
    }
    const processes = [
      {
        ...process,
        host: 'gpu07.cs.example.edu',
        pid: 7,
        engine: 'reference',
        engineDescription: 'reference',
        threads: 1,
        resumedAtStep: 0,
      },
    ]
    const warnings = [`gpu07 could not read ${home}/data/a.png (mmustermann)`]
    writeFileSync(
      join(path, 'lock.json'),
      JSON.stringify({ ...lock, file: `${home}/lab/tiny.sau`, warnings, processes }),
    )
    const environment = { USER: 'mmustermann', HOME: home }
    const { code, out } = await saurunWith(environment, 'report', 'aaaaa0', '--anonymous')
    expect(code).toBe(0)
    expect(basename(out.trim())).toBe('report-anonymous.html')
    const page = readFileSync(out.trim(), 'utf8')
    for (const name of ['gpu07', 'example.edu', 'mmustermann', home, folder, basename(folder), ...machine]) {
      expect(page).not.toContain(name)
    }
    expect(page).toContain('saurun tiny.sau')
    expect(page).toContain('host could not read a.png (user)')
    expect(existsSync(join(path, 'report.html')) && readFileSync(join(path, 'report.html'), 'utf8')).not.toBe(
      page,
    )
    for (const form of [['--json'], ['--csv'], [], ['--html', '-o', 'compared.html']]) {
      const compared = await saurunWith(environment, 'compare', 'runs', '--anonymous', '-v', ...form)
      const text =
        compared.out + (form[0] === '--html' ? readFileSync(join(folder, 'compared.html'), 'utf8') : '')
      for (const name of ['gpu07', 'mmustermann', folder, ...machine]) expect(text).not.toContain(name)
    }
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
