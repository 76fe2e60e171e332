// losses.f64: rows by step, also after a resumption and before a fork.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stepLossesFile } from '../../../runtime/run/folder/file-names.js'
import { openStepLosses, readStepLosses } from '../../../runtime/run/folder/step-losses.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-losses-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(from: number, rows: readonly (readonly number[])[]): void {
  const losses = openStepLosses(folder, 2, from)
  for (const row of rows) losses.add(row)
  losses.flush()
  losses.flush()
  losses.close()
}

test('holds every number exactly', () => {
  write(0, [
    [0.1, 1 / 3],
    [Math.fround(2.5e-8), 1e300],
  ])
  expect([...(readStepLosses(folder, 2) ?? [])]).toEqual([0.1, 1 / 3, Math.fround(2.5e-8), 1e300])
})

test('forgets what came after the checkpoint that a run goes on from', () => {
  write(0, [
    [1, 1],
    [2, 2],
    [3, 3],
  ])
  write(1, [[4, 4]])
  expect([...(readStepLosses(folder, 2) ?? [])]).toEqual([1, 1, 4, 4])
})

test('says that the steps before a fork were not recorded', () => {
  write(2, [[5, 6]])
  expect([...(readStepLosses(folder, 2) ?? [])]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    5,
    6,
  ])
})

test('nothing is read where there is no file, and a torn row is left out', () => {
  expect(readStepLosses(folder, 2)).toBeUndefined()
  write(0, [[1, 2]])
  expect(statSync(join(folder, stepLossesFile)).size).toBe(16)
  expect([...(readStepLosses(folder, 3) ?? [])]).toEqual([])
})
