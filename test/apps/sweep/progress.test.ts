// How far a sweep is, and what its best setting is repeated with.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFrozenSweep } from '../../../runtime/apps/sweep/frozen-sweep.js'
import { sweepProgress } from '../../../runtime/apps/sweep/progress.js'
import { settingCommand } from '../../../runtime/apps/sweep/setting-command.js'
import { type InstanceView, type SweepView, sweepReader } from '../../../runtime/apps/sweep/state.js'
import { diskHost } from '../../../runtime/cli/compile-file.js'
import { makeSweep } from './made-sweep.js'

let root = ''
let view: SweepView
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-progress-'))
  const { folder } = makeSweep(root, {
    resultOf: ({ number }) => (number < 4 ? { top1: [0.3, 0.4, 0.5] } : undefined),
    events: [
      { event: 'pool_started', pool: 'made', pid: 1, host: 'h', parallel: 4, threads: 1, program: 'test' },
    ],
  })
  view = sweepReader(folder).read()
})
afterAll(() => rmSync(root, { recursive: true }))

/** As if every epoch of every run that has begun took 10 seconds. */
function paced(one: InstanceView): InstanceView {
  if (one.status === undefined) return one
  const pace = { recent: [10, 10], since: undefined, sinceStep: 0 }
  return { ...one, status: { ...one.status, view: { ...one.status.view, pace } } }
}

const alive = [{ pool: 'made', owner: { life: 'alive', pid: 1, host: 'h', silence: 0 } }] as const

test('the rest takes as long as its epochs take, so many runs at a time', () => {
  const measured = { ...view, pools: alive, instances: view.instances.map(paced) }
  const progress = sweepProgress(measured)
  expect(progress).toMatchObject({ total: 24, over: 4, parallel: 4 })
  expect(progress.share).toBeCloseTo(4 / 24, 12)
  expect(progress.remainingSeconds).toBeCloseTo((20 * 3 * 10) / 4, 9)
  expect(sweepProgress(measured, 44).remainingSeconds).toBeCloseTo((40 * 3 * 10) / 4, 9)
})

test('nothing is said of the time where no pool lives, or nothing is measured', () => {
  expect(sweepProgress({ ...view, instances: view.instances.map(paced) }).remainingSeconds).toBeUndefined()
  expect(sweepProgress({ ...view, pools: alive }).remainingSeconds).toBeUndefined()
})

test('a setting is repeated by its params and those of all instances', () => {
  const { sweep } = openFrozenSweep(view.folder)
  const folder = join(sweep.experiment, '..')
  const command = settingCommand(diskHost(), sweep, folder, { strategy: 'drop', rate: 0.02 })
  expect(command).toBe('saurun quickstart-varied.sau width=4 epochs=2 per_class=60 strategy=drop rate=0.02')
})
