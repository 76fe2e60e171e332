// Every input answers within seconds and 500 MB, with a diagnostic that names it: inputs times commands, each
// in a process of its own that is killed when it takes too long.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { experiment, programShapes } from '../compiler/program-shapes.js'

const main = compiledEntry('runtime/cli/main.js')
const root = mkdtempSync(join(tmpdir(), 'saurun-bounds-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

// A few on an idle machine.
const seconds = 60
const megabytes = 500

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly text: string
  /** Most memory that the process had, in megabytes. */
  readonly memory: number
}

/** Runs one command in a folder; a killed process is one that took too long. */
async function saurun(folder: string, words: readonly string[]): Promise<Ended> {
  const env = {
    ...process.env,
    SAURUN_CACHE: join(root, 'cache'),
    SAURUN_HOME: join(root, 'home'),
    SAURUN_RUNS_DIR: join(folder, 'runs'),
  }
  const child = spawn(process.execPath, [main, ...words], { cwd: folder, env })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  child.stderr.on('data', (part: Buffer) => parts.push(part))
  let memory = 0
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      memory = Math.max(memory, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
    } catch {
      // It has just ended.
    }
  }, 50)
  const kill = setTimeout(() => child.kill('SIGKILL'), 1000 * seconds)
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  clearInterval(look)
  clearTimeout(kill)
  return { code, signal, text: Buffer.concat(parts).toString('utf8'), memory }
}

let count = 0
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, String(count++))
  mkdirSync(folder)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

function expectBounded(ended: Ended, codes: readonly number[]): void {
  expect(ended.signal).toBeNull()
  expect(ended.text).not.toMatch(/bug in saurun|RangeError|^ {4}at /m)
  expect(ended.text.length).toBeLessThan(200_000)
  expect(codes).toContain(ended.code)
  expect(ended.memory).toBeLessThan(megabytes)
}

const right = experiment({})
const sweep = 'experiment: x.sau\nseeds: [1]\n'

// Reading the memory of a process, pipes and devices are those of Linux.
describe.runIf(process.platform === 'linux')('within seconds and 500 MB', () => {
  const specials: readonly (readonly [string, (folder: string) => string])[] = [
    [
      'a pipe',
      (folder) => {
        execFileSync('mkfifo', [join(folder, 'special')])
        return 'special'
      },
    ],
    ['/dev/zero', () => '/dev/zero'],
    [
      'a folder',
      (folder) => {
        mkdirSync(join(folder, 'special'))
        return 'special'
      },
    ],
    [
      'a file of 3 GB',
      (folder) => {
        writeFileSync(join(folder, 'special'), '')
        truncateSync(join(folder, 'special'), 3e9)
        return 'special'
      },
    ],
    [
      'a text in UTF-16',
      (folder) => {
        writeFileSync(join(folder, 'special'), Buffer.from(right, 'utf16le'))
        return 'special'
      },
    ],
  ]
  const places: Readonly<Record<string, (name: string) => readonly [Record<string, string>, string[]]>> = {
    'as experiment': (name) => [{}, ['check', name]],
    'as experiment to plan': (name) => [{}, ['plan', name]],
    'as experiment to train': (name) => [{}, ['--plain', name]],
    'as import': (name) => [
      { 'x.sau': right.replace('experiment "', `import "./${name}"\nexperiment "`).replace('./' + '/', '/') },
      ['check', 'x.sau'],
    ],
    'as sweep': (name) => [{}, ['sweep', name, '--dry-run']],
    "as a sweep's experiment": (name) => [
      { 's.sweep.yaml': `experiment: ${name}\nseeds: [1]\n` },
      ['sweep', 's.sweep.yaml', '--dry-run'],
    ],
    'as index file': (name) => [
      { 'x.sau': `${right}dataset d = longtail(train, factor: 2, draw: "${name}")\n` },
      ['check', 'x.sau'],
    ],
  }
  const table = specials.flatMap(([what, make]) =>
    Object.entries(places).map(([where, place]) => [what, where, make, place] as const),
  )
  test.each(table)('%s %s', async (_what, _where, make, place) => {
    const folder = folderWith({})
    const name = make(folder)
    const [files, words] = place(name)
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
    const ended = await saurun(folder, words)
    expectBounded(ended, [2, 3, 4])
    expect(ended.text).toContain(name)
  })

  test.each(Object.entries(programShapes))('8,000 of %s', async (_, shape) => {
    const { files = {}, ...parts } = shape(8000)
    const folder = folderWith({ 'x.sau': experiment(parts), ...files })
    for (const words of [
      ['check', 'x.sau'],
      ['plan', 'x.sau'],
      ['check', '--format', 'json', 'x.sau'],
    ]) {
      const ended = await saurun(folder, words)
      expect(ended.signal).toBeNull()
      expect(ended.text).not.toMatch(/bug in saurun|RangeError/)
      expect(ended.text.length).toBeLessThan(2_000_000)
      expect(ended.memory).toBeLessThan(megabytes)
    }
  })

  const sweeps: Readonly<Record<string, string>> = {
    'names of names': `${sweep}a: &a [1, 1, 1]\n${Array.from({ length: 20 }, (_, i) => `${'b'.repeat(i + 1)}: &${'b'.repeat(i + 1)} [${`*${i === 0 ? 'a' : 'b'.repeat(i)}, `.repeat(9)}1]`).join('\n')}\n`,
    brackets: `${sweep}grid: {epochs: ${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`,
    'maps in maps': `${sweep}grid: ${'{a: '.repeat(50_000)}1${'}'.repeat(50_000)}\n`,
    dashes: `${sweep}list:\n  ${'- '.repeat(50_000)}1\n`,
    'unknown fields': sweep + Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join(''),
    'one field again and again': sweep + 'set: {}\n'.repeat(20_000),
    'settings beyond counting': `${sweep}grid: {a: [${Array.from({ length: 3000 }, (_, i) => i).join(', ')}], b: [${Array.from({ length: 3000 }, (_, i) => i).join(', ')}]}\n`,
    'trials beyond counting': `${sweep}random: {trials: 1000000000}\n`,
    'runs at a time beyond counting': `${sweep}limits: {parallel: 1000000000}\n`,
  }
  test.each(Object.entries(sweeps))('a sweep of %s', async (_, text) => {
    const folder = folderWith({ 'x.sau': right, 's.sweep.yaml': text })
    const ended = await saurun(folder, ['sweep', 's.sweep.yaml', '--dry-run'])
    expectBounded(ended, [3])
    expect(ended.text).toContain('s.sweep.yaml')
  })

  const indices: Readonly<Record<string, string>> = {
    'opened brackets': '['.repeat(200_000),
    brackets: '['.repeat(200_000) + ']'.repeat(200_000),
    maps: `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`,
    'a long text': JSON.stringify(['x'.repeat(5_000_000)]),
  }
  test.each(Object.entries(indices))('an index file of %s', async (_, text) => {
    const folder = folderWith({
      'x.sau': `${right}dataset d = longtail(train, factor: 2, draw: "d.json")\n`,
      'd.json': text,
    })
    const ended = await saurun(folder, ['check', 'x.sau'])
    expectBounded(ended, [3, 4])
    expect(ended.text).toContain('d.json')
  })

  const flags: readonly (readonly string[])[] = [
    ['--workers', '100000'],
    ['--threads', '100000'],
    ['--keep', '1e9'],
    ['--keep', '99999999999999999999'],
    ['--checkpoint-every', '1000000000'],
    ['--data-memory', '99999999TiB'],
    ['--seed', '9007199254740993'],
  ]
  test.each(flags)('%s %s', async (flag, value) => {
    const ended = await saurun(folderWith({ 'x.sau': right }), ['x.sau', '--plain', flag, value])
    expectBounded(ended, [2])
    expect(ended.text).toContain(flag)
  })
})
