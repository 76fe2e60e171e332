// Engines are tried in a process of their own: what they do to it is a report, never the end of this one.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkEngine } from '../../../runtime/apps/engine-check/check-engine.js'
import { selfTest } from '../../../runtime/apps/engine-check/self-test.js'
import type { Engine } from '../../../runtime/engines/engine.js'
import { createReferenceEngine } from '../../../runtime/engines/reference/index.js'
import { missingTensorFlow, tensorFlow } from '../../engines/tensorflow-there.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-check-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A place whose addon is a script: what a broken library may do when it is loaded. */
function addon(name: string, script: string) {
  const file = join(folder, `${name}.cjs`)
  writeFileSync(file, script)
  return { engine: 'tensorflow', place: { addon: file, packageName: name } } as const
}

describe('an engine', () => {
  test('that loads and agrees with the reference engine passes, and says what it is', async () => {
    const report = await checkEngine({ engine: 'onnx', test: true })
    expect(report).toMatchObject({
      state: 'loads',
      description: expect.stringContaining('onnxruntime'),
      test: { passed: true },
    })
  })

  test.skipIf(tensorFlow === undefined)(
    `tensorflow passes too (else skipped: ${missingTensorFlow})`,
    async () => {
      const report = await checkEngine({ engine: 'tensorflow', place: tensorFlow?.place, test: true })
      expect(report).toMatchObject({
        state: 'loads',
        description: expect.stringContaining('TensorFlow'),
        test: { passed: true },
      })
    },
  )

  test('that crashes while it is loaded is broken, with the signal as the reason', async () => {
    const report = await checkEngine(addon('crash', 'process.kill(process.pid, "SIGSEGV"); while (true) {}'))
    expect(report).toEqual({ state: 'broken', reason: 'the process that tried it was ended by SIGSEGV' })
  })

  test('that ends the process is broken, with its last words', async () => {
    const report = await checkEngine(
      addon('quit', 'require("node:fs").writeSync(2, "no AVX here\\n"); process.exit(3)'),
    )
    expect(report).toEqual({
      state: 'broken',
      reason: 'the process that tried it ended with code 3: no AVX here',
    })
  })

  test('that throws is broken, with the first line of what it says', async () => {
    const report = await checkEngine(addon('throw', 'throw new Error("libx.so.2: cannot open\\n  at")'))
    expect(report).toEqual({ state: 'broken', reason: 'libx.so.2: cannot open' })
  })

  test('that computes something else fails the self-test by what is most wrong', async () => {
    const reference = createReferenceEngine()
    const wrong: Engine = {
      ...reference,
      async load(program, options) {
        const executable = await reference.load(program, options)
        return {
          run: executable.run.bind(executable),
          write: executable.write.bind(executable),
          dispose: executable.dispose.bind(executable),
          async read(names) {
            const values = await executable.read(names)
            const [name = '', tensor] = Object.entries(values).find(([key]) => key.endsWith('weight')) ?? []
            if (tensor === undefined || tensor.data instanceof Uint8Array)
              throw new Error('there is no weight')
            return {
              ...values,
              [name]: { ...tensor, data: Float64Array.from(tensor.data, (value) => 1.1 * value) },
            }
          },
        }
      },
    }
    const result = await selfTest(wrong)
    expect(result).toMatchObject({
      passed: false,
      worst: { name: expect.stringMatching(/^variable .*weight$/) },
    })
    expect(result.worst.difference).toBeCloseTo(0.1, 3)
  })
})
