import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RunError } from '../../../runtime/platform/errors.js'
import { currentOwner, ownerFile, takeOwnership } from '../../../runtime/platform/files/ownership.js'

let run: string
const children: ChildProcess[] = []
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'saurun-owner-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(run, { recursive: true })
})

function refusal(): unknown {
  try {
    takeOwnership(run).release()
  } catch (error) {
    return error instanceof RunError ? error.code : error
  }
  return 'accepted'
}

function owner(change: object): void {
  const made = takeOwnership(run)
  const content = readFileSync(join(run, ownerFile), 'utf8')
  made.release()
  writeFileSync(join(run, ownerFile), JSON.stringify({ ...JSON.parse(content), ...change }))
}

test('a run that is owned is refused until it is released', () => {
  const ownership = takeOwnership(run)
  expect(currentOwner(run)).toEqual({ pid: process.pid, host: hostname() })
  expect(refusal()).toBe('SAU7102')
  ownership.release()
  expect(existsSync(join(run, ownerFile))).toBe(false)
  expect(refusal()).toBe('accepted')
})

test('an owner that is gone is replaced', () => {
  owner({ pid: 2 ** 22 + 1 })
  expect(currentOwner(run)).toBeUndefined()
  expect(refusal()).toBe('accepted')
})

test.skipIf(process.platform !== 'linux')(
  'a later process with the pid of a dead owner is not taken for it',
  () => {
    const child = spawn('sleep', ['60'])
    children.push(child)
    owner({ pid: child.pid, began: 'another boot/1' })
    expect(refusal()).toBe('accepted')
  },
)

test('an owner on another machine counts as alive while its heart beats', () => {
  owner({ host: 'elsewhere' })
  expect(refusal()).toBe('SAU7102')
  const long = new Date(Date.now() - 600_000)
  utimesSync(join(run, ownerFile), long, long)
  expect(refusal()).toBe('accepted')
})

test('an empty owner file, left by a power failure, is nobody’s', () => {
  writeFileSync(join(run, ownerFile), '')
  expect(refusal()).toBe('accepted')
})

test('releasing does not take away the file of a successor', () => {
  const ownership = takeOwnership(run)
  const path = join(run, ownerFile)
  const successor = readFileSync(path, 'utf8').replace(/"token":"\w+"/, '"token":"other"')
  writeFileSync(path, successor)
  ownership.release()
  expect(readFileSync(path, 'utf8')).toBe(successor)
})
