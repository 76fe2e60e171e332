// What killed writers left.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  noteRunLeftovers,
  noteSweepLeftovers,
  temporaryPath,
} from '../../../runtime/platform/files/temporaries.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-leftovers-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** Files, or folders with a file where the name ends in `/`, written so many seconds ago. */
function lay(folder: string, names: readonly string[], ago = 60): void {
  for (const name of names) {
    const path = join(folder, name)
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true })
    if (name.endsWith('/')) writeFileSync(join(path, 'plan.json'), '{}')
    else writeFileSync(path, 'half')
    const time = new Date(Date.now() - 1000 * ago)
    utimesSync(path, time, time)
  }
}

const left = [
  'metrics.csv.0a1b2c3d.tmp',
  'lock.json.0a1b2c3d.tmp',
  'owner.json.0123456789abcdef.tmp',
  'owner.json.0123456789abcdef.dead',
  'correction/aware.json.00ff00ff.tmp',
  'draws/train.json.00ff00ff.tmp',
]
const own = ['plan.json', 'metrics.csv', 'notes.tmp', 'my.backup.tmp', 'correction/aware.json']

test('of a run are taken away at the end of its next process, and nothing else is', () => {
  lay(root, [...left, ...own])
  const leftovers = noteRunLeftovers(root)
  lay(root, ['report.html.12345678.tmp'])
  for (const name of left) expect(existsSync(join(root, name))).toBe(true)
  leftovers.clear()
  for (const name of left) expect([name, existsSync(join(root, name))]).toEqual([name, false])
  for (const name of [...own, 'report.html.12345678.tmp']) expect(existsSync(join(root, name))).toBe(true)
})

test('what a living writer may be at work on stays', () => {
  lay(root, ['plan.json.12345678.tmp'], 0)
  noteRunLeftovers(root).clear()
  expect(readdirSync(root)).toEqual(['plan.json.12345678.tmp'])
})

test('of a sweep lie beside it, in it, in its pools and among its trials, also run folders that were half made', () => {
  const sweep = join(root, 'grid-sweep')
  const names = [
    '0003-12345678.0a1b2c3d.tmp/',
    'instances.json.0a1b2c3d.tmp',
    'trials/000004.json.0a1b2c3d.tmp',
    'texts/00-grid.sweep.yaml.0a1b2c3d.tmp',
    'pools/local/owner.json.0123456789abcdef.tmp',
  ]
  lay(sweep, names)
  lay(root, ['grid-sweep.0a1b2c3d.tmp/', 'other-sweep.0a1b2c3d.tmp/'])
  noteSweepLeftovers(sweep).clear()
  for (const name of names) expect([name, existsSync(join(sweep, name))]).toEqual([name, false])
  expect(readdirSync(root).sort()).toEqual(['grid-sweep', 'other-sweep.0a1b2c3d.tmp'])
})

test('every temporary name is known as one', () => {
  lay(root, [temporaryPath('metrics.csv'), temporaryPath('owner.json', 'ffffffffffffffff')])
  noteRunLeftovers(root).clear()
  expect(readdirSync(root)).toEqual([])
})
