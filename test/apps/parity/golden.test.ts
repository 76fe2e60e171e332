// Golden cases that PyTorch computed, on every engine: of the published code (golden), and of networks and
// single operations (networks/make.py makes them).
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runParity } from '../../../runtime/apps/parity/index.js'
import type { Engine } from '../../../runtime/engines/engine.js'
import { createOnnxEngine } from '../../../runtime/engines/onnx/index.js'
import { createReferenceEngine } from '../../../runtime/engines/reference/index.js'
import { createTensorFlowEngine } from '../../../runtime/engines/tensorflow/index.js'
import { createTfjsEngine } from '../../../runtime/engines/tfjs/index.js'
import { readSafetensors, writeSafetensors } from '../../../runtime/platform/safetensors/index.js'
import { missingTensorFlow, tensorFlow } from '../../engines/tensorflow-there.js'
import { goldenCases } from './golden-cases.js'

const networks = fileURLToPath(new URL('networks', import.meta.url))

const engines: readonly (readonly [string, (() => Promise<Engine>) | undefined])[] = [
  ['the reference engine in NCHW', async () => createReferenceEngine({ layout: 'NCHW' })],
  ['the reference engine in NHWC', async () => createReferenceEngine({ layout: 'NHWC' })],
  ['onnx with row-major images', () => createOnnxEngine({ block: 0 })],
  ['onnx with images in blocks', () => createOnnxEngine()],
  ['tfjs on WebAssembly', () => createTfjsEngine({ backend: 'wasm' })],
  ['tfjs on plain JavaScript', () => createTfjsEngine({ backend: 'cpu' })],
  [
    tensorFlow === undefined ? `tensorflow, skipped: ${missingTensorFlow}` : 'tensorflow',
    tensorFlow && (async () => createTensorFlowEngine({ ...tensorFlow, threads: 2 })),
  ],
]

describe.each(engines)('golden cases on %s', (_name, createEngine) => {
  test.skipIf(createEngine === undefined).each([
    ['of the published code', goldenCases, 12],
    ['of networks and operations', networks, 13],
  ])('%s hold', { timeout: 240_000 }, async (_cases, folder, count) => {
    const engine = await createEngine?.()
    if (engine === undefined) return
    const { results, passed } = await runParity(folder, { engines: [engine] })
    const outside = results.flatMap((result) =>
      result.status === 'failed'
        ? [result.message, ...result.quantities.filter(({ ok }) => !ok), result.file]
        : [],
    )
    expect(outside).toEqual([])
    expect(passed).toBe(count)
  })
})

test.each([
  ['momentum', '0.89'],
  ['weight_decay', '0.02'],
  ['bn_momentum', '0.11'],
  ['strategy', 'pos_neg'],
  ['epochs_cosine', '12'],
])('a golden training case fails under another %s', async (setting, value) => {
  const { tensors, metadata } = readSafetensors(
    await readFile(join(goldenCases, 'training-neg_only.safetensors')),
  )
  const folder = await mkdtemp(join(tmpdir(), 'saurun-parity-'))
  try {
    const changed = writeSafetensors(tensors, { ...metadata, [setting]: value })
    await writeFile(join(folder, 'case.safetensors'), changed)
    const report = await runParity(folder, { engines: [createReferenceEngine()] })
    expect(report).toMatchObject({ passed: 0, failed: 1 })
  } finally {
    await rm(folder, { recursive: true })
  }
})
