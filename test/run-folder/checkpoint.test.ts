import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RunError } from '../../runtime/errors.js'
import {
  type CheckpointTensors,
  checkpointsFolder,
  listCheckpoints,
  newestCheckpoint,
  pruneCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from '../../runtime/run-folder/checkpoint.js'

let run: string
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'saurun-checkpoint-'))
})
afterEach(() => rmSync(run, { recursive: true }))

function tensors(value: number): CheckpointTensors {
  return {
    weights: { 'net.conv1.weight': { dtype: 'F32', shape: [2], data: new Float32Array([value, -value]) } },
    optimizer: {
      'net.conv1.weight.momentum': { dtype: 'F64', shape: [1], data: new Float64Array([value / 3]) },
    },
    memory: {},
  }
}

function names(): string[] {
  return readdirSync(checkpointsFolder(run)).sort()
}

test('what is written is read back, double precision and numbers of the state included', () => {
  const state = { sum: 0.1 + 0.2, losses: [1e-300, 3] }
  const { folder, bytes } = writeCheckpoint(run, 420, tensors(7), state)
  expect(basename(folder)).toBe('step-000420')
  expect(bytes).toBe(readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0))
  expect(readCheckpoint(folder)).toEqual({ folder, step: 420, state, tensors: tensors(7) })
  expect(names()).toEqual(['step-000420'])
})

test('a checkpoint of the same step replaces the one that is there', () => {
  writeCheckpoint(run, 1, tensors(1), 'old')
  writeCheckpoint(run, 1, tensors(2), 'new')
  expect(names()).toEqual(['step-000001'])
  expect(newestCheckpoint(run, () => {})?.state).toBe('new')
})

test('a flip of any bit, and any cut, of any file is recognized', () => {
  const { folder } = writeCheckpoint(run, 1, tensors(5), { epoch: 0 })
  for (const name of readdirSync(folder)) {
    const whole = readFileSync(join(folder, name))
    for (let at = 0; at < whole.length; at += 7) {
      const flipped = Uint8Array.from(whole)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      writeFileSync(join(folder, name), flipped)
      let result: unknown
      try {
        result = readCheckpoint(folder).state
      } catch (error) {
        result = error instanceof RunError ? error.code : error
      }
      // Spaces between the tokens of state.json may change without changing what it says.
      if (name === 'state.json' && /\s/.test(String.fromCharCode(whole[at] ?? 0))) continue
      expect(result, `${name} byte ${at}`).toBe('SAU7107')
    }
    for (const length of [0, whole.length >> 1, whole.length - 2]) {
      writeFileSync(join(folder, name), whole.subarray(0, length))
      expect(() => readCheckpoint(folder), `${name} cut to ${length}`).toThrow(/SAU7107|damaged/)
    }
    rmSync(join(folder, name))
    expect(() => readCheckpoint(folder)).toThrow(/it is missing/)
    writeFileSync(join(folder, name), whole)
  }
  expect(readCheckpoint(folder).state).toEqual({ epoch: 0 })
})

describe('the newest whole checkpoint', () => {
  test('is the one before a damaged one, which is named and set aside', () => {
    writeCheckpoint(run, 2, tensors(2), 'second')
    writeCheckpoint(run, 10, tensors(10), 'tenth')
    truncateSync(join(checkpointsFolder(run), 'step-000010', 'weights.safetensors'), 60)
    const passed: string[] = []
    const found = newestCheckpoint(run, (error, folder) => passed.push(`${error.code} ${basename(folder)}`))
    expect(found).toMatchObject({ step: 2, state: 'second' })
    expect(passed).toEqual(['SAU7107 step-000010'])
    expect(names()).toEqual(['damaged-step-000010', 'step-000002'])
  })

  test('does not exist in a run without checkpoints, and is an error where all are damaged', () => {
    expect(newestCheckpoint(run, () => {})).toBeUndefined()
    const { folder } = writeCheckpoint(run, 1, tensors(1), 0)
    rmSync(join(folder, 'state.json'))
    expect(() => newestCheckpoint(run, () => {})).toThrow(/none of the 1 checkpoints/)
  })
})

describe('pruning', () => {
  test('keeps the last, some before it, and the best', () => {
    for (let step = 1; step <= 6; step++) writeCheckpoint(run, step * 100, tensors(step), step)
    pruneCheckpoints(run, 1, [200])
    expect(listCheckpoints(run).map((folder) => basename(folder))).toEqual([
      'step-000200',
      'step-000500',
      'step-000600',
    ])
  })

  test('takes away what a crash left unfinished', () => {
    const { folder } = writeCheckpoint(run, 1, tensors(1), 0)
    cpSync(folder, join(checkpointsFolder(run), '.writing-abc'), { recursive: true })
    expect(listCheckpoints(run)).toHaveLength(1)
    pruneCheckpoints(run, 0, [])
    expect(existsSync(join(checkpointsFolder(run), '.writing-abc'))).toBe(false)
    expect(listCheckpoints(run)).toHaveLength(1)
  })
})
