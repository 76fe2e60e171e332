import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RunError } from '../../../runtime/platform/errors.js'
import {
  createRunFolder,
  experimentSlug,
  findRun,
  listRuns,
  runsRoot,
} from '../../../runtime/run/folder/folder.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-folder-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function makeRun(slug: string, time: string): string {
  const folder = createRunFolder(root, slug, new Date(time))
  writeFileSync(join(folder, 'plan.json'), '{}')
  return folder
}

describe('where runs lie', () => {
  test('--runs outranks SAURUN_RUNS_DIR, which outranks ./runs', () => {
    expect(runsRoot('mine', { SAURUN_RUNS_DIR: '/theirs' })).toBe(resolve('mine'))
    expect(runsRoot(undefined, { SAURUN_RUNS_DIR: '/theirs' })).toBe(resolve('/theirs'))
    expect(runsRoot(undefined, { SAURUN_RUNS_DIR: '' })).toBe(resolve('runs'))
    expect(runsRoot(undefined, {})).toBe(resolve('runs'))
  })

  test('the experiment is called after its file', () => {
    expect(experimentSlug('a/b/SAU (copy) ünïcode.sau')).toBe('sau-copy-u-ni-code')
    expect(experimentSlug('???.sau')).toBe('experiment')
  })
})

test('two runs of the same second get folders of their own', () => {
  const time = '2026-11-23T09:41:35.5Z'
  const folders = new Set(Array.from({ length: 20 }, () => makeRun('sau', time)))
  expect(folders.size).toBe(20)
  for (const folder of folders) expect(basename(folder)).toMatch(/^20261123-094135-[0-9a-f]{6}$/)
})

test('a folder that cannot be made is an error that names it', () => {
  writeFileSync(join(root, 'file'), '')
  expect(() => createRunFolder(join(root, 'file'), 'sau')).toThrow(RunError)
  expect(() => createRunFolder(join(root, 'file'), 'sau')).toThrow(/file/)
})

describe('finding a run', () => {
  test('by last, path, name, beginning and id, over all experiments', () => {
    const first = makeRun('b', '2026-01-01T00:00:00Z')
    const second = makeRun('a', '2026-01-02T00:00:00Z')
    mkdirSync(join(root, 'c', '20270101-000000-abcdef'), { recursive: true })
    expect(listRuns(root)).toEqual([first, second])
    expect(findRun(root, 'last')).toBe(second)
    expect(findRun(root, first)).toBe(first)
    expect(findRun(root, basename(first))).toBe(first)
    expect(findRun(root, `b/${basename(first)}`)).toBe(first)
    expect(findRun(root, '20260101')).toBe(first)
    expect(findRun(root, basename(first).slice(-6))).toBe(first)
  })

  test('what no run answers to, or several, is an error with the usage exit code', () => {
    const failure = (wanted: string) => {
      try {
        findRun(root, wanted)
      } catch (error) {
        return error instanceof RunError ? { code: error.code, exitCode: error.exitCode } : error
      }
      return undefined
    }
    expect(failure('last')).toEqual({ code: 'SAU7101', exitCode: 2 })
    makeRun('a', '2026-01-02T00:00:00Z')
    makeRun('a', '2026-01-02T00:00:01Z')
    expect(failure('20260102')).toEqual({ code: 'SAU7101', exitCode: 2 })
    expect(failure('nonsense')).toEqual({ code: 'SAU7101', exitCode: 2 })
  })
})

test.skipIf(process.platform !== 'linux')(
  'a file system that takes no folders is named, not waited for (needs /proc)',
  () => {
    expect(() => createRunFolder('/proc/saurun/runs', 'sau')).toThrow(
      expect.objectContaining({ code: 'SAU7106', exitCode: 1 }),
    )
  },
)
