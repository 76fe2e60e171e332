// The compiled `saurun` command on the experiment of the kill test, in a folder of its own: for accidents
// that a user sees.
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { compiledEntry, packageFolder } from '../../../runtime/platform/compiled-entry.js'
import { listCheckpoints } from '../../../runtime/run/folder/checkpoint.js'
import { listRuns } from '../../../runtime/run/folder/folder.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { readJournal } from '../../../runtime/run/journal/journal.js'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface StartedCommand {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export interface CommandHarness {
  /** Working folder of the commands; bench/kill.sau lies in it as `kill.sau`. */
  readonly folder: string
  start(...words: string[]): StartedCommand
  run(...words: string[]): Promise<Ended>
  dispose(): void
}

export function commandHarness(): CommandHarness {
  const folder = mkdtempSync(join(tmpdir(), 'saurun-command-'))
  cpSync(join(packageFolder, 'bench', 'kill.sau'), join(folder, 'kill.sau'))
  const started: ChildProcess[] = []
  const start = (...words: string[]): StartedCommand => {
    const env = { ...process.env, SAURUN_CACHE: join(folder, 'cache'), SAURUN_HOME: join(folder, 'home') }
    const child = spawn(process.execPath, [compiledEntry('runtime/cli/main.js'), ...words], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    started.push(child)
    let out = ''
    let err = ''
    child.stdout.on('data', (text) => {
      out += text
    })
    child.stderr.on('data', (text) => {
      err += text
    })
    const ended = new Promise<Ended>((resolve) => {
      child.once('close', (code) => resolve({ code, out, err }))
    })
    return { child, ended }
  }
  return {
    folder,
    start,
    run: (...words) => start(...words).ended,
    dispose() {
      for (const child of started) if (child.exitCode === null) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The only run under `runs`, once there is one, and its events so far. */
export function runIn(
  runs: string,
): { readonly folder: string; readonly events: readonly JournalEvent[] } | undefined {
  const [folder] = listRuns(runs)
  if (folder === undefined) return undefined
  const journal = join(folder, 'journal.jsonl')
  return { folder, events: existsSync(journal) ? readJournal(journal).events : [] }
}

/**
 * Waits until the run under `runs` has written an event that `wanted` accepts, among those after the first
 * `after`.
 */
export async function until(
  runs: string,
  wanted: (event: JournalEvent) => boolean,
  after = 0,
): Promise<{ readonly folder: string; readonly pid: number; readonly count: number }> {
  for (let waited = 0; waited < 60_000; waited += 10) {
    const run = runIn(runs)
    const events = run?.events.slice(after) ?? []
    if (run !== undefined && events.some(wanted)) {
      const started = events.findLast(({ event }) => event === 'run_started')
      if (started?.event !== 'run_started') throw new Error('the run has not started')
      return { folder: run.folder, pid: started.pid, count: run.events.length }
    }
    await sleep(10)
  }
  throw new Error('the run does not come so far')
}

export function trains(epoch: number): (event: JournalEvent) => boolean {
  return (event) => event.event === 'phase_started' && event.phase === 'train' && event.epoch === epoch
}

/** The bytes of the last checkpoint's tensors, and metrics.csv without its times. */
export function endOfRun(folder: string): Readonly<Record<string, string>> {
  const last = listCheckpoints(folder).at(-1) ?? ''
  const tensors = readdirSync(last).filter((name) => name.endsWith('.safetensors'))
  const rows = readFileSync(join(folder, 'metrics.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((row) => row.split(','))
  const times = new Set(['seconds', 'samples_per_second'])
  const columns = rows[0] ?? []
  const kept = rows.map((cells) => cells.filter((_, at) => !times.has(columns[at] ?? '')))
  return {
    ...Object.fromEntries(tensors.map((name) => [name, readFileSync(join(last, name)).toString('base64')])),
    'metrics.csv': kept.map((cells) => cells.join(',')).join('\n'),
  }
}

/** One clear error and no stack trace, whatever else was printed. */
export function expectOneError({ out, err }: Ended, code: string): void {
  const printed = `${out}${err}`
  expect(printed.match(/(?:error\[|reason +)SAU\d{4}/g) ?? [], printed).toHaveLength(1)
  expect(printed).toContain(code)
  expect(printed).not.toMatch(/\n\s+at /)
  expect(printed).not.toContain('this is a bug')
}

/** Changes a text of the harness's folder, all of which have to be there, into another file. */
export function variant(
  harness: CommandHarness,
  name: string,
  changes: readonly (readonly [string, string])[],
): string {
  let text = readFileSync(join(harness.folder, 'kill.sau'), 'utf8')
  for (const [before, after] of changes) {
    if (!text.includes(before)) throw new Error(`kill.sau has no ${before}`)
    text = text.replace(before, after)
  }
  writeFileSync(join(harness.folder, name), text)
  return name
}
