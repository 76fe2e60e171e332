// A run keeps its long-tailed draws: as index files, in its lock, in its journal, in what is said of it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readIndexFile } from '../../../compiler/plan/index-file.js'
import { plainRenderer } from '../../../runtime/observe/text/plain.js'
import { statusDetails } from '../../../runtime/observe/text/status-text.js'
import { readLock } from '../../../runtime/run/folder/lock.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { runStatus } from '../../../runtime/run/view/run-status.js'
import { finish, runHarness } from './run-harness.js'
import { tinyPlan } from './tiny-experiment.js'

const harness = runHarness()
let runFolder = ''
let events: readonly JournalEvent[] = []
beforeAll(async () => {
  const training = harness.start(tinyPlan({ epochs: 1 }))
  const finished = await finish(training)
  expect(finished.exitCode).toBe(0)
  events = finished.events
  runFolder = training.runFolder
}, 120_000)
afterAll(() => harness.dispose())

describe('the draws of a run', () => {
  it('lie in its folder as index files', () => {
    expect(readdirSync(join(runFolder, 'draws'))).toEqual(['real.json'])
    const read = readIndexFile(readFileSync(join(runFolder, 'draws/real.json'), 'utf8'))
    expect(read).toMatchObject({
      kind: 'draw',
      draw: { classes: ['0', '1', '2'], indices: [[0, 1, 2, 3, 4], [5, 6, 7], [10]] },
    })
  })

  it('have their hashes in the lock, the journal, the status and the report', () => {
    const { draws = [] } = readLock(runFolder)
    expect(draws).toEqual([{ dataset: 'real', images: 9, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }])
    const [{ sha256 } = { sha256: '' }] = draws
    expect(JSON.parse(readFileSync(join(runFolder, 'draws/real.json'), 'utf8'))).toMatchObject({ sha256 })
    expect(events.find(({ event }) => event === 'data_drawn')).toMatchObject({ draws })
    expect(statusDetails(runStatus(runFolder), Date.now()).join('\n')).toContain(
      `real, 9 images, ${sha256.slice(0, 12)}`,
    )
    const page = readFileSync(join(runFolder, 'report.html'), 'utf8')
    expect(page).toContain('draw of real')
    expect(page).toContain(sha256)
  })

  it('are a line of the plain output', () => {
    const plain = plainRenderer({ verbose: false })
    const lines = events.flatMap((event) => plain.event(event))
    expect(lines.filter((line) => line.startsWith('draw '))).toEqual([
      expect.stringMatching(/^draw {7}real: 9 images, [0-9a-f]{12}$/),
    ])
  })
})
