// Nothing is lost: 20 kills at drawn moments. `node bench/kill.mjs` does the same with 100.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { killRuns } from '../../../bench/kill-runs.mjs'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-kill-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a run that is killed 20 times, while checkpoints are written too, ends as one that nobody touched', async () => {
  const { kills, fell, faults } = await killRuns({ kills: 20, engine: 'onnx', seed: 1, epochs: 30, folder })
  expect(faults).toEqual([])
  expect(kills).toBe(20)
  expect(fell['writing a checkpoint']).toBeGreaterThanOrEqual(5)
})
