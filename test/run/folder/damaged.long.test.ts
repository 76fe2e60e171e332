// No content of any file in a run folder is a bug in saurun: every file under every damage, before the
// commands that read it.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RunError } from '../../../runtime/platform/errors.js'
import { currentOwner } from '../../../runtime/platform/files/ownership.js'
import { forkPoint } from '../../../runtime/run/process/fork.js'
import { reopenRun } from '../../../runtime/run/process/prepare-run.js'
import { type Damage, damage, damages, entriesOf, isFolder, restore, said } from './damages.js'
import { trainedFolder } from './trained-folder.js'

let root = ''
/** The run, kept as it was, the copy that is damaged, and another run beside it. */
let whole = ''
let run = ''
let runs = ''
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'saurun-damaged-'))
  runs = join(root, 'runs')
  run = await trainedFolder(runs)
  writeFileSync(join(run, 'commands.jsonl'), '{"time":1,"command":"evaluate","by":"test"}\n')
  writeFileSync(join(run, 'process.log'), 'a line\n')
  // The beginning of a process that died, as it may lie there.
  writeFileSync(join(run, 'owner.json'), '{"pid":1,"began":"before","host":"elsewhere","token":"a"}')
  whole = join(root, 'whole')
  restore(run, whole)
  restore(run, join(runs, 'tiny', '20990101-000000-ffffff'))
  rmSync(join(runs, 'tiny', '20990101-000000-ffffff', 'owner.json'))
}, 120_000)
afterAll(() => rmSync(root, { recursive: true }))

const environment = (): Readonly<Record<string, string>> => ({ SAURUN_RUNS_DIR: runs })
const saurun = (...words: readonly string[]) => said([...words, '--runs', runs], root, environment())

/** Commands that read a folder in moments. */
const readers: Readonly<Record<string, () => Promise<unknown>>> = {
  'status of it': () => saurun('status', run),
  'status of all': () => saurun('status'),
  'status as JSON': () => saurun('status', '--json', '--all'),
  attach: () => saurun('attach', run, '--plain'),
  logs: () => saurun('logs', run),
  'logs as JSON': () => saurun('logs', run, '--json'),
  'logs of the process': () => saurun('logs', run, '--process'),
  report: () => saurun('report', run, '-o', join(root, 'report.html')),
  compare: () => saurun('compare', run, '20990101-000000-ffffff'),
  diff: () => saurun('diff', run, '20990101-000000-ffffff'),
  tell: () => saurun('tell', run, 'pause'),
  stop: () => saurun('stop', run),
  export: () => saurun('export', run, '--format', 'safetensors', '-o', join(root, 'model.safetensors')),
  fork: () => refusal(() => forkPoint(run, () => {})),
  owner: () => refusal(() => currentOwner(run)),
  resume: () => refusal(() => reopenRun({ resume: run, extend: 1 })),
}

/** What a function of a command says where it refuses. */
async function refusal(act: () => unknown): Promise<unknown> {
  try {
    act()
    return { code: 0, text: '' }
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    return { code: error.exitCode, text: `error[${error.code}]: ${error.message}` }
  }
}

/** Under one damage of one entry, what every reader said; undefined where the damage changes nothing. */
async function readAll(entry: string, how: Damage): Promise<Readonly<Record<string, string>> | undefined> {
  restore(whole, run)
  rmSync(join(root, 'model.safetensors'), { force: true })
  if (!damage(join(run, entry), how)) return undefined
  const texts: Record<string, string> = {}
  // Going on with it changes the folder, and is the last.
  for (const [name, read] of Object.entries(readers)) texts[name] = JSON.stringify(await read())
  return texts
}

/** Files that are believed, and who has to name them where they cannot be. */
const truth: readonly string[] = ['plan.json', 'lock.json']
const whoNames = ['status of it', 'report', 'compare', 'diff', 'export', 'fork', 'resume']

/**
 * All entries and damages take minutes: those of each kind here, the others where SAURUN_TEST_ALL_DAMAGES is
 * set.
 */
const isWhole = process.env.SAURUN_TEST_ALL_DAMAGES !== undefined
const chosen = ['a folder', 'empty', 'null', 'another kind of event', 'texts for numbers', 'zeros']
const entries = [
  'plan.json',
  'lock.json',
  'journal.jsonl',
  'owner.json',
  'checkpoints',
  'tb',
  'experiment.sau',
]

describe('every reading command has a sentence for', () => {
  const tried = isWhole ? damages : damages.filter(({ name }) => chosen.includes(name))
  test.each(tried.map((how) => [how.name, how] as const))(
    'what is %s',
    async (_, how) => {
      for (const entry of isWhole ? entriesOf(whole) : entries) {
        // A folder is replaced by a file, whatever that holds.
        if (isFolder(join(whole, entry)) && how.name !== 'null') continue
        const texts = await readAll(entry, how)
        for (const [reader, text] of Object.entries(texts ?? {})) {
          const about = `${reader} with ${entry} ${how.name}`
          expect(text, about).not.toMatch(/bug in saurun|\b(Type|Range)Error\b/)
          // Without a Plan it is no run, and its name is not found; the other two may leave it what it was.
          if (!truth.includes(entry) || ['gone', 'a byte less', 'other numbers'].includes(how.name)) continue
          if (!whoNames.includes(reader)) continue
          expect(text, about).toContain(entry)
          expect(text, about).toMatch(/SAU71\d\d/)
        }
      }
    },
    300_000,
  )
})

test('other runs are listed beside one whose folder is broken', async () => {
  restore(whole, run)
  rmSync(join(run, 'journal.jsonl'))
  const [nul] = damages.filter(({ name }) => name === 'null')
  if (nul === undefined) throw new Error('no such damage')
  damage(join(run, 'lock.json'), nul)
  const { code, text } = await saurun('status')
  expect(code).toBe(0)
  expect(text).toMatch(/20990101-000000-ffffff +tiny +done/)
  expect(text).toMatch(
    new RegExp(`${basename(run)}: error\\[SAU7130\\]: .*lock\\.json is damaged: it is no object`),
  )
})

test('an edited Plan is refused by whatever would believe it', async () => {
  restore(whole, run)
  const edited = damages.filter(({ name }) => name === 'other numbers')[0]
  if (edited === undefined) throw new Error('no such damage')
  expect(damage(join(run, 'plan.json'), edited)).toBe(true)
  for (const name of ['report', 'compare', 'diff', 'export', 'fork', 'resume', 'status of it']) {
    const text = JSON.stringify(await readers[name]?.())
    expect(text, name).toContain('SAU7121')
    expect(text, name).not.toContain('the same Plan')
  }
})

test('a run folder without a Plan is named for what it is', async () => {
  restore(whole, run)
  renameSync(join(run, 'plan.json'), join(run, 'plan.old'))
  const { code, text } = await saurun('report', run)
  expect([code, text.includes('plan.json')]).toEqual([2, true])
})
