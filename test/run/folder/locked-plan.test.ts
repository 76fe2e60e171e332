// The Plan of a run is believed only with the hash of its lock; an extension that was torn is none of
// somebody's edits.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { planHash } from '../../../compiler/plan/hash.js'
import { planSchema } from '../../../compiler/plan/schema.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { formOfSchema } from '../../../runtime/platform/forms/json-schema-form.js'
import { readLock, writeLock } from '../../../runtime/run/folder/lock.js'
import { readLockedPlan } from '../../../runtime/run/folder/locked-plan.js'
import { extendedPlan, keepPlan, writePlan } from '../../../runtime/run/folder/run-plan.js'
import { makeRun, seededPlan } from '../../apps/comparison/made-runs.js'
import { tinyPlan } from '../session/tiny-experiment.js'

let root = ''
let run = ''
const plan = seededPlan({ seed: 1 })
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-locked-'))
  run = makeRun(root, { name: 'a', seed: 1, top1: [0.5] })
})
afterEach(() => rmSync(root, { recursive: true }))

function refused(): RunError {
  try {
    readLockedPlan(run)
  } catch (error) {
    if (error instanceof RunError) return error
    throw error
  }
  throw new Error('was believed')
}

function edit(name: string, change: (text: string) => string): void {
  const path = join(run, name)
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(path, after)
}

describe('a Plan', () => {
  test('is what the run was made from', () => {
    expect(readLockedPlan(run)).toEqual({ lock: readLock(run), plan })
  })

  test('with another number is refused', () => {
    edit('plan.json', (text) => text.replace('"momentum":0.9', '"momentum":0.1'))
    expect(refused()).toMatchObject({
      code: 'SAU7121',
      exitCode: 2,
      message: expect.stringContaining('plan.json'),
    })
  })

  test.each([
    ['"momentum":0.9', '"momentum":"0.9"', 'train.optimizer.momentum is no number'],
    ['"title":"Tiny"', '"title":null', 'title is no string'],
    ['"params":[', '"params":{},"was":[', 'params is no array'],
  ])('in which %s became %s is damaged, and says where', (before, after, fault) => {
    edit('plan.json', (text) => text.replace(before, after))
    expect(refused()).toMatchObject({
      code: 'SAU7130',
      message: `${join(run, 'plan.json')} is damaged: ${fault}`,
    })
  })
})

describe('an extension that a process did not live to write down', () => {
  const longer = extendedPlan(plan, 3)
  const hash = planHash(longer)

  test('counts where the Plan is there already', () => {
    writeLock(run, { ...readLock(run), nextPlan: hash })
    writePlan(run, longer)
    const { lock, plan: read } = readLockedPlan(run)
    expect(read.train.epochs).toBe(longer.train.epochs)
    expect([lock.planHash, lock.earlierPlans, lock.nextPlan]).toEqual([hash, [planHash(plan)], undefined])
  })

  test('does not count where it is not', () => {
    writeLock(run, { ...readLock(run), nextPlan: hash })
    const { lock, plan: read } = readLockedPlan(run)
    expect([read.train.epochs, lock.planHash, lock.nextPlan]).toEqual([
      plan.train.epochs,
      planHash(plan),
      undefined,
    ])
  })

  test('leaves nothing of itself where it was', () => {
    const kept = keepPlan(run, readLock(run), longer, hash)
    expect(readLock(run)).toEqual(kept)
    expect(readLockedPlan(run).lock).toEqual(kept)
  })
})

test('a lock says which of its fields is wrong', () => {
  edit('lock.json', (text) =>
    text.replace('"settings": {\n    "engine": "reference"', '"settings": {\n    "engine": 5'),
  )
  expect(refused().message).toMatch(/lock\.json is damaged: settings\.engine is none of "auto", /)
})

test('the schema of the Plan is read with all its words', () => {
  const form = formOfSchema(planSchema)
  expect(form.fault(JSON.parse(JSON.stringify(tinyPlan())))).toBeUndefined()
  expect(form.fault({ ...tinyPlan(), more: 1 })).toEqual({ path: 'more', text: 'is not known' })
  expect(() => formOfSchema({ pattern: 'a' })).toThrow('pattern')
})
