// No content of any file in a sweep's folder is a bug in saurun.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runFolderOf } from '../../../runtime/apps/sweep/folder.js'
import { damage, damages, isFolder, restore, said } from '../../run/folder/damages.js'
import { makeSweep } from './made-sweep.js'

let root = ''
let whole = ''
let sweep = ''
let run = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-sweep-damaged-'))
  const { folder, instances } = makeSweep(join(root, 'runs'), {
    resultOf: ({ number }) => (number < 3 ? { top1: [0.25, 0.5, 0.75] } : undefined),
    events: [{ event: 'instance_started', instance: 0, how: 'new', attempt: 1 }],
  })
  const [first] = instances
  if (first === undefined) throw new Error('no instance')
  sweep = folder
  run = runFolderOf(folder, first).slice(folder.length + 1)
  writeFileSync(join(folder, 'commands.jsonl'), '{"command":"add_trials","trials":2,"by":"test"}\n')
  writeFileSync(join(folder, 'pools', 'made', 'process.log'), 'a line\n')
  const owner = join(folder, 'pools', 'made', 'owner.json')
  writeFileSync(owner, '{"pid":1,"began":"b","host":"elsewhere","token":"a"}')
  // Long silent: `sweep stop` would wait for one that lives.
  utimesSync(owner, 0, 0)
  mkdirSync(join(folder, 'slurm'))
  writeFileSync(join(folder, 'slurm', 'jobs.json'), '{"format":1,"jobs":[]}\n')
  whole = join(root, 'whole')
  restore(sweep, whole)
}, 120_000)
afterAll(() => rmSync(root, { recursive: true }))

const saurun = (...words: readonly string[]) => said([...words, '--runs', join(root, 'runs')], root)

const readers: Readonly<Record<string, () => Promise<{ readonly text: string }>>> = {
  status: () => saurun('sweep', 'status', sweep),
  'status as JSON': () => saurun('sweep', 'status', sweep, '--json'),
  'report as JSON': () => saurun('sweep', 'report', sweep, '--json'),
  logs: () => saurun('sweep', 'logs', sweep),
  stop: () => saurun('sweep', 'stop', sweep),
  'status of its runs': () => saurun('status', sweep),
}

const chosen = [
  'a folder',
  'empty',
  'null',
  '{}',
  '[]',
  'another kind of event',
  'texts for numbers',
  'zeros',
  'half of it',
]

/** Files that are believed, and who has to name them where they cannot be. */
const truth: Readonly<Record<string, readonly string[]>> = {
  'sweep.json': ['status', 'report as JSON', 'stop'],
  'instances.json': ['status', 'report as JSON'],
}

describe('every reading command has a sentence for', () => {
  const tried = damages.filter(({ name }) => chosen.includes(name))
  test.each(tried.map((how) => [how.name, how] as const))(
    'what is %s',
    async (_, how) => {
      const entries = [
        'sweep.json',
        'instances.json',
        'texts/00-quickstart.sweep.yaml',
        'commands.jsonl',
        'pools',
        'trials',
        'pools/made/journal.jsonl',
        'pools/made/owner.json',
        'pools/made/process.log',
        'slurm/jobs.json',
        `${run}/lock.json`,
        `${run}/journal.jsonl`,
      ]
      for (const entry of entries) {
        if (isFolder(join(whole, entry)) && how.name !== 'null') continue
        restore(whole, sweep)
        if (!damage(join(sweep, entry), how)) continue
        for (const [reader, read] of Object.entries(readers)) {
          const about = `${reader} with ${entry} ${how.name}`
          const { text } = await read()
          expect(text, about).not.toMatch(/bug in saurun|\b(Type|Range)Error\b/)
          // A sweep without instances is one, if not a good one.
          if (entry === 'instances.json' && how.name === '[]') continue
          if (truth[entry]?.includes(reader) !== true) continue
          expect(text, about).toContain(entry)
          expect(text, about).toMatch(/SAU7130/)
        }
      }
    },
    300_000,
  )
})

test('a copy of a text that was changed is not believed', async () => {
  restore(whole, sweep)
  writeFileSync(join(sweep, 'texts', '00-quickstart.sweep.yaml'), 'experiment: other.sau\n')
  const { code, text } = await saurun('sweep', 'report', sweep, '--json')
  expect([code, text.includes('was changed: its hash is not that of sweep.json')]).toEqual([1, true])
})
