// What becomes of a command whose output cannot be written: the device that is always full stands in for a
// full disk.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { makeRun } from '../apps/comparison/made-runs.js'

const full = '/dev/full'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-lost-'))
  makeRun(join(folder, 'runs'), { name: '20260101-120000-aaaaaa', seed: 1, top1: [0.5] })
  writeFileSync(join(folder, 'wrong.sau'), 'sau 1\nexperiment "a" {}\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

function saurun(words: readonly string[], lost: 'out' | 'err' | 'both') {
  const sink = openSync(full, 'w')
  const { SAURUN_RUNS_DIR: _, FORCE_COLOR: __, ...env } = process.env
  const ended = spawnSync(process.execPath, [compiledEntry('runtime/cli/main.js'), ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', lost === 'err' ? 'pipe' : sink, lost === 'out' ? 'pipe' : sink],
  })
  closeSync(sink)
  return { code: ended.status, out: ended.stdout ?? '', err: ended.stderr ?? '' }
}

describe.skipIf(!existsSync(full))('on a full disk', () => {
  test.each([[['status']], [['status', '--json']], [['logs', 'last']], [['check', 'wrong.sau', '--json']]])(
    '%j ends with a code and a sentence',
    (words) => {
      const { code, err } = saurun(words, 'out')
      expect(code).not.toBe(0)
      expect(err).toMatch(/^error\[SAU7132\]: standard output cannot be written: ENOSPC/m)
      expect(err).not.toMatch(/\n\s+at |bug in saurun/)
    },
  )

  test('a run that is watched ends as it ends', () => {
    for (const lost of ['out', 'err', 'both'] as const) {
      expect(saurun(['attach', 'last', '--plain'], lost).code, lost).toBe(0)
    }
  })

  test('what goes wrong keeps its code where nobody can be told', () => {
    for (const lost of ['err', 'both'] as const) {
      expect(saurun(['report', 'nothing'], lost).code, lost).toBe(2)
    }
  })
})
