import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RunError } from '../../../runtime/platform/errors.js'
import {
  type CheckpointTensors,
  checkpointsFolder,
  listCheckpoints,
  newestCheckpoint,
  pruneCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from '../../../runtime/run/folder/checkpoint.js'

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

test('a run folder that was taken away does not come back with a checkpoint in it', () => {
  const gone = join(run, 'gone')
  expect(() => writeCheckpoint(gone, 1, tensors(1), 0)).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  expect(existsSync(gone)).toBe(false)
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

  test('where all are damaged nothing is renamed or deleted, and the next try says the same', () => {
    for (const step of [1, 2, 3]) {
      const { folder } = writeCheckpoint(run, step, tensors(step), step)
      truncateSync(join(folder, 'weights.safetensors'), 10 * step)
    }
    for (let attempt = 0; attempt < 2; attempt++) {
      const passed: string[] = []
      expect(() => newestCheckpoint(run, (_, folder) => passed.push(folder))).toThrow(
        expect.objectContaining({ code: 'SAU7103', exitCode: 1 }),
      )
      expect(names()).toEqual(['step-000001', 'step-000002', 'step-000003'])
      expect(passed).toEqual([])
    }
  })

  test('a checkpoint that is damaged twice at one step is kept twice', () => {
    writeCheckpoint(run, 1, tensors(1), 'first')
    for (let time = 0; time < 2; time++) {
      const { folder } = writeCheckpoint(run, 2, tensors(2), 'second')
      rmSync(join(folder, 'memory.safetensors'))
      expect(newestCheckpoint(run, () => {})?.state).toBe('first')
    }
    expect(names().map((name) => name.replace(/-[0-9a-f]{8}$/, '-again'))).toEqual([
      'damaged-step-000002',
      'damaged-step-000002-again',
      'step-000001',
    ])
  })

  test('any flipped bit and any cut, anywhere in the newest, leads to the one before it', () => {
    const state = { step: 2, sums: { loss: 1.5e-7, steps: 3 }, engine: 'onnx' }
    writeCheckpoint(run, 1, tensors(1), 'before')
    const { folder } = writeCheckpoint(run, 2, tensors(2), state)
    const whole = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))
    const damages = fc.record({
      name: fc.constantFrom(...whole.keys()),
      place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bit: fc.integer({ min: 0, max: 7 }),
      isCut: fc.boolean(),
    })
    fc.assert(
      fc.property(damages, ({ name, place, bit, isCut }) => {
        for (const [file, bytes] of whole) writeFileSync(join(folder, file), bytes)
        const bytes = Buffer.from(whole.get(name) ?? [])
        const at = Math.floor(place * bytes.length)
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        writeFileSync(join(folder, name), isCut ? (whole.get(name) ?? bytes).subarray(0, at) : bytes)
        const passed: string[] = []
        expect(newestCheckpoint(run, ({ code, message }) => passed.push(`${code} ${message}`))?.state).toBe(
          'before',
        )
        expect(passed).toEqual([
          expect.stringContaining(`SAU7107 the checkpoint file ${join(folder, name)} is damaged`),
        ])
        expect(names()).toEqual(['damaged-step-000002', 'step-000001'])
        renameSync(join(checkpointsFolder(run), 'damaged-step-000002'), folder)
      }),
      { numRuns: 500, seed: 1 },
    )
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
