// Scripts of arrays of pilots: what stands in them, and how pilots are split into arrays.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  arrayChunks,
  type BatchScript,
  batchScript,
} from '../../../../runtime/apps/sweep/slurm/batch-script.js'

const plain: BatchScript = {
  number: 2,
  sweepFolder: '/shared/runs/grid-sweep',
  name: 'grid-sweep',
  node: '/opt/node/bin/node',
  pilot: '/opt/saurun/pilot-process.js',
  chunk: { pilots: 8, parallel: undefined },
  request: { more: [] },
  isArray: true,
}

test('the script of an array goes back into the queue, is warned a minute before the limit, and becomes the pilot', () => {
  expect(batchScript(plain)).toBe(`#!/bin/bash
#SBATCH --job-name=grid-sweep
#SBATCH --array=0-7
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --requeue
#SBATCH --signal=B:USR2@60
#SBATCH --open-mode=append
#SBATCH --output=/shared/runs/grid-sweep/slurm/%A_%a.log

# A pilot of a sweep: takes runs from its folder until none is left.
exec /opt/node/bin/node /opt/saurun/pilot-process.js /shared/runs/grid-sweep 2 1
`)
})

test('what is asked of Slurm stands in the script, further options last; a run for each GPU', () => {
  const script = batchScript({
    ...plain,
    chunk: { pilots: 8, parallel: 3 },
    request: {
      partition: 'gpu',
      time: '2:00:00',
      gpus: 2,
      cpus: 8,
      memory: '16G',
      more: ['--account=vision', '--comment=two words'],
    },
  })
  expect(script.match(/^#SBATCH .*/gm)?.map((line) => line.slice(8))).toEqual([
    '--job-name=grid-sweep',
    '--array=0-7%3',
    '--nodes=1',
    '--ntasks=1',
    '--partition=gpu',
    '--time=2:00:00',
    '--gpus=2',
    '--cpus-per-task=8',
    '--mem=16G',
    '--requeue',
    '--signal=B:USR2@60',
    '--open-mode=append',
    '--output=/shared/runs/grid-sweep/slurm/%A_%a.log',
    '--account=vision',
    '--comment="two words"',
  ])
  expect(script).toMatch(/ 2 2\n$/)
})

test('where the site has no arrays a script is one job', () => {
  const script = batchScript({ ...plain, chunk: { pilots: 1, parallel: undefined }, isArray: false })
  expect(script).not.toContain('--array')
  expect(script).toContain('/slurm/%j.log')
})

test('folders with spaces, quotes and percent signs reach the pilot as they are', () => {
  const root = mkdtempSync(join(tmpdir(), 'saurun-script-'))
  try {
    const pilot = join(root, 'pilot.cjs')
    writeFileSync(pilot, 'console.log(JSON.stringify(process.argv.slice(2)))')
    const sweepFolder = `/shared/it's "50%" of\\all/grid`
    const text = batchScript({ ...plain, node: process.execPath, pilot, sweepFolder })
    expect(text).toContain(`--output="/shared/it's \\"50%%\\" of\\\\all/grid/slurm/%A_%a.log"`)
    const path = join(root, 'script.sh')
    writeFileSync(path, text)
    const words: unknown = JSON.parse(execFileSync('bash', [path]).toString())
    expect(words).toEqual([sweepFolder, '2', '1'])
  } finally {
    rmSync(root, { recursive: true })
  }
})

test.each([
  [10, 1001, undefined, [[10, undefined]]],
  [1001, 1001, undefined, [[1001, undefined]]],
  [
    1002,
    1001,
    undefined,
    [
      [1001, undefined],
      [1, undefined],
    ],
  ],
  [
    5,
    2,
    4,
    [
      [2, 2],
      [2, 1],
      [1, 1],
    ],
  ],
  [
    3,
    0,
    1,
    [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  ],
  [0, 1001, undefined, []],
])('%i pilots at a site with arrays of %i, %s at a time', (pilots, largest, parallel, chunks) => {
  expect(arrayChunks(pilots, largest, parallel).map((chunk) => [chunk.pilots, chunk.parallel])).toEqual(
    chunks,
  )
})
