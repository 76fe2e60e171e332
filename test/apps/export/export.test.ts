// What an exported model gives, says about itself and holds.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../../compiler/plan/plan.js'
import { type ExportRequest, exportModel } from '../../../runtime/apps/export/export.js'
import { servedHead } from '../../../runtime/apps/export/served-head.js'
import { loadOnnxRuntime } from '../../../runtime/engines/onnx/load.js'
import type { RunError } from '../../../runtime/platform/errors.js'
import { readSafetensors } from '../../../runtime/platform/safetensors/index.js'
import { listCheckpoints } from '../../../runtime/run/folder/checkpoint.js'
import { tinyPlan } from '../../run/session/tiny-experiment.js'
import { makeRun } from '../comparison/made-runs.js'
import { largestDifference, madeImages, probabilitiesOf, type TrainedRun, trainedRun } from './trained-run.js'

let root = ''
let run: TrainedRun
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'saurun-export-'))
  run = await trainedRun(root, { name: 'plain', seed: 0 })
})
afterAll(() => rmSync(root, { recursive: true }))

async function onnxOutputs(bytes: Uint8Array, count: number) {
  const { InferenceSession, Tensor } = await loadOnnxRuntime()
  const session = await InferenceSession.create(bytes)
  const images = new Tensor('uint8', madeImages(count), [count, 8, 8, 3])
  const outputs = await session.run({ images })
  await session.release()
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dims, data }]) => [name, { dims, data: [...data].map(Number) }]),
  )
}

const onlyFile = async (request: Omit<ExportRequest, 'run'>): Promise<Uint8Array> =>
  (await exportModel({ run: run.folder, ...request })).files[''] ?? new Uint8Array()

const refusal = (promise: Promise<unknown>): Promise<RunError> =>
  promise.then(
    () => expect.fail('nothing was refused'),
    (error) => error,
  )

describe('an exported ONNX model', () => {
  test.each([1, 3, 7])('gives the evaluation’s logits and probabilities for %i images', async (count) => {
    const outputs = await onnxOutputs(await onlyFile({ format: 'onnx' }), count)
    expect(Object.keys(outputs).sort()).toEqual(['logits', 'probabilities'])
    expect(outputs.logits?.dims).toEqual([count, 3])
    const logits = await run.evaluate(madeImages(count))
    expect(largestDifference(outputs.logits?.data ?? [], logits)).toBeLessThan(1e-5)
    const probabilities = probabilitiesOf(logits, 3)
    expect(Math.max(...probabilities) - Math.min(...probabilities)).toBeGreaterThan(0.05)
    expect(largestDifference(outputs.probabilities?.data ?? [], probabilities)).toBeLessThan(1e-5)
  })

  test('of an embedding head gives the embedding, also where the network is a batch normalization deep', async () => {
    const outputs = await onnxOutputs(await onlyFile({ format: 'onnx', head: 'net.embedding' }), 7)
    expect(Object.keys(outputs)).toEqual(['embedding'])
    expect(outputs.embedding?.dims).toEqual([7, 4])
    const embedding = await run.embed(madeImages(7))
    expect(largestDifference(outputs.embedding?.data ?? [], embedding)).toBeLessThan(1e-5)
  })

  test('holds its metadata, and nothing of other heads', async () => {
    const text = Buffer.from(await onlyFile({ format: 'onnx' })).toString('latin1')
    expect(text).toContain('["0","1","2"]')
    expect(text).toContain('net.logits.weight')
    expect(text).not.toContain('embedding')
    expect(text).not.toContain('com.microsoft')
  })
})

describe('metadata', () => {
  test('names classes, experiment, run, epoch and accuracy', async () => {
    const { metadata, classes } = await exportModel({ run: run.folder, format: 'safetensors' })
    expect(classes).toEqual(['0', '1', '2'])
    expect(metadata).toMatchObject({
      classes: '["0","1","2"]',
      title: 'Tiny',
      run: 'plain',
      network: 'net',
      head: 'logits',
      output: 'logits',
      epoch: '2',
      step: '6',
      accuracy: '0.5',
      dataset: 'test',
      input: '{"height":8,"width":8,"channels":3}',
      view: '[]',
    })
    expect(metadata.plan_hash).toMatch(/^[0-9a-f]{64}$/)
    expect(metadata.program).toMatch(/^saurun \d+\.\d+\.\d+/)
  })
})

describe('an exported safetensors file', () => {
  test('has the weights and statistics of the head’s network by their PyTorch names, and the metadata', async () => {
    const { files, metadata } = await exportModel({ run: run.folder, format: 'safetensors' })
    const read = readSafetensors(files[''] ?? new Uint8Array())
    expect(read.metadata).toEqual(metadata)
    expect(Object.keys(read.tensors)).toEqual(
      expect.arrayContaining(['conv1.weight', 'bn1.running_mean', 'layer2.0.conv1.weight', 'logits.bias']),
    )
    expect(Object.keys(read.tensors).filter((name) => /embedding|prototypes|velocity/.test(name))).toEqual([])
    for (const [name, { dtype, shape, data }] of Object.entries(read.tensors)) {
      expect(dtype).toBe('F32')
      expect(shape).toEqual(run.state[`net.${name}`]?.shape)
      expect([...data]).toEqual([...(run.state[`net.${name}`]?.data ?? [])])
    }
  })
})

describe('an exported SavedModel', () => {
  test('is a folder of a model and its metadata', async () => {
    const { files, metadata } = await exportModel({ run: run.folder, format: 'savedmodel' })
    expect(Object.keys(files)).toEqual(['saved_model.pb', 'assets.extra/saurun.json'])
    expect(JSON.parse(Buffer.from(files['assets.extra/saurun.json'] ?? []).toString())).toEqual(metadata)
    const text = Buffer.from(files['saved_model.pb'] ?? []).toString('latin1')
    for (const name of ['serving_default', 'images', 'probabilities', 'logits']) expect(text).toContain(name)
    expect(text).not.toContain('VarHandleOp')
  })
})

describe('the checkpoint', () => {
  test('is the last, or the best where that is asked for and the file chooses one', async () => {
    const chosen = await trainedRun(root, { name: 'chosen', seed: 1, best: true })
    const epochs = async (folder: string, checkpoint?: 'best' | 'last') =>
      (await exportModel({ run: folder, format: 'safetensors', checkpoint })).metadata
    expect(await epochs(chosen.folder)).toMatchObject({ epoch: '2', accuracy: '0.5' })
    expect(await epochs(chosen.folder, 'best')).toMatchObject({ epoch: '1', accuracy: '0.75' })
    expect(await epochs(chosen.folder, 'last')).toMatchObject({ epoch: '2', accuracy: '0.5' })
    const none = await refusal(epochs(run.folder, 'best'))
    expect(none).toMatchObject({
      code: 'SAU7852',
      exitCode: 2,
      help: expect.stringContaining('--checkpoint best'),
    })
    rmSync(listCheckpoints(chosen.folder)[0] ?? '', { recursive: true })
    expect(await refusal(epochs(chosen.folder, 'best'))).toMatchObject({ code: 'SAU7852' })
  })

  test('before a damaged one is taken with a word, and the damaged one stays where it is', async () => {
    const damaged = await trainedRun(root, { name: 'damaged', seed: 2 })
    const before = listCheckpoints(damaged.folder)
    appendFileSync(join(before.at(-1) ?? '', 'weights.safetensors'), ' ')
    const told: string[] = []
    const passedOver = ({ code }: RunError) => told.push(code)
    const { metadata } = await exportModel({ run: damaged.folder, format: 'onnx', passedOver })
    expect([metadata.epoch, told]).toEqual(['1', ['SAU7107']])
    expect(listCheckpoints(damaged.folder)).toEqual(before)
    writeFileSync(join(before[0] ?? '', 'state.json'), '{}')
    const none = await refusal(exportModel({ run: damaged.folder, format: 'onnx' }))
    expect(none).toMatchObject({ code: 'SAU7103' })
  })

  test('is missed where a run has none', async () => {
    const folder = makeRun(root, { name: 'fresh', seed: 3, top1: [] })
    expect(await refusal(exportModel({ run: folder, format: 'onnx' }))).toMatchObject({ code: 'SAU7853' })
  })
})

describe('the head', () => {
  const plan = tinyPlan()
  const two: Plan = {
    ...plan,
    networks: [...plan.networks, ...plan.networks.map((network) => ({ ...network, name: 'other' }))],
  }

  test('is that of the first evaluation, or the one that is named', () => {
    expect(servedHead(plan)).toMatchObject({ head: { name: 'logits' }, evaluation: 0 })
    const embedding = servedHead(plan, 'embedding')
    expect(embedding).toMatchObject({ head: { name: 'embedding' }, evaluation: undefined })
    expect(servedHead(two, 'other.logits').network.name).toBe('other')
  })

  test('without an evaluation has the normalization of its training', () => {
    const { normalize, head } = servedHead({ ...plan, evaluations: [] })
    expect([head.name, normalize]).toEqual(['logits', plan.views[0]?.normalize])
  })

  test('that is not there, or is there twice, is refused with what was meant', () => {
    expect(() => servedHead(plan, 'logit')).toThrow(
      expect.objectContaining({ code: 'SAU7914', help: 'did you mean `logits`?' }),
    )
    expect(() => servedHead(two, 'logits')).toThrow(
      expect.objectContaining({ code: 'SAU7914', help: 'write net.logits or other.logits' }),
    )
  })
})
