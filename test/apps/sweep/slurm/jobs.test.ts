// The jobs of a sweep as its folder keeps them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scriptPath } from '../../../../runtime/apps/sweep/slurm/batch-script.js'
import {
  addJob,
  addResubmitted,
  closeScripts,
  isClosed,
  jobNumbers,
  makeSlurmFolder,
  nextScript,
  readJobs,
} from '../../../../runtime/apps/sweep/slurm/jobs.js'

let sweep = ''
beforeEach(() => {
  sweep = mkdtempSync(join(tmpdir(), 'saurun-jobs-'))
})
afterEach(() => rmSync(sweep, { recursive: true }))

test('a sweep that was never submitted has no jobs, and its first script is 1', () => {
  expect([readJobs(sweep), jobNumbers(sweep), nextScript(sweep)]).toEqual([[], [], 1])
})

test('jobs are kept in order, with those that pilots submitted again', () => {
  makeSlurmFolder(sweep)
  addJob(sweep, { id: '7', script: 1, pilots: 3, submitted: 0 })
  addJob(sweep, { id: '9', script: 2, pilots: 1, submitted: 1 })
  addResubmitted(sweep, 1, '11')
  expect(jobNumbers(sweep)).toEqual(['7', '9', '11'])
})

test('a damaged list of jobs counts as none', () => {
  makeSlurmFolder(sweep)
  writeFileSync(join(sweep, 'slurm', 'jobs.json'), '{"jobs": [')
  expect(readJobs(sweep)).toEqual([])
})

test('stopping closes the scripts that are there, and not the next one', () => {
  makeSlurmFolder(sweep)
  writeFileSync(scriptPath(sweep, 1), '')
  closeScripts(sweep)
  expect([isClosed(sweep, 1), nextScript(sweep), isClosed(sweep, 2)]).toEqual([true, 2, false])
})
