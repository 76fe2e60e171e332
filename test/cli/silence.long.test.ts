// No command talks to another machine, and none writes outside of the folders that are its own, whatever its
// dependencies would like to: every command under strace, in a home of its own.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandNames } from '../../runtime/cli/command-table.js'
import { compiledEntry, packageFolder } from '../../runtime/platform/compiled-entry.js'
import { enginesFolder } from '../../runtime/platform/host/data-folder.js'

const folder = mkdtempSync(join(tmpdir(), 'saurun-silence-'))
const home = join(folder, 'home')
const temporary = join(folder, 'tmp')
const working = join(folder, 'work')
const hasTensorFlow = existsSync(join(enginesFolder(), 'tensorflow'))
const noStrace = spawnSync('strace', ['-qq', 'true']).status !== 0

const small = ['epochs=2', '--plain']
const sweep = 'grid.sweep.yaml'

/**
 * One line or more for every command: words of the command line, in an order in which each finds what it
 * needs.
 */
const lines: Readonly<Record<string, readonly (readonly string[])[]>> = {
  run: [
    ['kill.sau', ...small, '--engine', 'onnx'],
    ['kill.sau', ...small, '--engine', 'tfjs'],
    ...(hasTensorFlow ? [['kill.sau', ...small, '--engine', 'tensorflow']] : []),
    ['kill.sau', ...small, '--detach'],
  ],
  status: [['status'], ['status', 'last']],
  attach: [['attach', 'last', '--plain']],
  logs: [['logs', 'last']],
  tell: [['tell', 'last', 'evaluate']],
  stop: [['stop', 'last']],
  replay: [
    ['replay', 'last', '--verify-only'],
    ['replay', 'last', '--plain'],
  ],
  check: [['check', 'kill.sau']],
  plan: [['plan', 'kill.sau', '--time']],
  sweep: [
    ['sweep', sweep, '--dry-run'],
    ['sweep', sweep, '--plain', '--engine', 'onnx'],
    ['sweep', 'status', 'grid-sweep'],
    ['sweep', 'report', 'grid-sweep'],
  ],
  compare: [['compare', 'runs']],
  report: [['report', 'last']],
  diff: [['diff', 'last', 'kill.sau']],
  export: [['export', 'last', '-o', 'model.onnx']],
  predict: [['predict', 'last', 'image.png']],
  evaluate: [['evaluate', 'last']],
  preview: [['preview', 'kill.sau', '-o', 'preview.html']],
  profile: [['profile', 'kill.sau', '--engine', 'onnx']],
  compile: [['compile', 'kill.sau']],
  explain: [['explain', 'SAU3102']],
  parity: [['parity', join(packageFolder, 'test/apps/parity/networks'), '--engine', 'onnx']],
  doctor: [['doctor']],
  data: [['data', 'check', 'kill.sau']],
  engine: [
    ['engine', 'list'],
    ['engine', 'test', 'onnx'],
  ],
  completion: [['completion', 'bash']],
}

/** Commands that end with another code than 0 here: two find a run over already, one finds a difference. */
const ends: Readonly<Record<string, number>> = { tell: 1, stop: 1, diff: 1 }

/**
 * A command under strace. @returns its exit code and the system calls that name another machine or make a
 * file
 */
async function traced(words: readonly string[]) {
  const log = join(folder, 'calls')
  const trace = [
    '-f',
    '-qq',
    '-s',
    '500',
    '-e',
    'trace=connect,sendto,open,openat,creat,mkdir,mkdirat',
    '-o',
    log,
  ]
  const child = spawn(
    'strace',
    [...trace, process.execPath, compiledEntry('runtime/cli/main.js'), ...words],
    {
      cwd: working,
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: temporary, SAURUN_ENGINES: enginesFolder() },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, printed, calls: readFileSync(log, 'utf8').split('\n') }
}

const toAnotherMachine = (call: string): boolean =>
  /sa_family=AF_INET6?\b/.test(call) && !/inet_addr\("127\.|inet_pton\(AF_INET6, "::1"/.test(call)

/**
 * The path that a call may have made or written, where it is none of the folders that commands may write to.
 */
function writtenElsewhere(call: string): string | undefined {
  if (/ = -1 E/.test(call)) return undefined
  const made = /\b(?:open|openat|creat|mkdir|mkdirat)\((?:AT_FDCWD, )?"([^"]*)"(.*)/.exec(call)
  if (made === null || !/O_CREAT|O_WRONLY|O_RDWR|creat\(|mkdir/.test(call)) return undefined
  const path = made[1] ?? ''
  const allowed = [working, temporary, join(home, '.cache/saurun'), join(home, '.local'), '/dev/', '/proc/']
  return !path.startsWith('/') || allowed.some((root) => path.startsWith(root)) ? undefined : path
}

describe.skipIf(noStrace)('under strace (skipped where it is not installed)', () => {
  beforeAll(async () => {
    for (const made of [home, temporary, working]) mkdirSync(made)
    cpSync(join(packageFolder, 'bench/kill.sau'), join(working, 'kill.sau'))
    cpSync(join(import.meta.dirname, 'silence.sweep.yaml'), join(working, sweep))
    await sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } }).toFile(
      join(working, 'image.png'),
    )
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('every command is tried', () => {
    expect(Object.keys(lines).sort()).toEqual([...commandNames].sort())
  })

  const all = Object.values(lines).flatMap((tried) => tried.map((words) => [words.join(' '), words] as const))
  test.each(all)('saurun %s: no connection, no file elsewhere', async (_, words) => {
    const { code, printed, calls } = await traced(words)
    expect(calls.length).toBeGreaterThan(10)
    expect(code, printed).toBe(ends[words[0] ?? ''] ?? 0)
    expect(calls.filter(toAnotherMachine)).toEqual([])
    expect(calls.map(writtenElsewhere).filter((path) => path !== undefined)).toEqual([])
  })

  test('the home has nothing but what saurun keeps', () => {
    const cache = join(home, '.cache')
    expect(readdirSync(home).filter((name) => name !== '.cache')).toEqual([])
    expect(existsSync(cache) ? readdirSync(cache) : ['saurun']).toEqual(['saurun'])
  })
})
