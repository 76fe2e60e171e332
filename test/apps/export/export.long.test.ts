// Exported models in independent programs: Python's onnxruntime and TensorFlow.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ExportFormat, exportModel } from '../../../runtime/apps/export/export.js'
import { writeModel } from '../../../runtime/apps/export/write.js'
import { largestDifference, madeImages, probabilitiesOf, type TrainedRun, trainedRun } from './trained-run.js'

const python = process.env.SAURUN_TEST_PYTHON
const has = (name: string): boolean =>
  python !== undefined && spawnSync(python, ['-c', `import ${name}`]).status === 0
const hasOnnxRuntime = has('onnxruntime')
const hasTensorFlow = hasOnnxRuntime && has('tensorflow')

const counts = [1, 3, 7]
type Outputs = Readonly<Record<string, readonly Readonly<Record<string, readonly number[]>>[]>>

describe.skipIf(!hasOnnxRuntime)(
  'exported models in Python (skipped where SAURUN_TEST_PYTHON names no interpreter that has onnxruntime)',
  () => {
    let folder = ''
    let run: TrainedRun
    let read: {
      readonly onnxruntime: Outputs
      readonly tensorflow: Outputs | null
      readonly metadata: Readonly<Record<string, Readonly<Record<string, string>>>>
    }
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'saurun-export-'))
      run = await trainedRun(folder, { name: 'run', seed: 0 })
      for (const head of ['logits', 'embedding']) {
        const write = async (format: ExportFormat, name: string) =>
          writeModel(join(folder, name), await exportModel({ run: run.folder, format, head }))
        await write('onnx', `${head}.onnx`)
        await write('savedmodel', head)
      }
      const inputs = counts.map((count) => [count, [...madeImages(count)]])
      writeFileSync(join(folder, 'inputs.json'), JSON.stringify(inputs))
      const script = fileURLToPath(new URL('read-exported.py', import.meta.url))
      const ended = spawnSync(python ?? '', [script, folder], { encoding: 'utf8', maxBuffer: 2 ** 26 })
      expect(ended.status, ended.stderr).toBe(0)
      read = JSON.parse(ended.stdout)
    }, 120_000)
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    async function expectOwnNumbers(outputs: Outputs | null): Promise<void> {
      for (const [place, count] of counts.entries()) {
        const images = madeImages(count)
        const logits = await run.evaluate(images)
        const given = outputs?.logits?.[place]
        expect(Object.keys(given ?? {}).sort()).toEqual(['logits', 'probabilities'])
        expect(largestDifference(given?.logits ?? [], logits)).toBeLessThan(1e-5)
        expect(largestDifference(given?.probabilities ?? [], probabilitiesOf(logits, 3))).toBeLessThan(1e-5)
        const embedding = outputs?.embedding?.[place]?.embedding ?? []
        expect(largestDifference(embedding, await run.embed(images))).toBeLessThan(1e-5)
      }
    }

    test('ONNX files give the evaluation’s numbers within 1e-5, for batches of 1, 3 and 7', () =>
      expectOwnNumbers(read.onnxruntime))

    test('ONNX files name their classes', () => {
      expect(JSON.parse(read.metadata.logits?.classes ?? '')).toEqual(['0', '1', '2'])
      expect(read.metadata.logits).toMatchObject({ title: 'Tiny', epoch: '2', accuracy: '0.5' })
      expect(read.metadata.embedding).toMatchObject({ head: 'embedding', output: 'embedding' })
    })

    test.skipIf(!hasTensorFlow)(
      'SavedModels give the evaluation’s numbers within 1e-5 (skipped where TensorFlow is missing)',
      () => expectOwnNumbers(read.tensorflow),
    )
  },
)
